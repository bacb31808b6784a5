"""The SQL of a build, written out from the rooms' Ibis expressions: `python -m threepoint.plan` writes it, `--check` compares.

Each step of `merge` and `check` is an Ibis expression, which runs on DuckDB and on Spark. What a build executes is always
the same, so it is compiled once, here, and not in each build.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threepoint.standard.sdes import SDES

if TYPE_CHECKING:
    from ibis import Table as Rows

FILE = Path(__file__).with_name("plan.duckdb.json")
# A build runs the scopes in this order: over the whole history before and after organisations have addresses, then for
# each process, for some processes at a time, then over what came of them all.
SCOPES = ("identities", "known", "each", "whole")
# The tables of the standard to whose rows several steps contribute; each other one is the step of its own name.
PARTS = {
    "change": ("change", "scheme_change"),
    "field_state": ("field_state", "organisation_state", "scheme_state"),
    "spend": ("spend", "listed_spend"),
    "dq_result": ("dq_result", "whole_result"),
    "coverage": ("coverage", "whole_coverage"),
}
FOR_ADDRESSES = ("body_pairs", "identifiers")  # what organisations get their addresses from
REMOVED = "history_removed"  # what releases take back
TABLE_OF = {name: name for name in SDES} | {step: table for table, steps in PARTS.items() for step in steps}


@dataclass(frozen=True)
class Step:
    """One query, whose rows are kept under its name; `needs` are the tables it reads that other steps or the store make.

    Merges of a table of which some release takes values back run `taken_back` instead. A step that `asks` a table runs only
    where that has a row, and gives nothing elsewhere: what is seldom needed costs nothing.
    """

    name: str
    scope: str
    sql: str
    needs: tuple[str, ...]
    taken_back: str = ""
    asks: str = ""


def read() -> list[Step]:
    """The steps in order."""
    return [Step(**step | {"needs": tuple(step["needs"])}) for step in json.loads(FILE.read_text(encoding="utf-8"))]


def wanted(steps: list[Step]) -> list[Step]:
    """The steps that a build runs: those of which the snapshot keeps something. The others are merged for comparison only."""
    needed = set(FOR_ADDRESSES)
    for step in reversed(steps):
        if step.name in TABLE_OF or step.name in needed:
            needed |= {step.name, *step.needs}
    return [step for step in steps if step.name in needed]


def leading_to(name: str, steps: list[Step]) -> list[Step]:
    """Those of the steps that one of them needs, and itself, in order."""
    needed = {name}
    for step in reversed(steps):
        needed |= set(step.needs) if step.name in needed else set()
    return [step for step in steps if step.name in needed]


def adapted(steps: list[Step], taken: Iterable[str]) -> list[Step]:
    """The steps for a history in which some releases take values of the history tables `taken` back."""
    other = {f"m_{table}" for table in taken}
    return [
        replace(step, sql=step.taken_back, needs=(*step.needs, REMOVED)) if step.name in other else step
        for step in steps
    ]


def expressions() -> "Iterator[tuple[str, str, Rows]]":
    """(scope, name, Ibis expression) of each step, over tables that are named but not there: merge and checks."""
    import ibis

    from threepoint.merge import steps as merge_steps

    made, asked = {}, {"each": _checks_of_each, "whole": _checks_of_whole}
    steps = list(merge_steps.plan())
    for scope in SCOPES:
        for name, rows in [(name, rows) for at, name, rows in steps if at == scope]:
            yield scope, name, rows
            made[name] = ibis.table(rows.schema(), name=name)
        for name, rows in asked[scope](made) if scope in asked else ():
            yield scope, name, rows
            made[name] = ibis.table(rows.schema(), name=name)


def _checks_of_each(made: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    """The checks put to each process, and what its coverage is."""
    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.schemes.shape import shaped

    tables = _named() | {name: shaped(made[name], SDES[name]) for name in SDES if name in made}
    tables["organisation"] = shaped(made["held"], SDES["organisation"])
    answered = yield from _answered(tables, [name for name in check.SUBJECTS if name not in check.TOGETHER])
    found = check.results(answered)
    yield "dq_result", found
    yield "tallies", check.tallies(answered)
    today = merge_steps.named_today()
    yield "coverage", check.coverage(tables["field_state"], _kept(found, "dq_result"), tables["contract"], today)
    notice = made["notice"].select(
        "release_key", "publisher", notice_type=made["notice"].notice_type.fill_null(made["notice"].tag)
    )
    yield "fills", check.report(merge_steps.history_tables(), notice)


def _checks_of_whole(made: "dict[str, Rows]") -> "Iterator[tuple[str, Rows]]":
    """The checks put to all together, and what all processes' answers add up to."""
    import ibis

    from threepoint import check
    from threepoint.merge import steps as merge_steps
    from threepoint.merge.schemes.shape import shaped

    tables = _named() | {"spend": shaped(made["listed_spend"], SDES["spend"])}
    answered = yield from _answered(tables, (*check.TOGETHER, "spend"), "answers_all")
    found = check.results(answered)
    yield "whole_result", found
    tallied = made["tallies"]
    yield "check_summary", check.added_up(tallied.union(check.tallies(answered).select(*tallied.columns)))
    states = ibis.union(*[shaped(made[name], SDES["field_state"]) for name in ("organisation_state", "scheme_state")])
    today = merge_steps.named_today()
    yield "whole_coverage", check.coverage(states, _kept(found, "whole_result"), tables["contract"], today)
    lists = check.report_of_lists(merge_steps.history_tables())
    yield "coverage_report", check.reports(made["fills"].union(lists.select(*made["fills"].columns)))


