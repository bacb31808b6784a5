"""SCHEME: the first and the last published figures of each scheme.

The first published figure need not be the first approved one: schemes were under way before the first file, and each
file gives the latest approved figure. The last published figure is never the final cost. If the last report withholds a
figure, the table keeps the one published last with its date, and its state says that it is withheld now.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_conformance import conform_to_table, format_report_name
from threepoint.standard.tables_projects import SCHEME


def build_schemes(rows: Rows, changes: Rows) -> Rows:
    """Return SCHEME, one row per scheme, from the rows of `prepare_scheme_rows` and their changes."""
    change_counts = changes.group_by(scheme_id=changes.subject_id).agg(rebaselines=changes.count())
    schemes = _select_last_report(rows)
    for part in (_select_figures(rows), _find_comparable_cost(rows), change_counts):
        schemes = schemes.left_join(part, "scheme_id").drop("scheme_id_right")
    schemes = schemes.mutate(
        in_portfolio=schemes.last_year == schemes.last_year.max().over(ibis.window()),
        rebaselines=schemes.rebaselines.fill_null(0),
        baseline_date=ibis.least(schemes.baseline_wlc_on, schemes.baseline_end_on),
    )
    return conform_to_table(_add_comparison(schemes), SCHEME)


def select_last_rows(rows: Rows) -> Rows:
    """Return the row of each scheme in the last report that includes it, with first_year and last_year."""
    years = rows.group_by("scheme_id").agg(first_year=rows.report_year.min(), last_year=rows.report_year.max())
    joined = rows.join(years, "scheme_id")
    return joined.filter(joined.report_year == joined.last_year)


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
    figures = rows.mutate(
        observed_description=(rows.description_state == "observed").ifelse(rows.description, ibis.null("string"))
    )
    return figures.group_by("scheme_id").agg(
        title=_pick_last_value(figures, "name"),
        description=_pick_last_value(figures, "observed_description"),
        gmpp_id=_pick_last_value(figures, "gmpp_id"),
        gmpp_category=_pick_last_value(figures, "category_code"),
        baseline_wlc=_pick_first_value(figures, "wlc_mid"),
        baseline_wlc_on=_pick_first_value(figures, "snapshot_date", "wlc_mid"),
        baseline_price_base=_pick_first_value(figures, "price_base", "wlc_mid"),
        baseline_start=_pick_first_value(figures, "start"),
        baseline_end=_pick_first_value(figures, "end_mid"),
        baseline_end_on=_pick_first_value(figures, "snapshot_date", "end_mid"),
        baseline_benefits=_pick_first_value(figures, "benefits_mid"),
        forecast_wlc=_pick_last_value(figures, "wlc_mid"),
        forecast_wlc_on=_pick_last_value(figures, "snapshot_date", "wlc_mid"),
        forecast_price_base=_pick_last_value(figures, "price_base", "wlc_mid"),
        forecast_end=_pick_last_value(figures, "end_mid"),
        forecast_end_on=_pick_last_value(figures, "snapshot_date", "end_mid"),
        forecast_benefits=_pick_last_value(figures, "benefits_mid"),
    )


def _pick_first_value(rows: Rows, name: str, where: str = "") -> ibis.Value:
    """Return `name` from the first report that gives `where` (by default, `name` itself)."""
    return rows[name].argmin(rows.report_year, where=rows[where or name].notnull())


def _pick_last_value(rows: Rows, name: str, where: str = "") -> ibis.Value:
    return rows[name].argmax(rows.report_year, where=rows[where or name].notnull())


def _find_comparable_cost(rows: Rows) -> Rows:
    """Return the last whole-life cost in the price base of the first one, and the years that `comparable_note` names."""
    costs = rows.filter(rows.wlc_mid.notnull())
    first_bases = costs.group_by("scheme_id").agg(base=costs.price_base.argmin(costs.report_year))
    costs = costs.join(first_bases, "scheme_id")
    return costs.group_by("scheme_id").agg(
        wlc_first_year=costs.report_year.min(),
        wlc_last_year=costs.report_year.max(),
        same_base_year=costs.report_year.max(where=costs.price_base == costs.base),
        comparable_wlc=costs.wlc_mid.argmax(costs.report_year, where=costs.price_base == costs.base),
        comparable_wlc_on=costs.snapshot_date.max(where=costs.price_base == costs.base),
    )


def _add_comparison(schemes: Rows) -> Rows:
    """Add the state and the note that say if the first and the last cost can be compared: never across price bases."""
    first, last, same_base = (
        format_report_name(schemes[name]) for name in ("wlc_first_year", "wlc_last_year", "same_base_year")
    )
    omission = last + " uses another price base (" + schemes.forecast_price_base + "), so it is not compared"
    years_compared = first + " and " + same_base + ", both " + schemes.baseline_price_base
    single_report = first + " is the only report with a cost"
    base_changed = schemes.wlc_last_year != schemes.same_base_year
    has_one_year = schemes.same_base_year == schemes.wlc_first_year
    return schemes.mutate(
        comparable_state=ibis.cases(
            (schemes.wlc_first_year.isnull(), "not_reported"),
            (has_one_year, "not_applicable"),
            (base_changed, "derived"),
            else_="observed",
        ),
        comparable_note=ibis.cases(
            (schemes.wlc_first_year.isnull(), "no whole-life cost was published"),
            (
                has_one_year & base_changed,
                single_report + " in " + schemes.baseline_price_base + " prices; " + omission,
            ),
            (has_one_year, single_report),
            (base_changed, years_compared + "; " + omission),
            else_=years_compared,
        ),
    )
