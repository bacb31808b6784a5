"""The SQL of a build, compiled from the Ibis expressions of `merge` and `check`.

The expressions run on DuckDB and on Spark. Ibis takes some seconds to write their SQL, and it is always the same, so it is
compiled once, into a file next to this module: by `make setup`, and again if a source file or the version of Ibis has changed.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import STATE_TABLES, STORED_TABLES
from threepoint.standard.tables_totals import TOTAL_TABLES

if TYPE_CHECKING:
    from ibis import Table as Rows

ColumnValues = Mapping[str, Sequence[Any]]  # a table's values by column
COMPILED_PLAN_PATH = Path(__file__).with_name("plan.duckdb.json")
SOURCE_PATHS = (
    "merge",
    "check",
    "standard",
    "build_plan.py",
    "store/duckdb_engine.py",
)  # what the SQL depends on, besides Ibis
# A build runs the scopes in this order: over the whole history before and after organisations have addresses, then for
# each process, for some processes at a time, then over what came of them all. Totals are made from the complete tables.
STEP_SCOPES = ("identities", "known", "each", "whole", "totals")
# The tables of the standard to whose rows several steps contribute; each other one is the step of its own name.
STEPS_BY_TABLE = {
    "change": ("change", "scheme_change"),
    "state_source": ("state_source", "scheme_source"),
    "spend": ("spend", "listed_spend"),
    "dq_result": ("dq_result", "whole_result"),
    "coverage": ("coverage", "whole_coverage"),
}
ORGANISATION_ID_STEPS = ("body_pairs", "identifiers")  # what organisations get their addresses from
# What a build makes from the log, and not from the history: the columns of each table.
INPUT_COLUMNS_BY_TABLE = {"addresses": ("identifier", "address"), "sources": ("source_id", "name", "place", "parts")}
# The standard's types of the columns that a build is given and that are no text.
INPUT_TYPE_BY_COLUMN = {"as_of": "date", "place": "integer", "parts": "integer"}
REMOVED_VALUES_TABLE = "history_removed"  # what releases remove
TABLE_BY_STEP = {name: name for name in STORED_TABLES} | {
    step: table for table, steps in STEPS_BY_TABLE.items() for step in steps
}


@dataclass(frozen=True)
class BuildStep:
    """One query, whose rows are kept under its name; `needs` are the tables it reads that other steps or the store make.

    Merges of a table of which some release removes values run `taken_back` instead. `nothing` is a query that gives the
    step's columns and no row: it replaces the step where none of `inputs` has a row, or where `asks` names a table without
    any. Planning a step can take DuckDB longer than running it.
    """

    name: str
    scope: str
    sql: str
    needs: tuple[str, ...]
    taken_back: str = ""
    asks: str = ""
    inputs: tuple[str, ...] = ()
    nothing: str = ""

    def has_no_rows(self, is_empty: Callable[[str], bool]) -> bool:
        """Return whether the step can have no row; `is_empty` tells whether a table by its name has none."""
        return bool(self.inputs and all(map(is_empty, self.inputs))) or bool(self.asks and is_empty(self.asks))


def read_steps() -> list[BuildStep]:
    """Return the steps in order; compile them first if what they depend on has changed since they were written."""
    digest = _digest_sources()
    try:
        held = json.loads(COMPILED_PLAN_PATH.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = {}
    if not isinstance(held, dict) or held.get("sources") != digest:
        held = {"sources": digest, "steps": [asdict(step) for step in compile_steps()]}
        _save_steps(held)
    tuples = ("needs", "inputs")
    return [BuildStep(**step | {name: tuple(step[name]) for name in tuples}) for step in held["steps"]]


def _digest_sources() -> str:
    home = Path(__file__).parent
    files = [
        path
        for name in SOURCE_PATHS
        for path in ((home / name).rglob("*.py") if (home / name).is_dir() else [home / name])
    ]
    digest = hashlib.sha256(version("ibis-framework").encode())
    for path in sorted(files):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _save_steps(held: dict[str, Any]) -> None:
    from threepoint.store.atomic_files import write_text

    with suppress(OSError):  # an installation that may not be written to was built with the file
        write_text(COMPILED_PLAN_PATH, json.dumps(held, indent=0) + "\n")


def select_build_steps(steps: list[BuildStep]) -> list[BuildStep]:
    """The steps that a build runs: those of which the snapshot keeps something. The others are merged for comparison only."""
    needed = set(ORGANISATION_ID_STEPS) | set(TOTAL_TABLES)
    for step in reversed(steps):
        if step.name in TABLE_BY_STEP or step.name in needed:
            needed |= {step.name, *step.needs}
    return [step for step in steps if step.name in needed]


def adapt_steps(steps: list[BuildStep], taken: Iterable[str]) -> list[BuildStep]:
    """The steps for a history in which some releases take values of the history tables `taken` back."""
    other = {f"m_{table}" for table in taken}
    return [
        replace(step, sql=step.taken_back, needs=(*step.needs, REMOVED_VALUES_TABLE)) if step.name in other else step
        for step in steps
    ]


def generate_expressions() -> "Iterator[tuple[str, str, Rows]]":
    """(scope, name, Ibis expression) of each step, over tables that are named but not there: merge and checks."""
    import ibis

    from threepoint.merge import steps as merge_steps

    made, asked = {}, {"each": _generate_process_checks, "whole": _generate_dataset_checks}
    steps = list(merge_steps.plan_steps())
    for scope in STEP_SCOPES:
        for name, rows in [(name, rows) for at, name, rows in steps if at == scope]:
            yield scope, name, rows
            made[name] = ibis.table(rows.schema(), name=name)
        for name, rows in asked[scope](made) if scope in asked else ():
            yield scope, name, rows
            made[name] = ibis.table(rows.schema(), name=name)


def list_expressions(taken: Iterable[str]) -> "dict[str, Rows]":
    """Return the expression of each step, by name, for a history in which releases take values of the tables `taken` back."""
    from threepoint.merge import steps as merge_steps

    other = merge_steps.plan_removal_steps()
    plain = {name: rows for _, name, rows in generate_expressions()}
    return plain | {name: other[name] for table in taken if (name := f"m_{table}") in other}


def _generate_process_checks(made: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    """The checks put to each process, and what its coverage is."""
    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.table_columns import conform_to_table

    tables = _reference_stored_tables() | {
        name: conform_to_table(made[name], STORED_TABLES[name]) for name in STORED_TABLES if name in made
    }
    tables["organisation"] = conform_to_table(made["held"], SDES_TABLES["organisation"])
    answered = yield from _generate_answers(
        tables, [name for name in check.ROW_BUILDERS_BY_SUBJECT if name not in check.CROSS_PROCESS_SUBJECTS]
    )
    found = check.build_check_results(answered)
    yield "dq_result", found
    yield "tallies", check.count_answers(answered)
    today = merge_steps.declare_today()
    states = {name: made[f"{name}_state"] for name in STATE_TABLES if f"{name}_state" in made}
    yield (
        "coverage",
        check.grade_coverage(
            states, made["state_source"], _reference_step(found, "dq_result"), tables["contract"], today
        ),
    )
    notice = made["notice"].select(
        "release_key", "publisher", notice_type=made["notice"].notice_type.fill_null(made["notice"].tag)
    )
    yield "fills", check.build_coverage_report(merge_steps.declare_history_tables(), notice)


def _generate_dataset_checks(made: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    """The checks put to all together, and what all processes' answers add up to."""
    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.table_columns import conform_to_table

    tables = _reference_stored_tables() | {"spend": conform_to_table(made["listed_spend"], SDES_TABLES["spend"])}
    answered = yield from _generate_answers(tables, (*check.CROSS_PROCESS_SUBJECTS, "spend"), "answers_all")
    found = check.build_check_results(answered)
    yield "whole_result", found
    tallied = made["tallies"]
    yield (
        "check_summary",
        check.summarise_answer_counts(tallied.union(check.count_answers(answered).select(*tallied.columns))),
    )
    states = {name: made[f"{name}_state"] for name in ("organisation", "scheme")}
    whole = _reference_step(found, "whole_result")
    today = merge_steps.declare_today()
    yield "whole_coverage", check.grade_coverage(states, made["scheme_source"], whole, tables["contract"], today)
    lists = check.build_list_coverage_report(merge_steps.declare_history_tables())
    yield "coverage_report", check.sum_coverage_reports(made["fills"].union(lists.select(*made["fills"].columns)))


