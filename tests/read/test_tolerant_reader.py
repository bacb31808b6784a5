"""Unusual releases, one quirk each; and the agreement of the two readers on the same release."""

import json
from datetime import UTC, date, datetime
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
from threepoint.read.value_parsing import parse_days, parse_publication
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.store.arrow_columns import ARROW_TYPES, create_arrow_column


def list_invalid(result):
    return [row[1:] for row in result.rows["invalid_value"]]


def list_removed(result):
    return [row[1:] for row in result.rows["removed"]]


def read_pence(amount: str) -> Decimal | None:
    """Return the budget of a release with this amount, as stored in history."""
    result = read_file(
        b'{"ocid":"ocds-213czf-1","id":"1","date":"2026-01-01","tender":{"value":{"amount":%s}}}' % amount.encode()
    )
    assert result.ids == ["1"]
    return create_arrow_column(
        HISTORY_TABLES["process"].field("value_net"), [find_row(result, "process")["value_net"]]
    ).to_pylist()[0]


# ------------------------------------------------------------------------------------------- shapes


@pytest.mark.quirk("Q1.39")
def test_map_instead_of_array_is_read():
    lots = {"1": {"id": "a", "title": "first"}, "2": {"id": "b"}}
    assert read_release(tender={"lots": lots}).column("lot", "lot_id") == ["a", "b"]


def test_object_instead_of_array_is_read():
    result = read_release(tender={"lots": {"id": "a", "title": "alone"}})
    assert (result.column("lot", "lot_id"), result.column("lot", "title")) == (["a"], ["alone"])


@pytest.mark.quirk("Q1.38")
def test_unknown_fields_are_ignored():
    with_unknown_fields = read_release(buyerID=[], statusDetails=None, **{"    title": "x", "": 1})
    assert with_unknown_fields.rows == read_release().rows


def test_nulls_and_empty_lists_remove_values():
    result = read_release(
        tender={"id": "t", "title": None}, parties=[{"id": "p", "roles": [], "additionalIdentifiers": []}]
    )
    assert sorted(list_removed(result)) == [
        ("party", "p", "roles"), ("party_identifier", "p", "*"), ("process", "", "title"),
    ]  # fmt: skip
    assert find_row(result, "process")["title"] is None


@pytest.mark.parametrize("empty", [None, [], {}])
def test_empty_sections_give_no_rows(empty):
    result = read_release(tender=empty, awards=empty, parties=empty, buyer=empty)
    assert (result.ids, result.rows["award"], result.rows["party"]) == (["1"], [], [])


def test_array_entries_that_are_not_objects_are_reported():
    result = read_release(awards=[None, 5, {"status": "active", "title": None}, {"id": "b"}])
    tag = result.column("release", "sha256")[0][:12]
    assert result.column("award", "local_id") == [f"#{tag}-0", "b"]
    assert list_removed(result) == [("award", f"#{tag}-0", "title")]
    assert list_invalid(result) == [("", "", "", "/awards/1", "5", "an object belongs here")]


@pytest.mark.parametrize("wrong", [5, "text", True, [1], ["x"], 1.5])
@pytest.mark.parametrize("place", ["tender", "awards", "parties", "buyer", "planning", "bids", "contracts"])
def test_section_of_wrong_type_is_reported_alone(place, wrong):
    result = read_release(**{"language": "en", place: wrong})
    assert (result.ids, result.column("release", "language")) == (["1"], ["en"])
    assert len(result.rows["invalid_value"]) == 1


# ------------------------------------------------------------------------------------------- ids


def test_whole_number_ids_become_text():
    result = read_release(id=7, tender={"id": 8}, awards=[{"id": 9, "suppliers": [{"id": 10}]}])
    assert (result.ids, result.column("award", "local_id")) == (["7"], ["9"])
    assert result.column("award_supplier", "party_ref") == ["10"]


@pytest.mark.parametrize(("published_id", "expected"), [(1.50, "1.5"), (True, "true"), (10**30, str(10**30))])
def test_ids_of_other_types_become_text(published_id, expected):
    result = read_release(awards=[{"id": published_id, "title": None}])
    assert (result.column("award", "local_id"), list_removed(result)) == ([expected], [("award", expected, "title")])


def test_invalid_id_is_treated_as_missing():
    result = read_release(awards=[{"id": {"a": 1}, "title": None}])
    assert result.column("award", "local_id") == [row[1] for row in list_removed(result)]
    assert result.column("award", "local_id")[0].startswith("#")


def test_id_with_at_sign_is_kept():
    assert list_removed(read_release(awards=[{"id": "a@b", "title": None}])) == [("award", "a@b", "title")]


def test_derived_release_id_does_not_depend_on_layout():
    release = {name: value for name, value in make_release().items() if name != "id"}
    compact, pretty = read_file(encode(release)), read_file(json.dumps(release, indent=3, sort_keys=True).encode())
    assert compact.ids == pretty.ids
    assert compact.ids[0].startswith("ocds-213czf-1-")
    assert compact.column("release", "id_derived") == [True]


