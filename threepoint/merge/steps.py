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
from threepoint.merge.field_origins import FIRST_VALUE_FIELDS_BY_TABLE, ORIGIN_FIELDS_BY_TABLE, build_lookup_tables
from threepoint.merge.field_states import (
    derive_organisation_states,
    derive_process_states,
    find_unreadable_fields,
    find_withheld_fields,
    list_sources,
)
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.ocds_merge import History, merge_table, merge_table_with_removals, order_releases
from threepoint.merge.table_columns import conform_to_table
from threepoint.standard.code_lists import WITHHOLDING_GROUNDS
from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import HISTORY_TABLES, RELEASE_CONTENT_TABLES
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_process import ORGANISATION_NAME
from threepoint.standard.tables_totals import TOTAL_TABLES

MergeStep = Callable[[MergeContext], Rows]


def _make_table_step(table: TableDefinition, merge: Callable[..., Rows] = merge_table) -> MergeStep:
    at, first = ORIGIN_FIELDS_BY_TABLE.get(table.name, ()), FIRST_VALUE_FIELDS_BY_TABLE.get(table.name, ())
    return lambda world: merge(world.history, table, at=at, first=first)


def _make_scheme_step(name: str) -> MergeStep:
    return lambda world: schemes.build_scheme_tables(world["scheme_rows"])[name]


def _build_organisation_names(world: MergeContext) -> Rows:
    rows = world["spellings"].union(organisations.list_name_spellings(world["listed_bodies"]))
    return conform_to_table(rows.group_by("org_id", "name").agg(processes=rows.ocid.count()), ORGANISATION_NAME)


def _build_organisations(world: MergeContext) -> Rows:
    said = organisations.add_list_details(world["said"], world["listed_bodies"])
    return organisations.build_organisations(said, world["organisation_name"], world["held"])


# Of the whole history, before organisations have addresses.
IDENTITY_STEPS: dict[str, MergeStep] = {
    "body_pairs": lambda world: organisations.pair_identifiers(world.history),
    "identifiers": lambda world: organisations.select_identifiers(world.history),
}
# Of the whole history, now that they have: what is held, so that a process can say what of its own is not.
WHOLE_HISTORY_STEPS: dict[str, MergeStep] = {
    # Lists of payments, sales and plans belong to no process; their bodies are told apart by name.
    "sale": payments.build_sales,
    "listed_spend": payments.build_listed_payments,
    "register_entry": payments.build_register_entries,
    "pipeline_value": payments.build_plan_values,
    "pipeline_entry": payments.build_plans,
    "pipeline_cpv": payments.build_plan_codes,
    "listed_bodies": payments.list_listed_organisations,
    "held_keys": lambda world: organisations.list_party_organisations(world.history, world["addresses"]),
    "held": lambda world: organisations.list_known_organisations(world["held_keys"], world["listed_bodies"]),
    # Which notices a file no longer holds is told of the file, not of the process.
    "file_versions": vanished_notices.list_file_versions,
    "vanished_notice": vanished_notices.find_vanished_notices,
    "ocids": lambda world: world.history.tables["release"].select("ocid").distinct(),
}
# Of each process. What the snapshot keeps under its own name is a table of SDES.
PER_PROCESS_STEPS: dict[str, MergeStep] = {
    "bodies": lambda world: organisations.add_org_id_by_key(
        organisations.select_party_statements(world.history), world["addresses"]
    ),
    "party_keys": lambda world: organisations.map_party_keys(world["bodies"]),
    "said": lambda world: organisations.merge_party_details(
        world["bodies"], world.history.tables["party_classification"]
    ),
    "spellings": lambda world: organisations.list_name_spellings(world["bodies"]),
    "party_role": lambda world: organisations.build_party_roles(world["bodies"]),
    **{f"m_{table.name}": _make_table_step(table) for table in RELEASE_CONTENT_TABLES},
    "notice": lambda world: notices.build_notices(world.history),
    "stages": lambda world: notices.summarise_notices(world["notice"]),
    "buyers": contracts.find_buyers,
    "process_cpv": processes.build_cpv_codes,
    "bid_statistic": processes.build_bid_statistics,
    "process_bids": processes.select_process_bid_counts,
    "frameworks": processes.find_parent_frameworks,
    "withheld_information": lambda world: processes.build_withheld_information(world, WITHHOLDING_GROUNDS),
    "contracting_process": processes.build_processes,
    "lot": processes.build_lots,
    "bid": processes.build_bids,
    "related_process": processes.build_related_processes,
    "award_supplier": awards.build_award_suppliers,
    "award_repeats": awards.pair_repeated_awards,
    "award": awards.build_awards,
    "contract_supplier": contracts.build_contract_suppliers,
    "kpi_rows": delivery.select_kpi_rows,
    "observation_rows": delivery.select_observation_rows,
    "change": changes.build_changes,
    "contract": contracts.build_contracts,
    "milestone": delivery.build_milestones,
    "kpi": delivery.build_kpis,
    "observation": delivery.build_observations,
    "observation_dimension": delivery.build_observation_dimensions,
    "failure_event": delivery.build_failure_events,
    "spend": payments.build_notice_payments,
    "document": delivery.build_documents,
    "withheld_fields": find_withheld_fields,
    "unreadable_fields": find_unreadable_fields,
    **{
        f"{name}_state": derive_process_states(name)
        for name in ("contracting_process", "award", "contract", "milestone", "kpi")
    },
    "state_source": list_sources,
    "notice_revision": silent_edits.build_notice_revisions,
    "revised_field": silent_edits.build_revised_fields,
}
# Steps that run only where another table has a row.
TRIGGER_TABLE_BY_STEP = {"revised_field": "notice_revision", "vanished_notice": "file_versions"}
# The same for a history in which some release takes values of that table back, with an explicit null.
REMOVAL_STEPS: dict[str, MergeStep] = {
    f"m_{table.name}": _make_table_step(table, merge_table_with_removals) for table in RELEASE_CONTENT_TABLES
}
# Of all together: major projects, and organisations, which meet in many processes.
CROSS_PROCESS_STEPS: dict[str, MergeStep] = {
    "payment_total": payments.sum_payments,
    "scheme_rows": lambda world: schemes.prepare_scheme_rows(world.history.tables["gmpp_year"]),
    **{name: _make_scheme_step(name) for name in ("scheme", "scheme_identifier", "scheme_year", "cost_line")},
    "scheme_change": _make_scheme_step("change"),
    "scheme_state": _make_scheme_step("scheme_state"),
    "scheme_source": _make_scheme_step("scheme_source"),
    "organisation_name": _build_organisation_names,
    "organisation": _build_organisations,
    "organisation_state": derive_organisation_states,
}
STEPS_BY_SCOPE = {
    "identities": IDENTITY_STEPS,
    "known": WHOLE_HISTORY_STEPS,
    "each": PER_PROCESS_STEPS,
    "whole": CROSS_PROCESS_STEPS,
}
# From the snapshot's tables, once they are complete.
TOTAL_STEPS: dict[str, MergeStep] = {
    "organisation_role": totals.count_roles,
    "organisation_publisher": totals.list_publishers,
    "organisation_total": totals.add_up_lines,
    "repeated_line": totals.pair_repeated_lines,
}


