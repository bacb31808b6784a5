"""What is known of each judged field of each scheme: its state, and the reason in the words of publisher or Act.

A first figure is derived, not observed, where earlier reports lacked it. A last figure has the state that the last
report gives it: withheld there, it is withheld, though an older figure stands in the scheme with its date.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.field_states import widen_rows
from threepoint.merge.schemes.figure_states import derive_figure_states
from threepoint.merge.table_columns import format_report_name
from threepoint.standard.tables_states import (
    DETAIL_SUFFIX,
    DUE_ON_SUFFIX,
    SOURCE_SUFFIX,
    STATE_SUFFIX,
    list_traced_fields,
)

# Judged fields that the portfolio never gives, and why.
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
    """Return the state table of schemes; `rows` are those of `identified`."""
    told = _summarise_figures(derive_figure_states(rows))
    titles = told.filter(told.figure == "title")
    parts = [
        _select_last_report_state(titles, field, ibis.literal("not_reported"), ibis.literal(why))
        for field, why in REASON_BY_UNPUBLISHED_FIELD.items()
    ]
    parts += [
        _derive_first_state(told.filter(told.figure == figure), field)
        for field, figure in FIGURE_BY_FIRST_FIELD.items()
    ]
    parts += [
        _derive_last_state(told.filter(told.figure == figure), field) for field, figure in FIGURE_BY_LAST_FIELD.items()
    ]
    states = ibis.union(*parts, _derive_baseline_date_state(told))
    endings = {"state": STATE_SUFFIX, "detail": DETAIL_SUFFIX, "due_on": DUE_ON_SUFFIX, "source": SOURCE_SUFFIX}
    return widen_rows(states, ["scheme_id"], list_traced_fields("scheme"), endings)


def list_report_sources(rows: Rows) -> Rows:
    """Return rows of STATE_SOURCE: the yearly reports, each published at the start of its day in UTC."""
    years = rows.group_by("report_year").agg(day=rows.snapshot_date.max())
    # By way of text, since a plain cast would take the engine's own time zone.
    published = (years.day.cast("string") + " 00:00:00+00:00").cast("timestamp('UTC')")
    return years.select(
        number=-years.report_year,
        notice_id=format_report_name(years.report_year),
        release_id=ibis.null("string"),
        release_date=published,
    )


def _summarise_figures(said: Rows) -> Rows:
    """One row a scheme and figure: when it was in the portfolio, when the figure was given, and why not."""
    return said.group_by("scheme_id", "figure").agg(
        first_year=said.report_year.min(),
        last_year=said.report_year.max(),
        given_first=said.report_year.min(where=said.given),
        given_last=said.report_year.max(where=said.given),
        opening_why=said.why.argmin(said.report_year),
        last_state=said.state.argmax(said.report_year),
        last_why=said.why.argmax(said.report_year),
    )


def _derive_first_state(told: Rows, field: str) -> Rows:
    since = ibis.literal("first published in ") + format_report_name(told.given_first)
    late = told.given_first > told.first_year
    never = told.given_first.isnull()
    state = ibis.cases((never, told.last_state), (late, "derived"), else_="observed")
    opening = since + "; in " + format_report_name(told.first_year) + " " + told.opening_why
    detail = ibis.cases((never, told.last_why), (late, opening), else_=since)
    return _select_state(told, field, state, detail, told.given_first.coalesce(told.last_year))


def _derive_last_state(told: Rows, field: str) -> Rows:
    now = (told.given_last == told.last_year).fill_null(False)
    before = told.last_why + "; last published in " + format_report_name(told.given_last)
    detail = now.ifelse(
        ibis.literal("published in ") + format_report_name(told.last_year), before.coalesce(told.last_why)
    )
    return _select_last_report_state(told, field, now.ifelse("observed", told.last_state), detail)


def _derive_baseline_date_state(told: Rows) -> Rows:
    """The first report with a cost or an end stands for the day of approval, which is not published."""
    ends = told.filter(told.figure.isin(["wlc", "end"]))
    both = ends.group_by("scheme_id").agg(
        last_year=ends.last_year.max(),
        given_first=ends.given_first.min(),
    )
    given = both.given_first.notnull()
    since = ibis.literal("the day of approval is not published; first figures in ") + format_report_name(
        both.given_first
    )
    detail = given.ifelse(since, "no report gives a whole-life cost or an end")
    state = given.ifelse("derived", "not_reported")
    year = both.given_first.coalesce(both.last_year)
    return _select_state(both, "baseline_date", state, detail, year)


def _select_last_report_state(told: Rows, field: str, state: ibis.Value, detail: ibis.Value) -> Rows:
    return _select_state(told, field, state, detail, told.last_year)


def _select_state(told: Rows, field: str, state: ibis.Value, detail: ibis.Value, year: ibis.Value) -> Rows:
    return told.select(
        "scheme_id",
        field=ibis.literal(field),
        state=state,
        detail=detail,
        due_on=ibis.null("date"),
        source=-year.cast("int64"),
    )
