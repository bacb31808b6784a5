"""Records from the record store equal those of the SQL reference implementation, list by list."""

import pytest

from tests.size import pick_size
from tests.snapshot import reference_record
from threepoint.snapshot import open_snapshot, read_record, resolve_identifier
from threepoint.standard.sdes import SDES_TABLES

KINDS = ("contracting_process", "contract", "award", "organisation", "scheme", "spend", "sale", "pipeline_entry")


def find_differences(store, limit):
    """Return how many records of each kind were compared, and the ids of those that differ from the reference."""
    counts, differing = {}, []
    with open_snapshot(store) as snapshot:
        for kind in KINDS:
            key = SDES_TABLES[kind].key[0]
            query = f'SELECT "{key}" FROM "{kind}" ORDER BY md5("{key}") LIMIT {limit}'
            ids = [row[key] for row in snapshot.rows(query)]
            counts[kind] = len(ids)
            for record_id in ids:
                reference = resolve_identifier(snapshot, record_id)
                assert (reference.kind, reference.id) == (kind, record_id)
                if read_record(snapshot, reference) != reference_record.read_record(snapshot, reference):
                    differing.append(record_id)
    return counts, differing


def test_read_record_equals_sql_synthetic_data(synthetic_store):
    limit = pick_size(6, 50)
    counts, differing = find_differences(synthetic_store, limit)
    assert differing == []
    assert {kind for kind, count in counts.items() if count == limit} == {
        "contracting_process", "contract", "award", "organisation", "spend",
    }  # fmt: skip


@pytest.mark.slow
def test_read_record_equals_sql_published_data(published_store):
    counts, differing = find_differences(published_store, limit=pick_size(6, 60))
    assert differing == []
    assert set(counts.values()) == {pick_size(6, 60)}
