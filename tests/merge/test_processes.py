"""Processes: stage by notice type, bids counted once, last values in the order of UTC times, notices and their ids."""

import hashlib
import json

import pytest

from tests.merge.release_factory import AT, World, load_and_build, make_money, make_release, read_drawing
from threepoint import api

WORLD = World()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("processes") / "store", WORLD.releases)


# ------------------------------------------------------------------------------------------ the stage

STAGES = {
    notice: WORLD.add(make_release(WORLD.ocid(), "2026-01-10", notice, awards=[{"id": "1", "status": "active"}]))
    for notice in ("UK2", "UK4", "UK5", "UK6", "UK7", "UK9", "UK11", "UK12", "UK15")
}


@pytest.mark.parametrize(
    ("notice", "stage"),
    [("UK2", "planning"), ("UK4", "tender"), ("UK6", "award"), ("UK7", "contract"), ("UK9", "contract"),
     ("UK11", "ended"), ("UK12", "cancelled"),
     # These two have the tags award and contract although nothing was awarded.
     ("UK5", "tender"), ("UK15", "tender")],
)  # fmt: skip
@pytest.mark.quirk("Q1.35")
def test_stage_follows_notice_type_not_tags(built, notice, stage):
    assert built.draw("contracting_process", STAGES[notice], "stage") == [(stage,)]


FURTHEST = WORLD.add(
    make_release(AT, "2026-01-10", "UK7"), make_release(AT, "2026-02-10", "UK4", tender={"title": "late"})
)


def test_stage_is_that_of_furthest_notice(built):
    assert built.draw("contracting_process", FURTHEST, "stage notices") == read_drawing("contract | 2")


def make_process(*statements, **sections):
    """Add a process with a release for each (notice, tender status, award statuses, contract statuses). Return its ocid."""
    releases = []
    for month, (notice, status, awards, contracts) in enumerate(statements, 1):
        parts = {
            "tender": {"status": status} if status else {},
            "awards": [
                {"id": str(number), "status": award, "value": make_money(900), **sections}
                for number, award in enumerate(awards.split(), 1)
            ],
            "contracts": [
                {"id": str(number), "status": contract, "value": make_money(700), "period": {"endDate": "2030-01-31"}}
                for number, contract in enumerate(contracts.split(), 1)
            ],
        }
        releases.append(
            make_release(AT, f"2026-0{month}-10", notice, **{name: part for name, part in parts.items() if part})
        )
    return WORLD.add(*releases)


