"""The coverage grade: how much of what should be there is there. About the data, never about the scheme."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.model import day_of, seconds, yes
from threepoint.check.registry import CHECKS
from threepoint.standard.days import STALE
from threepoint.standard.sdes import LEVEL_WEIGHTS, SDES
from threepoint.standard.states import STATES

# Least share of each grade in percent, best first; what is below the last is E. Source: standard.md H4.
BOUNDS = {"A": 90, "B": 75, "C": 55, "D": 30}
GRADES = "ABCDE"

# What caps a grade, strictest first: the best grade left, and the words for it.
CAPS = {
    "stale": ("D", f"nothing new was published for {STALE} months while the contract is in delivery: at most D"),
    "failing": ("C", "a critical check fails: at most C"),
    "one_sided": ("B", "known only from the supplier or a model: at most B"),
}
_WEAK = ["supplier_reported", "modelled"]  # evidence of one side, or of none
_NOT_DUE = [state.code for state in STATES.values() if not state.due]
_ABOVE = 1_000_000  # more than all weights of one subject
_FILLED = [state.code for state in STATES.values() if state.filled]


def coverage(field_state: Any, dq_results: Any, contract: Any, as_of: Any) -> Any:
    """Rows of COVERAGE, one for each subject in `field_state`, as an Ibis expression.

    `field_state` and `dq_results` are shaped as FIELD_STATE and DQ_RESULT; of `contract` the phase is read. `as_of` is a
    date or an Ibis date. `due` and `filled` are weights: 3 a Core field, 2 an Important one. A field
    is due unless its state says otherwise; it is filled when it was observed or worked out and no critical check that
    concerns it fails. Source: standard.md H4 and R5, without the cap for weak links to a scheme, which no table holds.
    """
    is_filled = field_state.state.isin(_FILLED)
    weight = _weight(field_state)
    found = field_state.group_by("table", "key").agg(
        # One sum instead of two: the weight of what is filled stands above that of what is due. Exact in 53 bits.
        weights=(weight * ibis.cases((is_filled, _ABOVE + 1), (field_state.state.isin(_NOT_DUE), 0), else_=1))
        .cast("float64")
        .sum(),
        newest=is_filled.ifelse(field_state.release_date, None).max(),
        strong=(is_filled & ~field_state.evidence_level.isin(_WEAK)).max(),
    )
    filled = (found.weights / _ABOVE).floor().cast("int64")
    due = found.weights.cast("int64") - filled * _ABOVE
    found = found.select("table", "key", "newest", "strong", due=due, filled=filled)
    critical = dq_results.filter(dq_results.severity == "critical")
    return _graded(_with_caps(_without_broken(found, critical, field_state), contract, as_of))


def _weight(rows: Rows) -> Any:
    """What each field weighs, by the level that its table gives it."""
    subjects = [table for table in SDES.values() if table.subject]
    weights = {
        table.name: rows.field.cases(*[(field.name, LEVEL_WEIGHTS[field.level]) for field in table.judged])
        for table in subjects
    }
    return rows.table.cases(*weights.items())


def _without_broken(found: Rows, critical: Rows, field_state: Rows) -> Rows:
    """`found`, less the weight of filled fields that a failed critical check concerns; `failing`: there is such a check."""
    most = max(len(check.fields) for check in CHECKS.values())
    concerned = ibis.union(*[_concerned(critical, place) for place in range(most)]).distinct()
    filled = field_state.filter(field_state.state.isin(_FILLED))
    same = [filled.table == concerned.subject_type, filled.key == concerned.subject_id, filled.field == concerned.field]
    broken = filled.join(concerned, same).select(filled)
    lost = broken.group_by("table", "key").agg(lost=_weight(broken).sum())
    subjects = critical.select(table="subject_type", key="subject_id", failing=ibis.literal(value=True)).distinct()
    failing = subjects.left_join(lost, ["table", "key"]).select(subjects, lost.lost)
    both = found.left_join(failing, ["table", "key"])
    filled_well = both.filled - both.lost.fill_null(0)
    return both.select("table", "key", "due", "newest", "strong", filled=filled_well, failing=yes(both.failing))


def _concerned(critical: Rows, place: int) -> Rows:
    """subject_type, subject_id, field: the field at `place` among those that each failed check concerns."""
    named = [(check.id, check.fields[place]) for check in CHECKS.values() if len(check.fields) > place]
    rows = critical.filter(critical.check_id.isin([check_id for check_id, _ in named]))
    return rows.select("subject_type", "subject_id", field=rows.check_id.cases(*named))


def _with_caps(found: Rows, contract: Rows, as_of: Any) -> Rows:
    """`found` and whether each cap of CAPS holds."""
    running = contract.filter(contract.phase == "in_delivery").select("contract_id")
    both = found.left_join(running, found.key == running.contract_id)
    # DuckDB makes a time of a date less an interval, while Ibis takes it for a date: say so, and make it one.
    oldest = (day_of(as_of) - ibis.interval(months=STALE)).cast("timestamp").date()
    is_running = (both.table == "contract") & both.contract_id.notnull()
    stale = is_running.ifelse(~yes(both.newest.epoch_seconds() >= seconds(oldest)), ibis.literal(value=False))
    return both.select(found, stale=stale, one_sided=~yes(both.strong))


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
