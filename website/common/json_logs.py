"""Log lines as JSON, one an event, each with the id of the request it belongs to; a person can quote the id.

A line holds no query string and no address of the person: what people look for is their own affair.
"""

import contextlib
import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST_ID_PATTERN = re.compile(
    r"[A-Za-z0-9._-]{8,64}"
)  # what stands before the site may name requests; anything else is not logged
_current_request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("website.requests")


def get_request_id() -> str:
    """The id of the request being answered; empty outside one."""
    return _current_request_id.get()


def choose_request_id(sent: str) -> str:
    """The id that was sent with a request, if it is sane, else a new one."""
    return (
        sent if REQUEST_ID_PATTERN.fullmatch(sent) else uuid.uuid4().hex[:12]
    )  # short enough to read out over the telephone


class RequestIdMiddleware:
    """Middleware, outermost: names the request, logs how it was answered, and gives the name back in a header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        _current_request_id.set(
            choose_request_id(request.headers.get("X-Request-ID", ""))
        )  # until the next: Django has lines to write after us
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = get_request_id()
        log.info("answered", extra={"about": _describe_response(request, response, started)})
        return response


def _describe_response(request, response, started: float) -> dict[str, object]:
    took = round((time.monotonic() - started) * 1000, 1)
    return {"method": request.method, "path": request.path, "status": response.status_code, "ms": took}


class RequestIdFilter(logging.Filter):
    """Puts the id of the current request on every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = get_request_id()
        return True


class JsonLogFormatter(logging.Formatter):
    """A record as one line of JSON: at, level, logger, says, request_id, and whatever was handed over as `about`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
            **getattr(record, "about", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


with contextlib.suppress(ImportError):  # only where the site is served; tests and commands need no gunicorn
    from gunicorn.glogging import Logger

    class ServerLog(Logger):
        """The server's own words as lines like all others; requests are logged above, once."""

        def setup(self, cfg) -> None:
            self.error_log.propagate = True
            self.error_log.setLevel(logging.INFO)
