"""The steps of the merge in order: each makes one table from those before it. `plan` writes them out for an engine."""

from collections.abc import Callable, Iterator, Mapping

import ibis
from ibis import Table as Rows

from threepoint.merge import awards, bodies, changes, contracts, delivery, notices, processes
from threepoint.merge.latest import History, latest, ordered
from threepoint.merge.states import all_states
from threepoint.merge.subjects import FIRSTS, ORIGINS, seeds
from threepoint.merge.world import World
from threepoint.standard.codes import GROUNDS
from threepoint.standard.history import GATHERED, HISTORY
from threepoint.standard.model import Table

Step = Callable[[World], Rows]


def _merged(name: str) -> Step:
    table = next(table for table in GATHERED if table.name == name)
    return lambda world: latest(world.history, table, at=ORIGINS.get(name, ()), first=FIRSTS.get(name, ()))


def _with_org(world: World) -> Rows:
    rows, known = world["bodies"], world["addresses"]
    rows = rows.left_join(known, rows.body_key == known.identifier, rname="{name}_known")
    return rows.mutate(org_id=bodies.org_id(rows.body_key, rows.address))


# Steps before organisations have addresses, and after. What the snapshot keeps under its own name is a table of SDES.
BEFORE: dict[str, Step] = {
    **{f"m_{table.name}": _merged(table.name) for table in GATHERED},
    "body_pairs": lambda world: bodies.pairs(world.history),
    "bodies": lambda world: bodies.parties(world.history),
}
AFTER: dict[str, Step] = {
    "bodies_known": _with_org,
    "notice": lambda world: notices.notices(world.history),
    "stages": lambda world: notices.stages(world["notice"]),
    "buyers": contracts.buyers,
    "process_cpv": processes.cpv,
    "bid_statistic": processes.bid_statistics,
    "process_bids": processes.process_bids,
    "frameworks": processes.frameworks,
    "withheld_information": lambda world: processes.withheld(world, GROUNDS),
    "contracting_process": processes.processes,
    "lot": processes.lots,
    "bid": processes.bids,
    "related_process": processes.related,
    "award_supplier": awards.suppliers,
    "award": awards.awards,
    "contract_supplier": contracts.suppliers,
    "kpi_rows": delivery.kpi_rows,
    "observation_rows": delivery.observation_rows,
    "change": changes.changes,
    "contract": contracts.contracts,
    "milestone": delivery.milestones,
    "kpi": delivery.kpis,
    "observation": delivery.observations,
    "observation_dimension": delivery.dimensions,
    "failure_event": delivery.failures,
    "spend": delivery.spend,
    "document": delivery.documents,
    "organisation": lambda world: bodies.organisations(
        world["bodies_known"], world["addresses"], world.history.tables["party_classification"]
    ),
    "organisation_name": lambda world: bodies.spellings(world["bodies_known"]),
    "party_role": lambda world: bodies.roles(world["bodies_known"]),
    "field_state": all_states,
}


def plan(taken: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Rows]]:
    """(name, expression) of each step in order, over tables that are named but not there.

    `taken` names, by history table, the fields that some release takes back. The steps look up the tables of
    `subjects.seeds`, `addresses` (identifier, address: after the steps of BEFORE) and `today` (as_of).
    """
    history = {name: ibis.table(_schema(table), name=f"history_{name}") for name, table in HISTORY.items()}
    first = ordered(history["release"])
    yield "releases", first
    world = World(History(history, ibis.table(first.schema(), name="releases"), taken), _given())
    for name, step in {**BEFORE, **AFTER}.items():
        made = step(world)
        yield name, made
        world.made[name] = ibis.table(made.schema(), name=name)


def _given() -> dict[str, Rows]:
    given = {name: {column: _type_of(values) for column, values in columns.items()} for name, columns in seeds().items()}
    given |= {"addresses": {"identifier": "string", "address": "string"}, "today": {"as_of": "date"}}
    return {name: ibis.table(columns, name=name) for name, columns in given.items()}


def _type_of(values: list[object]) -> str:
    return "int64" if isinstance(values[0], int) else "string"


# Ibis types by type of the standard; those not named are text.
IBIS_TYPES = {
    "integer": "int64", "number": "float64", "share": "float64", "money": "decimal(18, 2)", "boolean": "boolean",
    "date": "date", "timestamp": "timestamp('UTC')", "key": "int64",
}  # fmt: skip


def _schema(table: Table) -> dict[str, str]:
    return {field.name: IBIS_TYPES.get(field.type, "string") for field in table.fields}
