"""The SQL of a build, written out from the rooms' Ibis expressions: `python -m threepoint.plan` writes it, `--check` compares.

Each step of `merge` and `check` is an Ibis expression, which runs on DuckDB and on Spark. What a build executes is always
the same but for the fields that some release takes back, so it is compiled once, here, and not in each build.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threepoint.standard.sdes import SDES

if TYPE_CHECKING:
    from ibis import Table as Rows

LAST_BEFORE_ADDRESSES = "bodies"  # after this step organisations get their addresses, which later steps look up
FILE = Path(__file__).with_name("plan.duckdb.json")


def read() -> list[tuple[str, str]]:
    """(name, SQL) of each step in order; results are kept under their names."""
    return [(name, sql) for name, sql in json.loads(FILE.read_text(encoding="utf-8"))]


def adapted(steps: list[tuple[str, str]], taken: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The steps for a history in which some releases take values back: the merge of the tables concerned is written anew."""
    anew = {f"m_{table}": _merge_sql(table, tuple(sorted(fields))) for table, fields in taken.items()}
    return [(name, anew.get(name, sql)) for name, sql in steps]


@cache
def _merge_sql(table: str, fields: tuple[str, ...]) -> str:
    from threepoint.merge import steps as merge_steps

    return to_sql(merge_steps.merge_of(table, fields))


def expressions() -> "Iterator[tuple[str, Rows]]":
    """(name, Ibis expression) of each step, over tables that are named but not there: the merge's, then the checks'."""
    import ibis

    from threepoint.merge import steps as merge_steps

    made = {}
    for name, rows in merge_steps.plan():
        yield name, rows
        made[name] = ibis.table(rows.schema(), name=name)
    yield from _checks(made)


def _checks(made: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    import ibis

    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.schemes.shape import shaped

    tables = {name: shaped(made.get(name), SDES[name]) for name in SDES if name in made}
    tables["organisation_identifier"] = merge_steps.named(SDES["organisation_identifier"])
    today = merge_steps.named_today()
    answered = {}
    for subject, rows in check.answers(tables, today).items():
        name = f"answers_{subject}"
        yield name, rows
        answered[subject] = ibis.table(rows.schema(), name=name)
    found = check.results(answered)
    yield "dq_result", found
    kept = ibis.table(found.schema(), name="dq_result")
    yield "check_summary", check.summary(answered)
    yield "coverage", check.coverage(tables["field_state"], kept, tables, today)
    notice = made["notice"].select(
        "release_key", "publisher", notice_type=made["notice"].notice_type.fill_null(made["notice"].tag)
    )
    yield "coverage_report", check.report(merge_steps.history_tables(), notice)


def to_sql(rows: Any, dialect: str = "duckdb") -> str:
    """The expression as SQL of an engine."""
    import ibis

    return _EXCLUDED.sub(_in_order, str(ibis.to_sql(rows, dialect=dialect, pretty=False)))


# Ibis writes the names of an EXCLUDE in the order of a Python set, which differs from run to run.
_EXCLUDED = re.compile(r"EXCLUDE \(([^)]*)\)")


def _in_order(found: re.Match[str]) -> str:
    return f"EXCLUDE ({', '.join(sorted(found[1].split(', ')))})"


def text() -> str:
    """What the plan's file must hold."""
    return json.dumps([[name, to_sql(rows)] for name, rows in expressions()], indent=0) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the plan, or with --check says whether it is the one that the expressions give."""
    wanted = text()
    if "--check" not in arguments:
        FILE.write_text(wanted, encoding="utf-8")
        return 0
    same = FILE.exists() and FILE.read_text(encoding="utf-8") == wanted
    print("the plan is up to date" if same else "the plan has drifted from the expressions: run `make docs`")  # noqa: T201  # a command's answer
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
