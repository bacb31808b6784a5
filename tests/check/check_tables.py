"""Run checks on drawn tables. The SQL of each subject is compiled once for all tests of a session."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from threepoint import check
from threepoint.check.registry import CHECK_INPUT_TABLES
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.tables_states import STORED_TABLES

AS_OF = date(2026, 9, 1)
IBIS = {"integer": "int64", "key": "int64", "number": "float64", "share": "float64", "money": "decimal(18,2)",
        "boolean": "boolean", "date": "date", "timestamp": "timestamp('UTC')"}  # fmt: skip
ARROW = {"int64": pa.int64(), "float64": pa.float64(), "decimal(18,2)": pa.decimal128(18, 2), "boolean": pa.bool_(),
         "date": pa.date32(), "timestamp('UTC')": pa.timestamp("us", "UTC"), "string": pa.string()}  # fmt: skip
READ = {"int64": int, "float64": float, "decimal(18,2)": Decimal, "boolean": lambda text: text == "true",
        "date": date.fromisoformat, "timestamp('UTC')": datetime.fromisoformat, "string": str}  # fmt: skip


def type_of(field: FieldDefinition) -> str:
    return IBIS.get(field.type, "string")


def make_schema(table: TableDefinition) -> Any:
    return ibis.schema({field.name: type_of(field) for field in table.fields})


def split_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def make_rows(table: TableDefinition, drawing: str) -> list[dict[str, Any]]:
    """Return the rows of a drawing: names in the first line, null for an empty cell; `times` repeats a row under new keys."""
    names, *lines = [split_cells(line) for line in drawing.strip().splitlines()]
    rows = []
    for line in lines:
        cell = {name: text for name, text in zip(names, line, strict=True) if text}
        times = int(cell.pop("times", "1"))
        row = {name: READ[type_of(table.field(name))](text) for name, text in cell.items()}
        rows += [row] if times == 1 else [{table.key[0]: f"{len(rows)}.{n}", **row} for n in range(times)]
    return rows


def make_arrow(table: TableDefinition, rows: list[dict[str, Any]]) -> pa.Table:
    columns = {
        field.name: pa.array([row.get(field.name) for row in rows], ARROW[type_of(field)]) for field in table.fields
    }
    return pa.table(columns)


@dataclass(frozen=True)
class Answer:
    """Results of the checks: `lines` of failures (check, subject, detail) and `counts` (made, failed) by check."""

    lines: list[tuple[str, str, str]]
    counts: dict[str, tuple[int, int]]


def compile_checks() -> dict[str, dict[str, str]]:
    """Return the SQL of each subject: of its answers, and of the results and the summary of stored answers."""
    tables = {name: ibis.table(make_schema(STORED_TABLES[name]), name=name) for name in CHECK_INPUT_TABLES}
    sql = {}
    for name, rows in check.answer_checks(tables, AS_OF).items():
        answers = ibis.table(rows.schema(), name=f"kept_{name}")
        parts = {
            "answers": rows,
            "results": check.build_check_results({name: answers}),
            "summary": check.build_check_summary({name: answers}),
        }
        sql[name] = {part: str(ibis.to_sql(query, dialect="duckdb")) for part, query in parts.items()}
    return sql


class Asker:
    """Runs the checks of one subject on drawn tables."""

    def __init__(self, sql: dict[str, dict[str, str]]) -> None:
        self.engine, self.sql = ibis.duckdb.connect(threads=1), sql
        for name in CHECK_INPUT_TABLES:
            self.engine.create_table(name, schema=make_schema(STORED_TABLES[name]))
        for name, parts in sql.items():
            self.rows(f"CREATE TABLE kept_{name} AS {parts['answers']}")

    def fill(self, drawings: dict[str, str]) -> None:
        """Replace the content of all tables by the drawings."""
        for name in CHECK_INPUT_TABLES:
            self.engine.raw_sql(f"TRUNCATE {name}")
        for name, drawing in drawings.items():
            rows = make_arrow(STORED_TABLES[name], make_rows(STORED_TABLES[name], drawing))
            self.engine.con.register("drawn", rows)
            self.engine.raw_sql(f"INSERT INTO {name} SELECT * FROM drawn")
            self.engine.con.unregister("drawn")

    def __call__(self, subject: str, drawings: dict[str, str]) -> Answer:
        self.fill(drawings)
        self.rows(f"TRUNCATE kept_{subject}")
        sql = self.sql[subject]
        self.rows(f"INSERT INTO kept_{subject} {sql['answers']}")
        failed = self.rows(sql["results"])
        assert {row[1] for row in failed} <= {subject}
        assert [row[3:5] for row in failed] == [(check.CHECKS_BY_ID[row[0]].severity, False) for row in failed]
        counts: dict[str, tuple[int, int]] = {}
        for check_id, _, _, made_count, fails in self.rows(sql["summary"]):
            previous = counts.get(check_id, (0, 0))
            counts[check_id] = (previous[0] + made_count, previous[1] + fails)
        return Answer(sorted((row[0], row[2], row[5]) for row in failed), counts)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self.engine.con.execute(sql).fetchall())


@dataclass(frozen=True)
class Case:
    """One drawn case: the check that it tests, its tables, and the expected counts and failures."""

    check: str
    subject: str
    drawings: dict[str, str]
    counts: tuple[int, int]
    lines: list[tuple[str, str, str]]


def read_cases(folder: Path) -> list[Case]:
    """Return the cases of a folder with one file per subject."""
    texts = {path.stem: path.read_text(encoding="utf-8").split("=== ")[1:] for path in sorted(folder.glob("*.txt"))}
    return [_read_case(subject, text) for subject, case_texts in texts.items() for text in case_texts]


def _read_case(subject: str, text: str) -> Case:
    check_id, *blocks = text.strip().split("\n\n")
    *tables, outcome = blocks
    counts, *lines = outcome.splitlines()
    made_count, failed_count = (int(part.split()[1]) for part in counts.split(","))
    drawings = dict(block.split("\n", 1) for block in tables)
    return Case(
        check_id, subject, drawings, (made_count, failed_count), sorted(_read_line(check_id, line) for line in lines)
    )


def _read_line(default_check_id: str, line: str) -> tuple[str, str, str]:
    """Parse `subject: message` of the tested check, or `[other check] subject: message` of another check that fails too."""
    check_id, _, statement = line[1:].partition("] ") if line.startswith("[") else (default_check_id, "", line)
    subject, _, message = statement.partition(": ")
    return check_id, subject, message
