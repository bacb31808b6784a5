"""The steps of the merge in order: each makes one table from those before it. `plan` writes them out for an engine.

A process is merged from its own releases alone, so `EACH` may run for some processes at a time; what holds for the whole
history comes before (`IDENTITIES`, `KNOWN`) and after (`WHOLE`).
"""

from collections.abc import Callable, Iterator

import ibis
from ibis import Table as Rows

from threepoint.merge import (
    awards,
    changes,
    contracts,
    delivery,
    notices,
    organisations,
    payments,
    processes,
    schemes,
    silent_edits,
    totals,
    vanished_notices,
)
from threepoint.merge.field_origins import FIRSTS, ORIGINS, seeds
from threepoint.merge.field_states import (
    derive_organisation_states,
    derive_process_states,
    find_unreadable_fields,
    find_withheld_fields,
    list_sources,
)
from threepoint.merge.merge_context import World
from threepoint.merge.ocds_merge import History, latest, latest_taken, ordered
from threepoint.merge.table_columns import shaped
from threepoint.standard.code_lists import GROUNDS
from threepoint.standard.definition import Table
from threepoint.standard.history_tables import GATHERED, HISTORY
from threepoint.standard.sdes import SDES
from threepoint.standard.tables_process import ORGANISATION_NAME
from threepoint.standard.tables_totals import TOTAL_TABLES

Step = Callable[[World], Rows]


def _merged(table: Table, merge: Callable[..., Rows] = latest) -> Step:
    at, first = ORIGINS.get(table.name, ()), FIRSTS.get(table.name, ())
    return lambda world: merge(world.history, table, at=at, first=first)


def _of_schemes(name: str) -> Step:
    return lambda world: schemes.tables(world["scheme_rows"])[name]


def _spellings(world: World) -> Rows:
    rows = world["spellings"].union(organisations.spellings(world["listed_bodies"]))
    return shaped(rows.group_by("org_id", "name").agg(processes=rows.ocid.count()), ORGANISATION_NAME)


def _organisations(world: World) -> Rows:
    said = organisations.with_lists(world["said"], world["listed_bodies"])
    return organisations.organisations(said, world["organisation_name"], world["held"])


