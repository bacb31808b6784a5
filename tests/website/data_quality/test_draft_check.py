"""Tests of “Check before you publish”: a process with limits checks the upload, and nothing is stored."""

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
def own_temporary_folder(tmp_path_factory):
    """A temporary folder for these tests, because the lock file there allows one check at a time on a machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))
        yield


def list_draft_folders():
    return sorted(Path(tempfile.gettempdir()).glob("threepoint-draft-*"))


def test_check_reports_and_deletes_draft():
    folders = list_draft_folders()
    text = read_text(send(ENDED))
    assert "1 procurement, 1 award, 1 contract. We made" in text
    assert "of the 12 facts that a comparison needs." in text
    assert "Date signed Date signed UK7 (Contract details notice)" in text.partition("What will appear")[2]
    assert "Contract contracts/1" in text
    assert list_draft_folders() == folders


def test_check_reports_failed_checks():
    draft = make_releases()[4]
    draft["contracts"][0]["period"] = {"startDate": "2026-06-01T00:00:00Z", "endDate": "2026-01-01T00:00:00Z"}
    text = read_text(send(file=json.dumps(draft).encode()))
    assert "Fix before you publish" in text
    assert "The contract ends (1 January 2026) before it starts (1 June 2026). contracts/1" in text


def test_check_reports_unreadable_amount():
    draft = make_releases()[0] | {
        "tender": {"title": "Desks", "status": "active", "value": {"amount": "two hundred", "currency": "GBP"}}
    }
    text = read_text(send(json.dumps(draft)))
    assert "two hundred" in text.partition("Values that cannot be read")[2]
    assert "Nothing was wrong or unusual." not in text
    assert "comes with a later notice" in text  # for facts of an award


def send_award(value):
    """Send a draft with an award of a value, and return the text of “What can be compared”."""
    award = {"id": "1", "status": "active", "date": "2026-03-01T00:00:00Z", "value": value}
    draft = make_releases()[0] | {"tag": ["award"], "awards": [award]}
    text = read_text(send(json.dumps(draft)))
    return text, text.partition("What can be compared")[2].partition("What will appear")[0]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"amount": -5, "currency": "GBP"}, "The value of the award is below zero (-£5)."),
        ({"amount": 0.1, "currency": "GBP"}, "The value is £0.10, which only fills the form; totals leave it out."),
        ({"amount": 500, "currency": "POUNDS"},
         "“POUNDS” is not a code of ISO 4217, such as GBP, so the amount cannot be added up or compared."),
    ],
)  # fmt: skip
def test_check_does_not_compare_unusable_award(value, message):
    text, compared = send_award(value)
    assert f"Award value cannot be compared: {message}" in compared
    assert "The draft has 1 of the 12 facts that a comparison needs." in text


def test_check_compares_usable_award():
    text, compared = send_award({"amount": 500, "currency": "GBP"})
    assert "Award value can be compared" in compared
    assert "The draft has 2 of the 12 facts that a comparison needs." in text


def test_check_accepts_codes_of_items_without_main_code():
    codes = [{"scheme": "CPV", "id": code, "description": code} for code in ("92521000", "92521100")]
    items = [{"id": "1", "relatedLot": "1", "additionalClassifications": codes}]
    draft = make_releases()[0] | {
        "tender": {"title": "Museum", "items": items, "value": {"amountGross": 9, "currency": "GBP"}}
    }
    missing = read_text(send(json.dumps(draft))).partition("What will appear")[2]
    assert "Main CPV code" not in missing
    assert "Estimate: published with VAT only" in missing


def test_check_reports_missing_codes():
    assert "Main CPV code" in read_text(send(json.dumps(make_releases()[0]))).partition("What will appear")[2]


def test_check_names_line_of_json_error():
    answer = send('{\n "ocid": "ocds-h6vhtk-0ab001",\n "tag": [tender]\n}')
    assert answer.status_code == 422
    assert 'Line 3: "tag": [tender]' in html.unescape(answer.content.decode())


def test_check_escapes_markup():
    draft = make_releases()[0] | {"tender": {"title": "<b>x</b>", "status": "<img src=x>"}}
    assert "<img" not in send(json.dumps(draft)).content.decode()


def make_bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"releases": [' + b" " * 50_000_000)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b'{"ocid": "x', "this is not valid JSON (Input data was truncated)"),
        (b"\xff\xfe\x00", "this begins as UTF-16 but is not valid UTF-16"), (b"[" * 100_000, "We could not read this"),
        (b'{"tender": 1e99999}', "We could not read this"), (b"9" * 500_000, "We found no notice"),
        (b"caf\xe9", "We found no notice, only text. Send an OCDS release or a package of releases, as JSON."),
        (b"PK\x03\x04" + b"0" * 50, "this zip archive cannot be opened"),
    ],
)  # fmt: skip
def test_check_explains_unreadable_file_and_keeps_text(file, reason):
    answer = send("typed before", file)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert reason in page
    assert "typed before</textarea>" in page


@pytest.mark.slow
def test_check_refuses_zip_bomb():
    answer = send(file=make_bomb())
    assert answer.status_code == 422
    assert "We could not read this" in answer.content.decode()


def test_check_refuses_empty_form(uploads):
    answer = send("  ")
    assert (answer.status_code, uploads) == (422, [])
    assert "Paste a notice or choose a file." in answer.content.decode()


def test_check_refuses_large_file(uploads):
    answer = send(file=b" " * 11_000_000)
    assert (answer.status_code, uploads) == (413, [])
    assert "The file must be 10MB or smaller." in answer.content.decode()


def test_check_refuses_long_text(uploads):
    answer = send("x" * 3_000_000)
    assert (answer.status_code, uploads) == (413, [])
    assert "The text is too long to paste." in answer.content.decode()


@pytest.mark.parametrize(
    ("reason", "status", "text"),
    [("busy", 503, "in a minute"), ("slow", 422, "longer than a minute"), ("failed", 422, "memory")],
)
def test_check_explains_failure(monkeypatch, reason, status, text):
    def refuse(*_):
        raise draft_check.DraftCheckFailed(reason)

    monkeypatch.setattr(draft_check, "check_upload", refuse)
    answer = send("{}")
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "{}</textarea>" in answer.content.decode()


def test_check_upload_runs_one_at_a_time():
    with draft_check._acquire_check_lock(), pytest.raises(draft_check.DraftCheckFailed, match="busy"):
        draft_check.check_upload([b"{}"])


def test_check_upload_stops_slow_check():
    with pytest.raises(draft_check.DraftCheckFailed, match="slow"):
        draft_check.check_upload([b"{}"], seconds=0.05)


def test_check_refuses_form_without_token():
    assert Client(enforce_csrf_checks=True).post("/check/", {"text": "{}"}).status_code == 403


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_check_refuses_other_methods(method):
    assert getattr(Client(), method)("/check/").status_code == 405


def test_check_form_sets_one_cookie_and_is_not_cached():
    answer = Client().get("/check/")
    assert list(answer.cookies) == ["csrftoken"]
    assert "no-store" in answer["Cache-Control"]
    assert f"{draft_views.MAX_UPLOAD_BYTES // 10**6}MB" in answer.content.decode()
