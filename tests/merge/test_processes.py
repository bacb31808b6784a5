"""Processes: the stage from the notice's type, bids counted once, the last word in the order of UTC, notices and their ids."""

import hashlib
import json

import pytest

from tests.merge.release_factory import AT, World, load_and_build, make_money, make_release, read_drawing

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
     # These two carry the tags award and contract though nothing was awarded.
     ("UK5", "tender"), ("UK15", "tender")],
)  # fmt: skip
@pytest.mark.quirk("Q1.35")
def test_the_stage_is_told_from_the_type_of_the_notice_not_from_its_tags(built, notice, stage):
    assert built.draw("contracting_process", STAGES[notice], "stage") == [(stage,)]


FURTHEST = WORLD.add(
    make_release(AT, "2026-01-10", "UK7"), make_release(AT, "2026-02-10", "UK4", tender={"title": "late"})
)


def test_a_process_stands_where_its_furthest_notice_put_it(built):
    assert built.draw("contracting_process", FURTHEST, "stage notices") == read_drawing("contract | 2")


UNTYPED = WORLD.add(
    make_release(AT, "2026-01-10", tag="tender", tender={"documents": [{"id": "9", "documentType": "tenderNotice"}]})
)


def test_without_a_notice_type_the_tags_tell_the_stage(built):
    assert built.draw("notice", UNTYPED, "notice_type words stage tag") == read_drawing(
        " | Tender notice | tender | tender"
    )


NOTICES = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", id="001-2026"),
    make_release(AT, "2026-02-10", "UK7", id="002-2026",
            awards=[{"id": "1", "documents": [{"id": "000-2026", "noticeType": "UK6", "datePublished": "2026-02-01"}]}]),
)  # fmt: skip
for each in WORLD.releases[-2:]:
    each["tender"]["documents"][0]["id"] = each["id"]


def test_each_notice_has_its_number_its_words_and_its_end(built):
    assert built.draw("notice", NOTICES, "notice_id notice_type words date valid_to") == read_drawing("""
        001-2026 | UK4 | Tender notice           | 2026-01-10T12:00Z | 2026-02-10T12:00Z
        002-2026 | UK7 | Contract details notice | 2026-02-10T12:00Z |
    """)


# ------------------------------------------------------------------------------------------ bids


def make_statistic(ident, measure, value, lot=None):
    """A statement about bids."""
    made = {"id": ident, "measure": measure, "value": value}
    return made | ({"relatedLot": lot} if lot else {})


def add_bids(*statements):
    """A process of one award notice with statements about its bids."""
    return WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK6", bids={"statistics": list(statements)}))


REPEATED = add_bids(
    *(make_statistic(str(n), "bids", 19, "1") for n in range(16)), make_statistic("s", "smeFinalStageBids", 3, "1")
)


@pytest.mark.quirk("Q1.37")
def test_bids_stated_sixteen_times_are_stated_once(built):
    assert built.draw("bid_statistic", REPEATED, "lot_id measure value statements agree") == read_drawing("""
        1 | bids              | 19.0 | 16 | true
        1 | smeFinalStageBids | 3.0  | 1  | true
    """)
    columns = "final_stage_bids bid_count_basis sme_final_stage_bids"
    assert built.draw("contracting_process", REPEATED, columns) == read_drawing("19 | bids | 3")


DISAGREEING = add_bids(*(make_statistic(str(n), "bids", value, "1") for n, value in enumerate((4, 4, 4, 2, 1, 1))))


@pytest.mark.quirk("Q1.37")
def test_statements_that_disagree_leave_the_count_empty(built):
    assert built.draw("bid_statistic", DISAGREEING, "value statements agree") == read_drawing(" | 6 | false")
    assert built.draw("contracting_process", DISAGREEING, "final_stage_bids bid_count_basis") == read_drawing(" | ")


BEST = add_bids(
    make_statistic("a", "bids", 9), make_statistic("b", "validBids", 7), make_statistic("c", "finalStageBids", 4)
)


def test_bids_at_the_final_stage_are_taken_before_valid_ones_and_all(built):
    columns = "final_stage_bids bid_count_basis"
    assert built.draw("contracting_process", BEST, columns) == read_drawing("4 | finalStageBids")


BY_LOT = add_bids(make_statistic("a", "bids", 5, "1"), make_statistic("b", "bids", 3, "2"))
LOT_AND_WHOLE = add_bids(
    make_statistic("a", "bids", 5, "1"), make_statistic("b", "bids", 3, "2"), make_statistic("c", "bids", 6)
)


@pytest.mark.quirk("Q1.37")
def test_the_bids_of_several_lots_make_no_sum(built):
    found = [built.draw("contracting_process", ocid, "final_stage_bids") for ocid in (BY_LOT, LOT_AND_WHOLE)]
    assert found == [[("",)], [("6",)]]
    assert built.draw("bid_statistic", BY_LOT, "lot_id value") == read_drawing("1 | 5.0\n2 | 3.0")


