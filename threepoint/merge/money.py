"""Rules about money: values that no total includes, and whether a value includes VAT. Net and gross are never mixed."""

import ibis

from threepoint.standard.amounts import NOMINAL_AMOUNTS


def is_nominal(value: ibis.Value) -> ibis.Value:
    """Return true for a value that only fills a form; false if there is no value."""
    amounts = [ibis.literal(amount).cast("decimal(18,2)") for amount in NOMINAL_AMOUNTS]
    return value.isin(amounts).fill_null(False)


def derive_vat_basis(net: ibis.Value, gross: ibis.Value, under_act: ibis.Value) -> ibis.Value:
    """Return net if both values are given or the form asks for one without VAT (notices of the Act).

    Return gross if only that is given, null if neither is, and unknown otherwise.
    """
    return ibis.cases(
        (net.isnull() & gross.isnull(), ibis.null("string")),
        (net.isnull(), "gross"),
        (gross.notnull() | under_act.fill_null(False), "net"),
        else_="unknown",
    )


def subtract_amounts(new: ibis.Value, old: ibis.Value) -> ibis.Value:
    """Return `new` minus `old`; null if the result is too large for an amount, so that an absurd pair cannot stop a build."""
    return (new.cast("decimal(38,2)") - old.cast("decimal(38,2)")).try_cast("decimal(18,2)")