def _generate_answers(tables: "dict[str, Rows]", subjects: Any, before: str = "answers") -> "Any":
    from threepoint import check
    from threepoint.merge import steps as merge_steps

    answered = {}
    for subject, rows in check.answer_checks(tables, merge_steps.declare_today(), subjects).items():
        name = f"{before}_{subject}"
        yield name, rows
        answered[subject] = _reference_step(rows, name)
    return answered


def _reference_stored_tables() -> "dict[str, Rows]":
    from threepoint.merge import steps as merge_steps

    return {name: merge_steps.declare_table(table) for name, table in STORED_TABLES.items()}


def _reference_step(rows: "Rows", name: str) -> "Rows":
    import ibis

    return ibis.table(rows.schema(), name=name)


def _list_needed_tables(rows: "Rows") -> tuple[str, ...]:
    from ibis.expr.operations import UnboundTable

    return tuple(sorted({table.name for table in rows.op().find(UnboundTable)}))


def compile_sql(rows: Any) -> str:
    """The expression as DuckDB's SQL."""
    import ibis

    made = str(ibis.to_sql(rows, dialect="duckdb", pretty=False))
    return _LAST_VALUE_PATTERN.sub(r"ARG_MAX(\g<value>, \g<order>)", _EXCLUDE_PATTERN.sub(_sort_excluded_names, made))


