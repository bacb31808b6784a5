"""OC4IDS summaries of contracting processes: first value and period, changes with old and new values, final value."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from threepoint.publish.ocds_values import format_day, simplify_amount
from threepoint.standard.code_lists import STAGES_WITHOUT_RESULT
from threepoint.store import snapshot_tables

STATUS_BY_STAGE = {"planning": "pre-award", "tender": "pre-award", "award": "pre-award", "contract": "active",
          "ended": "closed", "contract_cancelled": "closed"} | dict.fromkeys(STAGES_WITHOUT_RESULT, "closed")  # fmt: skip
PROCUREMENT_METHODS = ("open", "selective", "limited", "direct")
SOURCE_TABLES = (
    "contracting_process",
    "contract",
    "contract_supplier",
    "organisation",
    "change",
    "scheme",
    "scheme_identifier",
)
_SCHEME_NAMES_SQL = "SELECT identifier AS name FROM scheme_identifier UNION SELECT scheme_id FROM scheme"
_LINKED_OCIDS_SQL = f"SELECT p.ocid FROM contracting_process p JOIN ({_SCHEME_NAMES_SQL}) ON p.scheme_id = name"

Rows = list[dict[str, Any]]


def read_linked_processes(source: Path) -> tuple[dict[str, Rows], dict[str, int]]:
    """Return contracting processes by the scheme identifier that they declare, and counts of processes by kind."""

    def query(sql: str) -> Rows:
        return snapshot_tables.query_tables(source, SOURCE_TABLES, sql)

    contracts = _group_rows(
        query(f"SELECT * FROM contract WHERE ocid IN ({_LINKED_OCIDS_SQL}) ORDER BY contract_id"), "ocid"
    )
    changes = _group_rows(query(f"SELECT g.* FROM change g JOIN contract c ON c.contract_id = g.subject_id"
                           f" WHERE c.ocid IN ({_LINKED_OCIDS_SQL}) ORDER BY g.date, change_id"), "subject_id")  # fmt: skip
    suppliers = _group_rows(query(f"SELECT c.ocid, s.org_id AS id, o.name FROM contract_supplier s JOIN contract c USING (contract_id)"
                             f" LEFT JOIN organisation o USING (org_id) WHERE c.ocid IN ({_LINKED_OCIDS_SQL})"
                             " ORDER BY ALL"), "ocid")  # fmt: skip
    processes: dict[str, Rows] = defaultdict(list)
    several = 0
    for process in query(f"SELECT * FROM contracting_process WHERE ocid IN ({_LINKED_OCIDS_SQL}) ORDER BY ocid"):
        ocid = process["ocid"]
        own_contracts = contracts.get(ocid, [])
        several += len(own_contracts) > 1
        entry = _build_process(process, own_contracts, changes, suppliers.get(ocid, []))
        processes[process["scheme_id"]].append(entry)
    declared = query("SELECT count(*) AS n FROM contracting_process WHERE scheme_id IS NOT NULL")[0]["n"]
    linked = sum(map(len, processes.values()))
    return processes, {
        "contracting_processes": linked,
        "processes_with_several_contracts": several,
        "processes_of_projects_not_held": declared - linked,
    }


def _group_rows(rows: Rows, column: str) -> dict[str, Rows]:
    groups: dict[str, Rows] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _build_process(
    process: dict[str, Any], contracts: Rows, changes: dict[str, Rows], suppliers: Rows
) -> dict[str, Any]:
    """Return one process. OC4IDS has a field for one contract's value only, so processes with several contracts have none."""
    closed = contracts and all(contract["phase"] in ("closed", "cancelled") for contract in contracts)
    status = "closed" if closed else "active" if contracts else STATUS_BY_STAGE.get(process["stage"])
    method = process["method"] if process["method"] in PROCUREMENT_METHODS else None
    summary: dict[str, Any] = {
        "ocid": process["ocid"],
        "title": process["title"],
        "description": process["description"],
        "status": status,
        "tender": {
            "procurementMethod": method,
            "procurementMethodDetails": process["method_details"],
            "costEstimate": _format_amount(process["estimate_net_first"], process["currency"]),
        },
        "suppliers": [{"id": row["id"], "name": row["name"]} for row in suppliers],
    }
    if len(contracts) == 1:
        summary |= _summarise_contract(contracts[0], changes.get(contracts[0]["contract_id"], []))
    synthetic = {"synthetic": True} if process["publisher_group"] == "synthetic" else {}
    entry: dict[str, Any] = remove_empty_values({"id": process["ocid"], "summary": summary, **synthetic})
    return entry


def _summarise_contract(contract: dict[str, Any], changes: Rows) -> dict[str, Any]:
    return {
        "contractValue": _format_amount(contract["value_net_first"], contract["currency_first"]),
        "contractPeriod": {
            "startDate": _format_day(contract["start_date"]),
            "endDate": _format_day(contract["end_first"], end=True),
        },
        "finalValue": _format_amount(contract["value_final"], contract["currency"]),
        "modifications": [_build_modification(change) for change in changes if change["type"] in ("value", "duration")],
    }


def _build_modification(change: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": change["change_id"],
        "date": _format_day(change["date"]),
        "rationale": change["reason"],
        "type": change["type"],
        "releaseID": change["release_id"],
        "oldContractValue": _format_amount(change["old_value"], change["old_currency"]),
        "newContractValue": _format_amount(change["new_value"], change["currency"]),
        "oldContractPeriod": {"endDate": _format_day(change["old_end"], end=True)},
        "newContractPeriod": {"endDate": _format_day(change["new_end"], end=True)},
    }


def _format_amount(value: Any, currency: str | None) -> dict[str, Any] | None:
    return None if value is None else {"amount": simplify_amount(value), "currency": currency}


def _format_day(value: date | None, *, end: bool = False) -> str | None:
    return format_day(value, end) if value else None


def remove_empty_values(value: Any) -> Any:
    """Copy a value without nulls, and without the objects and lists that are then empty."""
    if isinstance(value, dict):
        entries = {name: remove_empty_values(entry) for name, entry in value.items()}
        return {name: entry for name, entry in entries.items() if entry is not None and entry not in ({}, [])}
    if isinstance(value, list):
        return [remove_empty_values(entry) for entry in value if entry is not None]
    return value
