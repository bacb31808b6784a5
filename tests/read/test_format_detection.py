"""Every file, recognised by its content, is read, skipped with its kind, or quarantined; it never raises an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.read.read_helpers import encode, join_lines, make_release, read_file
from tests.size import bound_examples

KINDS = {
    "empty file": b"", "code list": b"Code,Title,Description\ntender,Tender,x\n",
    "table without rows": b"Date,Amount,Supplier\n", "table of another kind": b"Date,Amount\n2026-01-01,5\n",
    "text": b"Contains public sector information.\n", "file of another kind": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "old Office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
    "OCDS extension": b'{"name": {"en": "Lots"}, "compatibility": ["1.1"]}',
    "list of OCDS extensions": b'{"extensions": ["https://example.invalid"]}',
}  # fmt: skip


TRUTH = b'{"ocid":"ocds-sample-07000000","route":"open","withheld":[],"missing":[],"wrong":[],"releases":3}'


@pytest.mark.parametrize("count", [1, 2, 6000])
def test_ground_truth_is_skipped_once(count):
    assert read_file(b"\n".join([TRUTH] * count)).outcome == ([], ["truth of a synthetic world"], 0)


def test_ground_truth_mixed_with_releases_is_skipped():
    lines = join_lines(
        TRUTH, make_release(1), TRUTH.replace(b'"wrong":[],', b""), TRUTH.replace(b"ocds-sample-", b"ocds-213czf-")
    )
    result = read_file(lines)
    assert result.ids == ["1"]
    assert (result.kinds, len(result.quarantined)) == (["truth of a synthetic world"], 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_file_without_data_is_skipped_with_its_kind(kind, mark):
    if kind in ("file of another kind", "old Office file") and mark:
        return
    assert read_file(mark + KINDS[kind]).outcome == ([], [kind], 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_other_table_is_skipped_with_its_kind_whatever_separates_it(delimiter):
    assert read_file(f"Date{delimiter}Amount\n2026-01-01{delimiter}5\n".encode()).kinds == ["table of another kind"]
    assert read_file(f"Code{delimiter}Title\ntender{delimiter}Tender\n".encode()).kinds == ["code list"]


@pytest.mark.parametrize(
    "headings",
    [
        "releases/0/ocid,releases/0/tender/title", "ocid,tender/title", "tender.title;ocid", "compiledRelease/ocid\tbuyer/name",
        "_link,ocid", "ocid,id,awards/0/value/amount",
    ],
)  # fmt: skip
@pytest.mark.parametrize("count", [1, 300])
def test_flattened_ocds_is_skipped_with_its_number_of_rows(headings, count):
    row = ";" if ";" in headings else "\t" if "\t" in headings else ","
    result = read_file(f"{headings}\n{row.join(['ocds-213czf-1'] * (headings.count(row) + 1))}\n".encode() * count)
    assert [(item.kind, item.count) for item in result.skipped] == [("row of flattened OCDS", 2 * count - 1)]


def test_table_with_ocid_and_no_path_is_of_another_kind():
    assert read_file(b"ocid,buyer_name\nocds-213czf-1,HMT\n").kinds == ["table of another kind"]


def test_blank_file_is_skipped_as_empty():
    assert read_file(b" \n\r\n\t").kinds == ["empty file"]


def test_utf_16_cut_short_is_quarantined():
    assert read_file(encode(make_release()).decode().encode("utf-16")[:-1]).outcome == ([], [], 1)


def count_outcomes(data: bytes) -> int:
    result = read_file(data)
    return len(result.ids) + len(result.kinds) + len(result.quarantined)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["releases", "records", "ocid", "date", "id", "tag", "tender", "awards", "parties", "buyer", "value",
                         "contracts", "implementation", "amount", "suppliers", "identifier", "roles", "compiledRelease",
                         "versionedRelease", "amendment", "transactions", "providerOrganization", "publisher"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=bound_examples(150))
@given(st.one_of(st.binary(max_size=40), JSON.map(encode), st.lists(JSON.map(encode), min_size=2).map(b"\n".join)))
def test_any_file_has_an_outcome(data):
    assert count_outcomes(data) >= 1


@settings(max_examples=bound_examples(150))
@given(
    st.dictionaries(
        st.sampled_from(["tender", "awards", "parties", "buyer", "contracts", "planning", "bids", "tag", "id"]), JSON
    )
)
def test_release_of_any_shape_with_ocid_and_date_is_read(value):
    assert len(read_file(encode({"tender": {}, **value, "ocid": "o", "date": "2026-01-01"})).ids) == 1


@settings(max_examples=bound_examples(150))
@given(st.integers(0, 400), st.integers(0, 255))
def test_release_with_changed_byte_has_an_outcome(place, byte):
    data = bytearray(encode(make_release(1, awards=[{"id": "a", "value": {"amount": 5.5, "currency": "GBP"}}])))
    data[place % len(data)] = byte
    assert count_outcomes(bytes(data)) >= 1