# By name: the stage, and which awards and contracts are void.
ENDINGS = {
    "terminated after a pending award": (
        make_process(("UK6", "active", "pending", ""), ("UK12", "cancelled", "", "")), "terminated", "true", ""),
    "cancelled by the status alone after a pending award": (
        make_process(("UK6", "active", "pending", ""), ("UK6", "cancelled", "", "")), "award", "false", ""),
    "one lot cancelled, another with an active award": (
        make_process(("UK6", "active", "active", ""), ("UK12", "cancelled", "", "")), "award", "false", ""),
    "cancelled, then awarded again": (
        make_process(("UK4", "active", "", ""), ("UK12", "cancelled", "", ""), ("UK6", "active", "pending", "")),
        "award", "false", ""),
    "withdrawn": (make_process(("UK4", "withdrawn", "", "")), "withdrawn", "", ""),
    "withdrawn in planning": (make_process(("UK2", "withdrawn", "", "")), "withdrawn", "", ""),
    "cancelled by its status": (make_process(("UK4", "cancelled", "", "")), "cancelled", "", ""),
    "unsuccessful by its status": (make_process(("UK6", "unsuccessful", "", "")), "unsuccessful", "", ""),
    "all awards unsuccessful": (
        make_process(("UK6", "complete", "unsuccessful cancelled", "")), "unsuccessful", "true true", ""),
    "one award of two unsuccessful": (
        make_process(("UK6", "complete", "unsuccessful active", "")), "award", "true false", ""),
    "contract cancelled": (make_process(("UK7", "complete", "", "cancelled")), "contract_cancelled", "", "true"),
    "one contract of two cancelled": (
        make_process(("UK7", "complete", "", "cancelled active")), "contract", "", "true false"),
    "contract terminated": (make_process(("UK7", "complete", "", "terminated")), "ended", "", "false"),
    "cancelled with a contract": (
        make_process(("UK7", "complete", "", "active"), ("UK12", "cancelled", "", "")), "contract", "", "false"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_stage_ends_when_the_procurement_came_to_nothing(built, name):
    ocid, stage, void_awards, void_contracts = ENDINGS[name]
    assert built.draw("contracting_process", ocid, "stage") == [(stage,)]
    for table, expected in (("award", void_awards), ("contract", void_contracts)):
        rows = built.draw(table, ocid, f"{table}_id is_void")
        assert " ".join(is_void for _, is_void in rows) == expected


def test_void_award_and_contract_are_in_no_sum(built):
    terminated, cancelled = ENDINGS["terminated after a pending award"][0], ENDINGS["contract cancelled"][0]
    assert built.draw("award", terminated, "status value_net counted") == [("pending", "900.00", "false")]
    assert built.draw("contract", cancelled, "phase value_net is_void") == [("cancelled", "700.00", "true")]
    assert built.states(cancelled, "end_actual value_final") == read_drawing("""
        end_actual  | not_applicable | the contract was cancelled |
        value_final | not_applicable | the contract was cancelled |
    """)
    cells = {line.label: line.cells[0].text for line in api.side_by_side([terminated, cancelled], built.root).lines}
    assert {name: cells[name] for name in ("now", "stage")} == {
        "now": "does not apply: the procurement ended without a contract", "stage": "terminated after award"}  # fmt: skip


UNTYPED = WORLD.add(
    make_release(AT, "2026-01-10", tag="tender", tender={"documents": [{"id": "9", "documentType": "tenderNotice"}]})
)


def test_stage_follows_tags_without_notice_type(built):
    assert built.draw("notice", UNTYPED, "notice_type words stage tag") == read_drawing(
        " | Tender notice | tender | tender"
    )


NOTICES = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", id="001-2026"),
    make_release(AT, "2026-02-10", "UK7", id="002-2026",
            awards=[{"id": "1", "documents": [{"id": "000-2026", "noticeType": "UK6", "datePublished": "2026-02-01"}]}]),
)  # fmt: skip
for release in WORLD.releases[-2:]:
    release["tender"]["documents"][0]["id"] = release["id"]


def test_notice_has_id_name_and_valid_to(built):
    assert built.draw("notice", NOTICES, "notice_id notice_type words date valid_to") == read_drawing("""
        001-2026 | UK4 | Tender notice           | 2026-01-10T12:00Z | 2026-02-10T12:00Z
        002-2026 | UK7 | Contract details notice | 2026-02-10T12:00Z |
    """)


# ------------------------------------------------------------------------------------------ bids


def make_statistic(ident, measure, value, lot=None):
    """Return a statement about bids."""
    statistic = {"id": ident, "measure": measure, "value": value}
    return statistic | ({"relatedLot": lot} if lot else {})


def add_bids(*statements):
    """Add a process with one award notice and statements about its bids."""
    return WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK6", bids={"statistics": list(statements)}))


REPEATED = add_bids(
    *(make_statistic(str(n), "bids", 19, "1") for n in range(16)), make_statistic("s", "smeFinalStageBids", 3, "1")
)


@pytest.mark.quirk("Q1.37")
def test_bids_repeated_statements_count_once(built):
    assert built.draw("bid_statistic", REPEATED, "lot_id measure value statements agree") == read_drawing("""
        1 | bids              | 19.0 | 16 | true
        1 | smeFinalStageBids | 3.0  | 1  | true
    """)
    columns = "final_stage_bids bid_count_basis sme_final_stage_bids"
    assert built.draw("contracting_process", REPEATED, columns) == read_drawing("19 | bids | 3")


DISAGREEING = add_bids(*(make_statistic(str(n), "bids", value, "1") for n, value in enumerate((4, 4, 4, 2, 1, 1))))


@pytest.mark.quirk("Q1.37")
def test_bids_disagreeing_statements_give_no_count(built):
    assert built.draw("bid_statistic", DISAGREEING, "value statements agree") == read_drawing(" | 6 | false")
    assert built.draw("contracting_process", DISAGREEING, "final_stage_bids bid_count_basis") == read_drawing(" | ")


BEST = add_bids(
    make_statistic("a", "bids", 9), make_statistic("b", "validBids", 7), make_statistic("c", "finalStageBids", 4)
)


def test_bids_final_stage_wins_over_valid_and_all(built):
    columns = "final_stage_bids bid_count_basis"
    assert built.draw("contracting_process", BEST, columns) == read_drawing("4 | finalStageBids")


BY_LOT = add_bids(make_statistic("a", "bids", 5, "1"), make_statistic("b", "bids", 3, "2"))
LOT_AND_WHOLE = add_bids(
    make_statistic("a", "bids", 5, "1"), make_statistic("b", "bids", 3, "2"), make_statistic("c", "bids", 6)
)


@pytest.mark.quirk("Q1.37")
def test_bids_of_several_lots_are_not_summed(built):
    counts = [built.draw("contracting_process", ocid, "final_stage_bids") for ocid in (BY_LOT, LOT_AND_WHOLE)]
    assert counts == [[("",)], [("6",)]]
    assert built.draw("bid_statistic", BY_LOT, "lot_id value") == read_drawing("1 | 5.0\n2 | 3.0")


COUNTED_ONLY = WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK6", tender={"numberOfTenderers": 8}))


def test_bids_fall_back_to_number_of_tenderers(built):
    columns = "final_stage_bids bid_count_basis"
    assert built.draw("contracting_process", COUNTED_ONLY, columns) == read_drawing("8 | numberOfTenderers")


# ------------------------------------------------------------------------------------------ order of releases


def make_tender(ocid, when, title, **more):
    """Return a tender notice with a title."""
    return make_release(ocid, when, "UK4", tender={"title": title}, **more)


UTC = WORLD.add(
    make_tender(AT, "2026-07-01T00:30:00+01:00", "earlier in UTC"),
    make_tender(AT, "2026-06-30T23:45:00Z", "later in UTC"),
)


@pytest.mark.quirk("Q1.30")
def test_release_order_uses_utc(built):
    assert built.draw("contracting_process", UTC, "title first_published last_published") == read_drawing("""
        later in UTC | 2026-06-30T23:30Z | 2026-06-30T23:45Z
    """)


SAME_TIME = WORLD.add(
    make_tender(AT, "2026-01-10", "b is last", id="b"), make_tender(AT, "2026-01-10", "a is first", id="a")
)


def test_release_order_uses_id_at_equal_times(built):
    assert built.draw("contracting_process", SAME_TIME, "title") == [("b is last",)]


SAME_ID = WORLD.add(*(make_tender(AT, "2026-01-10", title, id="a") for title in ("one", "two", "three")))


def test_release_order_uses_hash_at_equal_times_and_ids(built):
    last_hash = built.draw("notice", SAME_ID, "sha256")[-1][0]
    assert len(built.draw("notice", SAME_ID, "sha256")) == 3
    titles_by_hash = {_compute_hash(title): title for title in ("one", "two", "three")}
    assert built.draw("contracting_process", SAME_ID, "title") == [(titles_by_hash[last_hash],)]


def _compute_hash(title):
    from threepoint.read.ocds.releases import ReleaseOrigin, append_release, make_empty_rows
    from threepoint.standard.history_tables import HISTORY_TABLES

    release = next(
        candidate
        for candidate in WORLD.releases
        if candidate["ocid"] == SAME_ID and candidate["tender"]["title"] == title
    )
    rows = make_empty_rows()
    append_release(json.dumps(release).encode(), ReleaseOrigin("x"), rows, set())
    return rows["release"][0][HISTORY_TABLES["release"].names.index("sha256")]


ROLES = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", tender={"items": [{"id": "1", "additionalClassifications": [
        {"scheme": "CPV", "id": "72000000"}, {"scheme": "CPV", "id": "48000000"}]}]}),
    make_release(AT, "2026-02-10", "UK4", tender={"items": [{"id": "1", "additionalClassifications": [
        {"scheme": "CPV", "id": "48100000"}]}]}),
)  # fmt: skip


