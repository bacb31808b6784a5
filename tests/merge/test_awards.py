"""Awards: a correction that comes under a new number is one award; several awards of one notice are several."""

import pytest

from tests.merge.release_factory import (
    AT,
    CONTRACTS_FINDER,
    Built,
    World,
    load_and_build,
    make_money,
    make_party,
    make_release,
    read_drawing,
)

WORLD = World(form=CONTRACTS_FINDER)
SEDDON = {"id": "GB-CFS-1", "name": "Seddon Construction Limited"}
OTHER = {"id": "GB-CFS-2", "name": "Bricks Ltd"}
COLUMNS = "local_id value_net superseded_award superseded_by counted"


def make_award(local, value, *suppliers, date="2026-01-31T00:00:00Z", status="active", **fields):
    """An award to suppliers."""
    return {
        "id": local, "date": date, "status": status, "value": make_money(value), "suppliers": list(suppliers),
        **fields,
    }  # fmt: skip


def make_notice(ocid, when, *awards, **sections):
    """An award notice that repeats the parties it names."""
    named = {body["id"]: body for each in awards for body in each["suppliers"]}
    return make_release(
        ocid, when, awards=list(awards), parties=[make_party(**_name_party(body)) for body in named.values()],
        **sections,
    )  # fmt: skip


def _name_party(body):
    return {"ident": body["id"], "name": body["name"]}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("awards") / "store", WORLD.releases)


CORRECTED = WORLD.add(
    make_notice(AT, "2026-03-11T12:21:44Z", make_award("1", 18_848_731, SEDDON)),
    make_notice(AT, "2026-03-11T12:27:50Z", make_award("2", 188_487, SEDDON)),
)


@pytest.mark.quirk("Q1.43")
def test_an_award_repeated_under_a_new_number_is_kept_flagged_and_counted_once(built):
    assert built.draw("award", CORRECTED, COLUMNS) == read_drawing("""
        1 | 18848731.00 | true  | …/awards/2 | false
        2 | 188487.00   | false |            | true
    """)


def test_a_correction_is_a_change_with_old_and_new(built):
    columns = "subject_id type currency old_value new_value date notice_id notified"
    assert built.draw("change", CORRECTED, columns) == read_drawing(
        """
        …/awards/2 | superseded | GBP | 18848731.00 | 188487.00 | 2026-03-11 | 0001-2026-03-11T12:21:44 | false
    """.replace("12:21:44", "12:27:50")
    )


ALONE = WORLD.add(make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), make_award("2", 200, SEDDON)))


def test_several_awards_of_one_notice_are_several(built):
    assert built.draw("award", ALONE, COLUMNS) == read_drawing("""
        1 | 100.00 | false | | true
        2 | 200.00 | false | | true
    """)


AGAIN_TOGETHER = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), make_award("2", 200, SEDDON)),
    make_notice(AT, "2026-03-12", make_award("1", 100, SEDDON), make_award("2", 250, SEDDON)),
)


def test_a_newer_notice_under_the_same_numbers_supersedes_nothing(built):
    assert built.draw("award", AGAIN_TOGETHER, COLUMNS) == read_drawing("""
        1 | 100.00 | false | | true
        2 | 250.00 | false | | true
    """)
    assert built.draw("change", AGAIN_TOGETHER, "subject_id type old_value new_value") == read_drawing("""
        …/awards/2 | correction | 200.00 | 250.00
    """)
    assert built.draw("award", AGAIN_TOGETHER, "local_id value_net_first") == read_drawing("1 | 100.00\n2 | 200.00")


OTHER_DATE = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON)),
    make_notice(AT, "2026-03-12", make_award("2", 100, SEDDON, date="2026-02-01")),
)
OTHER_SUPPLIER = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON)),
    make_notice(AT, "2026-03-12", make_award("2", 100, OTHER)),
)
ONE_MORE_SUPPLIER = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON)),
    make_notice(AT, "2026-03-12", make_award("2", 100, OTHER, SEDDON)),
)
NO_DATE = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON, date="")),
    make_notice(AT, "2026-03-12", make_award("2", 100, SEDDON, date="")),
)
for each in WORLD.releases[-2:]:
    del each["awards"][0]["date"]


