"""What a file may hold that no one should send: each is read, passed over or quarantined with what to do, and no neighbour is lost.

More of this kind: broken lines, lines over the limit and encodings in tests/read/test_json_files.py, archives in
test_archives.py, arrays where objects belong in test_careful.py, any bytes at all in test_recognise.py.
"""

import gzip
import io
import json
import time
import zipfile
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.os_faults import make_notice
from tests.merge.release_factory import write_portfolio
from tests.read.read_helpers import (
    encode,
    join_lines,
    make_release,
    read_as_loaded,
    read_carefully,
    read_file,
    read_release,
)
from threepoint import api, pipeline
from threepoint.read import json_files
from threepoint.read.ocds.invalid_numbers import quote_invalid_numbers
from threepoint.read.read_context import ReadContext, ReadLimits
from threepoint.standard.email_redaction import EMAIL_PLACEHOLDER, scrub_text
from threepoint.store import history

A, B = make_release(1), make_release(2)


def list_invalid(found):
    return [(row[4], row[5], row[6]) for row in found.rows["invalid_value"]]


def write_amount(text: str, number: int = 3) -> bytes:
    """A release whose budget is written so."""
    return encode(make_release(number, tender={"value": {"amount": "?", "currency": "GBP"}})).replace(
        b'"?"', text.encode()
    )


# ------------------------------------------------------------------------------------------- the command line

HOSTILE = {
    "cut short": (json.dumps({"releases": [A, B]}).encode()[:-40], "the file may be cut short; ask the publisher for it again"),
    "a folder of its own": (b'{"releases": {"a": [', "the file may be cut short"),
    "an array for an object": (b'{"releases": "none", "ocid": null}', "an array of releases or records belongs here"),
    "no JSON": (b'{"ocid": nothing}', "ask the publisher for"),
    "nested deeply": (b'{"ocid":"o","tender":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}", "nested too deeply"),
    "a zip cut short": (b"PK\x03\x04" + b"x" * 50, "this zip archive cannot be opened"),
    "a gzip of nothing": (b"\x1f\x8b" + b"x" * 50, "this gzip file cannot be unpacked further"),
    "a gzip bomb": (gzip.compress(b'{"ocid":"' + b"x" * 30_000_000), "unpack it yourself if you trust it"),
    "UTF-16 cut short": (json.dumps(A).encode("utf-16")[:-1], "this begins as UTF-16 and is not"),
    "NUL bytes": (encode(A) + b"\0" * 100, "this is not valid JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_and_the_next_is_read(name, tmp_path, run_inside):
    data, what = HOSTILE[name]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a-hostile").write_bytes(data)
    (folder / "b-good.json").write_text(json.dumps(make_notice(1)))
    code, said = run_inside("load", folder, "--store", tmp_path / "store")
    assert (code, said.splitlines()[0]) == (
        0, "Read 2 files: 1 release, 0 project-years. 0 files were held already."
    )  # fmt: skip
    assert said.count("  quarantined: a-hostile: ") == int(said.split("Quarantined: ")[1][:-2]) > 0
    assert what in said
    assert run_inside("load", "--strict", folder, "--store", tmp_path / "strict")[0] == 3


def test_an_empty_file_is_passed_over(tmp_path, run_inside):
    (tmp_path / "empty.json").touch()
    code, said = run_inside("load", tmp_path / "empty.json", "--store", tmp_path / "store")
    assert (code, "passed over: 1 × empty file" in said, said.endswith("Quarantined: 0.\n")) == (5, True, True)


# ------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("published", "kept"),
    [(" 000", "000"), ("1 000", "1 000"), ("NaN", "NaN"), ("-Infinity", "-Infinity"), ("+5", "+5"), ("1e99999999999999999999",) * 2],
)  # fmt: skip
@pytest.mark.quirk("Q1.24")
def test_a_number_that_is_no_json_costs_its_own_field_alone(published, kept):
    package = b'{"releases": [%s, %s, %s]}' % (encode(A), write_amount(published), encode(B))
    for data in (
        package,
        join_lines(A, write_amount(published), B),
        package + b"\n" + package,
        write_amount(published),
    ):
        found = read_file(data)
        assert found.ids == [ident for ident in ("1", "3", "2") if ident in found.ids]
        assert ("3" in found.ids, found.quarantined) == (True, [])
        assert "note: a number that is no JSON" in found.kinds
        value = found.column("process", "value_net")[found.ids.index("3")]
        expected = [] if kept == "+5" else [("/tender/value/amount", f'"{kept}"')]
        assert [told[:2] for told in list_invalid(found)] == expected
        assert value == (Decimal(5) if kept == "+5" else None)


def test_a_number_of_thousands_of_digits_costs_its_own_field_alone():
    found = read_file(join_lines(A, write_amount("1" * 5000), B))
    assert (found.ids, found.quarantined) == (["1", "3", "2"], [])
    ((path, shown, why),) = list_invalid(found)
    assert (path, len(shown), why) == ("/tender/value/amount", 200, "the number is not finite")


def test_mending_changes_nothing_else():
    text = rb'{"a\"b": " 000, NaN ", "c": [1, -0.5e+9, true, false, null, "x"], "d": {"1": 2}}'
    assert quote_invalid_numbers(text) is None
    assert quote_invalid_numbers(b'{"a": 007 , "b": [ 1 000 ,2]}') == b'{"a": "007" , "b": [ "1 000" ,2]}'
    assert quote_invalid_numbers(b'{"a": nothing, "b": undefined}') is None
    assert quote_invalid_numbers(b'{"a": "' + b"\\" * 100_001) is None  # a text without an end


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats(allow_nan=False, allow_infinity=False)
                    | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20))  # fmt: skip
