"""Rules about money: what stands in no sum, and whether VAT is in a value. Net and gross are never mixed."""

import ibis

from threepoint.standard.amounts import NOMINAL_AMOUNTS


def is_nominal(value: ibis.Value) -> ibis.Value:
    """True for a value that only fills a form; false where there is no value."""
    return value.isin([ibis.literal(amount).cast("decimal(18,2)") for amount in NOMINAL_AMOUNTS]).fill_null(
        False
    )  # Ibis takes a value


def derive_vat_basis(net: ibis.Value, gross: ibis.Value, under_act: ibis.Value) -> ibis.Value:
    """net where the form asks for a value without VAT (notices of the Act), gross where only that is given, else unknown."""
    return ibis.cases(
        (net.isnull() & gross.isnull(), ibis.null("string")),
        (net.isnull(), "gross"),
        (gross.notnull() | under_act.fill_null(False), "net"),  # Ibis takes a value
        else_="unknown",
    )


def subtract_amounts(new: ibis.Value, old: ibis.Value) -> ibis.Value:
    """One amount less another; nothing where that is more than an amount can be, so that no absurd pair stops a build."""
    return (new.cast("decimal(38,2)") - old.cast("decimal(38,2)")).try_cast("decimal(18,2)")
