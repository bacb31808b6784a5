"""Run all checks of a subject in one pass over its rows, then return one row for each failure.

The answers to all checks of a subject are packed into one number, two bits per check: 0 not made, 1 passed, 2 failed.
So rows with equal answers can be counted together, and only failures are expanded into several rows.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check
from threepoint.check.message_sql import TYPE_BY_SLOT, build_message, map_slot_values, split_message_texts
from threepoint.check.registry import CHECK_INPUT_TABLES, CHECKS_BY_ID, ROW_BUILDERS_BY_SUBJECT
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.standard.tables_states import STORED_TABLES

MAX_CHECKS_PER_SUBJECT = 31  # their answers fill a 64-bit number
CELL_SEPARATOR = "~"  # no text of a check contains it


def run_all_checks(tables: Mapping[str, Any], as_of: Any) -> tuple[Any, Any]:
    """Run every check on every subject and return (rows of DQ_RESULT, rows of CHECK_SUMMARY), as Ibis expressions.

    `tables` are Ibis tables by name, with the columns of the standard; those of CHECK_INPUT_TABLES are read (KeyError if
    one is missing). `as_of` is the date of the snapshot, a date or an Ibis date. DQ_RESULT has only failures. The method
    follows the checks of Pelican.
    """
    answered = answer_checks(tables, as_of)
    return build_check_results(answered), build_check_summary(answered)


def answer_checks(
    tables: Mapping[str, Any], as_of: Any, subjects: Iterable[str] = tuple(ROW_BUILDERS_BY_SUBJECT)
) -> dict[str, Any]:
    """Return, by subject, its rows with the answers to its checks, as Ibis expressions.

    If you need both results and summary, calculate and store the answers first: `run_all_checks` calculates them twice.
    """
    shaped = {name: tables[name].select(*STORED_TABLES[name].names) for name in CHECK_INPUT_TABLES}
    return {
        name: _select_answers(ROW_BUILDERS_BY_SUBJECT[name](shaped, as_of), list_subject_checks(name))
        for name in subjects
    }


def build_check_results(answered: Mapping[str, Any]) -> Any:
    """Return rows of DQ_RESULT from `answer_checks`: one row per failed check."""
    failures = ibis.union(*[_select_failures(rows, name) for name, rows in answered.items()]).join(
        _build_check_table(), "number"
    )
    return failures.select(
        "check_id",
        "subject_type",
        "subject_id",
        "severity",
        passed=ibis.literal(value=False),
        detail=build_message(failures),
        fields=failures.fields.nullif(""),
    )


def build_check_summary(answered: Mapping[str, Any]) -> Any:
    """Return rows of CHECK_SUMMARY from `answer_checks`: how often each check was made and failed, by check and publisher.

    A check that was never made for a publisher's subjects has a row with 0.
    """
    return summarise_answer_counts(count_answers(answered), answered)


def count_answers(answered: Mapping[str, Any]) -> Any:
    """Count equal answers by process: ocid (null if the subject has none), subject_type, publisher, answers, n."""
    return ibis.union(*[_count_equal_answers(rows, name) for name, rows in answered.items()])


def summarise_answer_counts(counted: Any, subjects: Iterable[str] = tuple(ROW_BUILDERS_BY_SUBJECT)) -> Any:
    """Return rows of CHECK_SUMMARY from the sums of `count_answers` of some subjects."""
    rows = counted.group_by("subject_type", "publisher", "answers").agg(n=counted.n.sum())
    outcomes = ibis.union(*[_count_outcomes(rows.filter(rows.subject_type == name), name) for name in subjects])
    with_checks = outcomes.join(_build_check_table(), "number")
    return with_checks.select("check_id", "publisher", "severity", "made", "failed")


def list_subject_checks(name: str) -> dict[int, Check]:
    """Return the checks of one subject, at most MAX_CHECKS_PER_SUBJECT, by their number: their place among all checks."""
    checks = {number: check for number, check in enumerate(CHECKS_BY_ID.values()) if check.subject == name}
    assert len(checks) <= MAX_CHECKS_PER_SUBJECT, name
    return checks


def _build_check_table() -> Rows:
    """Return the checks as rows: number, check_id, severity, the texts of the message (text0 to text2), and fields."""
    lines = [
        CELL_SEPARATOR.join(
            [str(index), check.id, check.severity, *split_message_texts(check), "; ".join(check.fields)]
        )
        for index, check in enumerate(CHECKS_BY_ID.values())
    ]
    rows = ibis.array(lines).unnest().name("line").as_table()
    cells = rows.select(cells=rows.line.split(CELL_SEPARATOR)).cells
    names = ("check_id", "severity", "text0", "text1", "text2", "fields")
    columns = {name: cells[index] for index, name in enumerate(names, start=1)}
    return cells.as_table().select(number=cells[0].cast("int64"), **columns)


def _select_answers(rows: Rows, checks: Mapping[int, Check]) -> Rows:
    """Return the ids of each subject, the values that messages name, and the answers."""
    values = {value: rows[value] for check in checks.values() for value in check.names}
    digits = [
        (check.fails(rows).cast("int64") + 1).fill_null(0) * 4**place for place, check in enumerate(checks.values())
    ]
    publisher = rows.publisher.fill_null(UNNAMED_PUBLISHER)
    values |= {"ocid": rows.ocid if "ocid" in rows.columns else ibis.null("string"), "currency": rows.currency}
    return rows.select("subject_id", **values, publisher=publisher, answers=reduce(add, digits))


def _unpack_answers(rows: Rows, checks: Mapping[int, Check]) -> Rows:
    """Return a row per row and check, with the check's `number` and its `answer`: 0 not made, 1 passed, 2 failed."""
    first, end = (ibis.literal(number, "int64") for number in (min(checks), max(checks) + 1))
    numbers = ibis.range(first, end).unnest().name("number").as_table()
    pairs = rows.cross_join(numbers)
    return pairs.mutate(answer=(pairs.answers >> ((pairs.number - min(checks)) * 2)) & 3)


def _select_failures(rows: Rows, name: str) -> Rows:
    """Return a row per failed check, with the values of its message in slots."""
    checks = list_subject_checks(name)
    failing = sum(2 * 4**place for place in range(len(checks)))
    failed = _unpack_answers(rows.filter((rows.answers & failing) > 0), checks).filter(lambda row: row.answer == 2)
    return failed.select(
        "number", "subject_id", subject_type=ibis.literal(name), **_combine_slot_values(failed, checks)
    )


def _combine_slot_values(rows: Rows, checks: Mapping[int, Check]) -> dict[str, Any]:
    slots_by_check = {number: map_slot_values(check, rows) for number, check in checks.items()}
    columns = {}
    for slot, type_ in TYPE_BY_SLOT.items():
        cases = [(number, values[slot]) for number, values in slots_by_check.items() if slot in values]
        columns[slot] = rows.number.cases(*cases) if cases else ibis.null(type_)
    return columns


def _count_equal_answers(rows: Rows, name: str) -> Rows:
    counts = rows.group_by("ocid", "publisher", "answers").agg(n=rows.count())
    return counts.select("ocid", "publisher", "answers", "n", subject_type=ibis.literal(name))


def _count_outcomes(rows: Rows, name: str) -> Rows:
    pairs = _unpack_answers(rows, list_subject_checks(name))
    return pairs.group_by("number", "publisher").agg(
        made=pairs.n.sum(where=pairs.answer > 0).fill_null(0), failed=pairs.n.sum(where=pairs.answer == 2).fill_null(0)
    )
