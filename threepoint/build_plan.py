"""SQL of a build, compiled from the Ibis expressions of `merge` and `check`.

The expressions run on DuckDB and on Spark. Ibis takes some seconds to compile them, so the SQL is stored in a file next
to this module. `make setup` writes it, and a change of a source file or of Ibis's version recompiles it.
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
# The sources that the SQL depends on, in addition to Ibis.
SOURCE_PATHS = ("merge", "check", "standard", "build_plan.py", "store/duckdb_engine.py")
# A build runs the scopes in this order: over the whole history before and after organisations get their ids, then for
# each process, a part of the processes at a time, then over the results of all. Totals use the complete tables.
STEP_SCOPES = ("identities", "known", "each", "whole", "totals")
# SDES tables with rows from several steps; every other table comes from the step of the same name.
STEPS_BY_TABLE = {
    "change": ("change", "scheme_change"),
    "state_source": ("state_source", "scheme_source"),
    "spend": ("spend", "listed_spend"),
    "dq_result": ("dq_result", "whole_result"),
    "coverage": ("coverage", "whole_coverage"),
}
ORGANISATION_ID_STEPS = ("body_pairs", "identifiers")  # the steps from which organisations get their ids
# The columns of tables that a build makes outside the steps.
INPUT_COLUMNS_BY_TABLE = {"addresses": ("identifier", "address"), "sources": ("source_id", "name", "place", "parts")}
# The SDES types of columns of such tables that are not text.
INPUT_TYPE_BY_COLUMN = {"as_of": "date", "place": "integer", "parts": "integer"}
REMOVED_VALUES_TABLE = "history_removed"
TABLE_BY_STEP = {name: name for name in STORED_TABLES} | {
    step: table for table, steps in STEPS_BY_TABLE.items() for step in steps
}


@dataclass(frozen=True)
class BuildStep:
    """One query, whose rows become the table `name`; `needs` are the tables that it reads.

    If some release removes values of a table, the merge of that table runs `sql_with_removals` instead of `sql`. `empty_sql` is a
    query with the step's columns and no rows. It replaces the step if all `inputs` are empty or the table `required_table` is, since
    planning a step can take DuckDB longer than running it.
    """

    name: str
    scope: str
    sql: str
    needs: tuple[str, ...]
    sql_with_removals: str = ""
    required_table: str = ""
    inputs: tuple[str, ...] = ()
    empty_sql: str = ""

    def has_no_rows(self, is_empty: Callable[[str], bool]) -> bool:
        """Return True if the step cannot have rows; `is_empty(name)` says if a table has none."""
        return bool(self.inputs and all(map(is_empty, self.inputs))) or bool(
            self.required_table and is_empty(self.required_table)
        )


def read_steps() -> list[BuildStep]:
    """Return the steps in order; compile them first if their sources have changed."""
    digest = _digest_sources()
    try:
        plan = json.loads(COMPILED_PLAN_PATH.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = {}
    if not isinstance(plan, dict) or plan.get("sources") != digest:
        plan = {"sources": digest, "steps": [asdict(step) for step in compile_steps()]}
        _save_steps(plan)
    tuple_fields = ("needs", "inputs")
    return [BuildStep(**step | {name: tuple(step[name]) for name in tuple_fields}) for step in plan["steps"]]


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


def _save_steps(plan: dict[str, Any]) -> None:
    from threepoint.store.atomic_files import write_text

    with suppress(OSError):  # a read-only installation has the file from its wheel
        write_text(COMPILED_PLAN_PATH, json.dumps(plan, indent=0) + "\n")


def select_build_steps(steps: list[BuildStep]) -> list[BuildStep]:
    """Return the steps that a build runs: those that contribute to a snapshot. The others exist for comparison only."""
    needed = set(ORGANISATION_ID_STEPS) | set(TOTAL_TABLES)
    for step in reversed(steps):
        if step.name in TABLE_BY_STEP or step.name in needed:
            needed |= {step.name, *step.needs}
    return [step for step in steps if step.name in needed]


def adapt_steps(steps: list[BuildStep], tables: Iterable[str]) -> list[BuildStep]:
    """Return the steps for a history in which some releases remove values of `tables`."""
    names = {f"m_{table}" for table in tables}
    return [
        replace(step, sql=step.sql_with_removals, needs=(*step.needs, REMOVED_VALUES_TABLE))
        if step.name in names
        else step
        for step in steps
    ]


def generate_expressions() -> "Iterator[tuple[str, str, Rows]]":
    """Yield (scope, name, Ibis expression) of each step of merge and checks, over unbound tables."""
    import ibis

    from threepoint.merge import steps as merge_steps

    tables, checks_by_scope = {}, {"each": _generate_process_checks, "whole": _generate_dataset_checks}
    steps = list(merge_steps.plan_steps())
    for scope in STEP_SCOPES:
        for name, rows in [(name, rows) for step_scope, name, rows in steps if step_scope == scope]:
            yield scope, name, rows
            tables[name] = ibis.table(rows.schema(), name=name)
        for name, rows in checks_by_scope[scope](tables) if scope in checks_by_scope else ():
            yield scope, name, rows
            tables[name] = ibis.table(rows.schema(), name=name)


def list_expressions(tables: Iterable[str]) -> "dict[str, Rows]":
    """Return each step's expression by name, for a history in which some releases remove values of `tables`."""
    from threepoint.merge import steps as merge_steps

    removal_steps = merge_steps.plan_removal_steps()
    expressions = {name: rows for _, name, rows in generate_expressions()}
    return expressions | {name: removal_steps[name] for table in tables if (name := f"m_{table}") in removal_steps}


