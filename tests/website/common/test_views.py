"""Health, and the pages that stand where a page could not be given."""

import pytest
from django.db import DatabaseError

from tests.browser.urls import fail
from website.common import views

here = pytest.mark.urls("tests.browser.urls")  # with addresses that fail


def test_healthz_asks_nothing_of_the_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_says_ready_when_people_can_be_served(reader):
    answer = reader.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_readyz_says_what_to_run_when_there_is_no_snapshot(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "threepoint build" in answer.content.decode()


def test_readyz_says_what_to_do_when_the_database_does_not_answer(reader, monkeypatch):
    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(views.connection, "ensure_connection", broken)
    answer = reader.get("/readyz")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.content.decode()


@here
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/nothing-here", 404, "There is no page at this address"), ("/refused", 403, "This page is not open to you"),
        ("/suspect", 400, "We could not read the request"), ("/fails", 500, "Something went wrong"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_given_says_what_to_do(client, address, status, says):
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


@here
@pytest.mark.parametrize("address", ["/refused", "/suspect", "/fails"])
def test_a_page_for_errors_gives_the_id_to_quote(client, address):
    client.raise_request_exception = False
    answer = client.get(address, headers={"X-Request-ID": "quote-me-1234"})
    assert "quote-me-1234" in answer.content.decode()
    assert answer["X-Request-ID"] == "quote-me-1234"


@here
def test_the_page_for_errors_comes_even_when_no_template_can_be_read(client, monkeypatch):
    monkeypatch.setattr(views, "render_to_string", fail)
    client.raise_request_exception = False
    answer = client.get("/fails", headers={"X-Request-ID": "quote-me-1234"})
    assert answer.status_code == 500
    assert "quote-me-1234" in answer.content.decode()


def test_an_unknown_name_of_the_site_is_answered_in_words(client):
    answer = client.get("/", headers={"Host": "other.example"})
    assert answer.status_code == 400
    assert "We could not read the request" in answer.content.decode()


def test_a_forged_form_is_refused_in_words(rf):
    answer = views.csrf_failure(rf.post("/"))
    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()
