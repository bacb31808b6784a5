"""A large document is read an entry at a time, and gives what it gives when it is held whole."""

import gzip
import io
import json
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.read.read_helpers import ORIGIN, encode, make_release, read_file
from threepoint.errors import UnreadableInputError
from threepoint.read import large_json
from threepoint.read.format_detection import read_stream
from threepoint.read.read_context import UTF8_BOM, ReadContext, ReadLimits

A, B, C = make_release(1), make_release(2), make_release(3)
RECORD = {"ocid": "ocds-213czf-4", "releases": [make_release(4)], "compiledRelease": make_release(4, tag=["compiled"])}
PUBLISHER = {"publisher": {"name": "Ville de Lyon"}}
HELD = ReadLimits(held=1)

PLAIN = {
    "releases": {**PUBLISHER, "releases": [A, B, C]},
    "the publisher last": {"uri": "x", "releases": [A, B], **PUBLISHER}, "no publisher": {"releases": [A]},
    "records": {"records": [RECORD], **PUBLISHER, "extensions": ["a", {"b": [1, 2]}]},
    "a link and what is none": {"releases": [{"url": "https://example.org"}, 5, None, "x", [], A, {"ocid": "broken"}]},
    "signs in texts": {"releases": [make_release(1, language='],}{[":\\\\'), B], "x": "]}"},
    "letters": {"releases": [make_release(1, language="Ж£é")], "publisher": {"name": "Łódź"}},
    "nothing beside": {"releases": [A, B], "records": None},
}  # fmt: skip
OTHER = {
    "an array": [A, B], "two arrays": {"releases": [A], "records": [RECORD]},
    "a record": {"ocid": "ocds-213czf-4", "releases": [make_release(4)]}, "an empty package": {"releases": []},
    "a map for an array": {"releases": {"0": A, "1": B}}, "one release": A, "no OCDS": {"x": [1, 2]},
}  # fmt: skip


def read_both_ways(data):
    """What a document gives laid on disk, and held."""
    return read_file(data, HELD), read_file(data)


def assert_same(data):
    laid, held = read_both_ways(data)
    assert (laid.rows, laid.passed_over, laid.notes) == (held.rows, held.passed_over, held.notes)
    assert [(part.reason, part.head) for part in laid.quarantined] == [
        (part.reason, part.head) for part in held.quarantined
    ]


@pytest.mark.parametrize("name", [*PLAIN, *OTHER])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("mark", [b"", UTF8_BOM])
def test_it_gives_what_it_gives_when_it_is_held(name, indent, mark):
    value = (PLAIN | OTHER)[name]
    assert_same(mark + json.dumps(value, indent=indent, ensure_ascii=False).encode() + b"\n \n")


@pytest.mark.parametrize("name", [*PLAIN, *OTHER])
def test_only_plain_packages_are_read_an_entry_at_a_time(name):
    data = json.dumps((PLAIN | OTHER)[name], indent=1).encode()
    with large_json.map_stream_to_disk(b"", io.BytesIO(data), ReadContext("x")) as laid:
        assert (large_json.inspect_package(laid) is not None) == (name in PLAIN)


WHOLE = json.dumps(PLAIN["releases"], indent=1).encode()


@pytest.mark.parametrize("data", [
    WHOLE[:-1], WHOLE[:-20], WHOLE[: len(WHOLE) // 2], WHOLE + b"}", WHOLE + b"{}",
    WHOLE.replace(b"},", b"}", 1), WHOLE.replace(b"[", b"[,", 1),
    WHOLE.replace(b"]", b",]"), WHOLE.replace(b'"id": "1"', b'"id": 000,'), WHOLE.replace(b"Lyon", b"Ly\xf4n"),
    b'{"releases": [' + encode(A) + b'], "releases": [' + encode(B) + b"]}",
    b'{"releases": [' + encode(A) + b'], "publisher": {"name": "x"}, "publisher": {"name": "y"}}',
    b'{"releases": [' + encode(A) + b'], "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"releases": [' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"]}",
    b"{", b"{}", b'{"releases"', b'{"releases": [', b'{"releases": [' + encode(A),
])  # fmt: skip
def test_what_is_not_whole_or_odd_is_read_as_any_other_document(data):
    assert_same(data)


@given(st.integers(0, len(WHOLE)), st.binary(max_size=3))
def test_damage_anywhere_gives_what_it_gives_when_it_is_held(at, damage):
    assert_same(WHOLE[:at] + damage + WHOLE[at + len(damage) :])


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_entries_of_any_kind_are_told_apart(value):
    assert_same(json.dumps({"x": value, "releases": [value, A, value], "y": value}).encode())


def test_it_is_not_held(monkeypatch):
    """Of the bytes of a document, no more are asked for at once than an entry has."""
    longest = []
    entry = large_json.split_entry
    monkeypatch.setattr(
        large_json,
        "split_entry",
        lambda array, data, publisher: longest.append(len(data)) or entry(array, data, publisher),
    )
    monkeypatch.setattr(large_json, "BLOCK_BYTES", 4096)
    values = [make_release(number, language="x" * 3000) for number in range(1, 60)]
    found = read_file(json.dumps({"releases": values}).encode(), HELD)
    assert found.ids == [str(number) for number in range(1, 60)]
    assert max(longest) < 4000


def test_a_large_document_in_an_archive(tmp_path):
    task = ReadContext(ORIGIN.source_id, "file", set(), HELD, scratch=tmp_path)
    found = list(read_stream(io.BytesIO(gzip.compress(WHOLE)), task))
    assert sum(len(reading.rows["release"]) for reading in found) == 3
    assert list(tmp_path.iterdir()) == []


def test_it_is_laid_out_where_it_may_be(tmp_path, monkeypatch):
    asked = []
    made = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda dir: asked.append(dir) or made(dir=dir))  # noqa: A006  as the library has it
    list(read_stream(io.BytesIO(WHOLE), ReadContext("x", limits=HELD, scratch=tmp_path)))
    assert asked == [tmp_path]


def test_a_stream_without_end_is_refused_before_the_disk_is_full():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return b"x" * size

    with (
        pytest.raises(UnreadableInputError, match="longer than 1,000 bytes"),
        large_json.map_stream_to_disk(b"", Endless(), ReadContext("x", limits=ReadLimits(unpacked=1000))),
    ):
        pass


def test_progress_is_told_by_the_place_in_the_file(monkeypatch):
    from threepoint.read import json_files

    monkeypatch.setattr(json_files, "MAX_RELEASES_PER_RESULT", 2)
    told_of = []
    list(read_stream(io.BytesIO(WHOLE), ReadContext("x", limits=HELD, progress=told_of.append)))
    assert told_of == [WHOLE.index(b'"ocid": "ocds-213czf-2"') - len(b"{\n   ")]