def _generate_process_checks(steps: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.table_conformance import conform_to_table

    tables = _reference_stored_tables() | {
        name: conform_to_table(steps[name], STORED_TABLES[name]) for name in STORED_TABLES if name in steps
    }
    tables["organisation"] = conform_to_table(steps["known_organisations"], SDES_TABLES["organisation"])
    answers = yield from _generate_answers(
        tables, [name for name in check.ROW_BUILDERS_BY_SUBJECT if name not in check.CROSS_PROCESS_SUBJECTS]
    )
    results = check.build_check_results(answers)
    yield "dq_result", results
    yield "tallies", check.count_answers(answers)
    today = merge_steps.declare_today()
    states = {name: steps[f"{name}_state"] for name in STATE_TABLES if f"{name}_state" in steps}
    dq_results = _reference_step(results, "dq_result")
    yield "coverage", check.grade_coverage(states, steps["state_source"], dq_results, tables["contract"], today)
    notice = steps["notice"].select(
        "release_key", "publisher", notice_type=steps["notice"].notice_type.fill_null(steps["notice"].tag)
    )
    yield "fills", check.build_coverage_report(merge_steps.declare_history_tables(), notice)


def _generate_dataset_checks(steps: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.table_conformance import conform_to_table

    tables = _reference_stored_tables() | {"spend": conform_to_table(steps["listed_spend"], SDES_TABLES["spend"])}
    answers = yield from _generate_answers(tables, (*check.CROSS_PROCESS_SUBJECTS, "spend"), "answers_all")
    results = check.build_check_results(answers)
    yield "whole_result", results
    tallies = steps["tallies"]
    yield (
        "check_summary",
        check.summarise_answer_counts(tallies.union(check.count_answers(answers).select(*tallies.columns))),
    )
    states = {name: steps[f"{name}_state"] for name in ("organisation", "scheme")}
    whole_results = _reference_step(results, "whole_result")
    today = merge_steps.declare_today()
    yield (
        "whole_coverage",
        check.grade_coverage(states, steps["scheme_source"], whole_results, tables["contract"], today),
    )
    list_coverage = check.build_list_coverage_report(merge_steps.declare_history_tables())
    yield (
        "coverage_report",
        check.sum_coverage_reports(steps["fills"].union(list_coverage.select(*steps["fills"].columns))),
    )


def _generate_answers(tables: "dict[str, Rows]", subjects: Any, prefix: str = "answers") -> "Any":
    from threepoint import check
    from threepoint.merge import steps as merge_steps

    answers = {}
    for subject, rows in check.answer_checks(tables, merge_steps.declare_today(), subjects).items():
        name = f"{prefix}_{subject}"
        yield name, rows
        answers[subject] = _reference_step(rows, name)
    return answers


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
    """Return an Ibis expression as DuckDB's SQL."""
    import ibis

    sql = str(ibis.to_sql(rows, dialect="duckdb", pretty=False))
    return _LAST_VALUE_PATTERN.sub(r"ARG_MAX(\g<value>, \g<order>)", _EXCLUDE_PATTERN.sub(_sort_excluded_names, sql))


# Ibis writes the names of an EXCLUDE in the order of a Python set, which differs from run to run.
_EXCLUDE_PATTERN = re.compile(r"EXCLUDE \(([^)]*)\)")
# Ibis writes the last non-null value as FIRST with an ORDER BY, for which DuckDB sorts. ARG_MAX skips nulls itself and takes
# two thirds of the time (measured over the whole merge).
_LAST_VALUE_PATTERN = re.compile(
    r'FIRST\((?P<value>"t\d+"\."\w+") ORDER BY (?P<order>"t\d+"\."\w+") DESC\) FILTER\(WHERE (?P=value) IS NOT NULL\)'
)


def _sort_excluded_names(match: re.Match[str]) -> str:
    return f"EXCLUDE ({', '.join(sorted(match[1].split(', ')))})"


def compile_steps() -> list[BuildStep]:
    """Compile all steps, and run each on an empty history to find its columns and whether it has rows there."""
    from threepoint.merge import steps as merge_steps

    removal_sql = {name: compile_sql(rows) for name, rows in merge_steps.plan_removal_steps().items()}
    steps = [
        BuildStep(
            name,
            scope,
            compile_sql(rows),
            _list_needed_tables(rows),
            removal_sql.get(name, ""),
            merge_steps.TRIGGER_TABLE_BY_STEP.get(name, ""),
        )
        for scope, name, rows in generate_expressions()
    ]
    return _try_steps(steps)


def _try_steps(steps: list[BuildStep]) -> list[BuildStep]:
    from threepoint.merge.field_origins import build_lookup_tables
    from threepoint.standard.history_tables import HISTORY_TABLES
    from threepoint.store import duckdb_engine

    seed_tables = {**build_lookup_tables(), "today": {"as_of": [date(2000, 1, 1)]}}
    tried: list[BuildStep] = []
    scopes: dict[str, str] = {}  # of the step that made each table
    with tempfile.TemporaryDirectory() as scratch, duckdb_engine.open_connection(Path(scratch)) as connection:
        duckdb_engine.create_history_views(connection, HISTORY_TABLES, {})
        for name, columns in seed_tables.items():
            duckdb_engine.create_table_from_columns(connection, name, columns, INPUT_TYPE_BY_COLUMN)
        for name, names in INPUT_COLUMNS_BY_TABLE.items():
            duckdb_engine.create_table_from_columns(connection, name, dict.fromkeys(names, ()), INPUT_TYPE_BY_COLUMN)
        for step in steps:
            for name in sorted(set(step.needs) & set(STORED_TABLES)):
                # Later scopes read tables of `each` from the snapshot, with its columns; totals read all tables from there.
                if name not in scopes or (scopes[name] == "each" and step.scope != "each") or step.scope == "totals":
                    duckdb_engine.drop_tables(connection, [name] if scopes.pop(name, "") else [])
                    duckdb_engine.create_table_view(connection, name, STORED_TABLES[name], ())
            row_count = duckdb_engine.create_table(connection, step.name, step.sql)
            scopes[step.name] = step.scope
            inputs = () if row_count else tuple(name for name in step.needs if name not in seed_tables)
            tried.append(replace(step, inputs=inputs, empty_sql=duckdb_engine.select_nothing(connection, step.name)))
    return tried


def main() -> None:
    """Compile the steps and write them next to this module, unless they are up to date."""
    read_steps()


if __name__ == "__main__":
    main()