def plan_steps() -> Iterator[tuple[str, str, Rows]]:
    """(scope, name, expression) of each step in order, over tables that are named but not there.

    The steps look up the tables of `subjects.seeds`, `addresses` (identifier, address: after IDENTITIES), `today` (as_of)
    and `sources` (source_id, name, place, parts: the files of the log in the order in which they were read, with how many
    parts of each could not be). In EACH, the history and `releases` are those of the processes at hand. For a history in which
    releases take values back, `taken_back` has other merges.
    """
    yield "identities", "releases", order_releases(declare_history_tables()["release"])
    world = _make_context()
    for scope, steps in STEPS_BY_SCOPE.items():
        for name, step in steps.items():
            made = step(world)
            yield scope, name, made
            world.made[name] = ibis.table(made.schema(), name=name)
    complete = MergeContext(world.history, {name: declare_table(table) for name, table in SDES_TABLES.items()})
    for name, step in TOTAL_STEPS.items():
        yield "totals", name, conform_to_table(step(complete), TOTAL_TABLES[name])


def plan_removal_steps() -> dict[str, Rows]:
    """The merges that stand in for those of `plan` where releases take values of their table back."""
    return {name: step(_make_context()) for name, step in REMOVAL_STEPS.items()}


def declare_table(table: TableDefinition) -> Rows:
    """A table of the standard that is named but not there."""
    return ibis.table(_build_schema(table), name=table.name)


def declare_today() -> ibis.Value:
    """The day the snapshot speaks for."""
    return _make_context().today


def declare_history_tables() -> dict[str, Rows]:
    """The history's tables, named but not there."""
    return {name: ibis.table(_build_schema(table), name=f"history_{name}") for name, table in HISTORY_TABLES.items()}


def _make_context() -> MergeContext:
    tables = declare_history_tables()
    return MergeContext(
        History(tables, ibis.table(order_releases(tables["release"]).schema(), name="releases")), _declare_inputs()
    )


def _declare_inputs() -> dict[str, Rows]:
    given = {
        name: {column: _infer_column_type(values) for column, values in columns.items()}
        for name, columns in build_lookup_tables().items()
    }
    given |= {"addresses": {"identifier": "string", "address": "string"}, "today": {"as_of": "date"}}
    given |= {"sources": {"source_id": "string", "name": "string", "place": "int64", "parts": "int64"}}
    return {name: ibis.table(columns, name=name) for name, columns in given.items()}


def _infer_column_type(values: list[object]) -> str:
    return "int64" if isinstance(values[0], int) else "string"


# Ibis types by type of the standard; those not named are text.
IBIS_TYPE_BY_FIELD_TYPE = {
    "integer": "int64", "number": "float64", "share": "float64", "money": "decimal(18, 2)", "boolean": "boolean",
    "date": "date", "timestamp": "timestamp('UTC')", "key": "int64",
}  # fmt: skip


def _build_schema(table: TableDefinition) -> dict[str, str]:
    return {field.name: IBIS_TYPE_BY_FIELD_TYPE.get(field.type, "string") for field in table.fields}
