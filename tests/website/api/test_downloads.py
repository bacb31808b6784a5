"""Tests of the downloads: the page describes the files correctly, and no other file can be downloaded."""

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
    """Return the whole body of an answer, which also closes the answer."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class ReadingClient(Client):
    """A client that reads every answer to its end, into `answer.whole`."""

    def request(self, **request):
        answer = super().request(**request)
        answer.whole = read_body(answer)
        return answer


@pytest.fixture
def downloader(reader, published, settings):
    """A client of a site that offers the packages."""
    settings.DOWNLOADS = published
    return ReadingClient()


def list_links(answer):
    """Return the links of a page to files."""
    return [html.unescape(href) for href in re.findall(r'href="(/downloads/[^"]+)"', answer.content.decode())]


def test_downloads_page_lists_files_with_size_and_checksum(downloader, published):
    page = downloader.get("/downloads/")
    row = re.compile(
        r'<div><a[^>]* href="/downloads/(\w+)/([^"]+)">.*?<td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', re.DOTALL
    )
    rows = row.findall(page.content.decode())
    files = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    assert {f"{package}/{name}" for package, name, _, _ in rows} == files
    for package, name, size, sha256 in rows:
        answer = downloader.get(f"/downloads/{package}/{name}")
        assert (answer.status_code, answer["Content-Length"]) == (200, str(len(answer.whole)))
        assert re.sub(r"<.*?>|,", "", size).strip() == str(len(answer.whole))
        assert re.sub(r"<.*?>", "", sha256).strip() == hashlib.sha256(answer.whole).hexdigest()


def test_downloads_page_describes_packages(downloader, small_store):
    text = read_text(downloader.get("/downloads/"))
    snapshot = (small_store / "current").readlink().name
    assert f"From the snapshot {snapshot} Licence" in text
    assert "As of 30 June 2026" in text
    assert "Newest release 2 April 2026 From the snapshot none: this package is made from all loaded files" in text
    assert "Licence Open Government Licence v3.0 · as its publisher says; not known here" in text
    assert "the site now shows" not in text
    assert "synthetic" not in text


def test_downloads_page_names_newer_snapshot(downloader, settings, synthetic_store):
    settings.STORE = synthetic_store
    newer = (synthetic_store / "current").readlink().name
    text = read_text(downloader.get("/downloads/"))
    assert text.count(f"– the site now shows {newer}") == 2  # the OCDS package has no snapshot


def test_downloads_work_without_snapshot(downloader, settings, tmp_path):
    settings.STORE = tmp_path / "none"
    assert downloader.get("/downloads/").status_code == 200
    assert downloader.get("/downloads/csv/contract.csv").status_code == 200


def test_downloads_page_empty_says_what_to_run(reader, settings, tmp_path):
    settings.DOWNLOADS = tmp_path / "none"
    text = read_text(reader.get("/downloads/"))
    assert "There is nothing to download yet" in text
    assert "threepoint publish csv STORE/published/csv --store STORE" in text


def test_file_response_headers(downloader):
    answer = downloader.get("/downloads/csv/contract.csv")
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Accept-Ranges")} == {
        "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": 'attachment; filename="contract.csv"',
        "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
    }  # fmt: skip
    assert "Content-Encoding" not in downloader.get("/downloads/csv/contract.csv", headers={"Accept-Encoding": "gzip"})


def test_file_ranges_join_to_whole_file(downloader):
    whole = downloader.get("/downloads/csv/notice.csv").whole
    first = downloader.get("/downloads/csv/notice.csv", headers={"Range": "bytes=0-99"})
    rest = downloader.get("/downloads/csv/notice.csv", headers={"Range": "bytes=100-", "If-Range": first["ETag"]})
    assert (first.status_code, rest.status_code, first["Content-Range"]) == (206, 206, f"bytes 0-99/{len(whole)}")
    assert first.whole + rest.whole == whole


def test_file_range_of_old_version_gets_whole_file(downloader):
    answer = downloader.get(
        "/downloads/csv/notice.csv", headers={"Range": "bytes=100-", "If-Range": '"of an older file"'}
    )
    assert (answer.status_code, int(answer["Content-Length"])) == (200, len(answer.whole))


def test_file_not_modified_is_304(downloader):
    etag = downloader.get("/downloads/csv/contract.csv")["ETag"]
    answer = downloader.get("/downloads/csv/contract.csv", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.whole) == (304, b"")


def test_file_head_has_length(downloader):
    answer = downloader.head("/downloads/csv/contract.csv")
    length = downloader.get("/downloads/csv/contract.csv")["Content-Length"]
    assert (answer.status_code, answer["Content-Length"]) == (200, length)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_file_refuses_other_methods(downloader, method):
    assert getattr(downloader, method)("/downloads/csv/contract.csv").status_code == 405


OUTSIDE = ["csv/../../secret", "../secret", "csv/..%2f..%2fsecret", "%2e%2e/secret", "csv/%2e%2e/%2e%2e/secret", "csv//etc/passwd",
           "csv/.hidden", "csv/not-in-sums.csv", "csv/", "csv/contract.csv/", "csv/contract.csv%00", "csv/.", ".hidden/x", "none/x",
           "csv/link.csv", "csv/linked/x.csv", "linked/contract.csv", "csv/escape"]  # fmt: skip


@pytest.fixture
def hostile(published, tmp_path):
    """The packages, with links to other folders, names with `..`, and files that no SHA256SUMS names."""
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
def test_file_outside_package_is_not_found(reader, hostile, settings, path):
    settings.DOWNLOADS = hostile
    answer = reader.get(f"/downloads/{path}")
    assert (answer.status_code, b"secret" in read_body(answer)) == (404, False)


def test_downloads_page_hides_files_outside_package(reader, hostile, published, settings):
    settings.DOWNLOADS = published
    links = list_links(reader.get("/downloads/"))
    settings.DOWNLOADS = hostile
    assert sorted(list_links(reader.get("/downloads/"))) == sorted(links)


def test_downloads_page_counts_unreadable_folders(downloader, published, settings, tmp_path):
    settings.DOWNLOADS = tmp_path
    for name, sums in (("no-sums", None), ("no-manifest", "x"), ("broken", "x")):
        (tmp_path / name).mkdir()
        if sums:
            (tmp_path / name / "SHA256SUMS").write_text(f"{'0' * 64}  {sums}\n")
    (tmp_path / "broken" / "manifest.json").write_text("[1]")
    shutil.copytree(published / "ocds", tmp_path / "ocds")
    assert "3 more folders are not listed" in read_text(downloader.get("/downloads/"))


def test_package_is_read_again_after_change(downloader, published, settings, tmp_path):
    settings.DOWNLOADS = tmp_path
    shutil.copytree(published / "ocds", tmp_path / "ocds")
    assert downloader.get("/downloads/ocds/manifest.json").status_code == 200
    sums = tmp_path / "ocds" / "SHA256SUMS"
    sums.write_text("".join(line for line in sums.read_text().splitlines(keepends=True) if "manifest" not in line))
    os.utime(sums, ns=(1, 1))
    assert downloader.get("/downloads/ocds/manifest.json").status_code == 404


@pytest.mark.django_db  # closing an answer checks the site's database connections
def test_concurrent_downloads_are_limited(downloader, reader):
    running = [
        reader.get("/downloads/csv/notice.csv", REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(downloads.MAX_CONCURRENT_DOWNLOADS)
    ]
    refused = downloader.get("/downloads/csv/notice.csv")
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert downloader.get("/downloads/").status_code == 200
    running[0].close()
    assert len(downloader.get("/downloads/csv/notice.csv").whole) > 100
    for answer in running:
        answer.close()
        answer.close()  # a second close must not free another slot
    running = [
        reader.get("/downloads/csv/notice.csv", REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(downloads.MAX_CONCURRENT_DOWNLOADS + 1)
    ]
    assert [answer.status_code for answer in running] == [200] * downloads.MAX_CONCURRENT_DOWNLOADS + [503]
    for answer in running:
        answer.close()
    gc.collect()


@pytest.mark.django_db  # closing an answer checks the site's database connections
def test_concurrent_downloads_are_limited_per_reader(downloader, reader):
    answers = [reader.get("/downloads/csv/notice.csv") for _ in range(downloads.MAX_DOWNLOADS_PER_READER + 1)]
    answers.append(reader.get("/downloads/csv/notice.csv", REMOTE_ADDR="192.0.2.9"))
    assert [answer.status_code for answer in answers] == [200] * downloads.MAX_DOWNLOADS_PER_READER + [503, 200]
    for answer in answers:
        answer.close()
    gc.collect()
    assert downloader.get("/downloads/csv/notice.csv").status_code == 200


def request_without_closing(client, path):
    assert client.get(path).status_code == 200
    gc.collect()


@pytest.mark.django_db  # closing an answer checks the site's database connections
def test_unclosed_response_frees_its_slot(downloader, reader):
    for _ in range(downloads.MAX_CONCURRENT_DOWNLOADS + 1):
        with pytest.warns(ResourceWarning):
            request_without_closing(reader, "/downloads/csv/notice.csv")
    assert downloader.get("/downloads/csv/notice.csv").status_code == 200


@pytest.mark.django_db  # closing an answer checks the site's database connections
def test_file_is_not_held_in_memory(reader, published, settings, tmp_path):
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
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (length, peak_bytes < 5_000_000) == (50_000_000, True)


def test_downloads_page_marks_synthetic_data(reader, settings, synthetic_store, tmp_path):
    (tmp_path / "published").mkdir()
    api.publish_ocds(tmp_path / "published" / "ocds", synthetic_store)
    settings.DOWNLOADS = tmp_path / "published"
    assert "Some or all of this data is synthetic. Synthetic data is not real." in read_text(reader.get("/downloads/"))


# ---------------------------------------------------------------------------------------------- the page about the API


def test_api_guide_examples_work(reader, settings):
    settings.API_RATE = 0
    page = reader.get("/api/")
    examples = {html.unescape(href) for href in re.findall(r'href="(/api/v1[^"]*)"', page.content.decode())}
    assert len(examples) > 10
    assert {href: reader.get(href).status_code for href in examples} == dict.fromkeys(examples, 200)


def test_api_guide_states_rate_limit(reader, settings):
    settings.API_RATE = 300
    assert "You can send 300 requests a minute from each IP address." in read_text(reader.get("/api/"))
    settings.API_RATE = 0
    cache.clear()
    assert "This site has no limit." in read_text(reader.get("/api/"))


def test_api_and_downloads_set_no_cookie(downloader):
    for path in ("/api/", "/downloads/", "/downloads/csv/contract.csv", "/api/v1/"):
        assert downloader.get(path).cookies == {}
