"""The coverage grade: drawn cases, the comparison with the reference grade, and changes that must never raise a grade."""

from datetime import UTC, datetime

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.check import reference_grade
from tests.check.check_tables import AS_OF, make_arrow, make_rows, make_schema
from tests.size import bound_examples
from threepoint import check
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import SOURCE_SUFFIX, STATE_SOURCE, STATE_TABLES
from threepoint.standard.value_states import STATE_BY_CODE

SUBJECTS = ("contract", "award", "milestone", "organisation")
USED = {**{name: STATE_TABLES[name] for name in SUBJECTS}, "state_source": STATE_SOURCE,
        "dq_result": SDES_TABLES["dq_result"], "contracts": SDES_TABLES["contract"]}  # fmt: skip


def widen(field_state):
    """Return the rows of the state tables and of their sources, from rows of field_state."""
    dates = sorted({row["release_date"] for row in field_state} - {None})
    rows: dict[str, dict[str, dict]] = {name: {} for name in SUBJECTS}
    for row in field_state:
        key = STATE_TABLES[row["table"]].key[0]
        wide = rows[row["table"]].setdefault(row["key"], {key: row["key"]})
        number = None if row["release_date"] is None else dates.index(row["release_date"])
        wide |= {row["field"]: row["state"], row["field"] + SOURCE_SUFFIX: number}
    sources = [{"number": number, "release_date": date} for number, date in enumerate(dates)]
    return {name: list(rows_by_key.values()) for name, rows_by_key in rows.items()} | {"state_source": sources}


class Grader:
    """Grades rows given as dictionaries; its SQL is compiled once."""

    def __init__(self):
        engine = ibis.duckdb.connect(threads=1)
        tables = {name: engine.create_table(name, schema=make_schema(table)) for name, table in USED.items()}
        states = {name: tables[name] for name in SUBJECTS}
        rows = check.grade_coverage(states, tables["state_source"], tables["dq_result"], tables["contracts"], AS_OF)
        assert tuple(rows.columns) == SDES_TABLES["coverage"].names
        self.engine, self.run = engine.con, engine.con.execute
        self.sql = str(ibis.to_sql(rows, dialect="duckdb"))

    def __call__(self, field_state, failed=(), running=()):
        contracts = [{"contract_id": key, "phase": "in_delivery"} for key in running]
        tables = widen(field_state) | {"dq_result": list(failed), "contracts": contracts}
        for name, table in USED.items():
            self.engine.register("drawn", make_arrow(table, tables[name]))
            self.run(f"TRUNCATE {name}")
            self.run(f"INSERT INTO {name} SELECT * FROM drawn")
        rows = self.run(self.sql).fetchall()
        return {row[:2]: dict(zip(SDES_TABLES["coverage"].names[2:], row[2:], strict=True)) for row in rows}

    def both(self, before, after, failed=(), running=()):
        """Return the grades of two sets of states from one query, in which the second set has other keys."""
        second = [{**row, "key": f"2{row['key']}"} for row in after]
        fails = [*failed, *[{**row, "subject_id": f"2{row['subject_id']}"} for row in failed]]
        grades = self([*before, *second], fails, {*running, *[f"2{key}" for key in running]})
        first = {subject: grade for subject, grade in grades.items() if not subject[1].startswith("2")}
        return first, {(table, key[1:]): grade for (table, key), grade in grades.items() if (table, key) not in first}


@pytest.fixture(scope="module")
def grade():
    return Grader()


def states(drawing, **common):
    """Return rows of field_state, by default of a contract c with a release of this year."""
    defaults = {"table": "contract", "key": "c", "release_date": datetime(2026, 5, 1, tzinfo=UTC), **common}
    return [{**defaults, **row} for row in make_rows(SDES_TABLES["field_state"], drawing)]


def make_failures(*checks, subject="contract", key="c"):
    return [
        {"check_id": name, "subject_type": subject, "subject_id": key, "severity": check.CHECKS_BY_ID[name].severity}
        for name in checks
    ]


FULL = """
field      | state
title      | observed
status     | observed
value_net  | observed
start_date | observed
kpi_duty   | derived
"""


