"""Tests of health checks and error pages."""

import pytest
from django.db import DatabaseError

from tests.browser.urls import fail
from website.common import views

failing_urls = pytest.mark.urls("tests.browser.urls")  # these have views that fail


def test_healthz_needs_no_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_ready(reader):
    answer = reader.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_readyz_without_snapshot_says_what_to_run(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "threepoint build" in answer.content.decode()


def test_readyz_without_database_says_what_to_check(reader, monkeypatch):
    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(views.connection, "ensure_connection", broken)
    answer = reader.get("/readyz")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.content.decode()


@failing_urls
@pytest.mark.parametrize(
    ("address", "status", "text"),
    [
        ("/nothing-here", 404, "There is no page at this address"), ("/refused", 403, "You cannot see this page"),
        ("/suspect", 400, "We could not read the request"), ("/fails", 500, "Something went wrong"),
    ],
)  # fmt: skip
def test_error_page_says_what_to_do(client, address, status, text):
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


@failing_urls
@pytest.mark.parametrize("address", ["/refused", "/suspect", "/fails"])
def test_error_page_has_request_id(client, address):
    client.raise_request_exception = False
    answer = client.get(address, headers={"X-Request-ID": "quote-me-1234"})
    assert "quote-me-1234" in answer.content.decode()
    assert answer["X-Request-ID"] == "quote-me-1234"


@failing_urls
def test_error_page_without_templates_has_request_id(client, monkeypatch):
    monkeypatch.setattr(views, "render_to_string", fail)
    client.raise_request_exception = False
    answer = client.get("/fails", headers={"X-Request-ID": "quote-me-1234"})
    assert answer.status_code == 500
    assert "quote-me-1234" in answer.content.decode()


def test_unknown_host_gets_error_page(client):
    answer = client.get("/", headers={"Host": "other.example"})
    assert answer.status_code == 400
    assert "We could not read the request" in answer.content.decode()


def test_csrf_failure_says_what_to_do(rf):
    answer = views.csrf_failure(rf.post("/"))
    assert answer.status_code == 403
    assert "Send the form again" in answer.content.decode()
