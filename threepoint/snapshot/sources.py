"""The contents of a snapshot, counted by publisher."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threepoint.snapshot.cache import cache_result
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER, SYNTHETIC_GROUPS

# Registers of codes that a load recognises, and their purpose. Without a register, its codes have no names.
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
# Published lists other than notices: their group, and SQL for their lines by publisher.
_LIST_SOURCES_SQL = (
    ("payments", "SELECT publisher, count(*) AS n, max(\"date\") AS newest FROM spend WHERE feed = '25k' GROUP BY ALL"),
    ("sales", "SELECT publisher, count(*) AS n, max(month) AS newest FROM sale GROUP BY ALL"),
    ("plans", "SELECT publisher, count(*) AS n, NULL AS newest FROM pipeline_entry GROUP BY ALL"),
    ("projects", f"SELECT '{PORTFOLIO_PUBLISHER}' AS publisher, count(*) AS n, NULL AS newest FROM scheme_year"),
)

DATE_COLUMN_BY_TABLE = {"spend": "date", "sale": "month", "pipeline_entry": "published"}  # tables of lists' lines


@dataclass(frozen=True)
class PublisherSource:
    """A publisher: its releases, compiled releases, processes and contracts, or the lines of its lists."""

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
    """A short summary of a snapshot.

    `notices`: by publisher group. `lines`: number of lines of real lists by table, with their first and last year.
    `payments_made_up`: number of synthetic payments.
    """

    notices: dict[str, int]
    lines: dict[str, tuple[int, int | None, int | None]]
    payments_made_up: int


@dataclass(frozen=True)
class SnapshotSources:
    """The loaded data: publishers of notices, publishers of lists, registers with their lines, and everything left out."""

    sources: tuple[PublisherSource, ...]
    lists: tuple[PublisherSource, ...]
    registers: dict[str, int]
    files: int
    quarantined: int
    reasons: dict[str, int] | None  # None if the snapshot's manifest does not have them
    skipped: dict[str, int]


def summarise_snapshot(snapshot: Snapshot) -> SnapshotSummary:
    """Return a short summary of the snapshot, calculated once."""
    return cache_result(snapshot, "outline", lambda: _count_summary(snapshot))


def read_sources(snapshot: Snapshot) -> SnapshotSources:
    """Return the sources of the snapshot, calculated once."""
    return cache_result(snapshot, "holdings", lambda: _count_sources(snapshot))


def read_cpv_groups(snapshot: Snapshot) -> dict[str, str]:
    """Return the names of CPV divisions and groups by their first three digits; empty if no CPV register is loaded."""
    sql = "SELECT left(code, 3) AS code, name FROM register_entry WHERE register = 'cpv' AND code LIKE '___00000'"
    return cache_result(snapshot, "cpv groups", lambda: {row["code"]: row["name"] for row in snapshot.rows(sql)})


def _count_sources(snapshot: Snapshot) -> SnapshotSources:
    contracts = {row["publisher"]: row["n"] for row in snapshot.rows(_CONTRACT_COUNTS_SQL)}
    sources = [
        PublisherSource(contracts=contracts.get(row["publisher"], 0), **row)
        for row in snapshot.rows(_NOTICE_SOURCES_SQL)
    ]
    registers = snapshot.rows("SELECT register, count(*) AS n FROM register_entry GROUP BY ALL")
    entries = {row["register"]: row["n"] for row in registers}
    manifest = snapshot.manifest
    return SnapshotSources(
        tuple(sources),
        tuple(_count_list_sources(snapshot)),
        {name: entries.get(name, 0) for name in [*PURPOSE_BY_REGISTER, *sorted(entries.keys() - PURPOSE_BY_REGISTER)]},
        manifest.get("sources", 0),
        manifest.get("quarantined", 0),
        manifest.get("quarantine_reasons"),
        manifest.get("skipped", {}),
    )


def _count_summary(snapshot: Snapshot) -> SnapshotSummary:
    notices = snapshot.rows("SELECT publisher_group, count(*) AS n FROM notice GROUP BY ALL")
    synthetic = f"SELECT ocid FROM contracting_process WHERE publisher_group IN {SYNTHETIC_GROUPS}"
    (payments,) = snapshot.rows(f"SELECT count(*) AS n FROM spend WHERE ocid IN ({synthetic})")
    lines = {}
    for table, day in DATE_COLUMN_BY_TABLE.items():
        real = f" WHERE coalesce(ocid, '') NOT IN ({synthetic})" if table == "spend" else ""
        sql = f'SELECT count(*) AS n, year(min("{day}")) AS first, year(max("{day}")) AS last FROM "{table}"{real}'
        (row,) = snapshot.rows(sql)
        lines[table] = (row["n"], row["first"], row["last"])
    return SnapshotSummary({row["publisher_group"]: row["n"] for row in notices}, lines, payments["n"])


def _count_list_sources(snapshot: Snapshot) -> list[PublisherSource]:
    return [
        PublisherSource(row["publisher"] or "", group, lines=row["n"], newest=row["newest"])
        for group, sql in _LIST_SOURCES_SQL
        for row in sorted(snapshot.rows(sql), key=lambda row: str(row["publisher"]))
        if row["n"]
    ]
