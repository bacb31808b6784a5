"""JSON log lines, one an event, each with the id of its request. Error pages show the id, so that people can quote it.

For privacy a line has no query string and no network address.
"""

import contextlib
import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{8,64}")  # of ids that a proxy sent; other ids are not logged
_current_request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("website.requests")


def get_request_id() -> str:
    """Return the id of the current request; empty outside a request."""
    return _current_request_id.get()


def choose_request_id(sent: str) -> str:
    """Return the id that was sent with a request if it is valid, otherwise a new one."""
    # A new id has 12 characters, so that it can be read out over the telephone.
    return sent if REQUEST_ID_PATTERN.fullmatch(sent) else uuid.uuid4().hex[:12]


class RequestIdMiddleware:
    """Outermost middleware: give the request an id, log the response, and return the id in a header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Not reset afterwards, because Django still logs lines for this request.
        _current_request_id.set(choose_request_id(request.headers.get("X-Request-ID", "")))
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = get_request_id()
        log.info("answered", extra={"about": _describe_response(request, response, started)})
        return response


def _describe_response(request, response, started: float) -> dict[str, object]:
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    return {"method": request.method, "path": request.path, "status": response.status_code, "ms": milliseconds}


class RequestIdFilter(logging.Filter):
    """Add the id of the current request to every line."""

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


with contextlib.suppress(ImportError):  # tests and commands need no gunicorn
    from gunicorn.glogging import Logger

    class ServerLog(Logger):
        """Send gunicorn's own messages through the root logger, as JSON; requests are logged by the middleware."""

        def setup(self, cfg) -> None:
            self.error_log.propagate = True
            self.error_log.setLevel(logging.INFO)
