"""Slow reference implementation of `read_record`: SQL over the tables, list by list."""

from datetime import date, datetime
from typing import Any

from threepoint.presentation.records import Fact, Record
from threepoint.snapshot.lookup import RecordReference
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER
from threepoint.standard.sdes import SDES_TABLES


def _join_sources(table: str, where: str = "t.ocid = $1") -> str:
    """Return SQL for awards or contracts with the notice and time of their value (value_notice …) and first value."""
    joins = "".join(
        f" LEFT JOIN field_state {alias} ON {alias}.\"table\" = '{table}' AND {alias}.key = t.{table}_id AND {alias}.field ="
        f" CASE WHEN t.value_net{suffix} IS NULL THEN 'value_gross{suffix}' ELSE 'value_net{suffix}' END"
        for alias, suffix in (("v", ""), ("f", "_first"))
    )
    sources = "v.notice_id AS value_notice, v.release_date AS value_on, f.notice_id AS first_notice, f.release_date AS first_on"
    return f"SELECT t.*, {sources} FROM {table} t{joins} WHERE {where}"


PROCESS = (
    "SELECT p.*, v.description AS cpv_text FROM contracting_process p"
    " LEFT JOIN process_cpv v ON v.ocid = p.ocid AND v.cpv = p.cpv_main"
)
# `stated_in` says if a milestone is from the contract's plan or its progress; `twin` is the same milestone in the other.
MILESTONES = """
WITH stated AS (
  SELECT *, substr(milestone_id, length(ocid || '/' || section) + 1) AS own,
    CASE section WHEN 'contracts/milestones' THEN 'plan' ELSE 'progress' END AS stated_in
  FROM milestone WHERE contract_id = $1
)
SELECT m.* EXCLUDE (own), t.milestone_id AS twin FROM stated m LEFT JOIN stated t
  ON t.own = m.own AND t.section <> m.section AND (t.title = m.title OR t.title IS NULL OR m.title IS NULL)
ORDER BY m.due_current, m.own, m.stated_in
"""
# Awards that another award repeats under a new id.
REPEATED = (
    "SELECT award_id FROM award WHERE superseded_by = $1 UNION SELECT repeats_award FROM award WHERE award_id = $1"
    " AND repeats_award IS NOT NULL"
)


def _sum_by(columns: str, table: str, owner: str, day: str) -> str:
    """Return SQL for totals by the other party: all lines, lines without an amount, and the sum without repeated lines."""
    return (
        f"SELECT {columns}, currency, min({day}) AS since, max({day}) AS until, count(*) AS lines,"
        " count(*) - count(amount) AS without_amount, sum(amount) AS amount,"
        " count(*) FILTER (WHERE possible_duplicate) AS duplicates,"
        " sum(amount) FILTER (WHERE NOT possible_duplicate) AS amount_once"
        f' FROM "{table}" WHERE {owner} = $1 GROUP BY ALL ORDER BY abs(sum(amount)) DESC NULLS LAST, other, currency, kind, other_org_id'
    )


# Lines with the same content as a line: those that it repeats, and those that repeat it.
_ALIKE = (
    "SELECT other.{1}, {2}, amount FROM {0} other JOIN (SELECT {1} AS own, coalesce(duplicate_of, {1}) AS first FROM {0}"
    " WHERE {1} = $1) ON coalesce(other.duplicate_of, other.{1}) = first AND other.{1} <> own ORDER BY other.{1}"
)

# Each field that a silent edit of a process changed.
_REVISED = (
    "SELECT t.* FROM revised_field t JOIN {0} s USING (ocid) WHERE s.{1} = $1"
    ' ORDER BY t.release_id, t.revision, t."table", t.object_id, t.field'
)

# Documents other than notices, with a title or a URL.
_DOCUMENTS = (
    "SELECT d.* FROM document d WHERE {} AND coalesce(title, url) IS NOT NULL AND NOT EXISTS (FROM notice n WHERE"
    " n.ocid = d.ocid AND n.url = d.url) ORDER BY date_published DESC NULLS LAST, section, parent_id, document_id"
)