# Ibis writes the names of an EXCLUDE in the order of a Python set, which differs from run to run.
_EXCLUDE_PATTERN = re.compile(r"EXCLUDE \(([^)]*)\)")
# Ibis writes the last value that is not null as the first one in order, which DuckDB sorts for. ARG_MAX passes over nulls by
# itself and takes two thirds of the time (measured over the whole merge).
_LAST_VALUE_PATTERN = re.compile(
    r'FIRST\((?P<value>"t\d+"\."\w+") ORDER BY (?P<order>"t\d+"\."\w+") DESC\) FILTER\(WHERE (?P=value) IS NOT NULL\)'
)


def _sort_excluded_names(found: re.Match[str]) -> str:
    return f"EXCLUDE ({', '.join(sorted(found[1].split(', ')))})"


def compile_steps() -> list[BuildStep]:
    """Compile all steps, and try each on an empty history: it tells the step's columns, and whether it then has rows."""
    from threepoint.merge import steps as merge_steps

    other = {name: compile_sql(rows) for name, rows in merge_steps.plan_removal_steps().items()}
    steps = [
        BuildStep(
            name,
            scope,
            compile_sql(rows),
            _list_needed_tables(rows),
            other.get(name, ""),
            merge_steps.TRIGGER_TABLE_BY_STEP.get(name, ""),
        )
        for scope, name, rows in generate_expressions()
    ]
    return _try_steps(steps)


def _try_steps(steps: list[BuildStep]) -> list[BuildStep]:
    from threepoint.merge.field_origins import build_lookup_tables
    from threepoint.standard.history_tables import HISTORY_TABLES
    from threepoint.store import duckdb_engine

    constant = {**build_lookup_tables(), "today": {"as_of": [date(2000, 1, 1)]}}
    tried: list[BuildStep] = []
    made: dict[str, str] = {}  # by name: the scope that made the table
    with tempfile.TemporaryDirectory() as scratch, duckdb_engine.open_connection(Path(scratch)) as connection:
        duckdb_engine.create_history_views(connection, HISTORY_TABLES, {})
        for name, columns in constant.items():
            duckdb_engine.create_table_from_columns(connection, name, columns, INPUT_TYPE_BY_COLUMN)
        for name, given in INPUT_COLUMNS_BY_TABLE.items():
            duckdb_engine.create_table_from_columns(connection, name, dict.fromkeys(given, ()), INPUT_TYPE_BY_COLUMN)
        for step in steps:
            for name in sorted(set(step.needs) & set(STORED_TABLES)):
                # What `each` made, and for the totals all, is read from the snapshot, in the standard's columns.
                if name not in made or (made[name] == "each" and step.scope != "each") or step.scope == "totals":
                    duckdb_engine.drop_tables(connection, [name] if made.pop(name, "") else [])
                    duckdb_engine.create_table_view(connection, name, STORED_TABLES[name], ())
            filled = duckdb_engine.create_table(connection, step.name, step.sql)
            made[step.name] = step.scope
            inputs = () if filled else tuple(name for name in step.needs if name not in constant)
            tried.append(replace(step, inputs=inputs, nothing=duckdb_engine.select_nothing(connection, step.name)))
    return tried


def main() -> None:
    """Compile the steps and write them next to this module, where they are not up to date."""
    read_steps()


if __name__ == "__main__":
    main()
