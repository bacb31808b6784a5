"""Changes of the approved whole-life cost or end from one published year to the next.

Years without a figure are stepped over. Figures of two price bases are never set against each other. A cost that only
gained or lost its decimals (the reports of 2022 to 2024 round to whole millions) has not changed.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_columns import conform_to_table, format_report_name
from threepoint.standard.tables_delivery import CHANGE

_PENCE_PER_MILLION_POUNDS = 100_000_000  # pence
_SCHEME_YEAR_KEY = ["scheme_id", "report_year"]


def build_scheme_changes(rows: Rows) -> Rows:
    """A row of type rebaseline for each scheme and report that changed its cost or its end, with old and new values."""
    costs = _pair_successive_figures(rows, "wlc_mid")
    costs = costs.filter((costs.old_base == costs.base) & ~_is_equal_when_rounded(costs.old, costs.new))
    ends = _pair_successive_figures(rows, "end_mid").filter(lambda step: step.old != step.new)
    both = rows.select(*_SCHEME_YEAR_KEY, "snapshot_date", "wlc_narrative", "schedule_narrative")
    for steps, name in ((costs, "value"), (ends, "end")):
        named = steps.select(*_SCHEME_YEAR_KEY, **{f"old_{name}": steps.old, f"new_{name}": steps.new})
        both = both.left_join(named, _SCHEME_YEAR_KEY).drop("scheme_id_right", "report_year_right")
    return _build_change_rows(both.filter(both.new_value.notnull() | both.new_end.notnull()))


def _pair_successive_figures(rows: Rows, figure: str) -> Rows:
    """Each published figure beside the one published before it, with the price base of both."""
    said = rows.filter(rows[figure].notnull()).select(*_SCHEME_YEAR_KEY, new=rows[figure], base=rows.price_base)
    before = ibis.window(group_by="scheme_id", order_by="report_year")
    steps = said.mutate(old=said.new.lag().over(before), old_base=said.base.lag().over(before))
    return steps.filter(steps.old.notnull())


def _is_equal_when_rounded(old: ibis.Value, new: ibis.Value) -> ibis.Value:
    old, new = ((amount.cast("decimal(38,2)") * 100).cast("int64") for amount in (old, new))
    whole = (old % _PENCE_PER_MILLION_POUNDS == 0) | (new % _PENCE_PER_MILLION_POUNDS == 0)
    return (old == new) | (whole & ((new - old).abs() <= _PENCE_PER_MILLION_POUNDS // 2))


def _build_change_rows(steps: Rows) -> Rows:
    """`reason` is what the department says about what changed."""
    cost = steps.new_value.notnull().ifelse(steps.wlc_narrative, ibis.null("string"))
    end = steps.new_end.notnull().ifelse(steps.schedule_narrative, ibis.null("string"))
    made = steps.mutate(
        change_id=steps.scheme_id + "/" + steps.report_year.cast("string"),
        subject_type=ibis.literal("scheme"),
        subject_id=steps.scheme_id,
        date=steps.snapshot_date,
        type=ibis.literal("rebaseline"),
        currency=ibis.literal("GBP"),
        reason=(cost + "\n" + end).coalesce(cost, end),
        notice_id=format_report_name(steps.report_year),
        notified=ibis.literal(False),
    )
    return conform_to_table(made, CHANGE)
