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
    "releases next to records": {"releases": [A], "records": [{"ocid": "ocds-213czf-2", "releases": [B]}]},
    "records next to releases": {"records": [{"compiledRelease": COMPILED}], "releases": [B]},
    "bare releases as records": {"records": [A, B]}, "records as releases": {"releases": [{"ocid": "x", "releases": [A, B]}]},
    "packages as releases": {"releases": [{"releases": [A]}, {"releases": [B]}]},
    "one release for the array": {"releases": A}, "a record with content": A | {"releases": [B], "compiledRelease": None},
    "packages in results": {"maxPage": 1, "results": [{"releases": [A]}, {"releases": [B]}]},
    "releases in results": {"results": [A, B], "count": 2}, "records in main": {"main": {"records": [{"releases": [A, B]}]}},
    "numbered releases": {"0": A, "1": B}, "numbered records": {"records": {"0": {"releases": [A]}, "1": {"releases": [B]}}},
    "packages under names in results": {"results": [{"ocdsReleasePackage": {"releases": [A, B]}}]},
    "a release under a name": {"Release": A}, "an array under another name": {"extensions": [], "data": {"items": [A, B]}},
    "another object first": [{"total": 2}, A, B], "releases and other names": {"releases": [A], "more": [B]},
}  # fmt: skip
IDS = {
    "a release": ["1"], "an array of packages": ["1", "2", "3"], "a record with embedded releases": ["1"],
    "a compiled release": ["1-compiled"], "releases and their compiled release": ["1", "1-compiled"],
    "records next to releases": ["1-compiled", "2"], "one release for the array": ["1"], "a release under a name": ["1"],
    "a record with content": ["2", "1"],
}  # fmt: skip
KINDS = {"another object first": ["JSON of another kind"]}


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
    assert result.outcome == (IDS.get(wrapping, ["1", "2"]) + extra, KINDS.get(wrapping, []), 0)


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


