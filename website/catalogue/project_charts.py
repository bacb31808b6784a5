"""A major project's years as charts: its whole-life cost and its end as each report gave them. Price bases are never joined."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from threepoint.presentation.records import Record
from threepoint.standard.amounts import Amount
from threepoint.standard.field_states import STATES
from website.catalogue import record_charts
from website.catalogue.citable_records import report_of
from website.catalogue.citation_views import ask_address
from website.common import value_display
from website.common.components import Column, Entry, Figure, Table

Row = dict[str, Any]
Section = tuple[str, str, Any]


def sections(found: Record) -> list[Section]:
    """Cost and end by report, each as a figure with its table; nothing for what is no project."""
    if found.kind != "scheme":
        return []
    years = found.rows.get("years", [])
    drawn = (
        ("cost", _("Cost as published each year"), _costs(years, _anew(found, years, "value"))),
        ("end", _("End as published each year"), _ends(years, _anew(found, years, "end"))),
    )
    return [section for section in drawn if section[-1]]


def _anew(found: Record, years: list[Row], which: str) -> set[int]:
    """The reports that set a new baseline of the cost, or of the end."""
    told = {
        row["date"]
        for row in found.rows.get("changes", [])
        if row["type"] == "rebaseline" and row[f"new_{which}"] not in (None, row[f"old_{which}"])
    }
    return {row["report_year"] for row in years if row["snapshot_date"] in told}


def _costs(years: list[Row], baseline_years: set[int]) -> Figure | None:
    known = [row for row in years if row["wlc_mid"] is not None]
    bases = sorted({row["price_base"] or "" for row in known})
    dots = [_dot(row, "wlc", bases.index(row["price_base"] or "") % 3) for row in known]
    summary = _("Whole-life cost in %(number)d of %(all)d yearly reports.") % {"number": len(known), "all": len(years)}
    cost = Column(_("Whole-life cost"), numeric=True)
    heads = (Column(_("Report")), cost, Column(_("In prices of")), Column(_("Baseline")), Column(_("Cite")))
    rows = [
        (str(row["report_year"]), _cost(row), _prices(row["price_base"]), _baseline(row, baseline_years), _cite(row))
        for row in years
    ]
    table = value_display.make_table(_("Whole-life cost by report"), heads, rows)
    label = _("Whole-life cost by report; the figures are in the table below")
    return _figure(dots, baseline_years, summary, table, label, _shapes(bases))


def _ends(years: list[Row], baseline_years: set[int]) -> Figure | None:
    dots = [_dot(row, "end") for row in years if row["end_mid"]]
    summary = _("End in %(number)d of %(all)d yearly reports.") % {"number": len(dots), "all": len(years)}
    heads = (Column(_("Report")), Column(_("End")), Column(_("Baseline")), Column(_("Cite")))
    rows = [(str(row["report_year"]), _end(row), _baseline(row, baseline_years), _cite(row)) for row in years]
    table = value_display.make_table(_("End by report"), heads, rows)
    return _figure(dots, baseline_years, summary, table, _("End by report; the dates are in the table below"))


def _figure(
    dots: list[record_charts.Dot], baseline_years: set[int], summary: str, table: Table, label: str, shapes: str = ""
) -> Figure | None:
    """The chart with its table and notes; None for fewer than two reports, which are no series."""
    if len(dots) < 2:
        return None
    is_range = any(dot.is_range for dot in dots)
    notes = (
        shapes,
        _("A line through a dot is the range that was published.") if is_range else "",
        _("A diamond below a year: that report set a new baseline.") if baseline_years else "",
    )
    drawing = record_charts.by_report(dots, baseline_years, label)
    return Figure(table.caption, summary, drawing, table, " ".join(filter(None, notes)))


def _dot(row: Row, which: str, shape: int = 0) -> record_charts.Dot:
    value, low, high = (
        Amount(value, "GBP") if isinstance(value, Decimal) else value
        for value in (row[f"{which}_{name}"] for name in ("mid", "low", "high"))
    )
    return record_charts.Dot(row["report_year"], value, low, high, shape)


def _shapes(bases: list[str]) -> str:
    """Which shape is in which prices, where there are several."""
    shapes = (_("circle"), _("square"), _("triangle"))
    said = ", ".join(f"{shapes[number % 3]}: {_prices(base or None)}" for number, base in enumerate(bases))
    note = _("In prices of – %s; not to be set against each other.") % said
    return note if len(bases) > 1 else ""


def _baseline(row: Row, baseline_years: set[int]) -> str | None:
    return _("new") if row["report_year"] in baseline_years else None


def _cite(row: Row) -> Entry:
    """Where figures of one report are cited."""
    year = row["report_year"]
    return Entry(_("report of %d") % year, href=ask_address(report_of(row["scheme_id"], year)))


def _cost(row: Row) -> value_display.EntryValue:
    return Entry(state=_state(row, "wlc")) if row["wlc_mid"] is None else Amount(row["wlc_mid"], "GBP")


def _end(row: Row) -> value_display.EntryValue:
    if not row["end_mid"]:
        return Entry(state=_state(row, "end"))
    low, high = row["end_low"], row["end_high"]
    between = _("between %(low)s and %(high)s") % {
        "low": value_display.format_value(low),
        "high": value_display.format_value(high),
    }
    return value_display.make_entry(row["end_mid"], state=between if low and high and low != high else "")


def _state(row: Row, which: str) -> str:
    """Why there is no figure, with the section of the Act where it is withheld under one."""
    section = row[f"{which}_exempt_section"]
    told = STATES[row[f"{which}_state"]].words
    return f"{told} ({section})" if section else told


def _prices(base: str | None) -> str:
    return {"nominal": _("the day (nominal)"), None: _("not stated")}.get(base, str(base))
