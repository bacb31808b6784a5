"""All published files together: rows read, items skipped, and no email address anywhere."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from threepoint import api
from threepoint.store.store_paths import StorePaths

ADDRESS_PATTERN = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\b")
ALLOWED_TEXTS = {"that @nhs.net"}  # a yearly report mentions the domain, but no person


def test_published_files_give_every_row(built):
    tables = api.status(built.root)["tables"]
    names = ("sale", "spend_line", "pipeline_entry", "gmpp_year", "register_entry")
    assert {name: tables[name] for name in names} == {
        "sale": 13492, "spend_line": 3974 + 272, "pipeline_entry": 671, "gmpp_year": 2356, "register_entry": 11002,
    }  # fmt: skip


def test_groups_are_counted_separately(built):
    groups = api.status(built.root)["groups"]
    assert groups["uk"] == {"releases": 614, "compiled": 1, "ocids": 579}
    assert {name: counts["rows"] for name, counts in groups.items() if "rows" in counts} == {
        "projects": 2356, "payments": 4246, "sales": 13492, "pipelines": 671, "registers": 11002,
    }  # fmt: skip


def test_published_files_have_known_skipped_items(built):
    status = api.status(built.root)
    assert status["quarantine"] == {"parts": 0, "sources": 0, "reasons": {}}
    assert status["skipped"] == {
        "JSON of another kind": 12,  # opinion: conversations, votes and their published results
        "JSON schema": 18,
        "OCDS extension": 8,
        "code list": 46,
        "linked release": 14,
        "list of OCDS extensions": 1,
        "release already loaded": 658,
        "table of another kind": 45,  # opinion, judging, survey, names, companies, roles and skills, header lines only
        "text": 4,  # three pages about the data, one about opinion
        "versioned release": 11,
    }


def find_addresses(folder: Path) -> set[str]:
    addresses: set[str] = set()
    for path in folder.rglob("*.parquet"):
        table = pq.read_table(path)
        texts = (text for column in table.columns if column.type == pa.string() for text in column.to_pylist())
        addresses |= {match[0] for text in texts if text and "@" in text for match in ADDRESS_PATTERN.finditer(text)}
    return addresses


def test_history_and_snapshot_have_no_email_address(built):
    paths = StorePaths(built.root)
    assert find_addresses(paths.history) | find_addresses(built.snapshot) <= ALLOWED_TEXTS
    assert not [path for path in paths.log.iterdir() if ADDRESS_PATTERN.search(path.read_text(encoding="utf-8"))]


def test_spend_has_payments_of_notices_and_of_lists(built):
    rows = built.ask("SELECT feed, count(*) AS n, count(contract_id) AS linked FROM spend GROUP BY ALL ORDER BY ALL")
    assert [(row["feed"], row["n"], row["linked"]) for row in rows] == [("25k", 4246, 0), ("uk8", 28, 28)]
    assert built.ask("SELECT count(*) AS n FROM spend WHERE feed = 'uk8' AND publisher IS NULL") == [{"n": 0}]