@pytest.mark.parametrize("ocid", [OTHER_DATE, OTHER_SUPPLIER, ONE_MORE_SUPPLIER, NO_DATE])
def test_another_date_or_supplier_is_another_award(built, ocid):
    assert built.draw("award", ocid, COLUMNS) == read_drawing("""
        1 | 100.00 | false | | true
        2 | 100.00 | false | | true
    """)


TWICE_CORRECTED = WORLD.add(
    *(make_notice(AT, f"2026-03-1{n}", make_award(str(n), n * 100, SEDDON)) for n in (1, 2, 3)),
)


def test_of_two_corrections_the_newest_award_counts(built):
    assert built.draw("award", TWICE_CORRECTED, COLUMNS) == read_drawing("""
        1 | 100.00 | true  | …/awards/3 | false
        2 | 200.00 | true  | …/awards/3 | false
        3 | 300.00 | false |            | true
    """)
    assert built.draw("award", TWICE_CORRECTED, "local_id repeats_award") == read_drawing(
        "1 |\n2 | …/awards/1\n3 | …/awards/1"
    )


def test_each_correction_is_a_step_from_the_one_before(built):
    columns = "subject_id old_value new_value old_end change_id"
    assert built.draw("change", TWICE_CORRECTED, columns) == read_drawing("""
        …/awards/2 | 100.00 | 200.00 | | …/awards/2/changes/superseded/1
        …/awards/3 | 200.00 | 300.00 | | …/awards/3/changes/superseded/2
    """)


REISSUED = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), make_award("2", 200, SEDDON)),
    make_notice(
        AT, "2026-03-12", make_award("4", 200, SEDDON, contractPeriod={"endDate": "2027-01-31"}),
        make_award("3", 100, SEDDON),
    ),
)  # fmt: skip


def test_a_whole_notice_under_new_numbers_repeats_each_award_by_the_one_of_equal_value(built):
    assert built.draw("award", REISSUED, "local_id superseded_by repeats_award") == read_drawing("""
        1 | …/awards/3 |
        2 | …/awards/4 |
        3 |            | …/awards/1
        4 |            | …/awards/2
    """)
    assert built.draw("change", REISSUED, "subject_id old_value new_value old_end new_end") == read_drawing("""
        …/awards/3 | 100.00 | 100.00 | |
        …/awards/4 | 200.00 | 200.00 | | 2027-01-31
    """)


MERGED = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), make_award("2", 200, SEDDON)),
    make_notice(AT, "2026-03-12", make_award("3", 300, SEDDON)),
)


def test_two_awards_repeated_by_one_are_two_changes_with_ids_of_their_own(built):
    assert built.draw("change", MERGED, "change_id old_value new_value") == read_drawing("""
        …/awards/3/changes/superseded/1 | 100.00 | 300.00
        …/awards/3/changes/superseded/2 | 200.00 | 300.00
    """)


COUNTED = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("0", 0, SEDDON), make_award("0.01", 0.01, SEDDON), make_award("1", 1, SEDDON),
           make_award("2", 2, SEDDON), make_award("cancelled", 500, SEDDON, status="cancelled"),
           make_award("failed", 500, SEDDON, status="unsuccessful"), make_award("no value", None, SEDDON))
)  # fmt: skip


@pytest.mark.quirk("Q1.14")
def test_nominal_void_and_missing_values_stand_in_no_sum(built):
    assert built.draw("award", COUNTED, "local_id value_net nominal_value counted") == read_drawing("""
        0         | 0.00   | true  | false
        0.01      | 0.01   | true  | false
        1         | 1.00   | true  | false
        2         | 2.00   | false | true
        cancelled | 500.00 | false | false
        failed    | 500.00 | false | false
        no value  |        | false | false
    """)
    total = built.ask("SELECT sum(value_net) AS total FROM award WHERE counted AND ocid = $1", (COUNTED,))
    assert str(total[0]["total"]) == "2.00"


VAGUE = WORLD.add(make_notice(WORLD.ocid(), "2026-03-11", make_award("1", 100, SEDDON)))


