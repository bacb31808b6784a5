"""The steps of the merge in order: each builds one table from earlier ones. `build_plan` compiles them for an engine.

A process is merged from its own releases alone, so `PER_PROCESS_STEPS` may run for some processes at a time. Steps that
need the whole history run before (`IDENTITY_STEPS`, `WHOLE_HISTORY_STEPS`) and after (`CROSS_PROCESS_STEPS`).
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
    shared_awards,
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
from threepoint.merge.table_conformance import conform_to_table
from threepoint.standard.code_lists import WITHHOLDING_GROUNDS
from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import HISTORY_TABLES, RELEASE_CONTENT_TABLES
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_process import ORGANISATION_NAME
from threepoint.standard.tables_totals import TOTAL_TABLES

MergeStep = Callable[[MergeContext], Rows]


def _make_table_step(table: TableDefinition, merge: Callable[..., Rows] = merge_table) -> MergeStep:
    at, first = ORIGIN_FIELDS_BY_TABLE.get(table.name, ()), FIRST_VALUE_FIELDS_BY_TABLE.get(table.name, ())
    return lambda context: merge(context.history, table, at=at, first=first)


def _make_scheme_step(name: str) -> MergeStep:
    return lambda context: schemes.build_scheme_tables(context["scheme_rows"])[name]


def _build_organisation_names(context: MergeContext) -> Rows:
    rows = context["spellings"].union(organisations.list_name_spellings(context["listed_bodies"]))
    return conform_to_table(rows.group_by("org_id", "name").agg(processes=rows.ocid.count()), ORGANISATION_NAME)


def _build_organisations(context: MergeContext) -> Rows:
    details = organisations.add_list_details(context["party_details"], context["listed_bodies"])
    return organisations.build_organisations(details, context["organisation_name"], context["known_organisations"])


# Over the whole history, before organisations have ids.
IDENTITY_STEPS: dict[str, MergeStep] = {
    "body_pairs": lambda context: organisations.pair_identifiers(context.history),
    "identifiers": lambda context: organisations.select_identifiers(context.history),
}
# Over the whole history, after organisations have ids: the known organisations and processes, so that the steps of a
# process can mark references to unknown ones.
WHOLE_HISTORY_STEPS: dict[str, MergeStep] = {
    # Lists of payments, sales and plans belong to no process; their organisations are identified by name.
    "sale": payments.build_sales,
    "listed_spend": payments.build_listed_payments,
    "register_entry": payments.build_register_entries,
    "pipeline_value": payments.build_plan_values,
    "pipeline_entry": payments.build_plans,
    "pipeline_cpv": payments.build_plan_codes,
    "listed_bodies": payments.list_listed_organisations,
    "party_organisations": lambda context: organisations.list_party_organisations(
        context.history, context["addresses"]
    ),
    "known_organisations": lambda context: organisations.list_known_organisations(
        context["party_organisations"], context["listed_bodies"]
    ),
    # Vanished notices belong to a file, not to a process.
    "file_versions": vanished_notices.list_file_versions,
    "vanished_notice": vanished_notices.find_vanished_notices,
    "shared_awards": shared_awards.find_shared_awards,
    "ocids": lambda context: context.history.tables["release"].select("ocid").distinct(),
}
# Per process. A step whose name is a table of SDES builds that table of the snapshot.
PER_PROCESS_STEPS: dict[str, MergeStep] = {
    "bodies": lambda context: organisations.add_org_id_by_key(
        organisations.select_party_statements(context.history), context["addresses"]
    ),
    "party_keys": lambda context: organisations.map_party_keys(context["bodies"]),
    "party_details": lambda context: organisations.merge_party_details(
        context["bodies"], context.history.tables["party_classification"]
    ),
    "spellings": lambda context: organisations.list_name_spellings(context["bodies"]),
    "party_role": lambda context: organisations.build_party_roles(context["bodies"]),
    **{f"m_{table.name}": _make_table_step(table) for table in RELEASE_CONTENT_TABLES},
    "notice": lambda context: notices.build_notices(context.history),
    "stages": lambda context: notices.summarise_notices(context["notice"]),
    "buyers": contracts.find_buyers,
    "process_cpv": processes.build_cpv_codes,
    "bid_statistic": processes.build_bid_statistics,
    "process_bids": processes.select_process_bid_counts,
    "frameworks": processes.find_parent_frameworks,
    "withheld_information": lambda context: processes.build_withheld_information(context, WITHHOLDING_GROUNDS),
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
# Replacements for a history in which a release removes values of that table, with an explicit null.
REMOVAL_STEPS: dict[str, MergeStep] = {
    f"m_{table.name}": _make_table_step(table, merge_table_with_removals) for table in RELEASE_CONTENT_TABLES
}
# Over all processes: totals of payments, major projects, and organisations, which occur in many processes.
CROSS_PROCESS_STEPS: dict[str, MergeStep] = {
    "payment_total": payments.sum_payments,
    "scheme_rows": lambda context: schemes.prepare_scheme_rows(context.history.tables["gmpp_year"]),
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
# From the complete tables of the snapshot.
TOTAL_STEPS: dict[str, MergeStep] = {
    "organisation_role": totals.count_roles,
    "organisation_publisher": totals.list_publishers,
    "organisation_total": totals.add_up_lines,
    "repeated_line": totals.pair_repeated_lines,
}


def plan_steps() -> Iterator[tuple[str, str, Rows]]:
    """Yield (scope, name, expression) of each step in order, over unbound tables.

    The steps use the tables of `build_lookup_tables`, `addresses` (identifier, address: known after IDENTITY_STEPS),
    `today` (as_of) and `sources` (source_id, name, place, parts: the files in the order in which they were read, with the
    number of parts that could not be read). In PER_PROCESS_STEPS, the history and `releases` are those of the current
    processes. If releases remove values, use the merges of `plan_removal_steps`.
    """
    yield "identities", "releases", order_releases(declare_history_tables()["release"])
    context = _make_context()
    for scope, steps in STEPS_BY_SCOPE.items():
        for name, step in steps.items():
            expression = step(context)
            yield scope, name, expression
            context.tables[name] = ibis.table(expression.schema(), name=name)
    complete = MergeContext(context.history, {name: declare_table(table) for name, table in SDES_TABLES.items()})
    for name, step in TOTAL_STEPS.items():
        yield "totals", name, conform_to_table(step(complete), TOTAL_TABLES[name])


def plan_removal_steps() -> dict[str, Rows]:
    """Return the merges that replace those of `plan_steps` for tables of which releases remove values."""
    return {name: step(_make_context()) for name, step in REMOVAL_STEPS.items()}


def declare_table(table: TableDefinition) -> Rows:
    """Return an unbound table with the name and columns of a table of the standard."""
    return ibis.table(_build_schema(table), name=table.name)


def declare_today() -> ibis.Value:
    """Return the expression for the date of the snapshot."""
    return _make_context().today


def declare_history_tables() -> dict[str, Rows]:
    """Return the history's tables as unbound tables, by name."""
    return {name: ibis.table(_build_schema(table), name=f"history_{name}") for name, table in HISTORY_TABLES.items()}


