"""Each wrapping that OCDS publishers use, and what is not a release in it."""

import gzip
import io
import json
import zipfile
from decimal import Decimal

import pytest

from tests.read.reading import encoded, lines, release, row_of, told

A, B = release(1), release(2)
PACKAGE = {"uri": "https://example.invalid", "publisher": {"name": "Beatriz Buys"}, "releases": [A, B]}
LINK = {"url": "https://example.invalid/1.json", "date": "2026-03-01T10:00:00Z", "tag": ["tender"]}
COMPILED = release(1, id="1-compiled", tag=["compiled"])


def version(value):
    return [{"releaseID": "1", "releaseDate": "2026-01-01T00:00:00Z", "releaseTag": ["tender"], "value": "old"},
            {"releaseID": "2", "releaseDate": "2026-02-01T00:00:00Z", "releaseTag": ["tender"], "value": value}]  # fmt: skip


VERSIONED = {
    "ocid": "ocds-213czf-1",
    "tender": {"id": "t", "title": version("new"), "value": {"amount": version(12.345)}},
}

READ = {
    "a release": A,
    "an array of releases": [A, B],
    "a release package": PACKAGE,
    "an array of packages": [PACKAGE, {"releases": [release(3)]}],
    "a package whose releases are a map": PACKAGE | {"releases": {"1": A, "2": B}},
    "a record with embedded releases": {"ocid": "ocds-213czf-1", "releases": [A]},
    "a record package": {"records": [{"ocid": "ocds-213czf-1", "releases": [A]}, {"releases": [B]}]},
    "a compiled release": {"records": [{"ocid": "ocds-213czf-1", "compiledRelease": COMPILED}]},
    "releases and their compiled release": {"records": [{"releases": [A], "compiledRelease": COMPILED}]},
}
IDS = {
    "a release": ["1"],
    "an array of packages": ["1", "2", "3"],
    "a record with embedded releases": ["1"],
    "a compiled release": ["1-compiled"],
    "releases and their compiled release": ["1", "1-compiled"],
}


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


LAYOUTS = {
    "compact": encoded,
    "pretty": lambda value: json.dumps(value, indent=2).encode(),
    "after spaces and lines": lambda value: b" \n\t\n" + encoded(value) + b"\n \n",
    "with a byte order mark": lambda value: b"\xef\xbb\xbf" + encoded(value),
    "as one JSON line": lambda value: encoded(value) + b"\n",
    "as two JSON lines": lambda value: lines(value, release(9)),
    "in UTF-16": lambda value: json.dumps(value).encode("utf-16"),
    "in gzip": lambda value: gzip.compress(encoded(value)),
    "in zip": lambda value: packed("any.name", encoded(value)),
}


@pytest.mark.parametrize("wrapping", READ)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_wrapping_is_read_in_every_layout(wrapping, layout):
    found = told(LAYOUTS[layout](READ[wrapping]))
    extra = ["9"] if layout == "as two JSON lines" else []
    assert found.outcome == (IDS.get(wrapping, ["1", "2"]) + extra, [], 0)


def test_an_array_with_one_release_a_line_is_one_document():
    assert told(b"[" + b",\n".join(map(encoded, [A, B])) + b"\n]").outcome == (["1", "2"], [], 0)
    assert told(b"[\n" + b",\n".join(map(encoded, [A, B])) + b"]").outcome == (["1", "2"], [], 0)


def test_windows_line_ends_and_blank_lines_are_no_lines():
    data = b"\r\n".join([encoded(A), b"", encoded(B), b"  ", b""])
    assert told(data).outcome == (["1", "2"], [], 0)


def test_a_linked_release_is_passed_over():
    assert told(encoded({"records": [{"ocid": "ocds-213czf-1", "releases": [LINK, LINK]}]})).outcome == (
        [],
        ["linked release"],
        0,
    )


def test_a_linked_release_is_not_in_the_way_of_the_compiled_one():
    found = told(encoded({"records": [{"releases": [LINK], "compiledRelease": COMPILED}]}))
    assert found.outcome == (["1-compiled"], ["linked release"], 0)
    assert found.column("release", "kind") == ["compiled"]


def test_a_versioned_release_gives_its_last_values_where_nothing_else_stands():
    found = told(encoded({"records": [{"ocid": "ocds-213czf-1", "versionedRelease": VERSIONED}]}))
    assert (found.column("release", "kind"), found.ids) == (["versioned"], ["ocds-213czf-1-2026-02-01T00:00:00Z"])
    assert {name: row_of(found, "process")[name] for name in ("title", "value_net")} == {
        "title": "new",
        "value_net": Decimal("12.345"),
    }


def test_a_single_record_may_hold_a_versioned_release_alone():
    assert told(encoded({"ocid": "ocds-213czf-1", "versionedRelease": VERSIONED})).column("release", "kind") == [
        "versioned"
    ]


def test_a_versioned_release_is_passed_over_beside_others():
    record = {"releases": [A], "compiledRelease": COMPILED, "versionedRelease": VERSIONED}
    assert told(encoded({"records": [record]})).outcome == (["1", "1-compiled"], ["versioned release"], 0)


@pytest.mark.parametrize("empty", [{"releases": []}, {"records": []}, {"releases": None}, {"records": [{"ocid": "x"}]}])
def test_an_empty_package_or_record_is_passed_over_with_its_kind(empty):
    assert told(encoded(empty)).outcome == ([], ["empty package or record"], 0)


def test_one_bad_entry_does_not_stop_its_neighbours():
    found = told(encoded(PACKAGE | {"releases": [A, 5, "text", {"tender": {}}, release(3, date="soon"), B]}))
    assert found.ids == ["1", "2"]
    assert (found.kinds, len(found.quarantined)) == ([], 4)


def test_packages_that_are_no_packages_are_quarantined():
    assert told(encoded({"releases": "none"})).outcome == ([], [], 1)
    assert told(encoded({"records": [7]})).outcome == ([], [], 1)


def test_arrays_without_end_are_quarantined():
    assert told(b"[" * 50 + encoded(A) + b"]" * 50).outcome == ([], [], 1)
    assert told(b"[" * 100_000 + b"]" * 100_000).outcome == ([], [], 1)


def test_the_publisher_is_the_packages_unless_the_ocid_tells():
    assert told(encoded(PACKAGE | {"releases": [release(1, ocid="ocds-zzzzzz-1")]})).column("release", "publisher") == [
        "Beatriz Buys"
    ]
    assert told(encoded(PACKAGE | {"publisher": {"name": 5}, "releases": [A]})).ids == ["1"]
    assert told(encoded(PACKAGE | {"publisher": "text", "releases": [A]})).ids == ["1"]
