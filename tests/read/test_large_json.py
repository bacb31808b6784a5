"""A large document is read one entry at a time, with the same results as when it is read into memory."""

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
VERSIONED = {"ocid": "ocds-213czf-5", "tender": {"title": [
    {"releaseID": "1", "releaseDate": "2026-01-01T00:00:00Z", "releaseTag": ["tender"], "value": "x"}]}}  # fmt: skip
PUBLISHER = {"publisher": {"name": "Ville de Lyon"}}
ON_DISK_LIMITS = ReadLimits(buffered_bytes=1)

PLAIN = {
    "releases": {**PUBLISHER, "releases": [A, B, C]},
    "the publisher last": {"uri": "x", "releases": [A, B], **PUBLISHER}, "no publisher": {"releases": [A]},
    "records": {"records": [RECORD], **PUBLISHER, "extensions": ["a", {"b": [1, 2]}]},
    "a link and other entries": {"releases": [{"url": "https://example.org"}, 5, None, "x", [], A, {"ocid": "broken"}]},
    "punctuation in texts": {"releases": [make_release(1, language='],}{[":\\\\'), B], "x": "]}"},
    "letters": {"releases": [make_release(1, language="Ж£é")], "publisher": {"name": "Łódź"}},
    "no other names": {"releases": [A, B], "records": None},
    "two arrays": {"releases": [A], **PUBLISHER, "records": [RECORD]}, "two arrays, one empty": {"records": [], "releases": [A]},
    "an entry of another kind": {"releases": [A, {"releases": [B]}, {"x": 1}, {}], "records": [C, {"x": 1}, {"ocid": "x"}, 5]},
    "a versioned release": {"releases": [VERSIONED], "uri": {"ocid": "ocds-213czf-1"}},
}  # fmt: skip
OTHER = {
    "an array": [A, B], "releases under other names too": {"releases": [A], "more": {"0": B, "1": C}},
    "an envelope": {"maxPage": 1, "results": [{"releases": [A], **PUBLISHER}, {"releases": [B]}]},
    "OC4IDS": {"version": "0.9", "projects": [{"id": "p", "contractingProcesses": []}]},
    "a record": {"ocid": "ocds-213czf-4", "releases": [make_release(4)]}, "an empty package": {"releases": []},
    "a map for an array": {"releases": {"0": A, "1": B}}, "one release": A, "no OCDS": {"x": [1, 2]},
}  # fmt: skip


def read_both_ways(data):
    """Read a document from disk, and in memory."""
    return read_file(data, ON_DISK_LIMITS), read_file(data)


def assert_same(data):
    from_disk, in_memory = read_both_ways(data)
    assert (from_disk.rows, from_disk.skipped, from_disk.notes) == (
        in_memory.rows,
        in_memory.skipped,
        in_memory.notes,
    )
    assert [(part.reason, part.head) for part in from_disk.quarantined] == [
        (part.reason, part.head) for part in in_memory.quarantined
    ]


@pytest.mark.parametrize("name", [*PLAIN, *OTHER])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("mark", [b"", UTF8_BOM])
def test_document_on_disk_equals_document_in_memory(name, indent, mark):
    value = (PLAIN | OTHER)[name]
    assert_same(mark + json.dumps(value, indent=indent, ensure_ascii=False).encode() + b"\n \n")


@pytest.mark.parametrize("name", [*PLAIN, *OTHER])
def test_inspect_package_accepts_only_plain_packages(name):
    data = json.dumps((PLAIN | OTHER)[name], indent=1).encode()
    with large_json.map_stream_to_disk(b"", io.BytesIO(data), ReadContext("x")) as mapped_data:
        assert (large_json.inspect_package(mapped_data) is not None) == (name in PLAIN)


WHOLE = json.dumps(PLAIN["releases"], indent=1).encode()