def _make_context() -> MergeContext:
    tables = declare_history_tables()
    return MergeContext(
        History(tables, ibis.table(order_releases(tables["release"]).schema(), name="releases")), _declare_inputs()
    )


def _declare_inputs() -> dict[str, Rows]:
    columns_by_table = {
        name: {column: _infer_column_type(values) for column, values in columns.items()}
        for name, columns in build_lookup_tables().items()
    }
    columns_by_table |= {"addresses": {"identifier": "string", "address": "string"}, "today": {"as_of": "date"}}
    columns_by_table |= {"sources": {"source_id": "string", "name": "string", "place": "int64", "parts": "int64"}}
    return {name: ibis.table(columns, name=name) for name, columns in columns_by_table.items()}


def _infer_column_type(values: list[object]) -> str:
    return "int64" if isinstance(values[0], int) else "string"


# Ibis types by type of the standard; all other types are text.
IBIS_TYPE_BY_FIELD_TYPE = {
    "integer": "int64", "number": "float64", "share": "float64", "money": "decimal(18, 2)", "boolean": "boolean",
    "date": "date", "timestamp": "timestamp('UTC')", "key": "int64",
}  # fmt: skip


def _build_schema(table: TableDefinition) -> dict[str, str]:
    return {field.name: IBIS_TYPE_BY_FIELD_TYPE.get(field.type, "string") for field in table.fields}
