"""Whole JSON files: lines, broken lines, lines over the limit, encodings, releases read before."""

import io
import json

import pytest

from tests.read.read_helpers import encode, join_lines, make_release, read_file
from threepoint.read import json_files
from threepoint.read.ocds.packages import HEAD_BYTES
from threepoint.read.read_context import ReadContext, ReadLimits

A, B, C = make_release(1), make_release(2), make_release(3)
CUT = encode(make_release(9))[:-20]


@pytest.mark.parametrize(
    "broken", [CUT, CUT + b",", b'{"ocid": "x",', b"}", b"[", b"[]]", b"nonsense", b'{"a":1} {"b":2}']
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_broken_line_is_quarantined_alone(broken, place):
    valid_lines = [encode(A), encode(B)]
    data = join_lines(*valid_lines[:place], broken, *valid_lines[place:])
    result = read_file(data)
    assert (result.ids, len(result.quarantined)) == (["1", "2"], 1)
    part = result.quarantined[0]
    assert data[part.offset : part.offset + part.length].strip() == broken
    assert part.head.strip() == broken


def test_lines_after_broken_first_lines_are_read():
    assert read_file(join_lines(CUT, CUT, CUT, A, B)).outcome == (["1", "2"], [], 3)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_line_over_limit_is_quarantined_with_its_head(place):
    long_line = encode(make_release(9, tender={"title": "x" * 3 * HEAD_BYTES}))
    valid_lines = [encode(A), encode(B)]
    data = join_lines(*valid_lines[:place], long_line, *valid_lines[place:])
    result = read_file(data, ReadLimits(line=HEAD_BYTES + 10))
    assert result.outcome == (["1", "2"], [], 1)
    (part,) = result.quarantined
    assert (part.offset, part.length, part.head) == (data.index(long_line), len(long_line) + 1, long_line[:HEAD_BYTES])


def test_last_line_over_limit_without_line_end_is_quarantined():
    data = join_lines(A, B) + b'{"ocid":"' + b"x" * 5000
    result = read_file(data, ReadLimits(line=1000))
    assert (result.ids, result.quarantined[0].length) == (["1", "2"], 5009)


def test_truncated_json_is_quarantined_as_one_part():
    data = json.dumps({"releases": [A, B]}, indent=2).encode()[:-30]
    result = read_file(data)
    assert (result.outcome, result.quarantined[0].head) == (([], [], 1), data)
    assert "cut short" in result.quarantined[0].reason


def test_large_quarantined_part_has_only_its_head():
    data = b'{"ocid": "' + b"x" * 3 * HEAD_BYTES
    (part,) = read_file(data).quarantined
    assert (part.length, part.head) == (len(data), data[:HEAD_BYTES])


def test_western_encoding_is_read_and_noted():
    title = "Café – £5 ¾"
    text = json.dumps(make_release(1, tender={"title": title}), ensure_ascii=False)
    result = read_file(text.encode("cp1252"))
    assert (result.column("process", "title"), result.notes) == (
        [title],
        ["not UTF-8: read as Windows-1252 or ISO-8859-1"],
    )
    line_result = read_file(join_lines(B, text.encode("cp1252"), {"releases": [C]}))
    assert (line_result.ids, line_result.kinds) == (["2", "1", "3"], ["note: not UTF-8"])
    assert line_result.column("process", "title")[1] == title


def test_bytes_undefined_in_windows_1252_are_read():
    assert read_file(encode(make_release(1, tender={"title": "?"})).replace(b"?", b"\x81\xe9")).column(
        "process", "title"
    ) == ["\x81é"]


def test_package_line_in_western_encoding_keeps_publisher():
    package = {"publisher": {"name": "Économie"}, "releases": [make_release(1, ocid="ocds-zzzzzz-1")]}
    result = read_file(join_lines(A, json.dumps(package, ensure_ascii=False).encode("latin-1")))
    assert result.column("release", "publisher")[1] == "Économie"


def test_lone_surrogate_is_quarantined():
    assert read_file(encode(A).replace(b'"tender"', b'"a":"\\ud800","tender"')).ids in (["1"], [])
    assert read_file(join_lines(A, encode(B).replace(b'"tender"]', b'"\\ud800"]'))).outcome == (["1"], [], 1)


def test_repeated_release_is_read_once():
    seen: set[int] = set()
    assert read_file(join_lines(A, A, B), seen=seen).outcome == (["1", "2"], ["release already loaded"], 0)
    second_result = read_file(join_lines(A, B, C), seen=seen)
    assert (second_result.ids, [(item.kind, item.count) for item in second_result.skipped]) == (
        ["3"],
        [("release already loaded", 2)],
    )


def test_json_without_ocds_is_skipped():
    assert read_file(b'{"a": 1}').outcome == ([], ["JSON of another kind"], 0)
    assert read_file(b"[1, 2]").outcome == ([], ["JSON of another kind"], 0)
    assert read_file(b"[]").outcome == ([], ["JSON of another kind"], 0)
    assert read_file(b'{"$schema": "x", "properties": {}}').outcome == ([], ["JSON schema"], 0)


def test_many_releases_are_split_into_results(monkeypatch):
    monkeypatch.setattr(json_files, "MAX_RELEASES_PER_RESULT", 2)
    releases = [make_release(number) for number in range(5)]
    reported_offsets = []
    task = ReadContext("x", progress=reported_offsets.append)
    sizes = [len(result.rows["release"]) for result in json_files.read_json(io.BytesIO(join_lines(*releases)), task)]
    assert (sizes, len(reported_offsets)) == ([2, 2, 1], 2)
    array_results = json_files.read_json(io.BytesIO(encode(releases)), ReadContext("x"))
    assert [len(result.rows["release"]) for result in array_results] == [2, 2, 1]


def test_read_json_lines_reads_lines_in_memory():
    (result,) = json_files.read_json_lines([encode(A), encode(B)], ReadContext("x"))
    assert len(result.rows["release"]) == 2
