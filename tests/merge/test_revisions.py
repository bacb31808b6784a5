"""Silent edits: another content under the same ocid and release id, field by field, and nothing else taken for one."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.merge.world import build, load, money, party, release
from threepoint import pipeline

ONE, OTHER = "ocds-h6vhtk-0ed001", "ocds-h6vhtk-0ed002"


def contract(net, ocid=ONE, when="2026-01-10", ident="000001-2026", **more):
    return release(ocid, when, "UK7", id=ident, contracts=[{"id": "1", "value": money(net), **more}])


def stored(root, *loads):
    """A store into which these lists of releases were loaded, file by file, and built."""
    for number, releases in enumerate(loads):
        load(root, list(releases), f"load{number}.jsonl")
    return build(root)


def revised(built):
    """(ocid, revision, table, thing, field, old, new) of every field that a silent edit changed."""
    columns = 'ocid, revision, "table", thing, field, old_value, new_value'
    return [tuple(row.values()) for row in built.ask(f"SELECT {columns} FROM revised_field ORDER BY ALL")]


def revisions(built):
    return built.ask("SELECT * FROM notice_revision ORDER BY ocid, release_id, revision")


def test_another_value_under_the_same_id_is_a_silent_edit(tmp_path):
    built = stored(tmp_path / "store", [contract(5)], [contract(7, title="New title")])
    assert revised(built) == [
        (ONE, 1, "contract", "1", "title", None, "New title"),
        (ONE, 1, "contract", "1", "value_net", "5.00", "7.00"),
    ]
    (row,) = revisions(built)
    notices = built.ask("SELECT sha256, source_id FROM notice")
    assert {row["old_sha256"], row["new_sha256"]} == {one["sha256"] for one in notices}
    assert {row["old_source_id"], row["new_source_id"]} == {one["source_id"] for one in notices}
    assert (row["ocid"], row["release_id"], row["revision"], row["notice_id"], row["publisher"], row["publisher_group"]) == (
        ONE, "000001-2026", 1, "000001-2026", "Find a Tender", "uk")  # fmt: skip


def test_of_one_date_the_file_that_was_read_first_is_the_earlier_one(tmp_path):
    """Whatever their hashes: both orders of loading give the order of loading."""
    for number, values in enumerate([(5, 7), (7, 5)]):
        built = stored(tmp_path / str(number) / "store", *[[contract(net)] for net in values])
        assert [row[-2:] for row in revised(built)] == [tuple(f"{net}.00" for net in values)]


def test_of_two_dates_the_later_one_is_the_later_one_however_they_were_loaded(tmp_path):
    built = stored(tmp_path / "store", [contract(7, when="2026-02-01")], [contract(5)])
    assert [row[2:] for row in revised(built) if row[2] in ("contract", "release")] == [
        ("contract", "1", "value_net", "5.00", "7.00"),
        ("release", "", "date", "2026-01-10T12:00:00Z", "2026-02-01T12:00:00Z"),
    ]


def test_three_contents_in_a_row_are_two_steps(tmp_path):
    built = stored(tmp_path / "store", [contract(5)], [contract(6)], [contract(7)])
    assert [(row[1], *row[-2:]) for row in revised(built)] == [(1, "5.00", "6.00"), (2, "6.00", "7.00")]
    assert [row["revision"] for row in revisions(built)] == [1, 2]


def test_what_was_taken_away_and_what_came_are_told(tmp_path):
    first = release(
        ONE, "2026-01-10", "UK7", id="a", contracts=[{"id": "1", "title": "T"}, {"id": "2", "value": money(3)}]
    )
    second = release(
        ONE, "2026-01-10", "UK7", id="a", contracts=[{"id": "1", "title": "T"}, {"id": "3", "value": money(3)}]
    )
    rows = revised(stored(tmp_path / "store", [first], [second]))
    assert [row[3:] for row in rows if row[4] == "value_net"] == [
        ("2", "value_net", "3.00", None), ("3", "value_net", None, "3.00")]  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        {**contract(5), "unreadByUs": "x"},
        contract(5, ocid=OTHER),
        contract(7, ident="000002-2026"),
        {name: value for name, value in contract(7).items() if name != "id"},
        {**contract(7), "tag": ["compiled"]},
    ],
    ids=["a field that is not read", "the id in another process", "another id", "an id of ours", "a compiled release"],
)
def test_what_is_no_silent_edit(tmp_path, second):
    first = {name: value for name, value in contract(5).items() if name != "id" or "id" in second}
    built = stored(tmp_path / "store", [first], [second])
    assert (revisions(built), revised(built)) == ([], [])


def test_an_address_in_a_street_is_an_edit_whose_words_are_not_kept(tmp_path):
    def at(street):
        return release(
            ONE,
            "2026-01-10",
            "UK7",
            id="a",
            parties=[{**party("b", "Bristol"), "address": {"streetAddress": street, "postalCode": street}}],
        )

    built = stored(tmp_path / "store", [at("1 High Street")], [at("2 High Street")])
    assert (len(revisions(built)), revised(built)) == (1, [])


def test_what_has_no_id_is_compared_by_its_place(tmp_path):
    def with_suppliers(net, *names):
        suppliers = [{"name": name} for name in names]
        return release(
            ONE, "2026-01-10", "UK6", id="a", awards=[{"id": "1", "value": money(net), "suppliers": suppliers}]
        )

    built = stored(tmp_path / "store", [with_suppliers(5, "Acme", "Beta")], [with_suppliers(5, "Acme", "Gamma")])
    assert [row[2:] for row in revised(built)] == [("award_supplier", "1|#1", "name", "Beta", "Gamma")]


def test_a_snapshot_holds_no_name_and_no_time_of_ours(tmp_path):
    """When we read a file stands in the log alone (decision 13)."""
    built = stored(tmp_path / "store", [contract(5)], [contract(7)])
    assert {type(value).__name__ for row in revisions(built) for value in row.values()} == {"str", "int", "datetime"}
    assert {row[name].isoformat() for row in revisions(built) for name in ("old_date", "new_date")} == {
        "2026-01-10T12:00:00+00:00"
    }


@settings(max_examples=8, deadline=None)
@given(
    values=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["2026-01-10", "2026-01-11"])), min_size=1, max_size=6)
)
def test_the_revisions_of_a_notice_chain_from_first_to_last(tmp_path_factory, values):
    """The new content of a step is the old one of the next; the changed fields lead from the first content to the last."""
    root = tmp_path_factory.mktemp("chain") / "store"
    built = stored(root, *[[contract(net, when=when)] for net, when in values])
    steps, held = revisions(built), dict.fromkeys(values)
    assert len(steps) == len(held) - 1
    assert [step["revision"] for step in steps] == list(range(1, len(held)))
    assert all(one["new_sha256"] == other["old_sha256"] for one, other in pairwise(steps))
    contents = {step[name] for step in steps for name in ("old_sha256", "new_sha256")}
    assert len(contents) == (len(held) if steps else 0)
    expected = sorted(held, key=lambda one: one[1])  # by date; of one date, as they were loaded
    money_steps = [(row[-2], row[-1]) for row in revised(built) if row[4] == "value_net"]
    pairs = [(f"{one}.00", f"{other}.00") for (one, _), (other, _) in pairwise(expected)]
    assert money_steps == [pair for pair in pairs if pair[0] != pair[1]]


def test_the_whole_history_in_parts_says_the_same(tmp_path, monkeypatch):
    from threepoint.pipeline import work

    loads = [[contract(5), contract(5, ocid=OTHER)], [contract(7)], [contract(6, ocid=OTHER)]]
    whole = stored(tmp_path / "whole" / "store", *loads)
    monkeypatch.setattr(work, "RELEASES_PER_MEGABYTE", 0)
    parts = stored(tmp_path / "parts" / "store", *loads)
    assert revised(parts) == revised(whole)
    assert len(revised(whole)) == 2
    assert pipeline.build(tmp_path / "parts" / "store").rows["notice_revision"] == 2
