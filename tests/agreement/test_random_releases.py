"""The merge equals ocdsmerge on random releases: absent and null values, replaced lists, nested arrays, no ids."""

import json
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.agreement.ocdsmerge_rules import RULES, key_releases, merge_by_ocdsmerge, merge_by_us
from tests.agreement.random_releases import RELEASE, put_nulls
from tests.agreement.reference_rows import is_published
from tests.size import bound_examples
from threepoint import pipeline
from threepoint.standard.history_tables import HISTORY_TABLES, RELEASE_CONTENT_TABLES

# By history table: fields of a release, the null in a later release, the column to check, and its value after the merge.
WHOLE = {
    "award": ({"awards": [{"id": "1", "value": {"amount": 5}}]}, {"awards": [{"id": "1", "value": None}]},
              "value_net", Decimal("5.00")),
    "process": ({"tender": {"id": "t", "title": "Roads"}}, {"tender": None}, "title", "Roads"),
    "award_supplier": ({"awards": [{"id": "1", "suppliers": [{"id": "s", "name": "Alpha"}]}]},
                       {"awards": [{"id": "1", "suppliers": None}]}, "name", "Alpha"),
    "milestone": ({"contracts": [{"id": "1", "implementation": {"milestones": [{"id": "m", "title": "Done"}]}}]},
                  {"contracts": [{"id": "1", "implementation": None}]}, "title", "Done"),
}  # fmt: skip


# No shrinking: each example loads and merges a store, so shrinking would take too long.
@settings(
    max_examples=bound_examples(25), phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.lists(st.builds(put_nulls, RELEASE, st.lists(st.integers(0, 99), max_size=2)), min_size=1, max_size=5))
def test_merge_of_random_releases_equals_ocdsmerge(releases):
    assert_merged_alike(releases)


@pytest.mark.parametrize("table", list(WHOLE))
def test_null_for_whole_object_or_list_removes_nothing(table):
    common = {"ocid": "ocds-213czf-1", "date": "2026-01-01T10:00:00Z", "tag": ["tender"]}
    published, nulled, column, expected = WHOLE[table]
    merged = assert_merged_alike([{**common, **published}, {**common, **nulled}])
    names = [field.name for field in HISTORY_TABLES[table].fields if is_published(field, HISTORY_TABLES[table])]
    values = [row[len(row) - len(names) :] for row in merged[table]]
    assert [dict(zip(names, row, strict=True))[column] for row in values] == [expected]


def assert_merged_alike(releases):
    """Merge the releases, assert that ocdsmerge gives the same rows, and return them."""
    texts = [json.dumps({**release, "id": f"r{number}"}).encode() for number, release in enumerate(releases)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "releases.jsonl"
        file.write_bytes(b"\n".join(texts) + b"\n")
        pipeline.load(Path(folder) / "store", [file])
        merged, order = merge_by_us(Path(folder) / "store")
    expected = merge_by_ocdsmerge(order, key_releases([(text, "release") for text in texts]), RULES)
    for table in RELEASE_CONTENT_TABLES:
        missing, extra = expected[table.name] - merged[table.name], merged[table.name] - expected[table.name]
        assert (missing, extra) == (Counter(), Counter()), table.name
    return merged
