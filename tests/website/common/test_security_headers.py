"""What a browser is told with every answer."""

import re

import pytest


@pytest.fixture
def answer(client):
    return client.get("/design/")


def test_every_answer_has_headers_that_protect_readers(answer):
    expected = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
                "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}  # fmt: skip
    assert {name: answer[name] for name in expected} == expected
    assert "camera=()" in answer["Permissions-Policy"]


def test_only_our_own_files_may_run_or_be_shown(answer):
    said = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert {name for name, value in said.items() if value not in ("'self'", "'none'")} == set()
    assert (said["default-src"], said["script-src"], said["style-src"]) == ("'none'", "'self'", "'self'")


def test_no_page_holds_script_or_style_of_its_own(answer):
    page = answer.content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<script", page) == ["<script"] * 2


def test_a_person_who_only_reads_gets_no_cookie(answer):
    assert answer.cookies == {}