def test_grade_weighs_core_three_and_important_two(grade):
    grades = grade(states("field | state\ntitle | observed\nkpi_duty | not_reported\nstatus | not_reported"))
    assert grades == {("contract", "c"): {"due": 8, "filled": 3, "share": 3 / 8, "grade": "D", "cap": None}}


def test_grade_ignores_fields_not_due(grade):
    not_due = [code for code, state in STATE_BY_CODE.items() if not state.due]
    rows = states("field | state\n" + "\n".join(f"{field} | {code}" for field, code in zip(
        ("title", "status", "value_net"), not_due, strict=True)))  # fmt: skip
    assert grade(rows) == {("contract", "c"): {"due": 0, "filled": 0, "share": None, "grade": None, "cap": None}}
    assert grade(rows + states("field | state\nkpis | observed"))["contract", "c"]["share"] == 1


@pytest.mark.parametrize(
    ("filled", "grade_due"),
    [(9, "A"), (8, "B"), (6, "C"), (5, "D"), (3, "D"), (2, "E"), (0, "E")],
)
def test_grade_bounds_are_90_75_55_and_30_percent(grade, filled, grade_due):
    fields = [field.name for field in SDES_TABLES["contract"].judged if field.level == "Core"][:10]
    lines = [f"{field} | {'observed' if place < filled else 'not_reported'}" for place, field in enumerate(fields)]
    assert grade(states("\n".join(["field | state", *lines])))["contract", "c"]["grade"] == grade_due


def test_grade_critical_failure_unfills_fields_and_caps_at_c(grade):
    unbroken = grade(states(FULL))["contract", "c"]
    assert (unbroken["filled"], unbroken["grade"], unbroken["cap"]) == (14, "A", None)
    broken = grade(states(FULL), make_failures("money-contract-value-net-absurd"))["contract", "c"]
    assert broken == {
        "due": 14, "filled": 11, "share": 11 / 14, "grade": "C", "cap": "a critical check fails: at most C",
    }  # fmt: skip
    broken_twice = grade(
        states(FULL), make_failures("money-contract-value-net-absurd", "money-contract-value-net-negative")
    )
    assert broken_twice["contract", "c"] == broken


def test_grade_critical_failure_of_missing_field_only_caps(grade):
    result = grade(states(FULL), make_failures("date-contract-end-actual"))["contract", "c"]
    assert (result["filled"], result["grade"]) == (14, "C")


def test_grade_ignores_warnings_and_failures_of_others(grade):
    others = [*make_failures("con-contract-payments"), *make_failures("coh-contract-period", key="d"),
              *make_failures("coh-award-period", subject="award")]  # fmt: skip
    assert grade(states(FULL), others) == grade(states(FULL))


@pytest.mark.parametrize(
    ("newest", "running", "capped"),
    [("2025-03-01", True, False), ("2025-02-28", True, True), ("2025-02-28", False, False)],
)
def test_grade_caps_stale_contract_in_delivery_at_d(grade, newest, running, capped):
    rows = states(FULL, release_date=datetime.fromisoformat(f"{newest}T00:00+00:00"))
    rows += states("field | state\nend_actual | not_reported", release_date=datetime(2026, 8, 1, tzinfo=UTC))
    result = grade(rows, running=["c"] if running else [])["contract", "c"]
    reason = "nothing new was published for 18 months while the contract is in delivery: at most D"
    assert (result["grade"], result["cap"]) == (("D", reason) if capped else ("B", None))


def test_grade_lists_all_caps_strictest_first(grade):
    rows = states(FULL, release_date=datetime(2020, 1, 1, tzinfo=UTC))
    result = grade(rows, make_failures("date-contract-end-actual"), running=["c"])["contract", "c"]
    assert result["grade"] == "D"
    assert result["cap"] == (
        "nothing new was published for 18 months while the contract is in delivery: at most D; "
        "a critical check fails: at most C"
    )


def test_grade_withheld_result_lowers_coverage(grade):
    published = states(FULL + "kpis | observed\nkpis_rated | observed\n")
    withheld = states(FULL + "kpis | observed\nkpis_rated | withheld_commercial\n")
    before, after = grade(published)["contract", "c"], grade(withheld)["contract", "c"]
    assert (before["due"], before["filled"], before["grade"]) == (18, 18, "A")
    assert (after["due"], after["filled"], after["grade"]) == (18, 16, "B")


# ---------------------------------------------------------------------------------------------- random states

