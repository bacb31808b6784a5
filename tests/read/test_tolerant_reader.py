"""Odd releases, one quirk each; and the two readers, which must say the same of the same release."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.random_releases import RELEASE as RANDOM
from tests.read.read_helpers import (
    encode,
    find_row,
    is_fast,
    make_release,
    read_as_loaded,
    read_carefully,
    read_file,
    read_release,
)
from tests.size import bound_examples
from threepoint import sample
from threepoint.read.value_parsing import parse_london_days, parse_microseconds
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.store.arrow_columns import ARROW_TYPES, create_arrow_column


def list_invalid(found):
    return [row[1:] for row in found.rows["invalid_value"]]


def list_removed(found):
    return [row[1:] for row in found.rows["removed"]]


def read_pence(amount: str) -> Decimal | None:
    """The budget of a release that holds this amount, as it stands in history."""
    found = read_file(
        b'{"ocid":"ocds-213czf-1","id":"1","date":"2026-01-01","tender":{"value":{"amount":%s}}}' % amount.encode()
    )
    assert found.ids == ["1"]
    return create_arrow_column(
        HISTORY_TABLES["process"].field("value_net"), [find_row(found, "process")["value_net"]]
    ).to_pylist()[0]


# ------------------------------------------------------------------------------------------- shapes


@pytest.mark.quirk("Q1.39")
def test_a_map_stands_where_an_array_belongs():
    lots = {"1": {"id": "a", "title": "first"}, "2": {"id": "b"}}
    assert read_release(tender={"lots": lots}).column("lot", "lot_id") == ["a", "b"]


def test_an_object_stands_where_an_array_belongs():
    found = read_release(tender={"lots": {"id": "a", "title": "alone"}})
    assert (found.column("lot", "lot_id"), found.column("lot", "title")) == (["a"], ["alone"])


@pytest.mark.quirk("Q1.38")
def test_strays_that_nothing_reads_do_no_harm():
    plain, stray = read_release(), read_release(buyerID=[], statusDetails=None, **{"    title": "x", "": 1})
    assert stray.rows == plain.rows


def test_nulls_take_values_back_and_empty_lists_too():
    found = read_release(
        tender={"id": "t", "title": None}, parties=[{"id": "p", "roles": [], "additionalIdentifiers": []}]
    )
    assert sorted(list_removed(found)) == [
        ("party", "p", "roles"), ("party_identifier", "p", "*"), ("process", "", "title"),
    ]  # fmt: skip
    assert find_row(found, "process")["title"] is None


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_sections_that_hold_nothing(nothing):
    found = read_release(tender=nothing, awards=nothing, parties=nothing, buyer=nothing)
    assert (found.ids, found.rows["award"], found.rows["party"]) == (["1"], [], [])


def test_entries_that_are_no_objects_are_left_out_and_told():
    found = read_release(awards=[None, 5, {"status": "active", "title": None}, {"id": "b"}])
    tag = found.column("release", "sha256")[0][:12]
    assert found.column("award", "local_id") == [f"#{tag}-0", "b"]
    assert list_removed(found) == [("award", f"#{tag}-0", "title")]
    assert list_invalid(found) == [("", "", "", "/awards/1", "5", "an object belongs here")]


@pytest.mark.parametrize("wrong", [5, "text", True, [1], ["x"], 1.5])
@pytest.mark.parametrize("place", ["tender", "awards", "parties", "buyer", "planning", "bids", "contracts"])
def test_a_section_of_any_other_kind_costs_no_more_than_itself(place, wrong):
    found = read_release(**{"language": "en", place: wrong})
    assert (found.ids, found.column("release", "language")) == (["1"], ["en"])
    assert len(found.rows["invalid_value"]) == 1


# ------------------------------------------------------------------------------------------- ids


def test_ids_may_be_whole_numbers_and_become_text():
    found = read_release(id=7, tender={"id": 8}, awards=[{"id": 9, "suppliers": [{"id": 10}]}])
    assert (found.ids, found.column("award", "local_id")) == (["7"], ["9"])
    assert found.column("award_supplier", "party_ref") == ["10"]


@pytest.mark.parametrize(("given", "kept"), [(1.50, "1.5"), (True, "true"), (10**30, str(10**30))])
def test_ids_of_other_kinds_become_text_in_every_table_alike(given, kept):
    found = read_release(awards=[{"id": given, "title": None}])
    assert (found.column("award", "local_id"), list_removed(found)) == ([kept], [("award", kept, "title")])


def test_an_id_that_cannot_be_one_is_as_none():
    found = read_release(awards=[{"id": {"a": 1}, "title": None}])
    assert found.column("award", "local_id") == [row[1] for row in list_removed(found)]
    assert found.column("award", "local_id")[0].startswith("#")


def test_a_key_that_holds_an_at_sign_stays_whole():
    assert list_removed(read_release(awards=[{"id": "a@b", "title": None}])) == [("award", "a@b", "title")]


def test_a_release_without_an_id_gets_one_that_its_layout_does_not_change():
    bare = {name: value for name, value in make_release().items() if name != "id"}
    compact, pretty = read_file(encode(bare)), read_file(json.dumps(bare, indent=3, sort_keys=True).encode())
    assert compact.ids == pretty.ids
    assert compact.ids[0].startswith("ocds-213czf-1-")
    assert compact.column("release", "id_derived") == [True]


@pytest.mark.quirk("Q1.7")
def test_two_of_one_id_are_both_kept():
    found = read_release(parties=[{"id": "p", "name": "Dennis Eagle"}, {"id": "p", "name": "Dennis Eagle t/a Terberg"}])
    assert found.column("party", "name") == ["Dennis Eagle", "Dennis Eagle t/a Terberg"]


def test_a_release_without_ocid_is_quarantined():
    bare = {name: value for name, value in make_release().items() if name != "ocid"}
    assert [part.reason[:27] for part in read_file(encode(bare)).quarantined] == ["the release has no ocid, so"]
    assert len(read_file(encode(make_release(1, ocid=""))).quarantined) == 1


# ------------------------------------------------------------------------------------------- money and numbers


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        ("12.34", "12.34"), ("0.005", "0.00"), ("0.015", "0.02"), ("0.025", "0.02"), ("2.675", "2.68"),
        ("-0.015", "-0.02"), ("2.6749999999999999999", "2.67"), ("2.6750000000000000001", "2.68"),
        ("999999999.995", "1000000000.00"), ("9007199254740993.01", "9007199254740993.01"),
        ("9999999999999999.99", "9999999999999999.99"), ("999999999999999", "999999999999999.00"),
        ("4500000000000.005", "4500000000000.00"), ("9000000000000.015", "9000000000000.02"), ("1e3", "1000.00"),
        ("1e15", "1000000000000000.00"), ('"1,234.50"', "1234.50"), ('" 12 "', "12.00"),
    ],
)  # fmt: skip
def test_money_is_exact_and_half_to_even(published, kept):
    assert read_pence(published) == Decimal(kept)


@pytest.mark.parametrize(
    "published", ["1e9999", "-1e400", '" 000, x"', '"about 5"', "true", "[]", "{}", "1e17", '"NaN"']
)
@pytest.mark.quirk("Q1.24")
def test_what_is_no_amount_is_left_empty_and_told(published):
    found = read_file(
        b'{"ocid":"o","id":"1","date":"2026-01-01","tender":{"value":{"amount":%s}}}' % published.encode()
    )
    assert (found.ids, found.quarantined) == (["1"], [])
    assert find_row(found, "process")["value_net"] is None
    assert [row[:4] for row in list_invalid(found)] == [("process", "", "value_net", "/tender/value/amount")]


@pytest.mark.parametrize("number", [2**63, 2**64, 79228162514264337593543950335, -(2**63) - 1])
def test_a_whole_number_that_no_column_holds_is_told(number):
    found = read_release(tender={"numberOfTenderers": number})
    assert find_row(found, "process")["tenderers"] is None
    assert [row[4] for row in list_invalid(found)] == [str(number)]


def test_whole_numbers_at_the_edge_are_kept():
    assert find_row(read_release(tender={"numberOfTenderers": 2**63 - 1}), "process")["tenderers"] == 2**63 - 1
    assert find_row(read_release(tender={"numberOfTenderers": 5.0}), "process")["tenderers"] == 5
    assert [row[5] for row in list_invalid(read_release(tender={"numberOfTenderers": 5.5}))] == [
        "a whole number belongs here"
    ]


def test_a_wrong_value_is_shown_short_and_without_addresses():
    found = read_release(tender={"value": {"amount": "x" * 190 + " jane.doe@example.org"}})
    assert [row[4] for row in list_invalid(found)] == ['"' + "x" * 190 + " [email r"]


# ------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T00:00:00Z", "2026-03-01"),
        ("2026-07-01T23:59:59+01:00", "2026-07-01"),
        ("2026-07-01T23:30:00Z", "2026-07-02"),  # half past midnight in London
        ("2026-01-01T23:59:59+00:00", "2026-01-01"),
        ("2026-01-01T00:30:00+01:00", "2025-12-31"),
        ("2026-03-29T00:59:59Z", "2026-03-29"),  # the second before the clocks go forward
        ("2026-10-25T00:30:00+01:00", "2026-10-25"),
        ("2026-10-24T23:30:00Z", "2026-10-25"),
        ("2026-10-25T23:30:00Z", "2026-10-25"),
        ("2026-07-01T23:59:59", "2026-07-01"),  # no offset: London time
        ("2026-07-01T23:59:59.123456Z", "2026-07-02"),
    ],
)
@pytest.mark.quirk("Q1.30")
def test_a_day_is_the_day_in_london(published, day):
    assert (
        parse_london_days(published)
        == create_arrow_column(HISTORY_TABLES["award"].field("date"), [parse_london_days(day)])
        .cast("int32")
        .to_pylist()[0]
    )
    found = read_release(awards=[{"id": "a", "date": published}])
    kept = create_arrow_column(HISTORY_TABLES["award"].field("date"), found.column("award", "date")).to_pylist()
    assert [str(each) for each in kept] == [day]


@pytest.mark.parametrize(
    "wrong", ["", "soon", "31/12/2026", "2026-02-30", "0001-01-01T00:00:00+02:00", 20260101, ["x"]]
)
def test_what_is_no_date_is_left_empty_and_told(wrong):
    found = read_release(awards=[{"id": "a", "date": wrong}])
    assert (found.column("award", "date"), len(list_invalid(found))) == ([None], 1)


@pytest.mark.parametrize("wrong", [None, "", "soon", 5, "0001-01-01T00:00:00+02:00"])
def test_a_release_that_cannot_be_put_in_order_is_quarantined(wrong):
    assert read_release(date=wrong).outcome == ([], [], 1)


def test_a_moment_is_kept_in_utc():
    assert parse_microseconds("2026-07-01T00:00:00+01:00") == parse_microseconds("2026-06-30T23:00:00Z")
    assert parse_microseconds("2026-07-01T00:00:00") == parse_microseconds("2026-06-30T23:00:00Z")


# ------------------------------------------------------------------------------------------- the two readers


SAMPLE = list(sample.generate_releases(400, seed=5))


def test_most_releases_pass_the_fast_reader():
    assert sum(map(is_fast, SAMPLE)) > 0.9 * len(SAMPLE)


def test_both_readers_say_the_same_of_each_sample_release():
    for raw in SAMPLE:
        assert read_carefully(raw) == read_as_loaded(raw)


def _make_rows(made):
    """The rows as they will stand in history: floats and Decimals of money are one."""
    return {
        name: [tuple(map(_make_value, HISTORY_TABLES[name].fields, row)) for row in rows]
        for name, rows in made.items()
        if rows
    }


def _make_value(field, value):
    return create_arrow_column(field, [value]).to_pylist()[0] if field.type in ("money", "number") else value


# Every leaf of the standard, and empty things of each kind, since random releases meet few.
EMPTY = st.sampled_from(
    [{}, [], "", 0, False, 1.5, 0.1, -0.0, 1e300, 123456.789, "1.50", 'é\n"\\', "2026-01-01", [{}], ["x"]]
)


@settings(max_examples=bound_examples(150))
@given(st.one_of(RANDOM, RANDOM.flatmap(lambda known: st.builds(lambda value: _plant(known, value), EMPTY))))
def test_both_readers_say_the_same_of_random_releases(value):
    raw = encode({"id": "r"} | value)
    assert _make_rows(read_carefully(raw)) == _make_rows(read_as_loaded(raw))


def _plant(value, planted):
    """The release with each leaf and section that is there replaced in turn would be many; the values alone will do."""
    tender = {"title": planted, "lots": planted, "value": {"amount": planted}, "numberOfTenderers": planted}
    return value | {
        "tender": tender,
        "contracts": [{"id": planted, "agreedMetrics": [{"observations": [{"measure": planted}]}]}],
    }


@settings(max_examples=bound_examples(60))
@given(RANDOM, st.randoms(use_true_random=False))
def test_the_same_release_laid_out_differently_has_the_same_key_and_rows(value, dice):
    value = {"id": "r"} | value
    layouts = [encode(value), json.dumps(value, indent=4).encode(), encode(_shuffle(value, dice))]
    compact, *others = [read_as_loaded(raw) for raw in layouts]
    assert others == [compact, compact]


def _shuffle(value, dice):
    if isinstance(value, dict):
        names = list(value)
        dice.shuffle(names)
        return {name: _shuffle(value[name], dice) for name in names}
    return [_shuffle(entry, dice) for entry in value] if isinstance(value, list) else value


def test_every_type_of_the_standard_has_a_column():
    assert {field.type for table in HISTORY_TABLES.values() for field in table.fields} <= set(ARROW_TYPES)
