"""Tests of the security headers."""

import re

import pytest


@pytest.fixture
def answer(client):
    return client.get("/design/")


def test_page_has_security_headers(answer):
    expected = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
                "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}  # fmt: skip
    assert {name: answer[name] for name in expected} == expected
    assert "camera=()" in answer["Permissions-Policy"]


def test_csp_allows_own_files_only(answer):
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert {name for name, value in policy.items() if value not in ("'self'", "'none'")} == set()
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")


def test_page_has_no_inline_script_or_style(answer):
    page = answer.content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<script", page) == ["<script"] * 2


def test_reading_sets_no_cookie(answer):
    assert answer.cookies == {}
