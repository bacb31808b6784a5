"""The coverage grade: how much of what should be there is there. About the data, never about the scheme."""

from collections.abc import Mapping
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.model import day_of, yes
from threepoint.check.registry import CHECKS
from threepoint.standard.sdes import LEVEL_WEIGHTS, SDES
from threepoint.standard.states import STATES

# Least share of each grade in percent, best first; what is below the last is E. Source: standard.md H4.
BOUNDS = {"A": 90, "B": 75, "C": 55, "D": 30}
GRADES = "ABCDE"
STALE = 18  # months without a new fact while a contract is in delivery

# What caps a grade, strictest first: the best grade left, and the words for it.
CAPS = {
    "stale": ("D", f"nothing new was published for {STALE} months while the contract is in delivery: at most D"),
    "failing": ("C", "a critical check fails: at most C"),
    "one_sided": ("B", "known only from the supplier or a model: at most B"),
}
_WEAK = ["supplier_reported", "modelled"]  # evidence of one side, or of none
_NOT_DUE = [state.code for state in STATES.values() if not state.due]
_FILLED = [state.code for state in STATES.values() if state.filled]


def coverage(field_state: Any, dq_results: Any, tables: Mapping[str, Any], as_of: Any) -> Any:
    """Rows of COVERAGE, one for each subject in `field_state`, as an Ibis expression.

    `field_state` and `dq_results` are shaped as FIELD_STATE and DQ_RESULT; of `tables` the contract is read, for its
    phase. `as_of` is a date or an Ibis date. `due` and `filled` are weights: 3 a Core field, 2 an Important one. A field
    is due unless its state says otherwise; it is filled when it was observed or worked out and no critical check that
    concerns it fails. Source: standard.md H4 and R5, without the cap for weak links to a scheme, which no table holds.
    """
    rows = _weighed(_with_failures(field_state, dq_results))
    found = rows.group_by("table", "key").agg(
        due=rows.weight.sum(where=rows.is_due).fill_null(0),
        filled=rows.weight.sum(where=rows.is_filled & rows.broken.isnull()).fill_null(0),
        newest=rows.release_date.max(where=rows.is_filled),
        strong=(~rows.evidence_level.isin(_WEAK)).sum(where=rows.is_filled).fill_null(0),
    )
    return _graded(_with_caps(found, dq_results, tables["contract"], as_of))


def _with_failures(field_state: Rows, dq_results: Rows) -> Rows:
    """field_state, and `broken`: true where a critical check that concerns the field fails."""
    critical = dq_results.filter(dq_results.severity == "critical")
    fields = [check.fields for check in CHECKS.values()]
    concerned = ibis.union(*[_concerned(critical, place) for place in range(max(map(len, fields)))])
    broken = concerned.filter(concerned.field.notnull()).distinct().mutate(broken=ibis.literal(value=True))
    same = [field_state.table == broken.subject_type, field_state.key == broken.subject_id, field_state.field == broken.field]
    return field_state.left_join(broken, same).select(field_state, broken.broken)


def _concerned(critical: Rows, place: int) -> Rows:
    """subject_type, subject_id, field: the field at `place` among those that each failed check concerns."""
    named = [(check.id, check.fields[place]) for check in CHECKS.values() if len(check.fields) > place]
    return critical.select("subject_type", "subject_id", field=critical.check_id.cases(*named))


def _weighed(rows: Rows) -> Rows:
    """`rows` with each field's weight, whether it is due, and whether it is filled."""
    weights = [
        (table.name, rows.field.cases(*[(field.name, LEVEL_WEIGHTS[field.level]) for field in table.judged]))
        for table in SDES.values()
        if table.subject
    ]
    return rows.mutate(
        weight=rows.table.cases(*weights), is_due=~rows.state.isin(_NOT_DUE), is_filled=rows.state.isin(_FILLED)
    )


def _with_caps(found: Rows, dq_results: Rows, contract: Rows, as_of: Any) -> Rows:
    """`found` and whether each cap of CAPS holds."""
    critical = dq_results.filter(dq_results.severity == "critical").select("subject_type", "subject_id").distinct()
    critical = critical.mutate(failing=ibis.literal(value=True))
    rows = found.left_join(critical, [found.table == critical.subject_type, found.key == critical.subject_id])
    rows = rows.select(found, critical.failing)
    running = contract.filter(contract.phase == "in_delivery").select("contract_id", running=ibis.literal(value=True))
    both = rows.left_join(running, rows.key == running.contract_id)
    running_now = yes(both.running) & (both.table == "contract")
    oldest = (day_of(as_of) - ibis.interval(months=STALE)).cast("date")
    return both.select(rows, stale=running_now & ~yes(both.newest.date() >= oldest)).mutate(
        failing=lambda row: yes(row.failing), one_sided=lambda row: row.strong == 0
    )


def _graded(rows: Rows) -> Rows:
    bounds = [(rows.filled * 100 >= rows.due * least, GRADES.index(grade)) for grade, least in BOUNDS.items()]
    own = ibis.cases((rows.due == 0, ibis.null("int8")), *bounds, else_=len(BOUNDS))
    capped = [(rows[name] & (own < GRADES.index(best)), GRADES.index(best), words) for name, (best, words) in CAPS.items()]
    place = ibis.cases(*[(holds, limit) for holds, limit, _ in capped], else_=own)
    why = [holds.ifelse(words, ibis.null("string")) for holds, _, words in capped]
    return rows.select(
        "table",
        "key",
        "due",
        "filled",
        share=(rows.due > 0).ifelse(rows.filled / rows.due, ibis.null("float64")),
        grade=place.cases(*enumerate(GRADES)),
        cap=ibis.literal("; ").join(why).nullif(""),
    )
