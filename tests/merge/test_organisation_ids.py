"""Which identifiers are one organisation: exact ones that meet, the best register first, and an address for ever."""

from hypothesis import given
from hypothesis import strategies as st

from threepoint.merge.organisation_ids import assign_org_ids, hash_org_key

PPON, COH, CHC, GOR, OTHER = "GB-PPON-PABC-1234-WXYZ", "GB-COH-01234567", "GB-CHC-123456", "GB-GOR-D9", "XI-IAN-77"

NAMES = st.sampled_from(
    [PPON, COH, CHC, GOR, OTHER, "GB-COH-07654321", "GB-PPON-PZZZ-9999-ZZZZ", "DK-CVR-1", "DK-CVR-2"]
)
PAIRS = st.lists(st.tuples(NAMES, NAMES), max_size=8)
SETS = st.lists(NAMES, max_size=9)


def test_the_best_register_gives_the_address():
    chain = [(GOR, CHC), (CHC, COH), (COH, PPON), (PPON, OTHER)]
    assert set(assign_org_ids([], chain, {}).values()) == {PPON}
    assert set(assign_org_ids([], chain[:2], {}).values()) == {COH}
    assert set(assign_org_ids([], chain[:1], {}).values()) == {CHC}
    assert assign_org_ids([GOR], [(GOR, OTHER)], {}) == {GOR: GOR, OTHER: GOR}


def test_another_register_alone_gives_org_and_a_hash():
    assert assign_org_ids([OTHER], [], {}) == {OTHER: hash_org_key(OTHER)}
    assert hash_org_key(OTHER) == "ORG-" + hash_org_key(OTHER)[4:]
    assert len(hash_org_key(OTHER)) == 16


def test_identifiers_that_never_meet_are_two_organisations():
    assert assign_org_ids([PPON, COH], [], {}) == {PPON: PPON, COH: COH}


def test_a_better_identifier_that_comes_later_is_an_alias():
    first = assign_org_ids([COH], [], {})
    assert assign_org_ids([COH, PPON], [(COH, PPON)], first) == {COH: COH, PPON: COH}


def test_two_frozen_addresses_that_meet_become_one_and_the_other_redirects():
    frozen = assign_org_ids([COH, PPON], [], {})
    assert assign_org_ids([COH, PPON], [(COH, PPON)], frozen) == {COH: PPON, PPON: PPON}


def test_what_was_frozen_stays_known_though_nothing_names_it_now():
    assert assign_org_ids([], [], {COH: PPON}) == {COH: PPON}


@given(SETS, PAIRS)
def test_assigning_again_changes_nothing(found, together):
    once = assign_org_ids(found, together, {})
    assert assign_org_ids(found, together, once) == once


@given(SETS, PAIRS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_read_does_not_matter(found, together, dice):
    others, turned = list(found), [pair[::-1] if dice.random() < 0.5 else pair for pair in together]
    dice.shuffle(others)
    dice.shuffle(turned)
    assert assign_org_ids(others, turned, {}) == assign_org_ids(found, together, {})


@given(SETS, PAIRS, SETS, PAIRS)
def test_an_address_once_given_changes_only_where_two_become_one(first, together, more, meeting):
    before = assign_org_ids(first, together, {})
    after = assign_org_ids([*first, *more], [*together, *meeting], before)
    given_before = set(before.values())
    for identifier, address in before.items():
        assert after[identifier] in given_before
        joined = {before[other] for other in before if after[other] == after[identifier]}
        assert after[identifier] == address or joined >= {address, after[identifier]}


@given(SETS, PAIRS)
def test_identifiers_have_one_address_exactly_when_a_chain_of_parties_joins_them(found, together):
    made = assign_org_ids(found, together, {})
    groups = [{name} for name in {*found, *(name for pair in together for name in pair)}]
    for one, other in together:
        touched = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    assert {frozenset(name for name in made if made[name] == address) for address in made.values()} == {
        frozenset(group) for group in groups
    }