# The lists of each kind of record: their name, and their query by the record's address.
BELOW: dict[str, dict[str, str]] = {
    "contracting_process": {
        "cpv": "SELECT * FROM process_cpv WHERE ocid = $1 ORDER BY is_main DESC, cpv",
        "awards": _join_sources("award") + " ORDER BY t.date, award_id",
        "contracts": _join_sources("contract") + " ORDER BY contract_id",
        "suppliers": "SELECT DISTINCT s.org_id, o.name FROM award_supplier s JOIN award a USING (award_id)"
        " JOIN organisation o USING (org_id) WHERE a.ocid = $1 AND s.current ORDER BY o.name",
        "buyer": "SELECT o.org_id, o.name FROM organisation o JOIN contracting_process p"
        " ON o.org_id = p.buyer_org_id WHERE p.ocid = $1",
        "changes": "SELECT * FROM change WHERE starts_with(subject_id, $1 || '/') ORDER BY date, change_id",
        "notices": "SELECT * FROM notice WHERE ocid = $1 ORDER BY date, release_id",
        "revisions": _REVISED.format("contracting_process", "ocid"),
        "withheld": "SELECT * FROM withheld_information WHERE ocid = $1 ORDER BY withheld_id",
        "lots": "SELECT * FROM lot WHERE ocid = $1 ORDER BY lot_id",
        "bids": "SELECT * FROM bid_statistic WHERE ocid = $1 ORDER BY lot_id, measure",
        "parties": "SELECT * FROM party_role WHERE ocid = $1 AND role NOT IN ('buyer', 'supplier') ORDER BY role, name, org_id",
        "related": "SELECT * FROM related_process WHERE ocid = $1 ORDER BY contract_id, relation_id",
        "documents": _DOCUMENTS.format("ocid = $1"),
        "payments": "SELECT * FROM spend WHERE ocid = $1 ORDER BY date, spend_id",
    },
    "contract": {
        "suppliers": "SELECT s.org_id, o.name FROM contract_supplier s JOIN organisation o USING (org_id)"
        " WHERE s.contract_id = $1 ORDER BY o.name",
        "buyer": "SELECT o.org_id, o.name FROM organisation o JOIN contracting_process p ON o.org_id = p.buyer_org_id"
        " JOIN contract c USING (ocid) WHERE c.contract_id = $1",
        "changes": "SELECT * FROM change WHERE subject_id = $1 ORDER BY date, change_id",
        "kpis": "SELECT * FROM kpi WHERE contract_id = $1 ORDER BY kpi_id",
        "observations": "SELECT * FROM observation WHERE contract_id = $1 ORDER BY period_end, obs_id",
        "milestones": MILESTONES,
        "failures": "SELECT * FROM failure_event WHERE contract_id = $1 ORDER BY decision_date, failure_id",
        "process": f"{PROCESS} JOIN contract c ON c.ocid = p.ocid WHERE c.contract_id = $1",
        "notices": "SELECT n.* FROM notice n JOIN contract c USING (ocid) WHERE c.contract_id = $1 ORDER BY n.date",
        "documents": _DOCUMENTS.format(
            "starts_with(section, 'contracts/') AND ocid || '/contracts/' || parent_id = $1"
        ),
        "revisions": _REVISED.format("contract", "contract_id"),
        "payments": "SELECT * FROM spend WHERE contract_id = $1 ORDER BY date, spend_id",
    },
    "award": {
        "suppliers": "SELECT s.org_id, o.name, s.current FROM award_supplier s JOIN organisation o USING (org_id)"
        " WHERE s.award_id = $1 ORDER BY s.current DESC, o.name",
        "buyer": "SELECT o.org_id, o.name FROM organisation o JOIN contracting_process p ON o.org_id = p.buyer_org_id"
        " JOIN award a USING (ocid) WHERE a.award_id = $1",
        "process": f"{PROCESS} JOIN award a ON a.ocid = p.ocid WHERE a.award_id = $1",
        "earlier": _join_sources("award", f"award_id IN ({REPEATED})") + " ORDER BY award_id",
        "changes": f"SELECT * FROM change WHERE subject_id = $1 OR subject_id IN ({REPEATED}) ORDER BY date, change_id",
        "notices": "SELECT n.* FROM notice n JOIN award a USING (ocid) WHERE a.award_id = $1 ORDER BY n.date",
        "revisions": _REVISED.format("award", "award_id"),
    },
    "scheme": {
        "years": "SELECT * FROM scheme_year WHERE scheme_id = $1 ORDER BY report_year",
        "changes": "SELECT * FROM change WHERE subject_id = $1 ORDER BY date, change_id",
        "identifiers": "SELECT * FROM scheme_identifier WHERE scheme_id = $1 ORDER BY first_year, identifier",
    },
    "organisation": {
        "identifiers": "SELECT * FROM organisation_identifier WHERE org_id = $1 ORDER BY identifier",
        "names": "SELECT * FROM organisation_name WHERE org_id = $1 ORDER BY processes DESC, name",
        "roles": "SELECT org_id, role, count(*) AS processes FROM party_role WHERE org_id = $1 GROUP BY ALL ORDER BY role",
        "paid": _sum_by(
            "payee_name AS other, payee_org_id AS other_org_id, feed AS kind", "spend", "payer_org_id", "date"
        ),
        "was paid": _sum_by(
            "payer_name AS other, payer_org_id AS other_org_id, feed AS kind", "spend", "payee_org_id", "date"
        ),
        "bought": _sum_by(
            "supplier_name AS other, supplier_org_id AS other_org_id, 'sale' AS kind", "sale", "customer_org_id",
            "month",
        ),
        "plans": "SELECT * FROM pipeline_entry WHERE body_org_id = $1 ORDER BY approach, entry_id",
        "sold": _sum_by(
            "customer_name AS other, customer_org_id AS other_org_id, 'sale' AS kind", "sale", "supplier_org_id",
            "month",
        ),
    },
    "spend": {
        "bodies": "SELECT o.org_id, o.name FROM organisation o JOIN spend s"
        " ON o.org_id IN (s.payer_org_id, s.payee_org_id) WHERE s.spend_id = $1 ORDER BY o.name",
        "alike": _ALIKE.format("spend", "spend_id", "payee_name, date"),
    },
    "sale": {
        "bodies": "SELECT o.org_id, o.name FROM organisation o JOIN sale s"
        " ON o.org_id IN (s.customer_org_id, s.supplier_org_id) WHERE s.sale_id = $1 ORDER BY o.name",
        "alike": _ALIKE.format("sale", "sale_id", "supplier_name, month"),
    },
    "pipeline_entry": {
        "values": "SELECT * FROM pipeline_value WHERE entry_id = $1 ORDER BY fy",
        "codes": "SELECT * FROM pipeline_cpv WHERE entry_id = $1 ORDER BY code",
        "bodies": "SELECT org_id, name FROM organisation JOIN pipeline_entry ON org_id = body_org_id WHERE entry_id = $1",
    },
}  # fmt: skip