FIELDS = {name: [field.name for field in SDES_TABLES[name].judged] for name in SUBJECTS}
CRITICAL = {
    name: [each.id for each in check.CHECKS_BY_ID.values() if each.subject == name and each.severity == "critical"]
    for name in SUBJECTS
}
DATES = [None, *[datetime(2025, month, day, tzinfo=UTC) for month in (2, 3) for day in (1, 28)]]


@st.composite
def draw_subjects(draw):
    """Draw (rows of field_state, failed checks, keys of contracts in delivery) of several subjects: a query costs more than a row."""
    rows, fails, running = [], [], set()
    for number in range(draw(st.integers(1, 12))):
        table, key = draw(st.sampled_from(SUBJECTS)), f"s{number}"
        fields = draw(st.lists(st.sampled_from(FIELDS[table]), unique=True, min_size=1))
        any_state = st.one_of(st.just("observed"), st.sampled_from(sorted(STATE_BY_CODE)))
        dates = draw(st.sampled_from([DATES[:3], DATES]))
        rows += [
            {"table": table, "key": key, "field": field, "state": draw(any_state),
             "release_date": draw(st.sampled_from(dates))}
            for field in fields
        ]  # fmt: skip
        failed_checks = (
            draw(st.lists(st.sampled_from(CRITICAL[table]), unique=True, max_size=2)) if CRITICAL[table] else []
        )
        fails += make_failures(*failed_checks, subject=table, key=key)
        running |= {key} if draw(st.booleans()) else set()
    return rows, fails, running


def list_missing_fields(rows):
    """Return (table, key, field) of the subjects' fields that have no row yet."""
    all_fields = {(row["table"], row["key"], field) for row in rows for field in FIELDS[row["table"]]}
    return sorted(all_fields - {(row["table"], row["key"], row["field"]) for row in rows})


def list_better(before, after):
    """Return subjects with a better grade after than before; a grade for a subject without one is not better."""
    return [
        subject for subject, old in before.items() if old["grade"] and (after[subject]["grade"] or "F") < old["grade"]
    ]


@settings(deadline=None, max_examples=bound_examples(30))
@given(draw_subjects())
def test_grade_equals_reference_grade(grade, subjects):
    assert grade(*subjects) == reference_grade.grade_all(*subjects, AS_OF)


MISSING = st.sampled_from([code for code, state in STATE_BY_CODE.items() if state.due and not state.filled])
NOT_DUE = st.sampled_from([code for code, state in STATE_BY_CODE.items() if not state.due])


@settings(deadline=None, max_examples=bound_examples(20))
@given(draw_subjects(), MISSING, st.randoms())
def test_grade_never_improves_when_values_go_missing(grade, subjects, missing, chance):
    rows, *rest = subjects
    is_lost = [STATE_BY_CODE[row["state"]].due and chance.random() < 0.3 for row in rows]
    after = [{**row, "state": missing} if lost else row for row, lost in zip(rows, is_lost, strict=True)]
    assert list_better(*grade.both(rows, after, *rest)) == []


def add_rows(rows, chance, **values):
    """Return one more row for some subjects, of a field that has none."""
    field_by_subject = {
        (table, key): field for table, key, field in sorted(list_missing_fields(rows), key=lambda _: chance.random())
    }
    return [
        {**values, "table": table, "key": key, "field": field}
        for (table, key), field in sorted(field_by_subject.items())
    ]


@settings(deadline=None, max_examples=bound_examples(20))
@given(draw_subjects(), MISSING, st.randoms())
def test_grade_never_improves_with_more_missing_fields(grade, subjects, missing, chance):
    rows, *rest = subjects
    added = add_rows(rows, chance, state=missing, release_date=datetime(2026, 8, 1, tzinfo=UTC))
    assert list_better(*grade.both(rows, [*rows, *added], *rest)) == []


@settings(deadline=None, max_examples=bound_examples(20))
@given(draw_subjects(), NOT_DUE, st.randoms())
def test_grade_never_changes_with_fields_not_due(grade, subjects, not_due, chance):
    rows, *rest = subjects
    added = add_rows(rows, chance, state=not_due, release_date=datetime(2026, 8, 1, tzinfo=UTC))
    before, after = grade.both(rows, [*rows, *added], *rest)
    assert after == before