COUNTED_ONLY = WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK6", tender={"numberOfTenderers": 8}))


def test_the_number_of_tenderers_stands_in_where_no_bids_are_counted(built):
    columns = "final_stage_bids bid_count_basis"
    assert built.draw("contracting_process", COUNTED_ONLY, columns) == read_drawing("8 | numberOfTenderers")


# ------------------------------------------------------------------------------------------ which word is the last


def make_tender(ocid, when, title, **more):
    """A tender notice that says little but its title."""
    return make_release(ocid, when, "UK4", tender={"title": title}, **more)


UTC = WORLD.add(
    make_tender(AT, "2026-07-01T00:30:00+01:00", "earlier in UTC"),
    make_tender(AT, "2026-06-30T23:45:00Z", "later in UTC"),
)


@pytest.mark.quirk("Q1.30")
def test_releases_are_ordered_by_utc_not_by_their_text(built):
    assert built.draw("contracting_process", UTC, "title first_published last_published") == read_drawing("""
        later in UTC | 2026-06-30T23:30Z | 2026-06-30T23:45Z
    """)


SAME_TIME = WORLD.add(
    make_tender(AT, "2026-01-10", "b is last", id="b"), make_tender(AT, "2026-01-10", "a is first", id="a")
)


def test_of_releases_of_one_moment_the_greater_id_is_the_later(built):
    assert built.draw("contracting_process", SAME_TIME, "title") == [("b is last",)]


SAME_ID = WORLD.add(*(make_tender(AT, "2026-01-10", title, id="a") for title in ("one", "two", "three")))


def test_of_releases_of_one_moment_and_id_the_greater_hash_is_the_later(built):
    last = built.draw("notice", SAME_ID, "sha256")[-1][0]
    assert len(built.draw("notice", SAME_ID, "sha256")) == 3
    said = {_compute_hash(title): title for title in ("one", "two", "three")}
    assert built.draw("contracting_process", SAME_ID, "title") == [(said[last],)]


def _compute_hash(title):
    from threepoint.read.ocds.releases import ReleaseOrigin, append_release, make_empty_rows
    from threepoint.standard.history_tables import HISTORY_TABLES

    wanted = next(each for each in WORLD.releases if each["ocid"] == SAME_ID and each["tender"]["title"] == title)
    out = make_empty_rows()
    append_release(json.dumps(wanted).encode(), ReleaseOrigin("x"), out, set())
    return out["release"][0][HISTORY_TABLES["release"].names.index("sha256")]


ROLES = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", tender={"items": [{"id": "1", "additionalClassifications": [
        {"scheme": "CPV", "id": "72000000"}, {"scheme": "CPV", "id": "48000000"}]}]}),
    make_release(AT, "2026-02-10", "UK4", tender={"items": [{"id": "1", "additionalClassifications": [
        {"scheme": "CPV", "id": "48100000"}]}]}),
)  # fmt: skip


def test_lists_that_the_schema_replaces_as_one_are_replaced_as_one(built):
    assert built.draw("process_cpv", ROLES, "cpv is_main is_technology") == read_drawing("48100000 | false | true")


NO_ID = WORLD.add(make_release(AT, "2026-01-10", "", tag="tender", tender={"title": "No id"}, id=""))


def test_a_release_without_an_id_gets_one_from_its_bytes(built):
    wanted = next(each for each in WORLD.releases if each["ocid"] == NO_ID)
    assert "id" not in wanted
    canonical = json.dumps(wanted, sort_keys=True, separators=(",", ":")).encode()
    made = f"…-{hashlib.sha256(canonical).hexdigest()[:12]}"
    assert built.draw("notice", NO_ID, "release_id notice_id") == [(made, made)]


LOTS = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", tender={"value": make_money(0.01), "lots": [
        {"id": "1", "title": "North", "value": make_money(100, 120)}, {"id": "2", "contractPeriod": {"durationInDays": 90}}]}),
    make_release(AT, "2026-02-10", "UK6", tender={"lots": [{"id": "1", "status": "cancelled"}]},
            bids={"statistics": [make_statistic("a", "bids", 5, "1")]}),
)  # fmt: skip


def test_lots_keep_what_newer_notices_do_not_repeat(built):
    columns = "lot_id title status estimate_net estimate_gross duration_days final_stage_bids"
    assert built.draw("lot", LOTS, columns) == read_drawing("""
        1 | North | cancelled | 100.00 | 120.00 |    | 5
        2 |       |           |        |        | 90 |
    """)
    assert built.draw("contracting_process", LOTS, "estimate_net nominal_estimate") == read_drawing("0.01 | true")
