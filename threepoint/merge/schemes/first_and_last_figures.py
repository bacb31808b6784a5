"""SCHEME: the first and the last published figures of each scheme.

First is the first published, which need not be the first approved: schemes were under way before the first file, and
each file gives the latest approved figure. Last is the last published, which is never the outturn. Where the last
report withholds a figure, the one published last stands with its date, and its state says that it is withheld now.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_columns import conform_to_table, format_report_name
from threepoint.standard.tables_projects import SCHEME


def build_schemes(rows: Rows, changes: Rows) -> Rows:
    """SCHEME: one row a scheme, from the rows of `identified` and their changes."""
    counted = changes.group_by(scheme_id=changes.subject_id).agg(rebaselines=changes.count())
    made = _select_last_report(rows)
    for part in (_select_figures(rows), _find_comparable_cost(rows), counted):
        made = made.left_join(part, "scheme_id").drop("scheme_id_right")
    made = made.mutate(
        in_portfolio=made.last_year == made.last_year.max().over(ibis.window()),
        rebaselines=made.rebaselines.fill_null(0),
        baseline_date=ibis.least(made.baseline_wlc_on, made.baseline_end_on),
    )
    return conform_to_table(_add_comparison(made), SCHEME)


def select_last_rows(rows: Rows) -> Rows:
    """The row of each scheme in the last report it is in, with first_year and last_year."""
    years = rows.group_by("scheme_id").agg(first_year=rows.report_year.min(), last_year=rows.report_year.max())
    both = rows.join(years, "scheme_id")
    return both.filter(both.report_year == both.last_year)


def _select_last_report(rows: Rows) -> Rows:
    last = select_last_rows(rows)
    return last.select(
        "scheme_id", "first_year", "last_year", "department",
        assurance_rating=last.rating,
        assurance_scale=last.rating.notnull().ifelse(last.rating_scale, ibis.null("string")),
        assurance_source=last.rater,
        forecast_end_low=last.end_low,
        forecast_end_high=last.end_high,
        forecast_wlc_low=last.wlc_low,
        forecast_wlc_high=last.wlc_high,
    )  # fmt: skip


def _select_figures(rows: Rows) -> Rows:
    said = rows.mutate(said=(rows.description_state == "observed").ifelse(rows.description, ibis.null("string")))
    return said.group_by("scheme_id").agg(
        title=_pick_last_value(said, "name"),
        description=_pick_last_value(said, "said"),
        gmpp_id=_pick_last_value(said, "gmpp_id"),
        gmpp_category=_pick_last_value(said, "category_code"),
        baseline_wlc=_pick_first_value(said, "wlc_mid"),
        baseline_wlc_on=_pick_first_value(said, "snapshot_date", "wlc_mid"),
        baseline_price_base=_pick_first_value(said, "price_base", "wlc_mid"),
        baseline_start=_pick_first_value(said, "start"),
        baseline_end=_pick_first_value(said, "end_mid"),
        baseline_end_on=_pick_first_value(said, "snapshot_date", "end_mid"),
        baseline_benefits=_pick_first_value(said, "benefits_mid"),
        forecast_wlc=_pick_last_value(said, "wlc_mid"),
        forecast_wlc_on=_pick_last_value(said, "snapshot_date", "wlc_mid"),
        forecast_price_base=_pick_last_value(said, "price_base", "wlc_mid"),
        forecast_end=_pick_last_value(said, "end_mid"),
        forecast_end_on=_pick_last_value(said, "snapshot_date", "end_mid"),
        forecast_benefits=_pick_last_value(said, "benefits_mid"),
    )


def _pick_first_value(rows: Rows, name: str, where: str = "") -> ibis.Value:
    """`name` in the first report that gives `where`, or else `name` itself."""
    return rows[name].argmin(rows.report_year, where=rows[where or name].notnull())


def _pick_last_value(rows: Rows, name: str, where: str = "") -> ibis.Value:
    return rows[name].argmax(rows.report_year, where=rows[where or name].notnull())


def _find_comparable_cost(rows: Rows) -> Rows:
    """The last whole-life cost in the price base of the first, and the years that the note below names."""
    said = rows.filter(rows.wlc_mid.notnull())
    first = said.group_by("scheme_id").agg(base=said.price_base.argmin(said.report_year))
    said = said.join(first, "scheme_id")
    return said.group_by("scheme_id").agg(
        wlc_first_year=said.report_year.min(),
        wlc_last_year=said.report_year.max(),
        same_base_year=said.report_year.max(where=said.price_base == said.base),
        comparable_wlc=said.wlc_mid.argmax(said.report_year, where=said.price_base == said.base),
        comparable_wlc_on=said.snapshot_date.max(where=said.price_base == said.base),
    )


def _add_comparison(made: Rows) -> Rows:
    """Whether the first and the last cost can be set against each other: never across price bases."""
    first, last, same = (
        format_report_name(made[name]) for name in ("wlc_first_year", "wlc_last_year", "same_base_year")
    )
    aside = last + " is in prices of another base (" + made.forecast_price_base + ") and is left aside"
    pair = first + " and " + same + ", both " + made.baseline_price_base
    once = first + " is the only report with a cost"
    broken = made.wlc_last_year != made.same_base_year
    alone = made.same_base_year == made.wlc_first_year
    return made.mutate(
        comparable_state=ibis.cases(
            (made.wlc_first_year.isnull(), "not_reported"),
            (alone, "not_applicable"),
            (broken, "derived"),
            else_="observed",
        ),
        comparable_note=ibis.cases(
            (made.wlc_first_year.isnull(), "no whole-life cost was published"),
            (alone & broken, once + " in " + made.baseline_price_base + " prices; " + aside),
            (alone, once),
            (broken, pair + "; " + aside),
            else_=pair,
        ),
    )