def test_json_is_never_mended(value):
    assert quote_invalid_numbers(json.dumps(value, ensure_ascii=False).encode()) is None
    assert quote_invalid_numbers(json.dumps(value, indent=1).encode()) is None


# ------------------------------------------------------------------------------------------- names, nesting, NUL


def test_of_a_name_that_stands_twice_both_readers_take_the_last():
    raw = encode(make_release(1, language="en")).replace(
        b'"tender": {"id": "1"}', b'"tender": {"id": "1", "title": "a", "title": "b"}, "tender": {"id": "1", "title": "c"}'
    )  # fmt: skip
    assert read_carefully(raw) == read_as_loaded(raw)
    assert read_file(raw).column("process", "title") == ["c"]
    assert read_file(raw.replace(b'"ocid"', b'"ocid": "first", "ocid"')).column("release", "ocid") == ["ocds-213czf-1"]


@pytest.mark.parametrize("depth", [100, 900, 1500, 100_000])
@pytest.mark.parametrize("place", ["field", "id", "versioned", "publisher"])
def test_nesting_of_any_depth_is_read_or_told(place, depth):
    deep = b"[" * depth + b"1" + b"]" * depth
    held = b'{"ocid":"o","date":"2026-01-01","tender":{"id":%s,"title":null}}'
    data = {"field": b'{"ocid":"o","date":"2026-01-01","tender":{},"more":%s}' % deep, "id": held % deep,
            "versioned": b'{"records":[{"versionedRelease":' + held % deep + b"}]}",
            "publisher": b'{"publisher":%s,"releases":[%s]}' % (deep, encode(A))}[place]  # fmt: skip
    for found in (read_file(data), read_file(join_lines(data, B))):
        assert len(found.ids) + len(found.quarantined) == 1 + ("2" in found.ids)
    assert read_file(join_lines(data, B)).ids[-1] == "2"


def test_nul_in_an_id_stays_what_it_is():
    found = read_release(awards=[{"id": "a\0b", "title": None}, {"id": "\0", "title": None}, {"title": None}])
    tag = found.column("release", "sha256")[0][:12]
    ids = ["a\0b", "\0", f"#{tag}-2"]
    assert found.column("award", "local_id") == ids
    assert [row[1:] for row in found.rows["removed"]] == [("award", ident, "title") for ident in ids]


# ------------------------------------------------------------------------------------------- size


def pack_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_archives_in_archives_share_what_they_may_unpack_to():
    swollen = pack_zip({"a": encode(make_release(1, language="x" * 15_000))})  # within the ratio of each archive alone
    assert read_file(swollen, ReadLimits(ratio=100)).ids == ["1"]
    bomb = pack_zip({f"{number:03d}": swollen for number in range(100)})
    assert len(bomb) < 40_000
    found = read_file(bomb, ReadLimits(ratio=10))
    assert sum("if you trust it" in part.reason for part in found.quarantined) > 90
    in_gzip = read_file(gzip.compress(pack_zip({"a": swollen})), ReadLimits(ratio=20))
    assert (in_gzip.ids, len(in_gzip.quarantined)) == ([], 1)


