"""The coverage grade: how much of what should be there is there. About the data, never about the scheme."""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import is_true, to_epoch_seconds, to_ibis_date
from threepoint.check.registry import CHECKS_BY_ID
from threepoint.standard.deadlines import STALE_AFTER_MONTHS
from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.sdes import LEVEL_WEIGHTS, SDES_TABLES
from threepoint.standard.tables_states import SOURCE_SUFFIX

# Least share of each grade in percent, best first; what is below the last is E. Source: standard.md H4.
MIN_PERCENT_BY_GRADE = {"A": 90, "B": 75, "C": 55, "D": 30}
GRADE_LETTERS = "ABCDE"

# What caps a grade, strictest first: the best grade left, and the words for it.
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

    `sources` is shaped as STATE_SOURCE and `dq_results` as DQ_RESULT; of `contract` the phase is read. `as_of` is a
    date or an Ibis date. `due` and `filled` are weights: 3 a Core field, 2 an Important one. A field
    is due unless its state says otherwise; it is filled when it was observed or derived and no critical check that
    concerns it fails. Source: the grade of docs/reference/sdes/coverage.md, without the cap for weak links to a scheme,
    which no table holds.
    """
    critical = dq_results.filter(dq_results.severity == "critical")
    found = ibis.union(*[_weigh_subject_rows(rows, subject, critical) for subject, rows in states.items()])
    dated = sources.select("number", newest="release_date")
    found = found.left_join(dated, found.newest_source == dated.number).drop("number")
    return _assign_grades(_add_cap_columns(found, contract, as_of))


def _weigh_subject_rows(rows: Rows, subject: str, critical: Rows) -> Rows:
    """table, key, due, filled, newest_source, failing: the weights of one subject's rows.

    `failing`: a critical check fails. The fields that it concerns are due and not filled.
    """
    table = SDES_TABLES[subject]
    weights = {field.name: LEVEL_WEIGHTS[field.level] for field in table.judged}
    broken = _find_broken_fields(critical, subject)
    both = rows.left_join(broken, rows[table.key[0]] == broken.broken_id)
    filled = {field: rows[field].isin(_FILLED_STATES) for field in weights}
    due = {field: rows[field].notin(_NOT_DUE_STATES) for field in weights}
    well = {field: there & _passes_critical_checks(both, field) for field, there in filled.items()}
    # Sources are numbered in the order of their dates, so the greatest number is the newest notice.
    sources = [there.ifelse(rows[field + SOURCE_SUFFIX], ibis.null("int64")) for field, there in filled.items()]
    return both.select(
        table=ibis.literal(subject),
        key=rows[table.key[0]],
        due=_sum_weights(due, weights),
        filled=_sum_weights(well, weights),
        newest_source=ibis.greatest(*sources),
        failing=both.broken_id.notnull(),
    )


def _passes_critical_checks(rows: Rows, field: str) -> Any:
    broken = _BROKEN_PREFIX + field
    return ~is_true(rows[broken]) if broken in rows.columns else ibis.literal(value=True)


def _sum_weights(holds: Mapping[str, Any], weights: Mapping[str, int]) -> Any:
    """Add up the weights of the fields of which something holds; a field without a state weighs nothing."""
    weighed = [is_true(holds[field]).ifelse(weight, 0) for field, weight in weights.items()]
    return reduce(add, weighed).cast("int64")


_BROKEN_PREFIX = "broken_"


def _find_broken_fields(critical: Rows, subject: str) -> Rows:
    """broken_id, and a column for each field that critical checks concern: true where such a check fails."""
    mine = critical.filter(critical.subject_type == subject)
    checks: dict[str, list[str]] = {}
    for check in CHECKS_BY_ID.values():
        if check.subject == subject:
            for field in check.fields:
                checks.setdefault(field, []).append(check.id)
    judged = {field.name for field in SDES_TABLES[subject].judged}
    columns = {
        _BROKEN_PREFIX + field: mine.check_id.isin(names).max() for field, names in checks.items() if field in judged
    }
    return mine.group_by(broken_id=mine.subject_id).agg(failures=mine.count(), **columns)


def _add_cap_columns(found: Rows, contract: Rows, as_of: Any) -> Rows:
    """`found` and whether each cap of CAPS holds."""
    running = contract.filter(contract.phase == "in_delivery").select("contract_id")
    both = found.left_join(running, found.key == running.contract_id)
    # DuckDB makes a time of a date less an interval, while Ibis takes it for a date: say so, and make it one.
    oldest = (to_ibis_date(as_of) - ibis.interval(months=STALE_AFTER_MONTHS)).cast("timestamp").date()
    is_running = (both.table == "contract") & both.contract_id.notnull()
    stale = is_running.ifelse(
        ~is_true(both.newest.epoch_seconds() >= to_epoch_seconds(oldest)), ibis.literal(value=False)
    )
    return both.select(found, stale=stale)


def _assign_grades(rows: Rows) -> Rows:
    bounds = [
        (rows.filled * 100 >= rows.due * least, GRADE_LETTERS.index(grade))
        for grade, least in MIN_PERCENT_BY_GRADE.items()
    ]
    own = ibis.cases((rows.due == 0, ibis.null("int8")), *bounds, else_=len(MIN_PERCENT_BY_GRADE))
    caps = [(rows[name], GRADE_LETTERS.index(best), words) for name, (best, words) in GRADE_CAPS.items()]
    place = ibis.greatest(own, *[holds.ifelse(limit, 0) for holds, limit, _ in caps])
    why = [(holds & (own < limit)).ifelse(words, ibis.null("string")) for holds, limit, words in caps]
    any_cap = ibis.or_(*[holds for holds, _, _ in caps])
    return rows.select(
        "table",
        "key",
        "due",
        "filled",
        share=(rows.due > 0).ifelse(rows.filled / rows.due, ibis.null("float64")),
        grade=own.notnull().ifelse(place.cases(*enumerate(GRADE_LETTERS)), ibis.null("string")),
        cap=any_cap.ifelse(ibis.literal("; ").join(why).nullif(""), ibis.null("string")),
    )
