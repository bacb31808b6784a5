"""The merge equals ocdsmerge on every real OCDS file, path for path."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from ocdsmerge.rules import get_merge_rules

from tests.agreement.ocdsmerge_rules import RULES, key_releases, merge_by_ocdsmerge, merge_by_us
from threepoint.read.ocds.packages import RawRelease, split_document
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.history_tables import RELEASE_CONTENT_TABLES

# The one number in all files that is too large for a 64-bit column: 7.9e28 participants, in nine Welsh notices. The merge
# records it as invalid_value and leaves the column empty, so the reference does, too.
ABSURD = 2**63

# ocdsmerge warns of two objects with one id; the merge must treat them in the same way.
pytestmark = pytest.mark.filterwarnings("ignore::ocdsmerge.exceptions.DuplicateIdValueWarning")


def _list_documents(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*.json*") if not {"schema", "extensions"} & set(path.parts))
    assert len(paths) > 50
    return paths


def _list_releases(paths: list[Path]) -> list[tuple[bytes, str]]:
    releases = []
    for path in paths:
        data = path.read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError:
            data = data.decode("cp1252").encode()
        for text in data.splitlines() if path.suffix == ".jsonl" else [data]:
            releases += [(part.raw, part.kind) for part in split_document(text) if isinstance(part, RawRelease)]
    return releases


def _drop_addresses(rows: Counter) -> Counter:
    return Counter({tuple(_clean_value(value) for value in row): times for row, times in rows.items()})


def _clean_value(value: object) -> object:
    if isinstance(value, (int, Decimal)) and value >= ABSURD:
        return None
    return scrub_text(value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def rules(shared: Path) -> dict:
    schema = json.loads((shared / "data/ocds/schema/release-schema-1.1.json").read_text())
    return get_merge_rules(schema)


def test_short_list_of_rules_equals_schema(rules):
    assert {path: rules[path] for path in RULES} == RULES


def test_merge_of_real_files_equals_ocdsmerge(shared, rules, published_store):
    merged, order = merge_by_us(published_store)
    raws = key_releases(_list_releases(_list_documents(shared / "data" / "ocds")))
    expected = merge_by_ocdsmerge(order, raws, rules)
    assert sum(sum(rows.values()) for rows in merged.values()) > 9_000
    for table in RELEASE_CONTENT_TABLES:
        assert merged[table.name] == _drop_addresses(expected[table.name]), table.name
