"""The coverage grade: the share of required fields that are filled. It grades the data, never the scheme."""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import is_true, to_epoch_seconds, to_ibis_date
from threepoint.check.registry import CHECKS_BY_ID
from threepoint.standard.deadlines import STALE_AFTER_MONTHS
from threepoint.standard.sdes import LEVEL_WEIGHTS, SDES_TABLES
from threepoint.standard.tables_states import SOURCE_SUFFIX
from threepoint.standard.value_states import STATE_BY_CODE

# Minimum share of each grade in percent, best first; a lower share is E.
MIN_PERCENT_BY_GRADE = {"A": 90, "B": 75, "C": 55, "D": 30}
GRADE_LETTERS = "ABCDE"

# Caps of the grade, strictest first: the best possible grade, and the reason.
GRADE_CAPS = {
    "stale": (
        "D",
        f"nothing new was published for {STALE_AFTER_MONTHS} months while the contract is in delivery: at most D",
    ),
    "failing": ("C", "a critical check fails: at most C"),
}
_NOT_DUE_STATES = [state.code for state in STATE_BY_CODE.values() if not state.due]
_FILLED_STATES = [state.code for state in STATE_BY_CODE.values() if state.filled]


def grade_coverage(states: Mapping[str, Any], sources: Any, dq_results: Any, contract: Any, as_of: Any) -> Any:
    """Return rows of COVERAGE, one for each subject in the state tables `states` (by subject), as an Ibis expression.

    `sources` has the columns of STATE_SOURCE, `dq_results` those of DQ_RESULT, and `contract` the phase of contracts.
    `as_of` is a date or an Ibis date. `due` and `filled` are sums of weights: 3 per Core field, 2 per Important field. A
    field is due unless its state says otherwise; it is filled if it is observed or derived and no critical check on it
    fails. Source: the grade of docs/reference/sdes/coverage.md, without the cap for weak links to a scheme, which no table
    records.
    """
    critical = dq_results.filter(dq_results.severity == "critical")
    weighed = ibis.union(*[_weigh_subject_rows(rows, subject, critical) for subject, rows in states.items()])
    dates = sources.select("number", newest="release_date")
    weighed = weighed.left_join(dates, weighed.newest_source == dates.number).drop("number")
    return _assign_grades(_add_cap_columns(weighed, contract, as_of))


def _weigh_subject_rows(rows: Rows, subject: str, critical: Rows) -> Rows:
    """Return the weights of one subject's rows: table, key, due, filled, newest_source, failing.

    `failing` is true if a critical check fails. The fields of that check are due but not filled.
    """
    table = SDES_TABLES[subject]
    weights = {field.name: LEVEL_WEIGHTS[field.level] for field in table.judged}
    broken_fields = _find_broken_fields(critical, subject)
    joined = rows.left_join(broken_fields, rows[table.key[0]] == broken_fields.broken_id)
    filled = {field: rows[field].isin(_FILLED_STATES) for field in weights}
    due = {field: rows[field].notin(_NOT_DUE_STATES) for field in weights}
    usable = {field: is_filled & _passes_critical_checks(joined, field) for field, is_filled in filled.items()}
    # Sources are numbered in the order of their dates, so the greatest number is the newest notice.
    source_numbers = [
        is_filled.ifelse(rows[field + SOURCE_SUFFIX], ibis.null("int64")) for field, is_filled in filled.items()
    ]
    return joined.select(
        table=ibis.literal(subject),
        key=rows[table.key[0]],
        due=_sum_weights(due, weights),
        filled=_sum_weights(usable, weights),
        newest_source=ibis.greatest(*source_numbers),
        failing=joined.broken_id.notnull(),
    )


def _passes_critical_checks(rows: Rows, field: str) -> Any:
    column = _BROKEN_PREFIX + field
    return ~is_true(rows[column]) if column in rows.columns else ibis.literal(value=True)


def _sum_weights(conditions: Mapping[str, Any], weights: Mapping[str, int]) -> Any:
    """Add up the weights of the fields whose condition is true; a field without a state weighs nothing."""
    terms = [is_true(conditions[field]).ifelse(weight, 0) for field, weight in weights.items()]
    return reduce(add, terms).cast("int64")


_BROKEN_PREFIX = "broken_"


def _find_broken_fields(critical: Rows, subject: str) -> Rows:
    """Return broken_id and a column for each field of a critical check: true if such a check fails."""
    failures = critical.filter(critical.subject_type == subject)
    checks: dict[str, list[str]] = {}
    for check in CHECKS_BY_ID.values():
        if check.subject == subject:
            for field in check.fields:
                checks.setdefault(field, []).append(check.id)
    judged = {field.name for field in SDES_TABLES[subject].judged}
    columns = {
        _BROKEN_PREFIX + field: failures.check_id.isin(check_ids).max()
        for field, check_ids in checks.items()
        if field in judged
    }
    return failures.group_by(broken_id=failures.subject_id).agg(failures=failures.count(), **columns)


def _add_cap_columns(weighed: Rows, contract: Rows, as_of: Any) -> Rows:
    """Add `stale`: true for a contract in delivery without a notice in the last STALE_AFTER_MONTHS months."""
    running = contract.filter(contract.phase == "in_delivery").select("contract_id")
    joined = weighed.left_join(running, weighed.key == running.contract_id)
    # In DuckDB, a date minus an interval is a timestamp, but Ibis types it as a date: cast it there and back.
    oldest = (to_ibis_date(as_of) - ibis.interval(months=STALE_AFTER_MONTHS)).cast("timestamp").date()
    is_running = (joined.table == "contract") & joined.contract_id.notnull()
    is_stale = is_running.ifelse(
        ~is_true(joined.newest.epoch_seconds() >= to_epoch_seconds(oldest)), ibis.literal(value=False)
    )
    return joined.select(weighed, stale=is_stale)


def _assign_grades(rows: Rows) -> Rows:
    bounds = [
        (rows.filled * 100 >= rows.due * minimum, GRADE_LETTERS.index(grade))
        for grade, minimum in MIN_PERCENT_BY_GRADE.items()
    ]
    uncapped = ibis.cases((rows.due == 0, ibis.null("int8")), *bounds, else_=len(MIN_PERCENT_BY_GRADE))
    caps = [(rows[name], GRADE_LETTERS.index(best_grade), text) for name, (best_grade, text) in GRADE_CAPS.items()]
    place = ibis.greatest(uncapped, *[applies.ifelse(limit, 0) for applies, limit, _ in caps])
    reasons = [(applies & (uncapped < limit)).ifelse(text, ibis.null("string")) for applies, limit, text in caps]
    any_cap = ibis.or_(*[applies for applies, _, _ in caps])
    return rows.select(
        "table",
        "key",
        "due",
        "filled",
        share=(rows.due > 0).ifelse(rows.filled / rows.due, ibis.null("float64")),
        grade=uncapped.notnull().ifelse(place.cases(*enumerate(GRADE_LETTERS)), ibis.null("string")),
        cap=any_cap.ifelse(ibis.literal("; ").join(reasons).nullif(""), ibis.null("string")),
    )
