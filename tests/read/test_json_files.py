"""Files as a whole: lines, broken lines, lines over the limit, encodings, what is held already."""

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
def test_a_broken_line_costs_no_more_than_itself(broken, place):
    whole = [encode(A), encode(B)]
    data = join_lines(*whole[:place], broken, *whole[place:])
    found = read_file(data)
    assert (found.ids, len(found.quarantined)) == (["1", "2"], 1)
    part = found.quarantined[0]
    assert data[part.offset : part.offset + part.length].strip() == broken
    assert part.head.strip() == broken


def test_broken_first_lines_do_not_hide_the_others():
    assert read_file(join_lines(CUT, CUT, CUT, A, B)).outcome == (["1", "2"], [], 3)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_over_the_limit_is_passed_without_being_held(place):
    long = encode(make_release(9, tender={"title": "x" * 3 * HEAD_BYTES}))
    whole = [encode(A), encode(B)]
    data = join_lines(*whole[:place], long, *whole[place:])
    found = read_file(data, ReadLimits(line=HEAD_BYTES + 10))
    assert found.outcome == (["1", "2"], [], 1)
    (part,) = found.quarantined
    assert (part.offset, part.length, part.head) == (data.index(long), len(long) + 1, long[:HEAD_BYTES])


def test_a_last_line_over_the_limit_without_an_end():
    data = join_lines(A, B) + b'{"ocid":"' + b"x" * 5000
    found = read_file(data, ReadLimits(line=1000))
    assert (found.ids, found.quarantined[0].length) == (["1", "2"], 5009)


def test_truncated_json_is_quarantined_once_with_its_head():
    data = json.dumps({"releases": [A, B]}, indent=2).encode()[:-30]
    found = read_file(data)
    assert (found.outcome, found.quarantined[0].head) == (([], [], 1), data)
    assert "cut short" in found.quarantined[0].reason


def test_only_the_head_of_a_large_part_is_held():
    data = b'{"ocid": "' + b"x" * 3 * HEAD_BYTES
    (part,) = read_file(data).quarantined
    assert (part.length, part.head) == (len(data), data[:HEAD_BYTES])


def test_western_encodings_are_read_and_told():
    title = "Café – £5 ¾"
    text = json.dumps(make_release(1, tender={"title": title}), ensure_ascii=False)
    found = read_file(text.encode("cp1252"))
    assert (found.column("process", "title"), found.notes) == (
        [title],
        ["not UTF-8: read as Windows-1252 or ISO-8859-1"],
    )
    by_line = read_file(join_lines(B, text.encode("cp1252"), {"releases": [C]}))
    assert (by_line.ids, by_line.kinds) == (["2", "1", "3"], ["note: not UTF-8"])
    assert by_line.column("process", "title")[1] == title


def test_bytes_that_even_windows_does_not_know_are_read():
    assert read_file(encode(make_release(1, tender={"title": "?"})).replace(b"?", b"\x81\xe9")).column(
        "process", "title"
    ) == ["\x81é"]


def test_a_package_line_in_a_western_encoding_with_its_publisher():
    package = {"publisher": {"name": "Économie"}, "releases": [make_release(1, ocid="ocds-zzzzzz-1")]}
    found = read_file(join_lines(A, json.dumps(package, ensure_ascii=False).encode("latin-1")))
    assert found.column("release", "publisher")[1] == "Économie"


def test_text_that_no_encoding_allows_is_quarantined():
    assert read_file(encode(A).replace(b'"tender"', b'"a":"\\ud800","tender"')).ids in (["1"], [])
    assert read_file(join_lines(A, encode(B).replace(b'"tender"]', b'"\\ud800"]'))).outcome == (["1"], [], 1)


def test_the_same_release_is_read_once():
    seen: set[int] = set()
    assert read_file(join_lines(A, A, B), seen=seen).outcome == (["1", "2"], ["release already held"], 0)
    again = read_file(join_lines(A, B, C), seen=seen)
    assert (again.ids, [(found.kind, found.count) for found in again.passed_over]) == (
        ["3"],
        [("release already held", 2)],
    )


def test_json_that_is_no_ocds_is_passed_over():
    assert read_file(b'{"a": 1}').outcome == ([], ["JSON of another kind"], 0)
    assert read_file(b"[1, 2]").outcome == ([], ["JSON of another kind"], 0)
    assert read_file(b"[]").outcome == ([], ["JSON of another kind"], 0)
    assert read_file(b'{"$schema": "x", "properties": {}}').outcome == ([], ["JSON schema"], 0)


def test_many_releases_come_in_several_readings(monkeypatch):
    monkeypatch.setattr(json_files, "MAX_RELEASES_PER_RESULT", 2)
    values = [make_release(number) for number in range(5)]
    told_of = []
    task = ReadContext("x", progress=told_of.append)
    sizes = [len(found.rows["release"]) for found in json_files.read_json(io.BytesIO(join_lines(*values)), task)]
    assert (sizes, len(told_of)) == ([2, 2, 1], 2)
    whole = json_files.read_json(io.BytesIO(encode(values)), ReadContext("x"))
    assert [len(found.rows["release"]) for found in whole] == [2, 2, 1]


def test_lines_at_hand_are_read_without_a_file():
    (found,) = json_files.read_json_lines([encode(A), encode(B)], ReadContext("x"))
    assert len(found.rows["release"]) == 2
