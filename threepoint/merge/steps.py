"""The steps of the merge in order: each makes one table from those before it. `plan` writes them out for an engine."""

from collections.abc import Callable, Iterator, Mapping

import ibis
from ibis import Table as Rows

from threepoint.merge import awards, bodies, changes, contracts, delivery, notices, payments, processes, schemes
from threepoint.merge.latest import History, latest, ordered
from threepoint.merge.schemes.shape import shaped
from threepoint.merge.states import all_states
from threepoint.merge.subjects import FIRSTS, ORIGINS, seeds
from threepoint.merge.world import World
from threepoint.standard.codes import GROUNDS
from threepoint.standard.history import GATHERED, HISTORY
from threepoint.standard.model import Table
from threepoint.standard.tables_delivery import CHANGE
from threepoint.standard.tables_quality import FIELD_STATE

Step = Callable[[World], Rows]


def _merged(name: str) -> Step:
    table = next(table for table in GATHERED if table.name == name)
    return lambda world: latest(world.history, table, at=ORIGINS.get(name, ()), first=FIRSTS.get(name, ()))


def _with_org(world: World) -> Rows:
    rows, known = world["bodies"], world["addresses"]
    rows = rows.left_join(known, rows.body_key == known.identifier, rname="{name}_known")
    return rows.mutate(org_id=bodies.org_id(rows.body_key, rows.address))


def _of_schemes(name: str) -> Step:
    return lambda world: schemes.tables(world["scheme_rows"])[name]


def _with_schemes(table: Table, own: Step, more: str) -> Step:
    return lambda world: ibis.union(shaped(own(world), table), shaped(world[more], table))


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
    "scheme_rows": lambda world: schemes.scheme_rows(world.history.tables["gmpp_year"]),
    "scheme_change": _of_schemes("change"),
    "scheme_state": _of_schemes("field_state"),
    **{name: _of_schemes(name) for name in ("scheme", "scheme_identifier", "scheme_year", "cost_line")},
    "change": _with_schemes(CHANGE, changes.changes, "scheme_change"),
    "contract": contracts.contracts,
    "milestone": delivery.milestones,
    "kpi": delivery.kpis,
    "observation": delivery.observations,
    "observation_dimension": delivery.dimensions,
    "failure_event": delivery.failures,
    "spend": payments.spend,
    "document": delivery.documents,
    "sale": payments.sales,
    "payment_total": payments.totals,
    "register_entry": payments.registers,
    "pipeline_value": payments.plan_values,
    "pipeline_entry": payments.plans,
    "pipeline_cpv": payments.plan_codes,
    "payment_bodies": payments.bodies,
    "organisation": lambda world: bodies.organisations(
        payments.with_bodies(world["bodies_known"], world["payment_bodies"]),
        world.history.tables["party_classification"],
    ),
    "organisation_name": lambda world: bodies.spellings(
        payments.with_bodies(world["bodies_known"], world["payment_bodies"])
    ),
    "party_role": lambda world: bodies.roles(world["bodies_known"]),
    "field_state": _with_schemes(FIELD_STATE, all_states, "scheme_state"),
}


def plan() -> Iterator[tuple[str, Rows]]:
    """(name, expression) of each step in order, over tables that are named but not there.

    The steps look up the tables of `subjects.seeds`, `addresses` (identifier, address: after the steps of BEFORE) and
    `today` (as_of). For a history in which releases take values back, `merge_of` writes the merge of a table anew.
    """
    yield "releases", ordered(history_tables()["release"])
    world = World(_named_history({}), _given())
    for name, step in {**BEFORE, **AFTER}.items():
        made = step(world)
        yield name, made
        world.made[name] = ibis.table(made.schema(), name=name)


def merge_of(table: str, taken: tuple[str, ...]) -> Rows:
    """The merge of one history table in which some releases take the fields `taken` back."""
    return _merged(table)(World(_named_history({table: taken})))


def named(table: Table) -> Rows:
    """A table of the standard that is named but not there."""
    return ibis.table(_schema(table), name=table.name)


def named_today() -> ibis.Value:
    """The day the snapshot speaks for."""
    return World(_named_history({}), _given()).today


def history_tables() -> dict[str, Rows]:
    """The history's tables, named but not there."""
    return {name: ibis.table(_schema(table), name=f"history_{name}") for name, table in HISTORY.items()}


def _named_history(taken: Mapping[str, tuple[str, ...]]) -> History:
    tables = history_tables()
    return History(tables, ibis.table(ordered(tables["release"]).schema(), name="releases"), taken)


def _given() -> dict[str, Rows]:
    given = {
        name: {column: _type_of(values) for column, values in columns.items()} for name, columns in seeds().items()
    }
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
