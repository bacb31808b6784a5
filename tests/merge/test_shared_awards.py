"""Awards that two publishers published count once, and awards of which one notice uses the id several times."""

import pytest

from tests.merge.release_factory import (
    AT,
    CONTRACTS_FINDER,
    FIND_A_TENDER,
    World,
    load_and_build,
    make_money,
    make_party,
    make_release,
    read_drawing,
)

WORLD = World()
COLUMNS = "award_id also_published_as counted"


def make_award_notice(number, *awards, title="Laptops", form=FIND_A_TENDER):
    """Add a notice with a reference and awards (id, value, supplier, status), and return its ocid."""
    names = sorted({name for _, _, name, _ in awards})
    return WORLD.add(
        make_release(
            AT, "2026-03-11", tag="award", tender={"id": number, "title": title},
            parties=[make_party(name, name) for name in names],
            awards=[{"id": award, "status": status, "value": make_money(value), "suppliers": [{"id": name, "name": name}]}
                    for award, value, name, status in awards],
        ), form=form,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("shared") / "store", WORLD.releases)


EQUAL = [
    make_award_notice("PRO-1", ("1", 100, "Alder Ltd", "active"), form=CONTRACTS_FINDER),
    make_award_notice("pro-1 ", ("9", 100, "ALDER  Ltd", "active"), title="LAPTOPS"),
]


def test_award_on_two_publishers_counts_once(built):
    first, second = EQUAL
    assert [built.draw("award", ocid, COLUMNS) for ocid in EQUAL] == [
        [("…/awards/1", f"{second}/awards/9", "true")],
        [("…/awards/9", f"{first}/awards/1", "false")],
    ]
    failures = built.ask("SELECT subject_id FROM dq_result WHERE check_id = 'info-award-publishers' ORDER BY ALL")
    assert {row["subject_id"] for row in failures} >= {f"{first}/awards/1", f"{second}/awards/9"}


def make_pair(number, title="Laptops", value=100, supplier="Alder Ltd", other_number=None):
    """Add an award to each of two publishers, which differ in what is given, and return their ocids."""
    return [
        make_award_notice(number, ("1", 100, "Alder Ltd", "active"), form=CONTRACTS_FINDER),
        make_award_notice(other_number or number, ("1", value, supplier, "active"), title=title),
    ]


DIFFERENT = {
    "reference": make_pair("PRO-2", other_number="PRO-2B"),
    "title": make_pair("PRO-3", title="Laptops 2"),
    "value": make_pair("PRO-4", value=100.01),
    "supplier": make_pair("PRO-5", supplier="Birch Ltd"),
}


@pytest.mark.parametrize("difference", DIFFERENT)
def test_awards_that_differ_both_count(built, difference):
    assert [built.draw("award", ocid, COLUMNS) for ocid in DIFFERENT[difference]] == [[("…/awards/1", "", "true")]] * 2


WITHHELD = [
    make_award_notice("PRO-6", ("1", 100, "Redacted", "active"), form=CONTRACTS_FINDER),
    make_award_notice("PRO-6", ("1", 100, "Redacted", "active")),
]
SAME_PUBLISHER = [make_award_notice("PRO-7", ("1", 100, "Alder Ltd", "active")) for _ in range(2)]


@pytest.mark.parametrize("ocids", [WITHHELD, SAME_PUBLISHER], ids=["withheld", "same publisher"])
def test_awards_without_known_match_both_count(built, ocids):
    assert [built.draw("award", ocid, COLUMNS) for ocid in ocids] == [[("…/awards/1", "", "true")]] * 2


CANCELLED = [
    make_award_notice("PRO-8", ("1", 100, "Alder Ltd", "cancelled"), form=CONTRACTS_FINDER),
    make_award_notice("PRO-8", ("1", 100, "Alder Ltd", "active")),
]


def test_award_cancelled_on_other_publisher_counts(built):
    assert [built.draw("award", ocid, "counted") for ocid in CANCELLED] == [[("false",)], [("true",)]]


TWO_AND_ONE = [
    make_award_notice("PRO-9", ("1", 100, "Alder Ltd", "active"), form=CONTRACTS_FINDER),
    make_award_notice("PRO-9", ("1", 100, "Alder Ltd", "active"), ("2", 100, "Alder Ltd", "active")),
]


def test_second_equal_award_of_one_publisher_counts(built):
    assert [built.draw("award", ocid, "local_id counted") for ocid in TWO_AND_ONE] == [
        read_drawing("1 | true"),
        read_drawing("1 | false\n2 | true"),
    ]


SAME_ID = WORLD.add(
    make_release(AT, "2026-03-11", "UK6", tender={"title": "Three lots"},
                 awards=[{"id": "FWK-7", "relatedLots": [str(lot)], "value": make_money(lot)} for lot in (1, 2, 3)],
                 contracts=[{"id": "C", "awardID": "FWK-7", "value": make_money(lot)} for lot in (1, 2)]),
    make_release(AT, "2026-03-12", "UK6", tender={"title": "Three lots"}, awards=[{"id": "FWK-7", "status": "active"}]),
)  # fmt: skip


def test_id_that_one_notice_uses_several_times_is_reported(built):
    failures = built.ask("SELECT check_id, detail FROM dq_result WHERE check_id LIKE 'field-%-id' ORDER BY ALL")
    assert [(row["check_id"], row["detail"]) for row in failures] == [
        ("field-award-id", "One notice uses this id for several awards (number: 3), which may be mixed up here."),
        ("field-contract-id", "One notice uses this id for several contracts (number: 2), which may be mixed up here."),
    ]
    assert built.draw("award", EQUAL[0], "same_id_in_notice") == [("1",)]
