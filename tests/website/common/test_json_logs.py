"""Tests of JSON log lines: one an event, with the id of the request and nothing about the person."""

import json
import logging
import sys

import pytest

from website.common import json_logs


def write_line(record: logging.LogRecord) -> dict[str, object]:
    json_logs.RequestIdFilter().filter(record)
    return json.loads(json_logs.JsonLogFormatter().format(record))


def test_request_id_valid_is_returned(client):
    assert client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"


@pytest.mark.parametrize("sent", ["", "short", "x" * 65, "two words here", "new\nline-here", '"><script>'])
def test_request_id_invalid_is_replaced(sent):
    assert len(json_logs.choose_request_id(sent)) == 12


def test_request_log_has_one_line_without_query(client, caplog):
    with caplog.at_level(logging.INFO, "website.requests"):
        client.get("/healthz?q=secret", headers={"X-Request-ID": "from-the-proxy-1"})
    lines = [write_line(record) for record in caplog.records if record.name == "website.requests"]
    assert [(line["method"], line["path"], line["status"], line["request_id"]) for line in lines] == [
        ("GET", "/healthz", 200, "from-the-proxy-1")
    ]
    assert "secret" not in json.dumps(lines)


def test_log_line_includes_traceback():
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        record = logging.LogRecord("a", logging.ERROR, "b", 1, "went wrong", (), sys.exc_info())
    assert "ZeroDivisionError: division by zero" in str(write_line(record)["traceback"])
