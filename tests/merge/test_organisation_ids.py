"""Organisation ids: exact identifiers that occur together share one id, from the best register, and keep it."""

from hypothesis import given
from hypothesis import strategies as st

from threepoint.merge.organisation_ids import assign_org_ids, hash_org_key

PPON, COH, CHC, GOR, OTHER = "GB-PPON-PABC-1234-WXYZ", "GB-COH-01234567", "GB-CHC-123456", "GB-GOR-D9", "XI-IAN-77"

NAMES = st.sampled_from(
    [PPON, COH, CHC, GOR, OTHER, "GB-COH-07654321", "GB-PPON-PZZZ-9999-ZZZZ", "DK-CVR-1", "DK-CVR-2"]
)
PAIRS = st.lists(st.tuples(NAMES, NAMES), max_size=8)
SETS = st.lists(NAMES, max_size=9)


def test_assign_org_ids_prefers_best_register():
    chain = [(GOR, CHC), (CHC, COH), (COH, PPON), (PPON, OTHER)]
    assert set(assign_org_ids([], chain, {}).values()) == {PPON}
    assert set(assign_org_ids([], chain[:2], {}).values()) == {COH}
    assert set(assign_org_ids([], chain[:1], {}).values()) == {CHC}
    assert assign_org_ids([GOR], [(GOR, OTHER)], {}) == {GOR: GOR, OTHER: GOR}


def test_assign_org_ids_hashes_other_registers():
    assert assign_org_ids([OTHER], [], {}) == {OTHER: hash_org_key(OTHER)}
    assert hash_org_key(OTHER) == "ORG-" + hash_org_key(OTHER)[4:]
    assert len(hash_org_key(OTHER)) == 16


def test_assign_org_ids_separates_unpaired_identifiers():
    assert assign_org_ids([PPON, COH], [], {}) == {PPON: PPON, COH: COH}


def test_assign_org_ids_keeps_id_when_better_identifier_arrives():
    first = assign_org_ids([COH], [], {})
    assert assign_org_ids([COH, PPON], [(COH, PPON)], first) == {COH: COH, PPON: COH}


def test_assign_org_ids_merges_frozen_ids_that_meet():
    frozen = assign_org_ids([COH, PPON], [], {})
    assert assign_org_ids([COH, PPON], [(COH, PPON)], frozen) == {COH: PPON, PPON: PPON}


def test_assign_org_ids_keeps_unused_frozen_ids():
    assert assign_org_ids([], [], {COH: PPON}) == {COH: PPON}


@given(SETS, PAIRS)
def test_assign_org_ids_is_idempotent(identifiers, pairs):
    ids = assign_org_ids(identifiers, pairs, {})
    assert assign_org_ids(identifiers, pairs, ids) == ids


@given(SETS, PAIRS, st.randoms(use_true_random=False))
def test_assign_org_ids_ignores_order(identifiers, pairs, dice):
    shuffled, shuffled_pairs = list(identifiers), [pair[::-1] if dice.random() < 0.5 else pair for pair in pairs]
    dice.shuffle(shuffled)
    dice.shuffle(shuffled_pairs)
    assert assign_org_ids(shuffled, shuffled_pairs, {}) == assign_org_ids(identifiers, pairs, {})


@given(SETS, PAIRS, SETS, PAIRS)
def test_assign_org_ids_changes_ids_only_when_merging(first, pairs, more_identifiers, more_pairs):
    before = assign_org_ids(first, pairs, {})
    after = assign_org_ids([*first, *more_identifiers], [*pairs, *more_pairs], before)
    ids_before = set(before.values())
    for identifier, address in before.items():
        assert after[identifier] in ids_before
        merged = {before[other] for other in before if after[other] == after[identifier]}
        assert after[identifier] == address or merged >= {address, after[identifier]}


@given(SETS, PAIRS)
def test_assign_org_ids_groups_connected_identifiers(identifiers, pairs):
    ids = assign_org_ids(identifiers, pairs, {})
    groups = [{name} for name in {*identifiers, *(name for pair in pairs for name in pair)}]
    for first, second in pairs:
        touched = [group for group in groups if first in group or second in group]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    assert {frozenset(name for name in ids if ids[name] == address) for address in ids.values()} == {
        frozenset(group) for group in groups
    }