def _answered(tables: "dict[str, Rows]", subjects: Any, before: str = "answers") -> "Any":
    from threepoint import check
    from threepoint.merge import steps as merge_steps

    answered = {}
    for subject, rows in check.answers(tables, merge_steps.named_today(), subjects).items():
        name = f"{before}_{subject}"
        yield name, rows
        answered[subject] = _kept(rows, name)
    return answered


def _named() -> "dict[str, Rows]":
    from threepoint.merge import steps as merge_steps

    return {name: merge_steps.named(table) for name, table in SDES.items()}


def _kept(rows: "Rows", name: str) -> "Rows":
    import ibis

    return ibis.table(rows.schema(), name=name)


def _needs(rows: "Rows") -> tuple[str, ...]:
    from ibis.expr.operations import UnboundTable

    return tuple(sorted({table.name for table in rows.op().find(UnboundTable)}))


def to_sql(rows: Any) -> str:
    """The expression as DuckDB's SQL."""
    import ibis

    made = str(ibis.to_sql(rows, dialect="duckdb", pretty=False))
    return _LAST_WORD.sub(r"ARG_MAX(\g<value>, \g<order>)", _EXCLUDED.sub(_in_order, made))


# Ibis writes the names of an EXCLUDE in the order of a Python set, which differs from run to run.
_EXCLUDED = re.compile(r"EXCLUDE \(([^)]*)\)")
# Ibis writes the last value that is not null as the first one in order, which DuckDB sorts for. ARG_MAX passes over nulls by
# itself and takes two thirds of the time (measured over the whole merge).
_LAST_WORD = re.compile(
    r'FIRST\((?P<value>"t\d+"\."\w+") ORDER BY (?P<order>"t\d+"\."\w+") DESC\) FILTER\(WHERE (?P=value) IS NOT NULL\)'
)


def _in_order(found: re.Match[str]) -> str:
    return f"EXCLUDE ({', '.join(sorted(found[1].split(', ')))})"


def text() -> str:
    """What the plan's file must hold."""
    from threepoint.merge import steps as merge_steps

    other = {name: to_sql(rows) for name, rows in merge_steps.taken_back().items()}
    steps = [
        asdict(Step(name, scope, to_sql(rows), _needs(rows), other.get(name, ""), merge_steps.ASKS.get(name, "")))
        for scope, name, rows in expressions()
    ]
    return json.dumps(steps, indent=0) + "\n"


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