def test_release_named_without_content_is_skipped_as_linked():
    named = {name: A[name] for name in ("id", "date", "tag")}
    assert read_file(encode({"records": [{"ocid": "ocds-213czf-1", "releases": [named]}]})).outcome == (
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


def test_envelope_entry_keeps_the_publisher_of_its_package():
    release = make_release(1, ocid="ocds-zzzzzz-1")
    envelope = {"results": [PACKAGE | {"releases": [release]}], "publisher": {"name": "Outer"}}
    assert read_file(encode(envelope)).column("release", "publisher") == ["Beatriz Buys"]
    assert read_file(encode({"publisher": {"name": "Outer"}, "0": release})).column("release", "publisher") == ["Outer"]


BARE_VERSIONED = {
    "ocid": "ocds-213czf-1",
    "initiationType": make_versions("tender"),
    "tender": {"title": make_versions("new")},
}


@pytest.mark.parametrize(
    "data",
    [
        encode(BARE_VERSIONED),
        encode([BARE_VERSIONED]),
        encode({"releases": [BARE_VERSIONED]}),
        encode({"records": [BARE_VERSIONED]}),
        encode({"results": [BARE_VERSIONED]}),
        encode(BARE_VERSIONED | {"date": make_versions("2026-02-01T00:00:00Z")}),
        join_lines(BARE_VERSIONED, B),
        json.dumps(BARE_VERSIONED, indent=1).encode() + encode(B),
    ],
)
def test_bare_versioned_release_gives_last_values(data):
    result = read_file(data)
    assert (result.column("release", "kind")[0], result.column("process", "title")[0]) == ("versioned", "new")
    assert (result.ids[0], result.kinds, result.quarantined) == ("ocds-213czf-1-2026-02-01T00:00:00Z", [], [])


def test_release_without_date_that_quotes_a_version_is_quarantined():
    release = {name: value for name, value in A.items() if name != "date"} | {"tender": {"title": '"releaseDate"'}}
    assert read_file(encode(release)).outcome == ([], [], 1)


@pytest.mark.parametrize("separator", [b"", b"\n", b" ", b"\r\n\r\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_documents_one_after_another_are_read(separator, indent):
    documents = [PACKAGE, [make_release(3)], {"records": [{"releases": [make_release(4)]}]}, make_release(5)]
    data = separator.join(json.dumps(value, indent=indent).encode() for value in documents)
    assert read_file(data).outcome == (["1", "2", "3", "4", "5"], [], 0)


def test_document_of_another_kind_among_others_is_skipped():
    assert read_file(encode(PACKAGE) + encode({"x": 1}) + encode(make_release(3))).outcome == (
        ["1", "2", "3"], ["JSON of another kind"], 0,
    )  # fmt: skip


def test_compact_document_before_indented_one_is_read():
    data = encode(PACKAGE) + b"\n" + json.dumps(make_release(3), indent=2).encode()
    assert read_file(data).outcome == (["1", "2", "3"], [], 0)


def test_documents_one_after_another_on_each_line_are_read():
    data = join_lines(encode(A) + encode(B), make_release(3), encode(make_release(4)) + b" " + encode({"ocid": "x"}))
    assert read_file(data).outcome == (["1", "2", "3", "4"], [], 1)


def test_document_cut_short_after_complete_ones_is_quarantined_alone():
    cut = json.dumps(make_release(3), indent=2).encode()[:-10]
    result = read_file(json.dumps(PACKAGE, indent=2).encode() + b"\n" + cut)
    assert result.outcome == (["1", "2"], [], 1)
    assert (result.quarantined[0].head, "cut short" in result.quarantined[0].reason) == (cut, True)


def test_number_that_is_no_json_in_second_document_loses_only_its_field():
    number = encode(make_release(3, tender={"value": {"amount": "?"}})).replace(b'"?"', b" 000")
    result = read_file(json.dumps(A, indent=1).encode() + b"\n" + number)
    assert result.outcome == (["1", "3"], ["note: a number that is no JSON"], 0)


OC4IDS_PROJECT = {"id": "oc4ids-x-1", "title": "Bridge", "parties": [], "contractingProcesses": [
    {"id": "ocds-213czf-1", "summary": {"ocid": "ocds-213czf-1", "tender": {}}, "releases": [LINK]}]}  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "count"), [
    (encode({"version": "0.9", "publishedDate": "2026-01-01T00:00:00Z", "projects": [OC4IDS_PROJECT] * 3}), "OC4IDS project", 3),
    (encode({"projects": [{"id": "p", "title": "x"}], "publishedDate": "2026-01-01T00:00:00Z"}), "OC4IDS project", 1),
    (encode(OC4IDS_PROJECT), "OC4IDS project", 1), (encode([OC4IDS_PROJECT] * 2), "OC4IDS project", 2),
    (join_lines(OC4IDS_PROJECT, OC4IDS_PROJECT | {"id": "2"}), "OC4IDS project", 2),
    (encode({"projects": []}), "JSON of another kind", 1),
    (encode([{"statementID": "1", "statementType": "personStatement"}] * 2), "statement of beneficial ownership", 2),
    (encode({"type": "FeatureCollection", "features": [{"properties": {"ocid": "ocds-213czf-1"}}]}), "map data", 1),
    (encode({"grants": [{"id": "360G-1"}]}), "package of grants", 1),
    (encode({"openapi": "3.0.0", "paths": {}}), "description of an API", 1),
    (encode({"definitions": {"Release": {"properties": {"ocid": {"type": "string"}, "date": {}}}}}), "JSON schema", 1),
    (encode({"success": True, "result": {"records": [{"a": 1}]}}), "JSON of another kind", 1),
    (encode({"records": [{"a": 1}, {"a": 2}]}), "JSON of another kind", 2),
    (encode({"filter": {"ocid": "ocds-213czf-1"}, "results": []}), "JSON of another kind", 1),
])  # fmt: skip
def test_json_of_another_kind_is_named_and_counted(data, kind, count):
    result = read_file(data)
    assert [(item.kind, item.count) for item in result.skipped] == [(kind, count)]
    assert (result.ids, result.quarantined) == ([], [])


def test_object_that_is_no_release_among_releases_is_quarantined():
    result = read_file(encode({"releases": [A, {"a": 1}, LINK]}))
    assert result.outcome == (["1"], ["linked release"], 1)
    assert result.quarantined[0].reason == "the release has no ocid, so it belongs to no process"


def test_envelopes_nested_deeply_are_quarantined():
    value = A
    for _ in range(20):
        value = {"results": [value]}
    assert read_file(encode(value)).outcome == ([], [], 1)
    assert read_file(b'{"releases":[' * 500 + encode(A) + b"]}" * 500).outcome == ([], [], 1)