@pytest.mark.quirk("Q1.7")
def test_parties_with_equal_ids_are_both_kept():
    result = read_release(
        parties=[{"id": "p", "name": "Dennis Eagle"}, {"id": "p", "name": "Dennis Eagle t/a Terberg"}]
    )
    assert result.column("party", "name") == ["Dennis Eagle", "Dennis Eagle t/a Terberg"]


def test_release_without_ocid_is_quarantined():
    release = {name: value for name, value in make_release().items() if name != "ocid"}
    assert [part.reason[:27] for part in read_file(encode(release)).quarantined] == ["the release has no ocid, so"]
    assert len(read_file(encode(make_release(1, ocid=""))).quarantined) == 1


# ------------------------------------------------------------------------------------------- money and numbers


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("12.34", "12.34"), ("0.005", "0.00"), ("0.015", "0.02"), ("0.025", "0.02"), ("2.675", "2.68"),
        ("-0.015", "-0.02"), ("2.6749999999999999999", "2.67"), ("2.6750000000000000001", "2.68"),
        ("999999999.995", "1000000000.00"), ("9007199254740993.01", "9007199254740993.01"),
        ("9999999999999999.99", "9999999999999999.99"), ("999999999999999", "999999999999999.00"),
        ("4500000000000.005", "4500000000000.00"), ("9000000000000.015", "9000000000000.02"), ("1e3", "1000.00"),
        ("1e15", "1000000000000000.00"), ('"1,234.50"', "1234.50"), ('" 12 "', "12.00"),
    ],
)  # fmt: skip
def test_money_is_exact_and_rounded_half_to_even(published, expected):
    assert read_pence(published) == Decimal(expected)


@pytest.mark.parametrize(
    "published", ["1e9999", "-1e400", '" 000, x"', '"about 5"', "true", "[]", "{}", "1e17", '"NaN"']
)
@pytest.mark.quirk("Q1.24")
def test_invalid_amount_is_empty_and_reported(published):
    result = read_file(
        b'{"ocid":"o","id":"1","date":"2026-01-01","tender":{"value":{"amount":%s}}}' % published.encode()
    )
    assert (result.ids, result.quarantined) == (["1"], [])
    assert find_row(result, "process")["value_net"] is None
    assert [row[:4] for row in list_invalid(result)] == [("process", "", "value_net", "/tender/value/amount")]


@pytest.mark.parametrize("number", [2**63, 2**64, 79228162514264337593543950335, -(2**63) - 1])
def test_integer_out_of_range_is_reported(number):
    result = read_release(tender={"numberOfTenderers": number})
    assert find_row(result, "process")["tenderers"] is None
    assert [row[4] for row in list_invalid(result)] == [str(number)]


def test_integer_at_limit_is_kept():
    assert find_row(read_release(tender={"numberOfTenderers": 2**63 - 1}), "process")["tenderers"] == 2**63 - 1
    assert find_row(read_release(tender={"numberOfTenderers": 5.0}), "process")["tenderers"] == 5
    assert [row[5] for row in list_invalid(read_release(tender={"numberOfTenderers": 5.5}))] == [
        "a whole number belongs here"
    ]


def test_invalid_value_is_cut_and_has_no_email_address():
    result = read_release(tender={"value": {"amount": "x" * 190 + " jane.doe@example.org"}})
    assert [row[4] for row in list_invalid(result)] == ['"' + "x" * 190 + " [email r"]


# ------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2026-07-01", "2026-07-01"),
        ("2026-07-01T00:00:00Z", "2026-07-01"),
        ("2026-07-01T00:00:00+01:00", "2026-07-01"),
        ("2026-07-01T23:59:59+01:00", "2026-07-01"),
        ("2026-07-01T23:59:59Z", "2026-07-01"),  # the last second of a day, written without the offset of summer
        ("2026-07-01T23:59:59.123456Z", "2026-07-01"),
        ("2026-07-01T23:30:00Z", "2026-07-01"),
        ("2026-06-30T23:00:00Z", "2026-07-01"),  # midnight in London, converted to UTC
        ("2026-06-30T23:00:00+00:00", "2026-07-01"),
        ("2026-06-30T22:59:59Z", "2026-06-30"),  # the last second in London, converted to UTC
        ("2026-01-01T23:00:00Z", "2026-01-01"),
        ("2026-06-30T23:00:00+01:00", "2026-06-30"),
        ("2026-01-01T23:59:59+00:00", "2026-01-01"),
        ("2026-01-01T00:30:00+01:00", "2026-01-01"),  # an offset of summer in winter
        ("2018-10-10T00:00:00+04:30", "2018-10-10"),  # another country
        ("2015-12-22T23:59:59-06:00", "2015-12-22"),
        ("2026-03-29T23:00:00Z", "2026-03-30"),  # the clocks went forward that morning
        ("2026-03-28T23:00:00Z", "2026-03-28"),
        ("2026-10-24T23:00:00Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-25"),
        ("2026-07-01T23:59:59", "2026-07-01"),  # without an offset
    ],
)
@pytest.mark.quirk("Q1.30")
def test_date_is_the_day_that_was_written(published, day):
    assert parse_days(published) == (date.fromisoformat(day) - date(1970, 1, 1)).days
    result = read_release(awards=[{"id": "a", "date": published}])
    dates = create_arrow_column(HISTORY_TABLES["award"].field("date"), result.column("award", "date")).to_pylist()
    assert [str(value) for value in dates] == [day]