# Of the whole history, before organisations have addresses.
IDENTITIES: dict[str, Step] = {
    "body_pairs": lambda world: organisations.pairs(world.history),
    "identifiers": lambda world: organisations.identifiers(world.history),
}
# Of the whole history, now that they have: what is held, so that a process can say what of its own is not.
KNOWN: dict[str, Step] = {
    # Lists of payments, sales and plans belong to no process; their bodies are told apart by name.
    "sale": payments.sales,
    "listed_spend": payments.listed,
    "register_entry": payments.registers,
    "pipeline_value": payments.plan_values,
    "pipeline_entry": payments.plans,
    "pipeline_cpv": payments.plan_codes,
    "listed_bodies": payments.bodies,
    "held_keys": lambda world: organisations.held_keys(world.history, world["addresses"]),
    "held": lambda world: organisations.held(world["held_keys"], world["listed_bodies"]),
    # Which notices a file no longer holds is told of the file, not of the process.
    "file_versions": vanished_notices.versions,
    "vanished_notice": vanished_notices.vanished,
    "ocids": lambda world: world.history.tables["release"].select("ocid").distinct(),
}
# Of each process. What the snapshot keeps under its own name is a table of SDES.
EACH: dict[str, Step] = {
    "bodies": lambda world: organisations.with_org(organisations.parties(world.history), world["addresses"]),
    "party_keys": lambda world: organisations.party_keys(world["bodies"]),
    "said": lambda world: organisations.said(world["bodies"], world.history.tables["party_classification"]),
    "spellings": lambda world: organisations.spellings(world["bodies"]),
    "party_role": lambda world: organisations.roles(world["bodies"]),
    **{f"m_{table.name}": _merged(table) for table in GATHERED},
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
    "award_repeats": awards.repeats,
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
    "spend": payments.notified,
    "document": delivery.documents,
    "withheld_fields": find_withheld_fields,
    "unreadable_fields": find_unreadable_fields,
    **{
        f"{name}_state": derive_process_states(name)
        for name in ("contracting_process", "award", "contract", "milestone", "kpi")
    },
    "state_source": list_sources,
    "notice_revision": silent_edits.revisions,
    "revised_field": silent_edits.fields,
}
# Steps that run only where another table has a row.
ASKS = {"revised_field": "notice_revision", "vanished_notice": "file_versions"}
# The same for a history in which some release takes values of that table back, with an explicit null.
TAKEN_BACK: dict[str, Step] = {f"m_{table.name}": _merged(table, latest_taken) for table in GATHERED}
# Of all together: major projects, and organisations, which meet in many processes.
WHOLE: dict[str, Step] = {
    "payment_total": payments.totals,
    "scheme_rows": lambda world: schemes.scheme_rows(world.history.tables["gmpp_year"]),
    **{name: _of_schemes(name) for name in ("scheme", "scheme_identifier", "scheme_year", "cost_line")},
    "scheme_change": _of_schemes("change"),
    "scheme_state": _of_schemes("scheme_state"),
    "scheme_source": _of_schemes("scheme_source"),
    "organisation_name": _spellings,
    "organisation": _organisations,
    "organisation_state": derive_organisation_states,
}
SCOPES = {"identities": IDENTITIES, "known": KNOWN, "each": EACH, "whole": WHOLE}
# From the snapshot's tables, once they are complete.
TOTALS: dict[str, Step] = {
    "organisation_role": totals.count_roles,
    "organisation_publisher": totals.list_publishers,
    "organisation_total": totals.add_up_lines,
    "repeated_line": totals.pair_repeated_lines,
}


def plan() -> Iterator[tuple[str, str, Rows]]:
    """(scope, name, expression) of each step in order, over tables that are named but not there.

    The steps look up the tables of `subjects.seeds`, `addresses` (identifier, address: after IDENTITIES), `today` (as_of)
    and `sources` (source_id, name, place, parts: the files of the log in the order in which they were read, with how many
    parts of each could not be). In EACH, the history and `releases` are those of the processes at hand. For a history in which
    releases take values back, `taken_back` has other merges.
    """
    yield "identities", "releases", ordered(history_tables()["release"])
    world = _world()
    for scope, steps in SCOPES.items():
        for name, step in steps.items():
            made = step(world)
            yield scope, name, made
            world.made[name] = ibis.table(made.schema(), name=name)
    complete = World(world.history, {name: named(table) for name, table in SDES.items()})
    for name, step in TOTALS.items():
        yield "totals", name, shaped(step(complete), TOTAL_TABLES[name])


def taken_back() -> dict[str, Rows]:
    """The merges that stand in for those of `plan` where releases take values of their table back."""
    return {name: step(_world()) for name, step in TAKEN_BACK.items()}


def named(table: Table) -> Rows:
    """A table of the standard that is named but not there."""
    return ibis.table(_schema(table), name=table.name)


def named_today() -> ibis.Value:
    """The day the snapshot speaks for."""
    return _world().today


def history_tables() -> dict[str, Rows]:
    """The history's tables, named but not there."""
    return {name: ibis.table(_schema(table), name=f"history_{name}") for name, table in HISTORY.items()}


def _world() -> World:
    tables = history_tables()
    return World(History(tables, ibis.table(ordered(tables["release"]).schema(), name="releases")), _given())


def _given() -> dict[str, Rows]:
    given = {
        name: {column: _type_of(values) for column, values in columns.items()} for name, columns in seeds().items()
    }
    given |= {"addresses": {"identifier": "string", "address": "string"}, "today": {"as_of": "date"}}
    given |= {"sources": {"source_id": "string", "name": "string", "place": "int64", "parts": "int64"}}
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