def test_whole_list_is_replaced_by_newer_list(built):
    assert built.draw("process_cpv", ROLES, "cpv is_main is_technology") == read_drawing("48100000 | false | true")


NO_ID = WORLD.add(make_release(AT, "2026-01-10", "", tag="tender", tender={"title": "No id"}, id=""))


def test_release_without_id_gets_one_from_its_content(built):
    release = next(candidate for candidate in WORLD.releases if candidate["ocid"] == NO_ID)
    assert "id" not in release
    canonical = json.dumps(release, sort_keys=True, separators=(",", ":")).encode()
    release_id = f"…-{hashlib.sha256(canonical).hexdigest()[:12]}"
    assert built.draw("notice", NO_ID, "release_id notice_id") == [(release_id, release_id)]


LOTS = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", tender={"value": make_money(0.01), "lots": [
        {"id": "1", "title": "North", "value": make_money(100, 120)}, {"id": "2", "contractPeriod": {"durationInDays": 90}}]}),
    make_release(AT, "2026-02-10", "UK6", tender={"lots": [{"id": "1", "status": "cancelled"}]},
            bids={"statistics": [make_statistic("a", "bids", 5, "1")]}),
)  # fmt: skip


def test_lots_keep_values_that_newer_notices_omit(built):
    columns = "lot_id title status estimate_net estimate_gross duration_days final_stage_bids"
    assert built.draw("lot", LOTS, columns) == read_drawing("""
        1 | North | cancelled | 100.00 | 120.00 |    | 5
        2 |       |           |        |        | 90 |
    """)
    assert built.draw("contracting_process", LOTS, "estimate_net nominal_estimate") == read_drawing("0.01 | true")


