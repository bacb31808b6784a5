"""Awards: a correction under a new id is the same award; several awards of one notice stay separate."""

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
from threepoint import api

WORLD = World(form=CONTRACTS_FINDER)
SEDDON = {"id": "GB-CFS-1", "name": "Seddon Construction Limited"}
OTHER = {"id": "GB-CFS-2", "name": "Bricks Ltd"}
COLUMNS = "local_id value_net superseded_award superseded_by counted"


def make_award(local, value, *suppliers, date="2026-01-31T00:00:00Z", status="active", **fields):
    """Return an award to suppliers."""
    return {
        "id": local, "date": date, "status": status, "value": make_money(value), "suppliers": list(suppliers),
        **fields,
    }  # fmt: skip


def make_notice(ocid, when, *awards, **sections):
    """Return an award notice with the parties that its awards name."""
    parties = {body["id"]: body for award in awards for body in award["suppliers"]}
    return make_release(
        ocid, when, awards=list(awards), parties=[make_party(**_name_party(body)) for body in parties.values()],
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
def test_award_repeated_under_new_id_counts_once(built):
    assert built.draw("award", CORRECTED, COLUMNS) == read_drawing("""
        1 | 18848731.00 | true  | …/awards/2 | false
        2 | 188487.00   | false |            | true
    """)


def test_award_correction_is_a_change_with_old_and_new(built):
    columns = "subject_id type currency old_value new_value date notice_id notified"
    assert built.draw("change", CORRECTED, columns) == read_drawing(
        """
        …/awards/2 | superseded | GBP | 18848731.00 | 188487.00 | 2026-03-11 | 0001-2026-03-11T12:21:44 | false
    """.replace("12:21:44", "12:27:50")
    )


ALONE = WORLD.add(make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), make_award("2", 200, SEDDON)))


def test_awards_of_one_notice_stay_separate(built):
    assert built.draw("award", ALONE, COLUMNS) == read_drawing("""
        1 | 100.00 | false | | true
        2 | 200.00 | false | | true
    """)


AGAIN_TOGETHER = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), make_award("2", 200, SEDDON)),
    make_notice(AT, "2026-03-12", make_award("1", 100, SEDDON), make_award("2", 250, SEDDON)),
)


def test_award_update_under_same_ids_supersedes_nothing(built):
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
for release in WORLD.releases[-2:]:
    del release["awards"][0]["date"]


@pytest.mark.parametrize("ocid", [OTHER_DATE, OTHER_SUPPLIER, ONE_MORE_SUPPLIER, NO_DATE])
def test_award_with_other_date_or_supplier_is_separate(built, ocid):
    assert built.draw("award", ocid, COLUMNS) == read_drawing("""
        1 | 100.00 | false | | true
        2 | 100.00 | false | | true
    """)


TWICE_CORRECTED = WORLD.add(
    *(make_notice(AT, f"2026-03-1{n}", make_award(str(n), n * 100, SEDDON)) for n in (1, 2, 3)),
)


def test_award_corrected_twice_counts_newest(built):
    assert built.draw("award", TWICE_CORRECTED, COLUMNS) == read_drawing("""
        1 | 100.00 | true  | …/awards/3 | false
        2 | 200.00 | true  | …/awards/3 | false
        3 | 300.00 | false |            | true
    """)
    assert built.draw("award", TWICE_CORRECTED, "local_id repeats_award") == read_drawing(
        "1 |\n2 | …/awards/1\n3 | …/awards/1"
    )


def test_award_corrected_twice_has_two_changes(built):
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


def test_awards_reissued_together_match_by_equal_value(built):
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


def test_awards_merged_into_one_have_distinct_change_ids(built):
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
def test_award_nominal_void_and_missing_values_do_not_count(built):
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
def test_award_vat_basis_is_unknown_without_statement(built):
    assert built.draw("award", VAGUE, "value_net value_gross vat_basis") == read_drawing("100.00 | | unknown")


# ------------------------------------------------------------------------------------------ scope of party ids

ORG = "ocds-h6vhtk-{:06x}"
RENUMBERED = WORLD.add(
    make_release(AT, "2026-01-10", "UK6", parties=[make_party("1", "Alpha Ltd", "GB-COH-01111111")],
            awards=[make_award("1", 100, {"id": "1", "name": "Alpha Ltd"})]),
    make_release(AT, "2026-02-10", "UK7", parties=[make_party("1", "Beta Ltd", "GB-COH-02222222")],
            awards=[make_award("2", 200, {"id": "1", "name": "Beta Ltd"}, date="2026-02-09")]), form=ORG)  # fmt: skip


