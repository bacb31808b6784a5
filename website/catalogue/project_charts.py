"""A major project's years as charts: its whole-life cost and its end as each report gave them. Price bases are never joined."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from threepoint.presentation.records import Record
from threepoint.standard.amounts import Amount
from threepoint.standard.field_states import STATE_BY_CODE
from website.catalogue import record_charts
from website.catalogue.citable_records import format_report_id
from website.catalogue.citation_views import build_cite_url
from website.common import value_display
from website.common.components import ChartFigure, PageTable, TableColumn, TableEntry

Row = dict[str, Any]
ChartSection = tuple[str, str, Any]


def make_project_sections(found: Record) -> list[ChartSection]:
    """Cost and end by report, each as a figure with its table; nothing for what is no project."""
    if found.kind != "scheme":
        return []
    years = found.rows.get("years", [])
    drawn = (
        (
            "cost",
            _("Cost as published each year"),
            _make_cost_figure(years, _find_baseline_years(found, years, "value")),
        ),
        ("end", _("End as published each year"), _make_end_figure(years, _find_baseline_years(found, years, "end"))),
    )
    return [section for section in drawn if section[-1]]


def _find_baseline_years(found: Record, years: list[Row], which: str) -> set[int]:
    """The reports that set a new baseline of the cost, or of the end."""
    told = {
        row["date"]
        for row in found.rows.get("changes", [])
        if row["type"] == "rebaseline" and row[f"new_{which}"] not in (None, row[f"old_{which}"])
    }
    return {row["report_year"] for row in years if row["snapshot_date"] in told}


def _make_cost_figure(years: list[Row], baseline_years: set[int]) -> ChartFigure | None:
    known = [row for row in years if row["wlc_mid"] is not None]
    bases = sorted({row["price_base"] or "" for row in known})
    dots = [_make_dot(row, "wlc", bases.index(row["price_base"] or "") % 3) for row in known]
    summary = _("Whole-life cost in %(number)d of %(all)d yearly reports.") % {"number": len(known), "all": len(years)}
    cost = TableColumn(_("Whole-life cost"), numeric=True)
    heads = (
        TableColumn(_("Report")),
        cost,
        TableColumn(_("In prices of")),
        TableColumn(_("Baseline")),
        TableColumn(_("Cite")),
    )
    rows = [
        (
            str(row["report_year"]),
            _make_cost_entry(row),
            _format_price_base(row["price_base"]),
            _format_baseline(row, baseline_years),
            _make_cite_entry(row),
        )
        for row in years
    ]
    table = value_display.make_table(_("Whole-life cost by report"), heads, rows)
    label = _("Whole-life cost by report; the figures are in the table below")
    return _make_figure(dots, baseline_years, summary, table, label, _format_shape_note(bases))


def _make_end_figure(years: list[Row], baseline_years: set[int]) -> ChartFigure | None:
    dots = [_make_dot(row, "end") for row in years if row["end_mid"]]
    summary = _("End in %(number)d of %(all)d yearly reports.") % {"number": len(dots), "all": len(years)}
    heads = (TableColumn(_("Report")), TableColumn(_("End")), TableColumn(_("Baseline")), TableColumn(_("Cite")))
    rows = [
        (str(row["report_year"]), _make_end_entry(row), _format_baseline(row, baseline_years), _make_cite_entry(row))
        for row in years
    ]
    table = value_display.make_table(_("End by report"), heads, rows)
    return _make_figure(dots, baseline_years, summary, table, _("End by report; the dates are in the table below"))


def _make_figure(
    dots: list[record_charts.ReportDot],
    baseline_years: set[int],
    summary: str,
    table: PageTable,
    label: str,
    shapes: str = "",
) -> ChartFigure | None:
    """The chart with its table and notes; None for fewer than two reports, which are no series."""
    if len(dots) < 2:
        return None
    is_range = any(dot.is_range for dot in dots)
    notes = (
        shapes,
        _("A line through a dot is the range that was published.") if is_range else "",
        _("A diamond below a year: that report set a new baseline.") if baseline_years else "",
    )
    drawing = record_charts.draw_report_chart(dots, baseline_years, label)
    return ChartFigure(table.caption, summary, drawing, table, " ".join(filter(None, notes)))


def _make_dot(row: Row, which: str, shape: int = 0) -> record_charts.ReportDot:
    value, low, high = (
        Amount(value, "GBP") if isinstance(value, Decimal) else value
        for value in (row[f"{which}_{name}"] for name in ("mid", "low", "high"))
    )
    return record_charts.ReportDot(row["report_year"], value, low, high, shape)


def _format_shape_note(bases: list[str]) -> str:
    """Which shape is in which prices, where there are several."""
    shapes = (_("circle"), _("square"), _("triangle"))
    said = ", ".join(f"{shapes[number % 3]}: {_format_price_base(base or None)}" for number, base in enumerate(bases))
    note = _("In prices of – %s; not to be set against each other.") % said
    return note if len(bases) > 1 else ""


def _format_baseline(row: Row, baseline_years: set[int]) -> str | None:
    return _("new") if row["report_year"] in baseline_years else None


def _make_cite_entry(row: Row) -> TableEntry:
    """Where figures of one report are cited."""
    year = row["report_year"]
    return TableEntry(_("report of %d") % year, href=build_cite_url(format_report_id(row["scheme_id"], year)))


def _make_cost_entry(row: Row) -> value_display.EntryValue:
    return (
        TableEntry(state=_format_missing_reason(row, "wlc"))
        if row["wlc_mid"] is None
        else Amount(row["wlc_mid"], "GBP")
    )


def _make_end_entry(row: Row) -> value_display.EntryValue:
    if not row["end_mid"]:
        return TableEntry(state=_format_missing_reason(row, "end"))
    low, high = row["end_low"], row["end_high"]
    between = _("between %(low)s and %(high)s") % {
        "low": value_display.format_value(low),
        "high": value_display.format_value(high),
    }
    return value_display.make_entry(row["end_mid"], state=between if low and high and low != high else "")


def _format_missing_reason(row: Row, which: str) -> str:
    """Why there is no figure, with the section of the Act where it is withheld under one."""
    section = row[f"{which}_exempt_section"]
    told = STATE_BY_CODE[row[f"{which}_state"]].words
    return f"{told} ({section})" if section else told


def _format_price_base(base: str | None) -> str:
    return {"nominal": _("the day (nominal)"), None: _("not stated")}.get(base, str(base))
