"""What a snapshot holds, counted by who published it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threepoint.snapshot.cache import cache_result
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER, SYNTHETIC_GROUPS

# Registers of codes that a load recognises, and what each is for. Without them codes stand without their words.
PURPOSE_BY_REGISTER = {"cpv": "words of CPV codes", "gb_gor": "government organisations", "gb_gor_short": "their abbreviations",
             "region": "regions", "country": "countries"}  # fmt: skip

_NOTICE_SOURCES_SQL = """
SELECT publisher, publisher_group AS "group", count(*) FILTER (WHERE kind = 'release') AS releases,
  count(*) FILTER (WHERE kind <> 'release') AS compiled, count(DISTINCT ocid) AS ocids,
  min("date") AS first, max("date") AS newest
FROM notice GROUP BY ALL ORDER BY ALL
"""
_CONTRACT_COUNTS_SQL = (
    "SELECT publisher, count(*) AS n FROM contract JOIN contracting_process USING (ocid) GROUP BY ALL"
)
# Lists that are no notices: their group, and their lines by publisher.
_LIST_SOURCES_SQL = (
    ("payments", "SELECT publisher, count(*) AS n, max(\"date\") AS newest FROM spend WHERE feed = '25k' GROUP BY ALL"),
    ("sales", "SELECT publisher, count(*) AS n, max(month) AS newest FROM sale GROUP BY ALL"),
    ("plans", "SELECT publisher, count(*) AS n, NULL AS newest FROM pipeline_entry GROUP BY ALL"),
    ("projects", f"SELECT '{PORTFOLIO_PUBLISHER}' AS publisher, count(*) AS n, NULL AS newest FROM scheme_year"),
)

DATE_COLUMN_BY_TABLE = {"spend": "date", "sale": "month", "pipeline_entry": "published"}  # of the lines of lists


@dataclass(frozen=True)
class PublisherSource:
    """One publisher: releases, compiled releases, processes and contracts of its notices, or the lines of its lists."""

    publisher: str
    group: str
    releases: int = 0
    compiled: int = 0
    ocids: int = 0
    contracts: int = 0
    lines: int = 0
    first: datetime | None = None
    newest: Any = None


@dataclass(frozen=True)
class SnapshotSummary:
    """What a snapshot holds in a line: notices by group of publishers; lines of lists that are real, by table, with the first and
    last year of theirs; and how many payments were made up.
    """

    notices: dict[str, int]
    lines: dict[str, tuple[int, int | None, int | None]]
    payments_made_up: int


@dataclass(frozen=True)
class SnapshotSources:
    """What was loaded: publishers of notices, publishers of lists, registers with their lines, and what was left out."""

    sources: tuple[PublisherSource, ...]
    lists: tuple[PublisherSource, ...]
    registers: dict[str, int]
    files: int
    quarantined: int
    reasons: dict[str, int] | None  # None where the snapshot does not say
    passed_over: dict[str, int]


def summarise_snapshot(snapshot: Snapshot) -> SnapshotSummary:
    """What the snapshot holds in a line, worked out once."""
    return cache_result(snapshot, "outline", lambda: _count_summary(snapshot))


def read_sources(snapshot: Snapshot) -> SnapshotSources:
    """What the snapshot was made from, worked out once."""
    return cache_result(snapshot, "holdings", lambda: _count_sources(snapshot))


def read_cpv_groups(snapshot: Snapshot) -> dict[str, str]:
    """The words of CPV divisions and groups by their first three digits, as the register says; empty where none is loaded."""
    words = "SELECT left(code, 3) AS code, name FROM register_entry WHERE register = 'cpv' AND code LIKE '___00000'"
    return cache_result(snapshot, "cpv groups", lambda: {row["code"]: row["name"] for row in snapshot.rows(words)})


def _count_sources(snapshot: Snapshot) -> SnapshotSources:
    contracts = {row["publisher"]: row["n"] for row in snapshot.rows(_CONTRACT_COUNTS_SQL)}
    sources = [
        PublisherSource(contracts=contracts.get(row["publisher"], 0), **row)
        for row in snapshot.rows(_NOTICE_SOURCES_SQL)
    ]
    held = snapshot.rows("SELECT register, count(*) AS n FROM register_entry GROUP BY ALL")
    entries = {row["register"]: row["n"] for row in held}
    told = snapshot.manifest
    return SnapshotSources(
        tuple(sources),
        tuple(_count_list_sources(snapshot)),
        {name: entries.get(name, 0) for name in [*PURPOSE_BY_REGISTER, *sorted(entries.keys() - PURPOSE_BY_REGISTER)]},
        told.get("sources", 0),
        told.get("quarantined", 0),
        told.get("quarantine_reasons"),
        told.get("passed_over", {}),
    )


def _count_summary(snapshot: Snapshot) -> SnapshotSummary:
    notices = snapshot.rows("SELECT publisher_group, count(*) AS n FROM notice GROUP BY ALL")
    made_up = f"SELECT ocid FROM contracting_process WHERE publisher_group IN {SYNTHETIC_GROUPS}"
    (payments,) = snapshot.rows(f"SELECT count(*) AS n FROM spend WHERE ocid IN ({made_up})")
    lines = {}
    for table, day in DATE_COLUMN_BY_TABLE.items():
        real = f" WHERE coalesce(ocid, '') NOT IN ({made_up})" if table == "spend" else ""
        told = f'SELECT count(*) AS n, year(min("{day}")) AS first, year(max("{day}")) AS last FROM "{table}"{real}'
        (row,) = snapshot.rows(told)
        lines[table] = (row["n"], row["first"], row["last"])
    return SnapshotSummary({row["publisher_group"]: row["n"] for row in notices}, lines, payments["n"])


def _count_list_sources(snapshot: Snapshot) -> list[PublisherSource]:
    return [
        PublisherSource(row["publisher"] or "", group, lines=row["n"], newest=row["newest"])
        for group, sql in _LIST_SOURCES_SQL
        for row in sorted(snapshot.rows(sql), key=lambda row: str(row["publisher"]))
        if row["n"]
    ]
