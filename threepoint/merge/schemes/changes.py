"""Changes of the approved whole-life cost or end from one published year to the next.

Years without a figure are skipped. Figures in different price bases are never compared. A cost that only gained or lost
its decimals (the reports of 2022 to 2024 round to whole millions) has not changed.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_conformance import conform_to_table, format_report_name
from threepoint.standard.tables_contracts import CHANGE

_PENCE_PER_MILLION_POUNDS = 100_000_000
_SCHEME_YEAR_KEY = ["scheme_id", "report_year"]


def build_scheme_changes(rows: Rows) -> Rows:
    """Return a row of type rebaseline, with old and new values, for each scheme and report that changed its cost or end."""
    costs = _pair_successive_figures(rows, "wlc_mid")
    costs = costs.filter((costs.old_base == costs.base) & ~_is_equal_when_rounded(costs.old, costs.new))
    ends = _pair_successive_figures(rows, "end_mid").filter(lambda step: step.old != step.new)
    joined = rows.select(*_SCHEME_YEAR_KEY, "snapshot_date", "wlc_narrative", "schedule_narrative")
    for figure_changes, name in ((costs, "value"), (ends, "end")):
        renamed = figure_changes.select(
            *_SCHEME_YEAR_KEY, **{f"old_{name}": figure_changes.old, f"new_{name}": figure_changes.new}
        )
        joined = joined.left_join(renamed, _SCHEME_YEAR_KEY).drop("scheme_id_right", "report_year_right")
    return _build_change_rows(joined.filter(joined.new_value.notnull() | joined.new_end.notnull()))


def _pair_successive_figures(rows: Rows, figure: str) -> Rows:
    """Return each published figure with the one published before it, and the price base of both."""
    figures = rows.filter(rows[figure].notnull()).select(*_SCHEME_YEAR_KEY, new=rows[figure], base=rows.price_base)
    scheme_window = ibis.window(group_by="scheme_id", order_by="report_year")
    steps = figures.mutate(old=figures.new.lag().over(scheme_window), old_base=figures.base.lag().over(scheme_window))
    return steps.filter(steps.old.notnull())


def _is_equal_when_rounded(old: ibis.Value, new: ibis.Value) -> ibis.Value:
    old, new = ((amount.cast("decimal(38,2)") * 100).cast("int64") for amount in (old, new))
    whole = (old % _PENCE_PER_MILLION_POUNDS == 0) | (new % _PENCE_PER_MILLION_POUNDS == 0)
    return (old == new) | (whole & ((new - old).abs() <= _PENCE_PER_MILLION_POUNDS // 2))


def _build_change_rows(steps: Rows) -> Rows:

    # `reason` is the department's own narrative for each figure that changed.
    cost = steps.new_value.notnull().ifelse(steps.wlc_narrative, ibis.null("string"))
    end = steps.new_end.notnull().ifelse(steps.schedule_narrative, ibis.null("string"))
    changes = steps.mutate(
        change_id=steps.scheme_id + "/" + steps.report_year.cast("string"),
        subject_type=ibis.literal("scheme"),
        subject_id=steps.scheme_id,
        date=steps.snapshot_date,
        type=ibis.literal("rebaseline"),
        old_currency=ibis.literal("GBP"),
        currency=ibis.literal("GBP"),
        reason=(cost + "\n" + end).coalesce(cost, end),
        notice_id=format_report_name(steps.report_year),
        notified=ibis.literal(False),
    )
    return conform_to_table(changes, CHANGE)
