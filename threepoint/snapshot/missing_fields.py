"""Fields that were due but a publisher has not reported, each with the records that miss it, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from threepoint.snapshot.cache import cache_result
from threepoint.snapshot.coverage import EXPECTED_STATES_SQL, read_coverage
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE, NoticeField
from threepoint.standard.sdes import SDES_TABLES


@dataclass(frozen=True)
class RecordMissingField:
    """A record that misses a field: its kind, address, title, buyer and newest notice.

    `in_contract`: the record is an award, and a contract that followed from it reports the field.
    """

    kind: str
    id: str
    ocid: str
    title: str
    buyer_id: str
    buyer: str
    notice: str
    published: datetime | None
    due_on: date | None
    in_contract: bool


def list_missing_fields(snapshot: Snapshot, publisher: str) -> list[tuple[NoticeField, int]]:
    """Return the fields that a publisher has not reported, each with its number of records, in procurement order."""
    cells = read_coverage(snapshot).cells
    counted = [
        (field, cells[publisher, code].missing)
        for code, field in NOTICE_FIELD_BY_CODE.items()
        if (publisher, code) in cells
    ]
    return [(field, missing) for field, missing in counted if missing]


def has_several_buyers(snapshot: Snapshot, publisher: str) -> bool:
    """Return True if a publisher shows the notices of several buyers, as a national service does."""

    def count() -> dict[str, int]:
        sql = "SELECT publisher, count(DISTINCT buyer_org_id) AS n FROM contracting_process GROUP BY ALL"
        return {row["publisher"]: row["n"] for row in snapshot.rows(sql)}

    return cache_result(snapshot, "buyers of publishers", count).get(publisher, 0) > 1


def count_records_missing_field(snapshot: Snapshot, publisher: str, field: NoticeField, buyer: str) -> int:
    """Return how many records of a publisher miss a field; only those of `buyer` if it is given."""
    if not buyer:
        return dict(list_missing_fields(snapshot, publisher)).get(field, 0)
    query = f"SELECT count(*) AS n FROM {EXPECTED_STATES_SQL}{_NOT_REPORTED_WHERE_SQL} AND p.buyer_org_id = $4"
    return int(snapshot.rows(query, [publisher, field.table, field.name, buyer])[0]["n"])


def list_records_missing_field(
    snapshot: Snapshot, publisher: str, field: NoticeField, buyer: str, start: int, limit: int
) -> list[RecordMissingField]:
    """Return `limit` of the records that miss a field from `start` on, newest first; only those of `buyer` if given."""
    values = [publisher, field.table, field.name, *([buyer] if buyer else [])]
    buyer_filter = " AND p.buyer_org_id = $4" if buyer else ""
    rows = snapshot.rows(
        f"SELECT s.key, s.due_on, p.ocid, p.title, p.buyer_org_id, p.last_published, {_build_in_contract_sql(field)} AS in_contract"
        f" FROM {EXPECTED_STATES_SQL}{_NOT_REPORTED_WHERE_SQL}{buyer_filter}"
        f" ORDER BY p.last_published DESC NULLS LAST, s.key LIMIT {limit:d} OFFSET {start:d}",
        values,
    )
    return [_describe_record(snapshot, field, row) for row in rows]


def iterate_records_missing_field(
    snapshot: Snapshot, publisher: str, field: NoticeField, buyer: str = ""
) -> Iterator[RecordMissingField]:
    """Yield all records that miss a field, newest first, with the titles of their processes, from a single query."""
    buyer_filter = " AND p.buyer_org_id = $4" if buyer else ""
    sql = f"""SELECT s.key AS id, s.due_on, p.ocid, coalesce(p.title, '') AS title, coalesce(p.buyer_org_id, '') AS buyer_id,
  coalesce(o.name, '') AS buyer, coalesce(n.notice_id, '') AS notice, p.last_published AS published,
  {_build_in_contract_sql(field)} AS in_contract
FROM {EXPECTED_STATES_SQL} {_BUYER_AND_NOTICE_JOIN_SQL} {_NOT_REPORTED_WHERE_SQL}{buyer_filter}
ORDER BY p.last_published DESC NULLS LAST, s.key"""
    values = [publisher, field.table, field.name, *([buyer] if buyer else [])]
    for row in snapshot.rows(sql, values):
        yield RecordMissingField(kind=field.table, **row)


# Fields of an award, and the fields of a contract with the same meaning.
_CONTRACT_FIELD_BY_AWARD_FIELD = {"value_net": "value_net", "end_date": "end_current"}


def _build_in_contract_sql(field: NoticeField) -> str:
    """Return an SQL condition: a contract of the award `s.key` reports the field that the award misses."""
    column = _CONTRACT_FIELD_BY_AWARD_FIELD.get(field.name) if field.table == "award" else None
    return f"EXISTS (FROM contract c WHERE c.award_id = s.key AND c.{column} IS NOT NULL)" if column else "false"


_BUYER_AND_NOTICE_JOIN_SQL = """LEFT JOIN organisation AS o ON o.org_id = p.buyer_org_id
LEFT JOIN (SELECT ocid, max_by(notice_id, "date") AS notice_id FROM notice GROUP BY ocid) AS n ON n.ocid = p.ocid"""
_NOT_REPORTED_WHERE_SQL = """ WHERE s.state = 'not_reported' AND p.publisher = $1 AND s."table" = $2 AND s.field = $3"""


def _describe_record(snapshot: Snapshot, field: NoticeField, row: dict[str, Any]) -> RecordMissingField:
    records = snapshot.records
    record = next(iter(records.rows(field.table, **{SDES_TABLES[field.table].key[0]: row["key"]})), {})
    notices = sorted(records.rows("notice", ocid=row["ocid"]), key=lambda notice: str(notice["date"]))
    buyers = records.rows("organisation", org_id=row["buyer_org_id"])
    return RecordMissingField(
        kind=field.table,
        id=row["key"],
        ocid=row["ocid"],
        title=record.get("title") or row["title"] or "",
        buyer_id=row["buyer_org_id"] or "",
        buyer=str(buyers[0]["name"] or "") if buyers else "",
        notice=str(notices[-1]["notice_id"] or "") if notices else "",
        published=row["last_published"],
        due_on=row["due_on"],
        in_contract=row["in_contract"],
    )
