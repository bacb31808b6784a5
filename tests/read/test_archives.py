"""gzip and zip: undamaged members are read, damaged ones are reported, and archive bombs are refused."""

import gzip
import io
import zipfile

import pytest

from tests.read.read_helpers import encode, join_lines, make_release, read_file
from threepoint.read.read_context import ReadLimits

A, B = make_release(1), make_release(2)


def pack_zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_zip_members_are_read_in_name_order():
    assert read_file(pack_zip(b=encode(B), a=encode(A))).outcome == (["1", "2"], [], 0)


def test_zip_with_broken_member_reads_the_others():
    data = pack_zip(a=encode(A), b=encode(make_release(7, language="x" * 99)), c=encode(B))
    place = data.index(b"PK\x03\x04", 10) + 40
    result = read_file(data[:place] + bytes(byte ^ 0xFF for byte in data[place : place + 8]) + data[place + 8 :])
    assert (result.ids, len(result.quarantined)) == (["1", "2"], 1)
    assert result.quarantined[0].reason.startswith("b in this zip archive")


def test_zip_cut_short_is_quarantined():
    data = pack_zip(a=encode(A), b=encode(B))
    assert read_file(data[: len(data) // 2]).outcome == ([], [], 1)


def test_nested_archives_are_read_to_maximum_depth():
    data = encode(A)
    for _ in range(3):
        data = pack_zip(a=data)
    assert read_file(data).outcome == (["1"], [], 0)
    assert read_file(pack_zip(a=data, b=encode(B))).outcome == (["2"], [], 1)
    zipped = encode(A)
    for _ in range(4):
        zipped = gzip.compress(zipped)
    assert read_file(zipped).outcome == ([], [], 1)
    assert read_file(gzip.decompress(zipped)).outcome == (["1"], [], 0)


@pytest.mark.parametrize("limits", [ReadLimits(ratio=20), ReadLimits(unpacked=10_000)])
def test_archive_bomb_is_refused(limits):
    data = encode(make_release(1, language="x" * 100_000))
    for bomb in (pack_zip(a=data), gzip.compress(data)):
        result = read_file(bomb, limits)
        assert result.ids == []
        assert "if you trust it" in result.quarantined[-1].reason
    assert read_file(pack_zip(a=data), ReadLimits(ratio=1000)).ids == ["1"]


def test_gzip_cut_short_gives_releases_before_the_cut():
    lines = join_lines(*(make_release(number, language=str(number) * 50) for number in range(500)))
    data = gzip.compress(lines)
    result = read_file(data[: len(data) * 3 // 4])
    assert result.ids[:300] == [str(number) for number in range(300)]
    assert [part.reason[:40] for part in result.quarantined][-1].startswith("this gzip file cannot be unpacked")
    assert len(result.quarantined) <= 2  # the cut, and the incomplete line


def test_gzip_with_invalid_content_is_quarantined():
    assert read_file(b"\x1f\x8b" + b"nonsense" * 9).outcome[2] == 1


def test_zip_without_files_is_skipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
    assert read_file(out.getvalue()).outcome == ([], ["empty archive"], 0)


def test_encrypted_zip_member_is_quarantined():
    data = bytearray(pack_zip(a=encode(A)))
    data[6] |= 1  # the flag of encryption, in both headers
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert read_file(bytes(data)).outcome == ([], [], 1)


@pytest.mark.parametrize(
    ("names", "kind", "count"),
    [
        (["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"], "sheet of an Excel workbook", 2),
        (["xl/workbook.bin", "xl/worksheets/sheet1.bin"], "sheet of an Excel workbook", 1),
        (["word/document.xml"], "Office document", 1),
    ],
)
def test_office_file_is_skipped_with_its_kind(names, kind, count):
    result = read_file(pack_zip(**{"[Content_Types].xml": b"<Types/>"}, **dict.fromkeys(names, b"<xml/>")))
    assert ([(item.kind, item.count) for item in result.skipped], result.quarantined) == ([(kind, count)], [])


def test_opendocument_file_is_skipped_with_its_kind():
    assert read_file(pack_zip(mimetype=b"application/x", **{"content.xml": b"<xml/>"})).kinds == ["OpenDocument file"]
