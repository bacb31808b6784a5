"""Check before you publish: what is sent is read by a process with limits, answered in words, and forgotten."""

import html
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.website.data_quality.conftest import make_releases
from tests.website.pages import read_text
from website.common import draft_check
from website.data_quality import draft_views

ENDED = json.dumps(make_releases()[4])


def send(text="", file=None):
    return Client().post(
        "/check/", {"text": text, **({"file": SimpleUploadedFile("draft.json", file)} if file is not None else {})}
    )


@pytest.fixture(scope="module", autouse=True)
def own_place(tmp_path_factory):
    """One check runs at a time on a machine, told by a file in the folder for passing files: here one of these tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("passing")))
        yield


def list_left_over():
    return sorted(Path(tempfile.gettempdir()).glob("threepoint-draft-*"))


def test_a_draft_is_answered_and_nothing_of_it_is_left():
    before = list_left_over()
    said = read_text(send(ENDED))
    assert "1 procurement, 1 award, 1 contract. We made" in said
    assert "of the 12 facts that a comparison needs are there." in said
    assert "date signed Date signed UK7 (Contract details notice)" in said.partition("What will read")[2]
    assert "Contract contracts/1" in said
    assert list_left_over() == before


def test_what_is_wrong_comes_first_in_plain_words():
    draft = make_releases()[4]
    draft["contracts"][0]["period"] = {"startDate": "2026-06-01T00:00:00Z", "endDate": "2026-01-01T00:00:00Z"}
    said = read_text(send(file=json.dumps(draft).encode()))
    assert "Put right before you publish" in said
    assert "The contract ends (1 January 2026) before it starts (1 June 2026). contracts/1" in said


def test_an_amount_in_words_is_said_to_be_none():
    draft = make_releases()[0] | {
        "tender": {"title": "Desks", "status": "active", "value": {"amount": "two hundred", "currency": "GBP"}}
    }
    said = read_text(send(json.dumps(draft)))
    assert "two hundred" in said.partition("Values that cannot be read")[2]
    assert "Nothing was wrong or odd." not in said
    assert "comes with a later notice" in said  # what an award would tell


def test_a_text_that_breaks_off_names_the_line():
    broken = '{\n "ocid": "ocds-h6vhtk-0ab001",\n "tag": [tender]\n}'
    answer = send(broken)
    assert answer.status_code == 422
    assert 'Line 3: "tag": [tender]' in html.unescape(answer.content.decode())


def test_marks_in_titles_are_shown_and_not_obeyed():
    draft = make_releases()[0] | {"tender": {"title": "<b>x</b>", "status": "<img src=x>"}}
    assert "<img" not in send(json.dumps(draft)).content.decode()


def make_bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"releases": [' + b" " * 50_000_000)
    return held.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b'{"ocid": "x', "this is not valid JSON (Input data was truncated)"),
        (b"\xff\xfe\x00", "this begins as UTF-16 and is not"), (b"[" * 100_000, "We could not read this"),
        (b'{"tender": 1e99999}', "We could not read this"), (b"9" * 500_000, "There is no notice in this"),
        (b"caf\xe9", "There is no notice in this. We took it for: text."),
        (b"PK\x03\x04" + b"0" * 50, "this zip archive cannot be opened"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_what_was_typed_is_kept(file, why):
    answer = send("typed before", file)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    assert "typed before</textarea>" in page


@pytest.mark.slow
def test_an_archive_that_swells_is_refused():
    answer = send(file=make_bomb())
    assert answer.status_code == 422
    assert "We could not read this" in answer.content.decode()


def test_nothing_sent_is_said(unchecked):
    answer = send("  ")
    assert (answer.status_code, unchecked) == (422, [])
    assert "Paste a notice or choose a file." in answer.content.decode()


def test_a_file_over_10_mb_is_not_read(unchecked):
    answer = send(file=b" " * 11_000_000)
    assert (answer.status_code, unchecked) == (413, [])
    assert "The file is too large." in answer.content.decode()


def test_a_text_too_long_to_paste_is_told_so(unchecked):
    answer = send("x" * 3_000_000)
    assert (answer.status_code, unchecked) == (413, [])
    assert "The text is too long to paste." in answer.content.decode()


@pytest.mark.parametrize(
    ("why", "status", "words"),
    [("busy", 503, "in a minute"), ("slow", 422, "longer than a minute"), ("failed", 422, "memory")],
)
def test_why_nothing_can_be_told(monkeypatch, why, status, words):
    def refuse(*_):
        raise draft_check.DraftCheckFailed(why)

    monkeypatch.setattr(draft_check, "check_upload", refuse)
    answer = send("{}")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "{}</textarea>" in answer.content.decode()


def test_one_check_at_a_time():
    with draft_check._acquire_check_lock(), pytest.raises(draft_check.DraftCheckFailed, match="busy"):
        draft_check.check_upload([b"{}"])


def test_a_check_that_takes_too_long_is_ended():
    with pytest.raises(draft_check.DraftCheckFailed, match="slow"):
        draft_check.check_upload([b"{}"], seconds=0.05)


def test_a_form_without_its_token_is_refused():
    assert Client(enforce_csrf_checks=True).post("/check/", {"text": "{}"}).status_code == 403


@pytest.mark.parametrize("way", ["put", "delete", "patch"])
def test_only_a_form_can_be_sent(way):
    assert getattr(Client(), way)("/check/").status_code == 405


def test_the_form_sets_one_cookie_and_is_never_kept():
    answer = Client().get("/check/")
    assert list(answer.cookies) == ["csrftoken"]
    assert "no-store" in answer["Cache-Control"]
    assert f"{draft_views.MAX_UPLOAD_BYTES // 10**6} MB" in answer.content.decode()
