"""On random releases, too, the merged layer equals ocdsmerge: absent, null, replaced lists, nested arrays, no ids."""

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

# By history table: what a release says, the null that a later one puts in its place, and the value that stands.
WHOLE = {
    "award": ({"awards": [{"id": "1", "value": {"amount": 5}}]}, {"awards": [{"id": "1", "value": None}]},
              "value_net", Decimal("5.00")),
    "process": ({"tender": {"id": "t", "title": "Roads"}}, {"tender": None}, "title", "Roads"),
    "award_supplier": ({"awards": [{"id": "1", "suppliers": [{"id": "s", "name": "Alpha"}]}]},
                       {"awards": [{"id": "1", "suppliers": None}]}, "name", "Alpha"),
    "milestone": ({"contracts": [{"id": "1", "implementation": {"milestones": [{"id": "m", "title": "Done"}]}}]},
                  {"contracts": [{"id": "1", "implementation": None}]}, "title", "Done"),
}  # fmt: skip


# No shrinking: each try loads and merges a store, so a failure is reported as it was found.
@settings(
    max_examples=bound_examples(25), phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.lists(st.builds(put_nulls, RELEASE, st.lists(st.integers(0, 99), max_size=2)), min_size=1, max_size=5))
def test_the_merged_layer_equals_ocdsmerge(releases):
    assert_merged_alike(releases)


@pytest.mark.parametrize("table", list(WHOLE))
def test_null_on_a_whole_object_or_list_takes_nothing_back(table):
    common = {"ocid": "ocds-213czf-1", "date": "2026-01-01T10:00:00Z", "tag": ["tender"]}
    said, nulled, column, kept = WHOLE[table]
    mine = assert_merged_alike([{**common, **said}, {**common, **nulled}])
    names = [field.name for field in HISTORY_TABLES[table].fields if is_published(field, HISTORY_TABLES[table])]
    values = [row[len(row) - len(names) :] for row in mine[table]]
    assert [dict(zip(names, row, strict=True))[column] for row in values] == [kept]


def assert_merged_alike(releases):
    """Our merged layer of the releases, equal to ocdsmerge's."""
    texts = [json.dumps({**release, "id": f"r{number}"}).encode() for number, release in enumerate(releases)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "releases.jsonl"
        file.write_bytes(b"\n".join(texts) + b"\n")
        pipeline.load(Path(folder) / "store", [file])
        mine, order = merge_by_us(Path(folder) / "store")
    oracle = merge_by_ocdsmerge(order, key_releases([(text, "release") for text in texts]), RULES)
    for table in RELEASE_CONTENT_TABLES:
        missing, extra = oracle[table.name] - mine[table.name], mine[table.name] - oracle[table.name]
        assert (missing, extra) == (Counter(), Counter()), table.name
    return mine