# ------------------------------------------------------------------------------------------ frameworks


def add_relation(*relations):
    """Add a process with these related processes."""
    return WORLD.add(
        make_release(
            AT, "2026-03-01", tag="award", relatedProcesses=[{"id": str(n)} | r for n, r in enumerate(relations)]
        )
    )


FRAMEWORK = {"relationship": ["framework"]}
BY_OCID = add_relation(FRAMEWORK | {"scheme": "ocid", "identifier": "ocds-x-1"})
BY_NUMBER = add_relation(FRAMEWORK | {"scheme": "TED", "identifier": "2020/S 123-456789"})
BY_URL = add_relation(FRAMEWORK | {"uri": "https://example.org/framework"})
BY_NUMBER_ALONE = add_relation(FRAMEWORK | {"identifier": "RM6100"})
BY_BOTH = add_relation(FRAMEWORK | {"scheme": "ocid", "identifier": "ocds-x-1"}, FRAMEWORK | {"identifier": "RM6100"})
WITHOUT_REFERENCE = add_relation(FRAMEWORK | {"title": "A framework"})
NO_FRAMEWORK = add_relation({"relationship": ["planning"], "scheme": "EU-OJ", "identifier": "2018/S 205-467435"})


@pytest.mark.parametrize(("ocid", "expected"), [
    (BY_OCID, "true | false | ocds-x-1 |"), (BY_NUMBER, "true | false | | TED 2020/S 123-456789"),
    (BY_URL, "true | false | | https://example.org/framework"), (BY_NUMBER_ALONE, "true | false | | RM6100"),
    (BY_BOTH, "true | false | ocds-x-1 | RM6100"), (WITHOUT_REFERENCE, "true | false | | A framework"),
    (NO_FRAMEWORK, "false | false | |"),
])  # fmt: skip
def test_call_off_names_its_framework_as_published(built, ocid, expected):
    columns = "is_call_off is_framework parent_ocid framework_reference"
    assert built.draw("contracting_process", ocid, columns) == read_drawing(expected)


def test_related_process_shows_its_url(built):
    assert built.draw("related_process", BY_URL, "relationship scheme identifier uri is_loaded") == read_drawing(
        "framework | | | https://example.org/framework | false"
    )
