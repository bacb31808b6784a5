"""Log lines: JSON, one an event, with the id of the request and nothing about the person."""

import json
import logging
import sys

import pytest

from website.common import json_logs


def write_line(record: logging.LogRecord) -> dict[str, object]:
    json_logs.RequestIdFilter().filter(record)
    return json.loads(json_logs.JsonLogFormatter().format(record))


def test_a_sane_id_is_taken_over_and_given_back(client):
    assert client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"


@pytest.mark.parametrize("sent", ["", "short", "x" * 65, "two words here", "new\nline-here", '"><script>'])
def test_any_other_id_is_replaced(sent):
    assert len(json_logs.choose_request_id(sent)) == 12


def test_a_request_leaves_one_line_without_what_was_looked_for(client, caplog):
    with caplog.at_level(logging.INFO, "website.requests"):
        client.get("/healthz?q=secret", headers={"X-Request-ID": "from-the-proxy-1"})
    lines = [write_line(record) for record in caplog.records if record.name == "website.requests"]
    assert [(x["method"], x["path"], x["status"], x["request_id"]) for x in lines] == [
        ("GET", "/healthz", 200, "from-the-proxy-1")
    ]
    assert "secret" not in json.dumps(lines)


def test_a_failure_carries_its_traceback_in_the_same_line():
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        record = logging.LogRecord("a", logging.ERROR, "b", 1, "went wrong", (), sys.exc_info())
    assert "ZeroDivisionError: division by zero" in str(write_line(record)["traceback"])
