"""All checks of a subject in one pass over its rows, then one row for each that failed.

The answers to all checks of a subject are packed into one number, two binary digits a check: 0 not made, 1 passed,
2 failed. So rows with equal answers can be counted together, and only failures are ever spread over several rows.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check
from threepoint.check.message_sql import SLOTS, sentence, slots, texts
from threepoint.check.registry import CHECKS, NEEDED, SUBJECTS
from threepoint.standard.tables_states import STORED_TABLES

MOST = 31  # checks of one subject: their answers fill a 64-bit number
NOBODY = "publisher not named"
APART = "~"  # between the cells of a line; no check has it in its texts


def dq(tables: Mapping[str, Any], as_of: Any) -> tuple[Any, Any]:
    """Every check put to every subject: (rows of DQ_RESULT, rows of CHECK_SUMMARY), as Ibis expressions.

    `tables` are Ibis tables by name, shaped as the standard's; those of NEEDED are read, KeyError when one is missing.
    `as_of` is the day the snapshot speaks for, a date or an Ibis date. Only failures are rows of the first.
    Source of the method: standard.md C1, after the checks of Pelican.
    """
    answered = answers(tables, as_of)
    return results(answered), summary(answered)


def answers(tables: Mapping[str, Any], as_of: Any, subjects: Iterable[str] = tuple(SUBJECTS)) -> dict[str, Any]:
    """For each of some subjects, its rows with the answers to the checks put to it: an Ibis expression by table name.

    Whoever wants both results and summary had better work these out once and keep them: `dq` works them out twice.
    """
    shaped = {name: tables[name].select(*STORED_TABLES[name].names) for name in NEEDED}
    return {name: _answered(SUBJECTS[name](shaped, as_of), of_subject(name)) for name in subjects}


def results(answered: Mapping[str, Any]) -> Any:
    """Rows of DQ_RESULT from `answers`: a row for each check that failed."""
    found = ibis.union(*[_failures(rows, name) for name, rows in answered.items()]).join(_listed(), "number")
    return found.select(
        "check_id", "subject_type", "subject_id", "severity", passed=ibis.literal(value=False), detail=sentence(found)
    )


def summary(answered: Mapping[str, Any]) -> Any:
    """Rows of CHECK_SUMMARY from `answers`: by check and publisher, for how many it could be made and how many failed.

    A check that could be made for none of a publisher's subjects stands there with 0.
    """
    return added_up(tallies(answered), answered)


def tallies(answered: Mapping[str, Any]) -> Any:
    """`answers` counted by process: ocid (null where a subject is of none), subject_type, publisher, answers, n."""
    return ibis.union(*[_alike(rows, name) for name, rows in answered.items()])


def added_up(counted: Any, subjects: Iterable[str] = tuple(SUBJECTS)) -> Any:
    """Rows of CHECK_SUMMARY that `tallies` of some subjects add up to."""
    rows = counted.group_by("subject_type", "publisher", "answers").agg(n=counted.n.sum())
    found = ibis.union(*[_counts(rows.filter(rows.subject_type == name), name) for name in subjects])
    both = found.join(_listed(), "number")
    return both.select("check_id", "publisher", "severity", "made", "failed")


def of_subject(name: str) -> dict[int, Check]:
    """The checks put to one subject, at most MOST, by their number: their place among all checks."""
    checks = {number: check for number, check in enumerate(CHECKS.values()) if check.subject == name}
    assert len(checks) <= MOST, name
    return checks


def _listed() -> Rows:
    """The checks themselves: number, check_id, severity, and the texts of the sentence, text0 to text2."""
    lines = [APART.join([str(at), check.id, check.severity, *texts(check)]) for at, check in enumerate(CHECKS.values())]
    rows = ibis.array(lines).unnest().name("line").as_table()
    cells = rows.select(cells=rows.line.split(APART)).cells
    names = ("check_id", "severity", "text0", "text1", "text2")
    told = {name: cells[at] for at, name in enumerate(names, start=1)}
    return cells.as_table().select(number=cells[0].cast("int64"), **told)


def _answered(rows: Rows, checks: Mapping[int, Check]) -> Rows:
    """Who each subject is, the values that sentences name, and the answers."""
    values = {value: rows[value] for check in checks.values() for value in check.names}
    digits = [
        (check.fails(rows).cast("int64") + 1).fill_null(0) * 4**place for place, check in enumerate(checks.values())
    ]
    publisher = rows.publisher.fill_null(NOBODY)
    values |= {"ocid": rows.ocid if "ocid" in rows.columns else ibis.null("string")}
    return rows.select("subject_id", "currency", **values, publisher=publisher, answers=reduce(add, digits))


def _spread(rows: Rows, checks: Mapping[int, Check]) -> Rows:
    """A row for each row and check, with the check's `number` and its `answer`: 0 not made, 1 passed, 2 failed."""
    numbers = ibis.range(min(checks), max(checks) + 1).unnest().name("number").as_table()
    pairs = rows.cross_join(numbers)
    return pairs.mutate(answer=(pairs.answers >> ((pairs.number - min(checks)) * 2)) & 3)


def _failures(rows: Rows, name: str) -> Rows:
    """A row for each check that failed, with the values of its sentence in slots."""
    checks = of_subject(name)
    failing = sum(2 * 4**place for place in range(len(checks)))
    failed = _spread(rows.filter((rows.answers & failing) > 0), checks).filter(lambda row: row.answer == 2)
    return failed.select("number", "subject_id", subject_type=ibis.literal(name), **_slots(failed, checks))


def _slots(rows: Rows, checks: Mapping[int, Check]) -> dict[str, Any]:
    filled = {number: slots(check, rows) for number, check in checks.items()}
    made = {}
    for slot, type_ in SLOTS.items():
        cases = [(number, values[slot]) for number, values in filled.items() if slot in values]
        made[slot] = rows.number.cases(*cases) if cases else ibis.null(type_)
    return made


def _alike(rows: Rows, name: str) -> Rows:
    counted = rows.group_by("ocid", "publisher", "answers").agg(n=rows.count())
    return counted.select("ocid", "publisher", "answers", "n", subject_type=ibis.literal(name))


def _counts(rows: Rows, name: str) -> Rows:
    pairs = _spread(rows, of_subject(name))
    return pairs.group_by("number", "publisher").agg(
        made=pairs.n.sum(where=pairs.answer > 0).fill_null(0), failed=pairs.n.sum(where=pairs.answer == 2).fill_null(0)
    )