_PUBLISHERS = {
    "contracting_process": "SELECT publisher, publisher_group FROM contracting_process WHERE ocid = $1",
    "contract": "SELECT publisher, publisher_group FROM contracting_process JOIN contract USING (ocid) WHERE contract_id = $1",
    "award": "SELECT publisher, publisher_group FROM contracting_process JOIN award USING (ocid) WHERE award_id = $1",
    "organisation": "SELECT string_agg(DISTINCT publisher, ', ' ORDER BY publisher) AS publisher,"
    " CASE WHEN bool_and(publisher_group IN ('synthetic', 'example')) THEN 'synthetic' ELSE '' END AS publisher_group"
    " FROM contracting_process JOIN party_role USING (ocid) WHERE org_id = $1",
    "spend": "SELECT s.publisher, coalesce(p.publisher_group, 'uk') AS publisher_group"
    " FROM spend s LEFT JOIN contracting_process p USING (ocid) WHERE spend_id = $1",
    "pipeline_entry": "SELECT publisher, 'uk' AS publisher_group FROM pipeline_entry WHERE entry_id = $1",
    "sale": "SELECT publisher, 'uk' AS publisher_group FROM sale WHERE sale_id = $1",
}
_PORTFOLIO = {"publisher": PORTFOLIO_PUBLISHER, "publisher_group": "uk"}


def read_record(snapshot: Snapshot, reference: RecordReference) -> Record:
    """Return the record that `resolve_identifier` found."""
    table = SDES_TABLES[reference.kind]
    row = snapshot.rows(f'SELECT * FROM "{reference.kind}" WHERE "{table.key[0]}" = $1', [reference.id])[0]
    states = _read_states(snapshot, reference)
    facts = {
        column.name: _make_fact(column, row, states.get(column.name))
        for column in table.fields
        if _is_own(column, table)
    }
    lists = {name: snapshot.rows(query, [reference.id]) for name, query in BELOW[reference.kind].items()}
    rows = snapshot.rows(_PUBLISHERS[reference.kind], [reference.id]) if reference.kind in _PUBLISHERS else []
    publisher = rows[0] if rows else _PORTFOLIO
    grade = _read_grade(snapshot, reference)
    return Record(
        reference.kind, reference.id, reference.title, publisher["publisher"] or "",
        publisher["publisher_group"] in ("synthetic", "example"), facts, lists, grade.get("grade"), grade.get("cap"),
    )  # fmt: skip


def _read_states(snapshot: Snapshot, reference: RecordReference) -> dict[str, dict[str, Any]]:
    rows = snapshot.rows('SELECT * FROM field_state WHERE "table" = $1 AND key = $2', [reference.kind, reference.id])
    return {row["field"]: row for row in rows}


def _read_grade(snapshot: Snapshot, reference: RecordReference) -> dict[str, Any]:
    rows = snapshot.rows(
        'SELECT grade, cap FROM coverage WHERE "table" = $1 AND key = $2', [reference.kind, reference.id]
    )
    return rows[0] if rows else {}


def _is_own(column: FieldDefinition, table: TableDefinition) -> bool:
    """Return False for columns that describe another column: its state, text or reason."""
    name, _, kind = column.name.rpartition("_")
    return kind not in ("state", "text", "reason") or name not in table.names


def _make_fact(column: FieldDefinition, row: dict[str, Any], state: dict[str, Any] | None) -> Fact:
    value = row[column.name]
    if state is None:  # only some fields have a traced state; the state of a Useful field may be in the row
        code = "not_reported" if value is None else "derived" if column.source.startswith("ours") else "observed"
        code = row.get(f"{column.name}_state") or code
        text, reason = row.get(f"{column.name}_text"), row.get(f"{column.name}_reason")
        detail = f"“{text}”: {reason}" if value is None and reason else ""
        return Fact(column.name, column.meaning, column.type, column.level, value, code, detail)
    released = state["release_date"]
    day = released.date() if isinstance(released, datetime) else released
    due: date | None = state["due_on"]
    return Fact(
        column.name, column.meaning, column.type, column.level, value, state["state"], state["detail"] or "", due,
        state["evidence_level"] or "", state["notice_id"] or "", day,
    )  # fmt: skip
