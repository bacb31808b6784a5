"""Every wrapping that OCDS publishers use, and entries that are not releases."""

import gzip
import io
import json
import zipfile
from decimal import Decimal

import pytest

from tests.read.read_helpers import encode, find_row, join_lines, make_release, read_file

A, B = make_release(1), make_release(2)
PACKAGE = {"uri": "https://example.invalid", "publisher": {"name": "Beatriz Buys"}, "releases": [A, B]}
LINK = {"url": "https://example.invalid/1.json", "date": "2026-03-01T10:00:00Z", "tag": ["tender"]}
COMPILED = make_release(1, id="1-compiled", tag=["compiled"])


def make_versions(value):
    return [{"releaseID": "1", "releaseDate": "2026-01-01T00:00:00Z", "releaseTag": ["tender"], "value": "old"},
            {"releaseID": "2", "releaseDate": "2026-02-01T00:00:00Z", "releaseTag": ["tender"], "value": value}]  # fmt: skip


VERSIONED = {
    "ocid": "ocds-213czf-1",
    "tender": {"id": "t", "title": make_versions("new"), "value": {"amount": make_versions(12.345)}},
}

READ = {
    "a release": A, "an array of releases": [A, B], "a release package": PACKAGE,
    "an array of packages": [PACKAGE, {"releases": [make_release(3)]}],
    "a package whose releases are a map": PACKAGE | {"releases": {"1": A, "2": B}},
    "a record with embedded releases": {"ocid": "ocds-213czf-1", "releases": [A]},
    "a record package": {"records": [{"ocid": "ocds-213czf-1", "releases": [A]}, {"releases": [B]}]},
    "a compiled release": {"records": [{"ocid": "ocds-213czf-1", "compiledRelease": COMPILED}]},
    "releases and their compiled release": {"records": [{"releases": [A], "compiledRelease": COMPILED}]},
}  # fmt: skip
IDS = {
    "a release": ["1"], "an array of packages": ["1", "2", "3"], "a record with embedded releases": ["1"],
    "a compiled release": ["1-compiled"], "releases and their compiled release": ["1", "1-compiled"],
}  # fmt: skip


def pack_zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


LAYOUTS = {
    "compact": encode, "pretty": lambda value: json.dumps(value, indent=2).encode(),
    "after spaces and lines": lambda value: b" \n\t\n" + encode(value) + b"\n \n",
    "with a byte order mark": lambda value: b"\xef\xbb\xbf" + encode(value),
    "as one JSON line": lambda value: encode(value) + b"\n",
    "as two JSON lines": lambda value: join_lines(value, make_release(9)),
    "in UTF-16": lambda value: json.dumps(value).encode("utf-16"),
    "in gzip": lambda value: gzip.compress(encode(value)),
    "in zip": lambda value: pack_zip("any.name", encode(value)),
}  # fmt: skip


@pytest.mark.parametrize("wrapping", READ)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_wrapping_is_read_in_every_layout(wrapping, layout):
    result = read_file(LAYOUTS[layout](READ[wrapping]))
    extra = ["9"] if layout == "as two JSON lines" else []
    assert result.outcome == (IDS.get(wrapping, ["1", "2"]) + extra, [], 0)


def test_array_with_one_release_per_line_is_read():
    assert read_file(b"[" + b",\n".join(map(encode, [A, B])) + b"\n]").outcome == (["1", "2"], [], 0)
    assert read_file(b"[\n" + b",\n".join(map(encode, [A, B])) + b"]").outcome == (["1", "2"], [], 0)


def test_blank_lines_and_windows_line_ends_are_ignored():
    data = b"\r\n".join([encode(A), b"", encode(B), b"  ", b""])
    assert read_file(data).outcome == (["1", "2"], [], 0)


def test_linked_release_is_skipped():
    assert read_file(encode({"records": [{"ocid": "ocds-213czf-1", "releases": [LINK, LINK]}]})).outcome == (
        [], ["linked release"], 0,
    )  # fmt: skip


def test_compiled_release_next_to_linked_release_is_read():
    result = read_file(encode({"records": [{"releases": [LINK], "compiledRelease": COMPILED}]}))
    assert result.outcome == (["1-compiled"], ["linked release"], 0)
    assert result.column("release", "kind") == ["compiled"]


def test_versioned_release_gives_last_values():
    result = read_file(encode({"records": [{"ocid": "ocds-213czf-1", "versionedRelease": VERSIONED}]}))
    assert (result.column("release", "kind"), result.ids) == (["versioned"], ["ocds-213czf-1-2026-02-01T00:00:00Z"])
    assert {name: find_row(result, "process")[name] for name in ("title", "value_net")} == {
        "title": "new",
        "value_net": Decimal("12.345"),
    }


def test_single_record_with_versioned_release_is_read():
    assert read_file(encode({"ocid": "ocds-213czf-1", "versionedRelease": VERSIONED})).column("release", "kind") == [
        "versioned"
    ]


def test_versioned_release_next_to_others_is_skipped():
    record = {"releases": [A], "compiledRelease": COMPILED, "versionedRelease": VERSIONED}
    assert read_file(encode({"records": [record]})).outcome == (["1", "1-compiled"], ["versioned release"], 0)


@pytest.mark.parametrize("empty", [{"releases": []}, {"records": []}, {"releases": None}, {"records": [{"ocid": "x"}]}])
def test_empty_package_or_record_is_skipped(empty):
    assert read_file(encode(empty)).outcome == ([], ["empty package or record"], 0)


def test_invalid_entries_are_quarantined_alone():
    result = read_file(encode(PACKAGE | {"releases": [A, 5, "text", {"tender": {}}, make_release(3, date="soon"), B]}))
    assert result.ids == ["1", "2"]
    assert (result.kinds, len(result.quarantined)) == ([], 4)


def test_invalid_package_is_quarantined():
    assert read_file(encode({"releases": "none"})).outcome == ([], [], 1)
    assert read_file(encode({"records": [7]})).outcome == ([], [], 1)


def test_deeply_nested_arrays_are_quarantined():
    assert read_file(b"[" * 50 + encode(A) + b"]" * 50).outcome == ([], [], 1)
    assert read_file(b"[" * 100_000 + b"]" * 100_000).outcome == ([], [], 1)


def test_publisher_is_named_by_package_or_ocid():
    assert read_file(encode(PACKAGE | {"releases": [make_release(1, ocid="ocds-zzzzzz-1")]})).column(
        "release", "publisher"
    ) == ["Beatriz Buys"]
    assert read_file(encode(PACKAGE | {"publisher": {"name": 5}, "releases": [A]})).ids == ["1"]
    assert read_file(encode(PACKAGE | {"publisher": "text", "releases": [A]})).ids == ["1"]
