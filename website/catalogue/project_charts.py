"""Charts of a major project's whole-life cost and end date in each yearly report; price bases are never joined."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from threepoint.presentation.records import Record
from threepoint.standard.amounts import Amount
from threepoint.standard.value_states import STATE_BY_CODE
from website.catalogue import record_charts
from website.catalogue.citable_records import format_report_id
from website.catalogue.citation_views import build_cite_url
from website.common import value_display
from website.common.components import ChartFigure, PageTable, TableColumn, TableEntry

Row = dict[str, Any]
ChartSection = tuple[str, str, Any]


def make_project_sections(record: Record) -> list[ChartSection]:
    """Return the cost and the end date by report, each as a figure with its table; none for other kinds of record."""
    if record.kind != "scheme":
        return []
    years = record.rows.get("years", [])
    cost_figure = _make_cost_figure(years, _find_baseline_years(record, years, "value"))
    end_figure = _make_end_figure(years, _find_baseline_years(record, years, "end"))
    sections = (
        ("cost", _("Cost as published each year"), cost_figure),
        ("end", _("End date as published each year"), end_figure),
    )
    return [section for section in sections if section[-1]]


def _find_baseline_years(record: Record, years: list[Row], which: str) -> set[int]:
    """Return the years of the reports that set a new baseline of the cost (`value`) or the end date (`end`)."""
    rebaseline_dates = {
        row["date"]
        for row in record.rows.get("changes", [])
        if row["type"] == "rebaseline" and row[f"new_{which}"] not in (None, row[f"old_{which}"])
    }
    return {row["report_year"] for row in years if row["snapshot_date"] in rebaseline_dates}


def _make_cost_figure(years: list[Row], baseline_years: set[int]) -> ChartFigure | None:
    known = [row for row in years if row["wlc_mid"] is not None]
    bases = sorted({row["price_base"] or "" for row in known})
    dots = [_make_dot(row, "wlc", bases.index(row["price_base"] or "") % 3) for row in known]
    counts = {"number": len(known), "all": len(years)}
    summary = _("%(number)d of %(all)d yearly reports give a whole-life cost.") % counts
    heads = (
        TableColumn(_("Report")),
        TableColumn(_("Whole-life cost"), numeric=True),
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
    summary = _("%(number)d of %(all)d yearly reports give an end date.") % {"number": len(dots), "all": len(years)}
    heads = (TableColumn(_("Report")), TableColumn(_("End date")), TableColumn(_("Baseline")), TableColumn(_("Cite")))
    rows = [
        (str(row["report_year"]), _make_end_entry(row), _format_baseline(row, baseline_years), _make_cite_entry(row))
        for row in years
    ]
    table = value_display.make_table(_("End date by report"), heads, rows)
    label = _("End date by report; the dates are in the table below")
    return _make_figure(dots, baseline_years, summary, table, label)


def _make_figure(
    dots: list[record_charts.ReportDot],
    baseline_years: set[int],
    summary: str,
    table: PageTable,
    label: str,
    shapes: str = "",
) -> ChartFigure | None:
    """Return the chart with its table and notes; None for fewer than two reports, which make no series."""
    if len(dots) < 2:
        return None
    is_range = any(dot.is_range for dot in dots)
    notes = (
        shapes,
        _("A line through a dot shows the published range.") if is_range else "",
        _("A diamond below a year means that its report changed the cost or the end date.") if baseline_years else "",
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
    """Return which shape has which price base; empty for a single price base."""
    shapes = (_("circle"), _("square"), _("triangle"))
    legend = ", ".join(f"{shapes[number % 3]}: {_format_price_base(base or None)}" for number, base in enumerate(bases))
    note = _("Prices used: %s. Do not compare costs in different prices.") % legend
    return note if len(bases) > 1 else ""


def _format_baseline(row: Row, baseline_years: set[int]) -> str | None:
    return _("new") if row["report_year"] in baseline_years else None


def _make_cite_entry(row: Row) -> TableEntry:
    """Return a link to the page for citing the figures of one report."""
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
    dates = {"low": value_display.format_value(low), "high": value_display.format_value(high)}
    has_range = low and high and low != high
    return value_display.make_entry(
        row["end_mid"], state=_("between %(low)s and %(high)s") % dates if has_range else ""
    )


def _format_missing_reason(row: Row, which: str) -> str:
    """Return why there is no figure, with the section of the Act if the figure is withheld under one."""
    section = row[f"{which}_exempt_section"]
    state = STATE_BY_CODE[row[f"{which}_state"]].words
    return f"{state} ({section})" if section else state


def _format_price_base(base: str | None) -> str:
    return {"nominal": _("the day (nominal)"), None: _("not stated")}.get(base, str(base))
