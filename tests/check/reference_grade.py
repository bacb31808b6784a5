"""Reference implementation of the coverage grade in plain Python, slow and close to the text of the standard."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from threepoint.check import CHECKS_BY_ID
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.value_states import STATE_BY_CODE

Row = dict[str, Any]
WEIGHT = {"Core": 3, "Important": 2, "Useful": 1}


def subtract_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def grade_all(
    field_state: Iterable[Row], failed: Iterable[Row], running: set[str], as_of: date
) -> dict[tuple[str, str], Row]:
    """Return due, filled, share, grade and cap by (table, key)."""
    subjects: dict[tuple[str, str], list[Row]] = {}
    for row in field_state:
        subjects.setdefault((row["table"], row["key"]), []).append(row)
    critical = [row for row in failed if row["severity"] == "critical"]
    return {subject: grade_subject(subject, rows, critical, running, as_of) for subject, rows in subjects.items()}


def grade_subject(
    subject: tuple[str, str], rows: list[Row], critical: list[Row], running: set[str], as_of: date
) -> Row:
    failed_checks = [row["check_id"] for row in critical if (row["subject_type"], row["subject_id"]) == subject]
    broken = {field for check in failed_checks for field in CHECKS_BY_ID[check].fields}
    weight = {row["field"]: WEIGHT[SDES_TABLES[subject[0]].field(row["field"]).level] for row in rows}
    filled_rows = [row for row in rows if STATE_BY_CODE[row["state"]].filled]
    due = sum(weight[row["field"]] for row in rows if STATE_BY_CODE[row["state"]].due)
    filled = sum(weight[row["field"]] for row in filled_rows if row["field"] not in broken)
    result = {"due": due, "filled": filled, "share": None, "grade": None, "cap": None}
    if not due:
        return result
    share = Fraction(filled, due)
    bounds = (("A", "0.90"), ("B", "0.75"), ("C", "0.55"), ("D", "0.30"))
    uncapped = next((grade for grade, minimum in bounds if share >= Fraction(minimum)), "E")
    caps = [cap for cap in list_caps(subject, filled_rows, failed_checks, running, as_of) if uncapped < cap[0]]
    return {**result, "share": filled / due, "grade": max([uncapped, *[best for best, _ in caps]]),
            "cap": "; ".join(reason for _, reason in caps) or None}  # fmt: skip


def list_caps(
    subject: tuple[str, str], filled_rows: list[Row], failed_checks: list[str], running: set[str], as_of: date
) -> Iterable[tuple[str, str]]:
    """Yield the best possible grade and the reason of each cap, strictest first."""
    oldest = datetime.combine(subtract_months(as_of, 18), datetime.min.time(), UTC)
    fresh = [row for row in filled_rows if row["release_date"] is not None and row["release_date"] >= oldest]
    if subject[0] == "contract" and subject[1] in running and not fresh:
        yield "D", "nothing new was published for 18 months while the contract is in delivery: at most D"
    if failed_checks:
        yield "C", "a critical check fails: at most C"