@pytest.mark.parametrize("wrong", ["", "soon", "31/12/2026", "2026-02-30", "2026-07-01T24:30:00Z", 20260101, ["x"]])
def test_invalid_date_is_empty_and_reported(wrong):
    result = read_release(awards=[{"id": "a", "date": wrong}])
    assert (result.column("award", "date"), len(list_invalid(result))) == ([None], 1)


@pytest.mark.parametrize("wrong", [None, "", "soon", 5, "0001-01-01T00:00:00+02:00"])
def test_release_without_valid_date_is_quarantined(wrong):
    assert read_release(date=wrong).outcome == ([], [], 1)


@pytest.mark.parametrize("written", ["2026-06-30T23:00:00Z", "2026-07-01T00:00:00+01:00", "2026-07-01T00:00:00"])
def test_publication_time_is_in_utc_and_its_day_in_london(written):
    moment, day = datetime(2026, 6, 30, 23, tzinfo=UTC), date(2026, 7, 1)
    assert parse_publication(written) == (int(moment.timestamp() * 1_000_000), (day - date(1970, 1, 1)).days)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-06-30T23:30:00Z", "2026-07-01"),
        ("2026-06-30T23:59:59Z", "2026-06-30"),  # the end of a day rather than a time
        ("2026-07-01T00:10:00+01:00", "2026-07-01"),
        ("2026-01-01T23:30:00Z", "2026-01-01"),
    ],
)
def test_publication_day(written, day):
    assert find_publication_day(datetime.fromisoformat(written)) == date.fromisoformat(day)


# ------------------------------------------------------------------------------------------- the two readers


SAMPLE = list(sample.generate_releases(400, seed=5))


def test_fast_reader_reads_most_releases():
    assert sum(map(is_fast, SAMPLE)) > 0.9 * len(SAMPLE)


def test_readers_agree_on_sample_releases():
    for raw in SAMPLE:
        assert read_carefully(raw) == read_as_loaded(raw)


def _make_rows(rows_by_table):
    """Return the rows as stored in history, where floats and Decimals of money are equal."""
    return {
        name: [tuple(map(_make_value, HISTORY_TABLES[name].fields, row)) for row in rows]
        for name, rows in rows_by_table.items()
        if rows
    }


def _make_value(field, value):
    return create_arrow_column(field, [value]).to_pylist()[0] if field.type in ("money", "number") else value


# Random releases have few of these values.
EMPTY = st.sampled_from(
    [{}, [], "", 0, False, 1.5, 0.1, -0.0, 1e300, 123456.789, "1.50", 'é\n"\\', "2026-01-01", [{}], ["x"]]
)


@settings(max_examples=bound_examples(150))
@given(st.one_of(RANDOM, RANDOM.flatmap(lambda release: st.builds(lambda value: _plant(release, value), EMPTY))))
def test_readers_agree_on_random_releases(value):
    raw = encode({"id": "r"} | value)
    assert _make_rows(read_carefully(raw)) == _make_rows(read_as_loaded(raw))


def _plant(value, planted):
    """Return the release with the value in a few leaves and sections; all of them in turn would take too long."""
    tender = {"title": planted, "lots": planted, "value": {"amount": planted}, "numberOfTenderers": planted}
    return value | {
        "tender": tender,
        "contracts": [{"id": planted, "agreedMetrics": [{"observations": [{"measure": planted}]}]}],
    }


@settings(max_examples=bound_examples(60))
@given(RANDOM, st.randoms(use_true_random=False))
def test_key_and_rows_do_not_depend_on_layout(value, random):
    value = {"id": "r"} | value
    layouts = [encode(value), json.dumps(value, indent=4).encode(), encode(_shuffle(value, random))]
    compact, *others = [read_as_loaded(raw) for raw in layouts]
    assert others == [compact, compact]


def _shuffle(value, random):
    if isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return {name: _shuffle(value[name], random) for name in names}
    return [_shuffle(entry, random) for entry in value] if isinstance(value, list) else value


def test_every_field_type_has_an_arrow_type():
    assert {field.type for table in HISTORY_TABLES.values() for field in table.fields} <= set(ARROW_TYPES)
