"""The record of every thing, from the record store, equals what SQL over the tables says, list by list."""

import pytest

from tests.facts import plain
from threepoint import facts, pipeline, sample
from threepoint.standard.sdes import SDES

KINDS = ("contracting_process", "contract", "award", "organisation", "scheme", "spend", "sale", "pipeline_entry")


def differing(store, most):
    """How many things of each kind were looked at, and those whose records differ from the plain twin's."""
    counted, odd = {}, []
    with facts.open_snapshot(store) as snapshot:
        for kind in KINDS:
            key = SDES[kind].key[0]
            query = f'SELECT "{key}" FROM "{kind}" ORDER BY md5("{key}") LIMIT {most}'
            ids = [row[key] for row in snapshot.rows(query)]
            counted[kind] = len(ids)
            for ident in ids:
                thing = facts.find(snapshot, ident)
                assert (thing.kind, thing.id) == (kind, ident)
                if facts.record(snapshot, thing) != plain.record(snapshot, thing):
                    odd.append(ident)
    return counted, odd


def test_records_of_a_synthetic_world_are_those_of_the_plain_twin(tmp_path):
    sample.write(tmp_path / "world", 400, seed=5)
    store = tmp_path / "store"
    pipeline.load(store, [tmp_path / "world"])
    pipeline.build(store)
    counted, odd = differing(store, most=50)
    assert odd == []
    assert {kind for kind, number in counted.items() if number == 50} == {
        "contracting_process", "contract", "award", "organisation", "spend",
    }  # fmt: skip


@pytest.mark.slow
def test_records_of_all_real_data_are_those_of_the_plain_twin(shared, tmp_path):
    store = tmp_path / "store"
    pipeline.load(store, [shared / "data"])
    pipeline.build(store)
    counted, odd = differing(store, most=60)
    assert odd == []
    assert set(counted.values()) == {60}
