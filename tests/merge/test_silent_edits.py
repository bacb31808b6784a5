"""Silent edits: other content under the same ocid and release id, field by field, and changes that are not silent edits."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.merge.release_factory import build, load, make_money, make_party, make_release
from tests.size import bound_examples
from threepoint.pipeline import step_runner

OCIDS = [f"ocds-h6vhtk-0ed{number:03d}" for number in range(20)]
(EDITED, UP, DOWN, LATE_FIRST, THREE, REPLACED, MOVED, STREET, SUPPLIERS, UNREAD, IN_ANOTHER, OTHER_ID, NO_ID,
 COMPILED) = OCIDS[:14]  # fmt: skip


def make_contract(ocid, net, when="2026-01-10", ident="000001-2026", **more):
    return make_release(ocid, when, "UK7", id=ident, contracts=[{"id": "1", "value": make_money(net), **more}])


def make_contracts(ocid, *contracts):
    return make_release(ocid, "2026-01-10", "UK7", id="a", contracts=[{"id": "1", "title": "T"}, *contracts])


def place(street):
    address = {"streetAddress": street, "postalCode": street}
    return make_release(
        STREET, "2026-01-10", "UK7", id="a", parties=[{**make_party("b", "Bristol"), "address": address}]
    )


def supply(*names):
    award = {"id": "1", "value": make_money(5), "suppliers": [{"name": name} for name in names]}
    return make_release(SUPPLIERS, "2026-01-10", "UK6", id="a", awards=[award])


def drop_id(release):
    return {name: value for name, value in release.items() if name != "id"}


# Releases of the first, the second and the third file.
LOADS = [
    [make_contract(EDITED, 5), make_contract(UP, 5), make_contract(DOWN, 7), make_contract(LATE_FIRST, 7, "2026-02-01"),
     make_contract(THREE, 5), make_contracts(REPLACED, {"id": "2", "value": make_money(3)}), place("1 High Street"),
     supply("Acme", "Beta"),
     make_contract(UNREAD, 5), make_contract(IN_ANOTHER, 5), make_contract(OTHER_ID, 5), drop_id(make_contract(NO_ID, 5)),
     make_contract(COMPILED, 5)],
    [make_contract(EDITED, 7, title="New title"), make_contract(UP, 7), make_contract(DOWN, 5), make_contract(LATE_FIRST, 5),
     make_contract(THREE, 6), make_contracts(REPLACED, {"id": "3", "value": make_money(3)}), place("2 High Street"),
     supply("Acme", "Gamma"),
     {**make_contract(UNREAD, 5), "unreadByUs": "x"}, make_contract(MOVED, 5), make_contract(OTHER_ID, 7, ident="000002-2026"),
     drop_id(make_contract(NO_ID, 7)), {**make_contract(COMPILED, 7), "tag": ["compiled"]}],
    [make_contract(THREE, 7)],
]  # fmt: skip


def build_from(root, *loads):
    for number, releases in enumerate(loads):
        load(root, list(releases), f"load{number}.jsonl")
    return build(root)


def list_fields(built, ocid=None):
    """Return (revision, table, object_id, field, old value, new value) of every field that a silent edit changed."""
    columns = 'revision, "table", object_id, field, old_value, new_value'
    where = "true" if ocid is None else f"ocid = '{ocid}'"
    return [tuple(row.values()) for row in built.ask(f"SELECT {columns} FROM revised_field WHERE {where} ORDER BY ALL")]


def list_revisions(built, ocid):
    return built.ask("SELECT * FROM notice_revision WHERE ocid = $1 ORDER BY release_id, revision", (ocid,))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_from(tmp_path_factory.mktemp("revisions") / "store", *LOADS)


def test_silent_edit_shows_old_and_new_value(built):
    assert list_fields(built, EDITED) == [
        (1, "contract", "1", "title", None, "New title"), (1, "contract", "1", "value_net", "5.00", "7.00"),
    ]  # fmt: skip
    (row,) = list_revisions(built, EDITED)
    notices = built.ask("SELECT sha256, source_id FROM notice WHERE ocid = $1", (EDITED,))
    assert {row["old_sha256"], row["new_sha256"]} == {notice["sha256"] for notice in notices}
    assert {row["old_source_id"], row["new_source_id"]} == {notice["source_id"] for notice in notices}
    assert [row[name] for name in ("release_id", "revision", "notice_id", "publisher", "publisher_group")] == [
        "000001-2026", 1, "000001-2026", "Find a Tender", "uk"]  # fmt: skip


def test_silent_edit_of_one_date_follows_the_order_of_loading(built):
    """The order of the hashes does not matter: one value goes up and the other down."""
    assert [list_fields(built, ocid)[0][-2:] for ocid in (UP, DOWN)] == [("5.00", "7.00"), ("7.00", "5.00")]


def test_silent_edit_of_two_dates_follows_the_dates(built):
    assert [row[1:] for row in list_fields(built, LATE_FIRST) if row[1] in ("contract", "release")] == [
        ("contract", "1", "value_net", "5.00", "7.00"),
        ("release", "", "date", "2026-01-10T12:00:00Z", "2026-02-01T12:00:00Z"),
    ]


def test_silent_edit_of_three_contents_is_two_revisions(built):
    assert [(row[0], *row[-2:]) for row in list_fields(built, THREE)] == [(1, "5.00", "6.00"), (2, "6.00", "7.00")]
    assert [row["revision"] for row in list_revisions(built, THREE)] == [1, 2]


def test_silent_edit_shows_removed_and_added_values(built):
    assert [row[2:] for row in list_fields(built, REPLACED) if row[3] == "value_net"] == [
        ("2", "value_net", "3.00", None), ("3", "value_net", None, "3.00")]  # fmt: skip


@pytest.mark.parametrize("ocid", [UNREAD, IN_ANOTHER, MOVED, OTHER_ID, NO_ID, COMPILED])
def test_silent_edit_exclusions(built, ocid):
    """Exclude a field that is not read, the id in another process, another id, a generated id and a compiled release."""
    assert (list_revisions(built, ocid), list_fields(built, ocid)) == ([], [])


def test_silent_edit_of_a_street_records_no_values(built):
    assert (len(list_revisions(built, STREET)), list_fields(built, STREET)) == (1, [])


def test_silent_edit_of_objects_without_ids_compares_by_place(built):
    assert [row[1:] for row in list_fields(built, SUPPLIERS)] == [("award_supplier", "1|#1", "name", "Beta", "Gamma")]


def test_revisions_have_no_loading_time(built):
    """The time of loading is only in the log."""
    (row,) = list_revisions(built, EDITED)
    assert {type(value).__name__ for value in row.values()} == {"str", "int", "datetime"}
    assert {row[name].isoformat() for name in ("old_date", "new_date")} == {"2026-01-10T12:00:00+00:00"}


@settings(max_examples=bound_examples(8))
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["2026-01-10", "2026-01-11"])), min_size=1, max_size=6))
def test_revisions_chain_from_the_first_content_to_the_last(tmp_path_factory, values):
    """The new content of each revision is the old content of the next."""
    root = tmp_path_factory.mktemp("chain") / "store"
    built = build_from(root, *[[make_contract(EDITED, net, when)] for net, when in values])
    steps, contents = list_revisions(built, EDITED), dict.fromkeys(values)
    assert [step["revision"] for step in steps] == list(range(1, len(contents)))
    assert all(step["new_sha256"] == following["old_sha256"] for step, following in pairwise(steps))
    hashes = {step[name] for step in steps for name in ("old_sha256", "new_sha256")}
    assert len(hashes) == (len(contents) if steps else 0)
    expected = sorted(contents, key=lambda value: value[1])  # by date; within one date, in the order of loading
    pairs = [(f"{old}.00", f"{new}.00") for (old, _), (new, _) in pairwise(expected)]
    changed = [row[-2:] for row in list_fields(built) if row[3] == "value_net"]
    assert changed == [pair for pair in pairs if pair[0] != pair[1]]


def test_revisions_of_a_history_in_parts(tmp_path, monkeypatch, built):
    monkeypatch.setattr(step_runner, "RELEASES_PER_MEGABYTE", 0)
    parts = build_from(tmp_path / "store", *LOADS)
    assert list_fields(parts) == list_fields(built)
    assert len(list_fields(parts)) > 5