def test_award_supplier_ids_are_scoped_to_their_release(built):
    assert built.draw("award_supplier", RENUMBERED, "award_id org_id name current") == read_drawing("""
        …/awards/1 | GB-COH-01111111 | Alpha Ltd | true
        …/awards/2 | GB-COH-02222222 | Beta Ltd  | true
    """)


REPLACED = WORLD.add(
    make_release(AT, "2026-01-10", "UK6", parties=[make_party("1", "Alpha Ltd", "GB-COH-01111111")],
            awards=[make_award("1", 100, {"id": "1", "name": "Alpha Ltd"})]),
    make_release(AT, "2026-02-10", "UK6", parties=[make_party("1", "Beta Ltd", "GB-COH-02222222")],
            awards=[make_award("1", 100, {"id": "1", "name": "Beta Ltd"})]), form=ORG)  # fmt: skip


def test_award_supplier_list_is_replaced_by_newer_list(built):
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
def test_award_amendment_without_fields_removes_nothing(built):
    assert built.draw("award", MODIFIED, "title status date value_net suppliers end_date") == read_drawing("""
        Alpha | active | 2026-01-31 | 100.00 | 1 | 2027-01-31
    """)
    assert built.draw("award_supplier", MODIFIED, "org_id current") == read_drawing("GB-COH-01111111 | true")


# ------------------------------------------------------------------------------------------ real corrections


@pytest.fixture(scope="module")
def real(published_store):
    return Built(published_store, (published_store / "current").resolve())


def test_award_serco_52_5_million_counts_once(real):
    ocid = "ocds-b5fd17-d27e67d3-4492-49b7-aa14-bede88766821"
    assert real.draw("award", ocid, COLUMNS) == [
        ("…-1", "52500000.00", "true", "…/awards/…-2", "false"),
        ("…-2", "52500000.00", "false", "", "true"),
    ]
    total = real.ask("SELECT sum(value_net) AS total FROM award WHERE counted AND ocid = $1", (ocid,))
    assert str(total[0]["total"]) == "52500000.00"


def test_award_seddon_shows_both_values_and_counts_later(real):
    ocid = "ocds-b5fd17-e0d4b2ec-d437-468f-82c7-1d751544e9ea"
    assert real.draw("award", ocid, "value_net counted") == read_drawing("""
        188487.00   | true
        18848731.00 | false
    """)
    assert real.draw("change", ocid, "type old_value new_value") == read_drawing("superseded | 18848731.00 | 188487.00")


# ------------------------------------------------------------------------------------------ their contracts


def make_contract(local, value):
    return {"id": local, "awardID": local, "status": "active", "value": make_money(value)}


AMENDED = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("CN1", 100_000, SEDDON), contracts=[make_contract("CN1", 100_000)]),
    make_notice(AT, "2026-05-11", make_award("CN1-A1", 130_000, SEDDON), contracts=[make_contract("CN1-A1", 130_000)]),
)
AMENDED_WITHOUT_CONTRACT = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100_000, SEDDON), contracts=[make_contract("1", 100_000)]),
    make_notice(AT, "2026-05-11", make_award("2", 130_000, SEDDON)),
)
TWO_CONTRACTS = WORLD.add(
    make_notice(AT, "2026-03-11", make_award("1", 100, SEDDON), contracts=[make_contract("1", 100)]),
    make_notice(AT, "2026-05-11", make_award("2", 130, OTHER), contracts=[make_contract("2", 130)]),
)


@pytest.mark.parametrize(
    ("ocid", "contracts", "first", "now"),
    [
        (AMENDED, "CN1 | true | false\nCN1-A1 | false | true", "£100k VAT not stated", "£130k VAT not stated"),
        (AMENDED_WITHOUT_CONTRACT, "1 | false | false", "£100k VAT not stated", "£100k VAT not stated"),
        (TWO_CONTRACTS, "1 | false | false\n2 | false | false", "£230 VAT not stated", "£230 VAT not stated"),
    ],
)
def test_contract_repeated_under_new_id_counts_once(built, ocid, contracts, first, now):
    assert built.draw("contract", ocid, "local_id superseded_contract repeats_contract") == read_drawing(contracts)
    lines = {line.label: line.cells[0].text for line in api.side_by_side([ocid, CORRECTED], built.root).lines}
    assert (lines["first published"], lines["now"]) == (first, now)
