"""The record of every thing, from the record store, equals what SQL over the tables says, list by list."""

import pytest

from tests.size import pick_size
from tests.snapshot import reference_record
from threepoint.snapshot import open_snapshot, read_record, resolve_identifier
from threepoint.standard.sdes import SDES_TABLES

KINDS = ("contracting_process", "contract", "award", "organisation", "scheme", "spend", "sale", "pipeline_entry")


def find_differences(store, most):
    """How many things of each kind were looked at, and those whose records differ from the plain twin's."""
    counted, odd = {}, []
    with open_snapshot(store) as snapshot:
        for kind in KINDS:
            key = SDES_TABLES[kind].key[0]
            query = f'SELECT "{key}" FROM "{kind}" ORDER BY md5("{key}") LIMIT {most}'
            ids = [row[key] for row in snapshot.rows(query)]
            counted[kind] = len(ids)
            for ident in ids:
                thing = resolve_identifier(snapshot, ident)
                assert (thing.kind, thing.id) == (kind, ident)
                if read_record(snapshot, thing) != reference_record.read_record(snapshot, thing):
                    odd.append(ident)
    return counted, odd


def test_records_of_a_synthetic_world_are_those_of_the_plain_twin(synthetic_store):
    most = pick_size(6, 50)
    counted, odd = find_differences(synthetic_store, most)
    assert odd == []
    assert {kind for kind, number in counted.items() if number == most} == {
        "contracting_process", "contract", "award", "organisation", "spend",
    }  # fmt: skip


@pytest.mark.slow
def test_records_of_all_real_data_are_those_of_the_plain_twin(published_store):
    counted, odd = find_differences(published_store, most=pick_size(6, 60))
    assert odd == []
    assert set(counted.values()) == {pick_size(6, 60)}