@pytest.mark.quirk("Q1.17")
def test_a_publisher_that_does_not_say_whether_vat_is_in_leaves_it_unknown(built):
    assert built.draw("award", VAGUE, "value_net value_gross vat_basis") == read_drawing("100.00 | | unknown")


# ------------------------------------------------------------------------------------------ whose party id it is

ORG = "ocds-h6vhtk-{:06x}"
RENUMBERED = WORLD.add(
    make_release(AT, "2026-01-10", "UK6", parties=[make_party("1", "Alpha Ltd", "GB-COH-01111111")],
            awards=[make_award("1", 100, {"id": "1", "name": "Alpha Ltd"})]),
    make_release(AT, "2026-02-10", "UK7", parties=[make_party("1", "Beta Ltd", "GB-COH-02222222")],
            awards=[make_award("2", 200, {"id": "1", "name": "Beta Ltd"}, date="2026-02-09")]), form=ORG)  # fmt: skip


def test_on_find_a_tender_the_same_party_id_is_another_body_in_another_release(built):
    assert built.draw("award_supplier", RENUMBERED, "award_id org_id name current") == read_drawing("""
        …/awards/1 | GB-COH-01111111 | Alpha Ltd | true
        …/awards/2 | GB-COH-02222222 | Beta Ltd  | true
    """)


REPLACED = WORLD.add(
    make_release(AT, "2026-01-10", "UK6", parties=[make_party("1", "Alpha Ltd", "GB-COH-01111111")],
            awards=[make_award("1", 100, {"id": "1", "name": "Alpha Ltd"})]),
    make_release(AT, "2026-02-10", "UK6", parties=[make_party("1", "Beta Ltd", "GB-COH-02222222")],
            awards=[make_award("1", 100, {"id": "1", "name": "Beta Ltd"})]), form=ORG)  # fmt: skip


def test_a_newer_list_of_suppliers_replaces_the_older_one(built):
    assert built.draw("award_supplier", REPLACED, "org_id name current") == read_drawing("""
        GB-COH-01111111 | Alpha Ltd | false
        GB-COH-02222222 | Beta Ltd  | true
    """)
    assert built.draw("award", REPLACED, "suppliers") == [("1",)]


MODIFIED = WORLD.add(
    make_release(AT, "2026-01-10", "UK14", parties=[make_party("1", "Alpha Ltd", "GB-COH-01111111")],
            awards=[make_award("1", 100, {"id": "1", "name": "Alpha Ltd"}, title="Alpha", contractPeriod={"endDate": "2027-01-31"})]),
    make_release(AT, "2026-02-10", "UK15", awards=[{"id": "1", "amendments": [{"id": "a", "description": "a"}]}]), form=ORG)  # fmt: skip


@pytest.mark.quirk("Q1.36")
def test_a_notice_of_award_numbers_and_amendments_alone_wipes_nothing(built):
    assert built.draw("award", MODIFIED, "title status date value_net suppliers end_date") == read_drawing("""
        Alpha | active | 2026-01-31 | 100.00 | 1 | 2027-01-31
    """)
    assert built.draw("award_supplier", MODIFIED, "org_id current") == read_drawing("GB-COH-01111111 | true")


# ------------------------------------------------------------------------------------------ real corrections


@pytest.fixture(scope="module")
def real(published_store):
    return Built(published_store, (published_store / "current").resolve())


def test_serco_52_5_million_counts_once(real):
    ocid = "ocds-b5fd17-d27e67d3-4492-49b7-aa14-bede88766821"
    assert real.draw("award", ocid, COLUMNS) == [
        ("…-1", "52500000.00", "true", "…/awards/…-2", "false"),
        ("…-2", "52500000.00", "false", "", "true"),
    ]
    total = real.ask("SELECT sum(value_net) AS total FROM award WHERE counted AND ocid = $1", (ocid,))
    assert str(total[0]["total"]) == "52500000.00"


def test_seddon_both_values_show_and_the_later_stands(real):
    ocid = "ocds-b5fd17-e0d4b2ec-d437-468f-82c7-1d751544e9ea"
    assert real.draw("award", ocid, "value_net counted") == read_drawing("""
        188487.00   | true
        18848731.00 | false
    """)
    assert real.draw("change", ocid, "type old_value new_value") == read_drawing("superseded | 18848731.00 | 188487.00")
