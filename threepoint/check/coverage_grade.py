"""The coverage grade: how much of what should be there is there. About the data, never about the scheme."""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import day_of, seconds, yes
from threepoint.check.registry import CHECKS
from threepoint.standard.deadlines import STALE
from threepoint.standard.field_states import STATES
from threepoint.standard.sdes import LEVEL_WEIGHTS, SDES
from threepoint.standard.tables_states import SOURCE

# Least share of each grade in percent, best first; what is below the last is E. Source: standard.md H4.
BOUNDS = {"A": 90, "B": 75, "C": 55, "D": 30}
GRADES = "ABCDE"

# What caps a grade, strictest first: the best grade left, and the words for it.
CAPS = {
    "stale": ("D", f"nothing new was published for {STALE} months while the contract is in delivery: at most D"),
    "failing": ("C", "a critical check fails: at most C"),
}
_NOT_DUE = [state.code for state in STATES.values() if not state.due]
_FILLED = [state.code for state in STATES.values() if state.filled]


def coverage(states: Mapping[str, Any], sources: Any, dq_results: Any, contract: Any, as_of: Any) -> Any:
    """Return rows of COVERAGE, one for each subject in the state tables `states` (by subject), as an Ibis expression.

    `sources` is shaped as STATE_SOURCE and `dq_results` as DQ_RESULT; of `contract` the phase is read. `as_of` is a
    date or an Ibis date. `due` and `filled` are weights: 3 a Core field, 2 an Important one. A field
    is due unless its state says otherwise; it is filled when it was observed or derived and no critical check that
    concerns it fails. Source: the grade of docs/reference/sdes/coverage.md, without the cap for weak links to a scheme,
    which no table holds.
    """
    critical = dq_results.filter(dq_results.severity == "critical")
    found = ibis.union(*[_weighed(rows, subject, critical) for subject, rows in states.items()])
    dated = sources.select("number", newest="release_date")
    found = found.left_join(dated, found.newest_source == dated.number).drop("number")
    return _graded(_with_caps(found, contract, as_of))


def _weighed(rows: Rows, subject: str, critical: Rows) -> Rows:
    """table, key, due, filled, newest_source, failing: the weights of one subject's rows.

    `failing`: a critical check fails. The fields that it concerns are due and not filled.
    """
    table = SDES[subject]
    weights = {field.name: LEVEL_WEIGHTS[field.level] for field in table.judged}
    broken = _broken_fields(critical, subject)
    both = rows.left_join(broken, rows[table.key[0]] == broken.broken_id)
    filled = {field: rows[field].isin(_FILLED) for field in weights}
    due = {field: rows[field].notin(_NOT_DUE) for field in weights}
    well = {field: there & _is_whole(both, field) for field, there in filled.items()}
    # Sources are numbered in the order of their dates, so the greatest number is the newest notice.
    sources = [there.ifelse(rows[field + SOURCE], ibis.null("int64")) for field, there in filled.items()]
    return both.select(
        table=ibis.literal(subject),
        key=rows[table.key[0]],
        due=_sum(due, weights),
        filled=_sum(well, weights),
        newest_source=ibis.greatest(*sources),
        failing=both.broken_id.notnull(),
    )


def _is_whole(rows: Rows, field: str) -> Any:
    broken = _BROKEN + field
    return ~yes(rows[broken]) if broken in rows.columns else ibis.literal(value=True)


def _sum(holds: Mapping[str, Any], weights: Mapping[str, int]) -> Any:
    """Add up the weights of the fields of which something holds; a field without a state weighs nothing."""
    weighed = [yes(holds[field]).ifelse(weight, 0) for field, weight in weights.items()]
    return reduce(add, weighed).cast("int64")


_BROKEN = "broken_"


def _broken_fields(critical: Rows, subject: str) -> Rows:
    """broken_id, and a column for each field that critical checks concern: true where such a check fails."""
    mine = critical.filter(critical.subject_type == subject)
    checks: dict[str, list[str]] = {}
    for check in CHECKS.values():
        if check.subject == subject:
            for field in check.fields:
                checks.setdefault(field, []).append(check.id)
    judged = {field.name for field in SDES[subject].judged}
    columns = {_BROKEN + field: mine.check_id.isin(names).max() for field, names in checks.items() if field in judged}
    return mine.group_by(broken_id=mine.subject_id).agg(failures=mine.count(), **columns)


def _with_caps(found: Rows, contract: Rows, as_of: Any) -> Rows:
    """`found` and whether each cap of CAPS holds."""
    running = contract.filter(contract.phase == "in_delivery").select("contract_id")
    both = found.left_join(running, found.key == running.contract_id)
    # DuckDB makes a time of a date less an interval, while Ibis takes it for a date: say so, and make it one.
    oldest = (day_of(as_of) - ibis.interval(months=STALE)).cast("timestamp").date()
    is_running = (both.table == "contract") & both.contract_id.notnull()
    stale = is_running.ifelse(~yes(both.newest.epoch_seconds() >= seconds(oldest)), ibis.literal(value=False))
    return both.select(found, stale=stale)


def _graded(rows: Rows) -> Rows:
    bounds = [(rows.filled * 100 >= rows.due * least, GRADES.index(grade)) for grade, least in BOUNDS.items()]
    own = ibis.cases((rows.due == 0, ibis.null("int8")), *bounds, else_=len(BOUNDS))
    caps = [(rows[name], GRADES.index(best), words) for name, (best, words) in CAPS.items()]
    place = ibis.greatest(own, *[holds.ifelse(limit, 0) for holds, limit, _ in caps])
    why = [(holds & (own < limit)).ifelse(words, ibis.null("string")) for holds, limit, words in caps]
    any_cap = ibis.or_(*[holds for holds, _, _ in caps])
    return rows.select(
        "table",
        "key",
        "due",
        "filled",
        share=(rows.due > 0).ifelse(rows.filled / rows.due, ibis.null("float64")),
        grade=own.notnull().ifelse(place.cases(*enumerate(GRADES)), ibis.null("string")),
        cap=any_cap.ifelse(ibis.literal("; ").join(why).nullif(""), ibis.null("string")),
    )