def test_members_that_climb_out_of_their_folder_write_nothing(tmp_path):
    file = tmp_path / "a" / "b" / "climbs.zip"
    file.parent.mkdir(parents=True)
    file.write_bytes(pack_zip({"../../../climbed.json": encode(A), "/tmp/\x1b[31mclimbed": b'{"ocid": "'}))
    done = pipeline.load(tmp_path / "a" / "b" / "store", [file])
    assert (done.rows["release"], len(done.quarantined)) == (1, 1)
    assert sorted(path.name for path in tmp_path.rglob("*climbed*")) == []


@pytest.mark.parametrize(
    "data", [json.dumps([A, B], indent=1).encode(), pack_zip({"a": encode(A)}), json.dumps(A).encode("utf-16")]
)
def test_what_can_only_be_held_whole_has_a_limit(data):
    assert read_file(data, ReadLimits(whole=len(data))).quarantined == []
    (part,) = read_file(data, ReadLimits(whole=len(data) - 1)).quarantined
    assert part.reason.endswith("unpack it, or split it into JSON lines, and load those")


def test_releases_with_texts_without_end_are_handed_on_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr(json_files, "MAX_BYTES_PER_RESULT", 10_000)
    from threepoint.read.format_detection import read_stream
    from threepoint.read.read_context import ReadContext

    values = [make_release(number, language="x" * 4000) for number in range(9)]
    for data in (join_lines(*values), json.dumps({"releases": values}).encode()):
        sizes = [len(found.rows["release"]) for found in read_stream(io.BytesIO(data), ReadContext("x"))]
        assert (sum(sizes), max(sizes)) == (9, 3)


def test_of_thousands_of_broken_lines_the_first_are_kept_and_all_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "MAX_QUARANTINED_PARTS_PER_FILE", 10)
    file = tmp_path / "broken.jsonl"
    file.write_bytes(join_lines(A, *(b'{"ocid": "%d"' % number for number in range(25)), B))
    done = pipeline.load(tmp_path / "store", [file])
    assert (done.rows["release"], len(done.quarantined), done.parts) == (2, 10, 25)
    assert len(list((tmp_path / "store" / "quarantine").iterdir())) == 10
    told = pipeline.status(tmp_path / "store")["quarantine"]
    assert (told["parts"], sum(told["reasons"].values())) == (25, 25)
    pipeline.build(tmp_path / "store")
    manifest = json.loads((tmp_path / "store" / "current" / "manifest.json").read_text())
    assert manifest["quarantined"] == 25
    left_out = api.publish_ocds(tmp_path / "out", tmp_path / "store").left_out
    assert left_out["quarantined_parts"] == 25


def test_a_reason_is_never_longer_than_a_person_reads(tmp_path):
    file = tmp_path / "long.jsonl"
    file.write_bytes(join_lines(A, make_release(2, date="9" * 100_000), write_portfolio(2026).encode()))
    done = pipeline.load(tmp_path / "store", [file])
    assert (len(done.quarantined), max(len(str(part)) for part in done.quarantined) < 700) == (2, True)


def test_a_table_that_would_be_a_square_of_its_file_is_refused():
    down = "GMPP ID" + "," * 1000 + "\nProject Name\nDepartment\nIPA Delivery Confidence Assessment\n" + "x\n" * 20_000
    (part,) = read_file(down.encode()).quarantined
    assert part.reason.startswith("turned on its side this table has 20,024,")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000 + " @", "a@" + "-" * 300_000, "&" * 300_000 + "@&#64;", "a" * 300_000 + " 40",
        "%41" * 100_000 + "40",
    ],
)  # fmt: skip
def test_looking_for_addresses_takes_no_time_to_speak_of(text):
    start = time.process_time()
    assert EMAIL_PLACEHOLDER not in scrub_text(text)
    assert time.process_time() - start < 2  # it took minutes where each letter was tried as a beginning


def test_a_line_that_was_cut_short_is_told_as_that_and_not_as_a_number():
    line = b'{"ocid": "ocds-213czf-1", "date": "2026-0\n'
    (reading,) = list(json_files.read_json_lines(iter([line]), ReadContext("cut", "cut.jsonl", set())))
    assert reading.passed_over == []
    (part,) = reading.quarantined
    with pytest.raises(msgspec.DecodeError) as why:
        msgspec.json.decode(line)
    assert str(why.value) in part.reason
