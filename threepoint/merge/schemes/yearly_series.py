"""The yearly series of each scheme, and its published amounts as cost lines."""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_conformance import conform_to_table
from threepoint.standard.tables_projects import COST_LINE, SCHEME_YEAR

WHOLE_LIFE_PERIOD = "whole-life"


def clear_zero_costs(rows: Rows) -> Rows:
    """Replace a whole-life cost of 0 by "not reported": in all 26 such rows to 2026, the cost was not approved yet."""
    is_zero = (rows.wlc_mid == 0).fill_null(False)
    return rows.mutate(
        wlc_mid=is_zero.ifelse(ibis.null("decimal(18, 2)"), rows.wlc_mid),
        wlc_state=is_zero.ifelse("not_reported", rows.wlc_state),
        wlc_text=is_zero.ifelse("0", rows.wlc_text),
    )


def build_scheme_years(rows: Rows) -> Rows:
    """Return SCHEME_YEAR: one row per scheme and report, without the published variance, which lost its sign in 2025."""
    years = rows.mutate(title=rows.name, gmpp_category=rows.category_code, fy_variance=rows.fy_variance_derived)
    return conform_to_table(years, SCHEME_YEAR)


def build_cost_lines(rows: Rows) -> Rows:
    """Return COST_LINE: one row per published amount. SCHEME_YEAR has the withheld ones, with their exemption."""
    lines = (
        _select_cost_lines(rows, "baseline", ibis.literal(WHOLE_LIFE_PERIOD), rows.wlc_mid),
        _select_cost_lines(rows, "baseline", rows.fy, rows.fy_baseline),
        _select_cost_lines(rows, "forecast", rows.fy, rows.fy_forecast),
    )
    return ibis.union(*lines)


def _select_cost_lines(rows: Rows, kind: str, fy: ibis.Value, amount: ibis.Value) -> Rows:
    lines = rows.mutate(
        kind=ibis.literal(kind), fy=fy, amount=amount, version=rows.report_year, as_of=rows.snapshot_date
    )
    return conform_to_table(lines.filter(lines.amount.notnull()), COST_LINE)
