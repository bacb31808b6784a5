"""The state of each judged field of each scheme, with the reason in the publisher's words or those of the Act.

A first figure is derived, not observed, if earlier reports lacked it. A last figure has its state in the last report: it
is withheld if that report withholds it, even though the scheme has an older figure with its date.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.field_states import widen_rows
from threepoint.merge.schemes.figure_states import derive_figure_states
from threepoint.merge.table_conformance import format_report_name
from threepoint.standard.tables_states import (
    DETAIL_SUFFIX,
    DUE_ON_SUFFIX,
    SOURCE_SUFFIX,
    STATE_SUFFIX,
    list_traced_fields,
)

# Judged fields that the portfolio never publishes, and the reason.
REASON_BY_UNPUBLISHED_FIELD = {
    "lead_org_id": "the department is published as an abbreviation, not as an identifier",
    "scheme_type": "the portfolio sorts its projects into four categories of its own and gives no type",
    "phase": "the portfolio does not publish a phase",
    "status": "the portfolio does not publish a project status",
    "cpv_main": "the portfolio does not publish CPV codes",
    "baseline_stage": "the portfolio does not say at which stage a figure was approved",
    "baseline_dev_cost": "the portfolio does not split the whole-life cost",
    "baseline_run_cost_pa": "the portfolio does not split the whole-life cost",
}
FIGURE_BY_FIRST_FIELD = {"baseline_wlc": "wlc", "baseline_end": "end", "baseline_start": "start"}
FIGURE_BY_LAST_FIELD = {"forecast_wlc": "wlc", "forecast_end": "end", "description": "description", "title": "title"}


def derive_scheme_states(rows: Rows) -> Rows:
    """Return the state table of schemes; `rows` are those of `prepare_scheme_rows`."""
    summary = _summarise_figures(derive_figure_states(rows))
    titles = summary.filter(summary.figure == "title")
    parts = [
        _select_last_report_state(titles, field, ibis.literal("not_reported"), ibis.literal(reason))
        for field, reason in REASON_BY_UNPUBLISHED_FIELD.items()
    ]
    parts += [
        _derive_first_state(summary.filter(summary.figure == figure), field)
        for field, figure in FIGURE_BY_FIRST_FIELD.items()
    ]
    parts += [
        _derive_last_state(summary.filter(summary.figure == figure), field)
        for field, figure in FIGURE_BY_LAST_FIELD.items()
    ]
    states = ibis.union(*parts, _derive_baseline_date_state(summary))
    suffixes = {"state": STATE_SUFFIX, "detail": DETAIL_SUFFIX, "due_on": DUE_ON_SUFFIX, "source": SOURCE_SUFFIX}
    return widen_rows(states, ["scheme_id"], list_traced_fields("scheme"), suffixes)


def list_report_sources(rows: Rows) -> Rows:
    """Return rows of STATE_SOURCE: the yearly reports, each published at the start of its day in UTC."""
    years = rows.group_by("report_year").agg(day=rows.snapshot_date.max())
    # A plain cast would use the engine's own time zone, so the day goes through text.
    published = (years.day.cast("string") + " 00:00:00+00:00").cast("timestamp('UTC')")
    return years.select(
        number=-years.report_year,
        notice_id=format_report_name(years.report_year),
        release_id=ibis.null("string"),
        release_date=published,
    )


def _summarise_figures(figures: Rows) -> Rows:
    """Return one row per scheme and figure: its years in the portfolio, the years with the figure, and reasons for gaps."""
    return figures.group_by("scheme_id", "figure").agg(
        first_year=figures.report_year.min(),
        last_year=figures.report_year.max(),
        given_first=figures.report_year.min(where=figures.given),
        given_last=figures.report_year.max(where=figures.given),
        opening_why=figures.why.argmin(figures.report_year),
        last_state=figures.state.argmax(figures.report_year),
        last_why=figures.why.argmax(figures.report_year),
    )


def _derive_first_state(summary: Rows, field: str) -> Rows:
    since_text = ibis.literal("first published in ") + format_report_name(summary.given_first)
    is_late = summary.given_first > summary.first_year
    is_never_given = summary.given_first.isnull()
    state = ibis.cases((is_never_given, summary.last_state), (is_late, "derived"), else_="observed")
    late_text = since_text + "; in " + format_report_name(summary.first_year) + " " + summary.opening_why
    detail = ibis.cases((is_never_given, summary.last_why), (is_late, late_text), else_=since_text)
    return _select_state(summary, field, state, detail, summary.given_first.coalesce(summary.last_year))


def _derive_last_state(summary: Rows, field: str) -> Rows:
    is_current = (summary.given_last == summary.last_year).fill_null(False)
    earlier_text = summary.last_why + "; last published in " + format_report_name(summary.given_last)
    detail = is_current.ifelse(
        ibis.literal("published in ") + format_report_name(summary.last_year), earlier_text.coalesce(summary.last_why)
    )
    return _select_last_report_state(summary, field, is_current.ifelse("observed", summary.last_state), detail)


def _derive_baseline_date_state(summary: Rows) -> Rows:
    """Use the first report with a cost or an end in place of the day of approval, which is not published."""
    ends = summary.filter(summary.figure.isin(["wlc", "end"]))
    by_scheme = ends.group_by("scheme_id").agg(
        last_year=ends.last_year.max(),
        given_first=ends.given_first.min(),
    )
    is_given = by_scheme.given_first.notnull()
    since_text = ibis.literal("the day of approval is not published; first figures in ") + format_report_name(
        by_scheme.given_first
    )
    detail = is_given.ifelse(since_text, "no report gives a whole-life cost or an end")
    state = is_given.ifelse("derived", "not_reported")
    year = by_scheme.given_first.coalesce(by_scheme.last_year)
    return _select_state(by_scheme, "baseline_date", state, detail, year)


def _select_last_report_state(summary: Rows, field: str, state: ibis.Value, detail: ibis.Value) -> Rows:
    return _select_state(summary, field, state, detail, summary.last_year)


def _select_state(summary: Rows, field: str, state: ibis.Value, detail: ibis.Value, year: ibis.Value) -> Rows:
    return summary.select(
        "scheme_id",
        field=ibis.literal(field),
        state=state,
        detail=detail,
        due_on=ibis.null("date"),
        source=-year.cast("int64"),
    )