@pytest.mark.parametrize("data", [
    WHOLE[:-1], WHOLE[:-20], WHOLE[: len(WHOLE) // 2], WHOLE + b"}", WHOLE + b"{}",
    WHOLE.replace(b"},", b"}", 1), WHOLE.replace(b"[", b"[,", 1),
    WHOLE.replace(b"]", b",]"), WHOLE.replace(b'"id": "1"', b'"id": 000,'), WHOLE.replace(b"Lyon", b"Ly\xf4n"),
    b'{"releases": [' + encode(A) + b'], "releases": [' + encode(B) + b"]}",
    b'{"releases": [' + encode(A) + b'], "publisher": {"name": "x"}, "publisher": {"name": "y"}}',
    b'{"releases": [' + encode(A) + b'], "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"releases": [' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"]}",
    WHOLE + WHOLE.replace(b"ocds-213czf", b"ocds-zzzzzz"), WHOLE + b"\n" + encode(A), WHOLE + encode({"x": 1}) + encode([B]),
    WHOLE + WHOLE[:-20], encode({"releases": [A]}) + b"\n" + WHOLE,
    b"{", b"{}", b'{"releases"', b'{"releases": [', b'{"releases": [' + encode(A),
])  # fmt: skip
def test_invalid_or_unusual_package_equals_document_in_memory(data):
    assert_same(data)


@given(st.integers(0, len(WHOLE)), st.binary(max_size=3))
def test_damaged_package_equals_document_in_memory(at, damage):
    assert_same(WHOLE[:at] + damage + WHOLE[at + len(damage) :])


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_entries_of_any_kind_are_separated(value):
    assert_same(json.dumps({"x": value, "releases": [value, A, value], "y": value}).encode())


def test_package_is_read_one_entry_at_a_time(monkeypatch):
    entry_sizes = []
    split_entry = large_json.split_entry
    monkeypatch.setattr(
        large_json,
        "split_entry",
        lambda array, data, publisher: entry_sizes.append(len(data)) or split_entry(array, data, publisher),
    )
    monkeypatch.setattr(large_json, "BLOCK_BYTES", 4096)
    releases = [make_release(number, language="x" * 3000) for number in range(1, 60)]
    result = read_file(json.dumps({"releases": releases}).encode(), ON_DISK_LIMITS)
    assert result.ids == [str(number) for number in range(1, 60)]
    assert max(entry_sizes) < 4000


def test_large_document_in_gzip_is_read(tmp_path):
    task = ReadContext(ORIGIN.source_id, "file", set(), ON_DISK_LIMITS, scratch=tmp_path)
    results = list(read_stream(io.BytesIO(gzip.compress(WHOLE)), task))
    assert sum(len(result.rows["release"]) for result in results) == 3
    assert list(tmp_path.iterdir()) == []


def test_large_document_is_copied_to_scratch_folder(tmp_path, monkeypatch):
    folders = []
    make_file = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda dir: folders.append(dir) or make_file(dir=dir))  # noqa: A006  tempfile's parameter name
    list(read_stream(io.BytesIO(WHOLE), ReadContext("x", limits=ON_DISK_LIMITS, scratch=tmp_path)))
    assert folders == [tmp_path]


def test_endless_stream_is_refused():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return b"x" * size

    with (
        pytest.raises(UnreadableInputError, match="longer than 1,000 bytes"),
        large_json.map_stream_to_disk(b"", Endless(), ReadContext("x", limits=ReadLimits(unpacked=1000))),
    ):
        pass


def test_progress_is_reported_as_file_offset(monkeypatch):
    from threepoint.read import json_files

    monkeypatch.setattr(json_files, "MAX_RELEASES_PER_RESULT", 2)
    reported_offsets = []
    list(read_stream(io.BytesIO(WHOLE), ReadContext("x", limits=ON_DISK_LIMITS, progress=reported_offsets.append)))
    assert reported_offsets == [WHOLE.index(b'"ocid": "ocds-213czf-2"') - len(b"{\n   ")]
