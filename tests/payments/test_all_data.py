"""All published files at once: what is read of them, what is passed over, and that no e-mail address comes through."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from threepoint import api
from threepoint.store.store_paths import StorePaths

ADDRESS = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\b")
SPOKEN = {"that @nhs.net"}  # a sentence of a yearly report names the domain, and no one at it


def test_every_line_of_every_list_is_read(built):
    tables = api.status(built.root)["tables"]
    wanted = ("sale", "spend_line", "pipeline_entry", "gmpp_year", "register_entry")
    assert {name: tables[name] for name in wanted} == {
        "sale": 13492, "spend_line": 3974 + 272, "pipeline_entry": 671, "gmpp_year": 2356, "register_entry": 11002,
    }  # fmt: skip


def test_groups_are_counted_apart(built):
    groups = api.status(built.root)["groups"]
    assert groups["uk"] == {"releases": 614, "compiled": 1, "ocids": 579}
    assert {name: found["rows"] for name, found in groups.items() if "rows" in found} == {
        "projects": 2356, "payments": 4246, "sales": 13492, "pipelines": 671, "registers": 11002,
    }  # fmt: skip


def test_nothing_is_quarantined_and_what_is_passed_over_is_known(built):
    told = api.status(built.root)
    assert told["quarantine"] == {"parts": 0, "sources": 0, "reasons": {}}
    assert told["passed_over"] == {
        "JSON of another kind": 12,  # opinion: conversations, votes and their published results
        "JSON schema": 18,
        "OCDS extension": 8,
        "code list": 46,
        "linked release": 14,
        "list of OCDS extensions": 1,
        "release already held": 658,
        "table of another kind": 44,  # opinion, judging, survey, names, companies, roles and skills, header lines alone
        "text": 5,  # three pages about the data, one about opinion, and a list of numbers of unknown buyers
        "versioned release": 11,
    }


def find_addresses(folder: Path) -> set[str]:
    found: set[str] = set()
    for path in folder.rglob("*.parquet"):
        table = pq.read_table(path)
        texts = (text for column in table.columns if column.type == pa.string() for text in column.to_pylist())
        found |= {match[0] for text in texts if text and "@" in text for match in ADDRESS.finditer(text)}
    return found


def test_no_e_mail_address_is_anywhere_in_history_or_snapshot(built):
    layout = StorePaths(built.root)
    assert find_addresses(layout.history) | find_addresses(built.snapshot) <= SPOKEN
    assert not [path for path in layout.log.iterdir() if ADDRESS.search(path.read_text(encoding="utf-8"))]


def test_payments_of_notices_and_of_lists_stand_in_one_table(built):
    rows = built.ask("SELECT feed, count(*) AS n, count(contract_id) AS linked FROM spend GROUP BY ALL ORDER BY ALL")
    assert [(row["feed"], row["n"], row["linked"]) for row in rows] == [("25k", 4246, 0), ("uk8", 28, 28)]
    assert built.ask("SELECT count(*) AS n FROM spend WHERE feed = 'uk8' AND publisher IS NULL") == [{"n": 0}]
