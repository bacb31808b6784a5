"""Whole datasets: what the page says is true of the files, and nothing else can be had through it."""

import gc
import hashlib
import html
import os
import re
import shutil

import pytest
from django.core.cache import cache
from django.test import Client

from tests.website.pages import read_text
from threepoint import api
from website.api import downloads


def read_body(answer):
    """The whole of an answer; it is closed then, as a server would."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class Taker(Client):
    """Someone who takes every answer whole: its bytes are in `whole`."""

    def request(self, **asked):
        answer = super().request(**asked)
        answer.whole = read_body(answer)
        return answer


@pytest.fixture
def shown(reader, published, settings):
    """Someone who reads a site that has the packages."""
    settings.DOWNLOADS = published
    return Taker()


def list_links(answer):
    """The files that a page links to."""
    return [html.unescape(href) for href in re.findall(r'href="(/downloads/[^"]+)"', answer.content.decode())]


def test_every_file_of_the_page_is_there_with_its_length_and_its_sum(shown, published):
    page = shown.get("/downloads/")
    row = re.compile(
        r'<div><a[^>]* href="/downloads/(\w+)/([^"]+)">.*?<td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', re.DOTALL
    )
    rows = row.findall(page.content.decode())
    there = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    assert {f"{package}/{name}" for package, name, _, _ in rows} == there
    for package, name, size, sha256 in rows:
        answer = shown.get(f"/downloads/{package}/{name}")
        whole = answer.whole
        assert (answer.status_code, answer["Content-Length"]) == (200, str(len(whole)))
        assert re.sub(r"<.*?>|,", "", size).strip() == str(len(whole))
        assert re.sub(r"<.*?>", "", sha256).strip() == hashlib.sha256(whole).hexdigest()


def test_the_page_says_what_each_package_is(shown, small_store):
    said = read_text(shown.get("/downloads/"))
    snapshot = (small_store / "current").readlink().name
    assert f"Of the snapshot {snapshot} Licence" in said
    assert "Speaks for 30 June 2026" in said
    assert "Newest release 2 April 2026 Of the snapshot none: written from all that was loaded" in said
    assert "Licence Open Government Licence v3.0 · as its publisher says; not known here" in said
    assert "another one is shown now" not in said
    assert "synthetic" not in said


def test_the_page_says_when_there_is_a_newer_snapshot(shown, settings, synthetic_store):
    settings.STORE = synthetic_store
    newer = (synthetic_store / "current").readlink().name
    assert (
        read_text(shown.get("/downloads/")).count(f"– another one is shown now: {newer}") == 2
    )  # not of OCDS: it has none


def test_files_can_be_had_without_a_snapshot(shown, settings, tmp_path):
    settings.STORE = tmp_path / "none"
    assert shown.get("/downloads/").status_code == 200
    assert shown.get("/downloads/csv/contract.csv").status_code == 200


def test_where_nothing_was_published_the_page_says_what_to_run(reader, settings, tmp_path):
    settings.DOWNLOADS = tmp_path / "none"
    said = read_text(reader.get("/downloads/"))
    assert "There is nothing to download yet" in said
    assert "threepoint publish csv STORE/published/csv --store STORE" in said


def test_what_a_browser_is_told_of_a_file(shown):
    answer = shown.get("/downloads/csv/contract.csv")
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Accept-Ranges")} == {
        "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": 'attachment; filename="contract.csv"',
        "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
    }  # fmt: skip
    assert "Content-Encoding" not in shown.get("/downloads/csv/contract.csv", headers={"Accept-Encoding": "gzip"})


def test_a_part_of_a_file_and_the_rest_are_the_file(shown):
    whole = shown.get("/downloads/csv/notice.csv").whole
    first = shown.get("/downloads/csv/notice.csv", headers={"Range": "bytes=0-99"})
    rest = shown.get("/downloads/csv/notice.csv", headers={"Range": "bytes=100-", "If-Range": first["ETag"]})
    assert (first.status_code, rest.status_code, first["Content-Range"]) == (206, 206, f"bytes 0-99/{len(whole)}")
    assert first.whole + rest.whole == whole


def test_a_part_of_another_file_than_before_comes_whole(shown):
    answer = shown.get("/downloads/csv/notice.csv", headers={"Range": "bytes=100-", "If-Range": '"of an older file"'})
    assert (answer.status_code, int(answer["Content-Length"])) == (200, len(answer.whole))


def test_a_file_that_the_reader_has_is_not_sent_again(shown):
    tag = shown.get("/downloads/csv/contract.csv")["ETag"]
    answer = shown.get("/downloads/csv/contract.csv", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.whole) == (304, b"")


def test_head_tells_the_length(shown):
    told = shown.head("/downloads/csv/contract.csv")
    assert (told.status_code, told["Content-Length"]) == (
        200,
        shown.get("/downloads/csv/contract.csv")["Content-Length"],
    )


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_sent(shown, method):
    assert getattr(shown, method)("/downloads/csv/contract.csv").status_code == 405


OUTSIDE = ["csv/../../secret", "../secret", "csv/..%2f..%2fsecret", "%2e%2e/secret", "csv/%2e%2e/%2e%2e/secret", "csv//etc/passwd",
           "csv/.hidden", "csv/not-in-sums.csv", "csv/", "csv/contract.csv/", "csv/contract.csv%00", "csv/.", ".hidden/x", "none/x",
           "csv/link.csv", "csv/linked/x.csv", "linked/contract.csv", "csv/escape"]  # fmt: skip


@pytest.fixture
def hostile(published, tmp_path):
    """The packages, with links that lead out, names that lead up, and files that nothing names."""
    folder = tmp_path / "published"
    shutil.copytree(published, folder)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.csv").write_text("secret")
    (folder / "csv" / "not-in-sums.csv").write_text("secret")
    (folder / "csv" / ".hidden").write_text("secret")
    (folder / "csv" / "link.csv").symlink_to(tmp_path / "secret")
    (folder / "csv" / "linked").symlink_to(tmp_path / "out")
    (folder / "linked").symlink_to(folder / "csv")
    os.mkfifo(folder / "csv" / "escape")
    with (folder / "csv" / "SHA256SUMS").open("a") as sums:
        for name in ("link.csv", "linked/x.csv", "../../secret", str(tmp_path / "secret"), "escape", "gone.csv"):
            sums.write(f"{'0' * 64}  {name}\n")
    return folder


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_can_be_had(reader, hostile, settings, path):
    settings.DOWNLOADS = hostile
    answer = reader.get(f"/downloads/{path}")
    assert (answer.status_code, b"secret" in read_body(answer)) == (404, False)


def test_nothing_else_is_listed(reader, hostile, published, settings):
    settings.DOWNLOADS = published
    before = list_links(reader.get("/downloads/"))
    settings.DOWNLOADS = hostile
    assert sorted(list_links(reader.get("/downloads/"))) == sorted(before)


def test_folders_that_do_not_say_what_they_are_are_counted(shown, published, settings, tmp_path):
    settings.DOWNLOADS = tmp_path
    for name, sums in (("no-sums", None), ("no-manifest", "x"), ("broken", "x")):
        (tmp_path / name).mkdir()
        if sums:
            (tmp_path / name / "SHA256SUMS").write_text(f"{'0' * 64}  {sums}\n")
    (tmp_path / "broken" / "manifest.json").write_text("[1]")
    shutil.copytree(published / "ocds", tmp_path / "ocds")
    assert "3 folders beside these are left out" in read_text(shown.get("/downloads/"))


def test_a_package_that_was_written_anew_is_read_anew(shown, published, settings, tmp_path):
    settings.DOWNLOADS = tmp_path
    shutil.copytree(published / "ocds", tmp_path / "ocds")
    assert shown.get("/downloads/ocds/manifest.json").status_code == 200
    sums = tmp_path / "ocds" / "SHA256SUMS"
    sums.write_text("".join(line for line in sums.read_text().splitlines(keepends=True) if "manifest" not in line))
    os.utime(sums, ns=(1, 1))
    assert shown.get("/downloads/ocds/manifest.json").status_code == 404


@pytest.mark.django_db  # to close an answer is to look at the site's connections
def test_only_so_many_files_are_sent_at_once(shown, reader):
    going = [
        reader.get("/downloads/csv/notice.csv", REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(downloads.MAX_CONCURRENT_DOWNLOADS)
    ]
    refused = shown.get("/downloads/csv/notice.csv")
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert shown.get("/downloads/").status_code == 200
    going[0].close()
    assert len(shown.get("/downloads/csv/notice.csv").whole) > 100
    for answer in going:
        answer.close()
        answer.close()  # once is once
    again = [
        reader.get("/downloads/csv/notice.csv", REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(downloads.MAX_CONCURRENT_DOWNLOADS + 1)
    ]
    assert [answer.status_code for answer in again] == [200] * downloads.MAX_CONCURRENT_DOWNLOADS + [503]
    for answer in again:
        answer.close()
    gc.collect()


@pytest.mark.django_db  # to close an answer is to look at the site's connections
def test_one_reader_cannot_take_all_slots(shown, reader):
    ask = [reader.get("/downloads/csv/notice.csv") for _ in range(downloads.MAX_DOWNLOADS_PER_READER + 1)]
    other = reader.get("/downloads/csv/notice.csv", REMOTE_ADDR="192.0.2.9")
    assert [answer.status_code for answer in (*ask, other)] == [200] * downloads.MAX_DOWNLOADS_PER_READER + [503, 200]
    for answer in (*ask, other):
        answer.close()
    gc.collect()
    assert shown.get("/downloads/csv/notice.csv").status_code == 200


def ask_and_forget(client, path):
    """Asks, and forgets the answer."""
    assert client.get(path).status_code == 200
    gc.collect()


@pytest.mark.django_db  # to close an answer is to look at the site's connections
def test_an_answer_that_no_one_closes_holds_no_slot(shown, reader):
    for _ in range(downloads.MAX_CONCURRENT_DOWNLOADS + 1):
        with pytest.warns(ResourceWarning):
            ask_and_forget(reader, "/downloads/csv/notice.csv")
    assert shown.get("/downloads/csv/notice.csv").status_code == 200


@pytest.mark.django_db  # to close an answer is to look at the site's connections
def test_a_file_is_never_held_in_memory_whole(reader, published, settings, tmp_path):
    import tracemalloc

    settings.DOWNLOADS = tmp_path
    shutil.copytree(published / "ocds", tmp_path / "ocds")
    big = tmp_path / "ocds" / "big.json"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    with (tmp_path / "ocds" / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  big.json\n")
    tracemalloc.start()
    length = sum(map(len, reader.get("/downloads/ocds/big.json").streaming_content))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (length, most < 5_000_000) == (50_000_000, True)


def test_what_is_synthetic_says_so(reader, settings, synthetic_store, tmp_path):
    (tmp_path / "published").mkdir()
    api.publish_ocds(tmp_path / "published" / "ocds", synthetic_store)
    settings.DOWNLOADS = tmp_path / "published"
    assert "Some or all of it is synthetic: nothing synthetic is real." in read_text(reader.get("/downloads/"))


# ---------------------------------------------------------------------------------------------- the page about the API


def test_every_example_of_the_page_works(reader, settings):
    settings.API_RATE = 0
    page = reader.get("/api/")
    examples = {html.unescape(href) for href in re.findall(r'href="(/api/v1[^"]*)"', page.content.decode())}
    assert len(examples) > 10
    assert {href: reader.get(href).status_code for href in examples} == dict.fromkeys(examples, 200)


def test_the_page_says_what_the_limits_are(reader, settings):
    settings.API_RATE = 300
    assert "300 requests a minute for each network address" in read_text(reader.get("/api/"))
    settings.API_RATE = 0
    cache.clear()
    assert "There is no limit here." in read_text(reader.get("/api/"))


def test_reading_sets_no_cookie(shown):
    for path in ("/api/", "/downloads/", "/downloads/csv/contract.csv", "/api/v1/"):
        assert shown.get(path).cookies == {}
