"""Error responses in one format (RFC 9457): what is wrong and what to do about it, in plain English."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema

PROBLEM_MEDIA_TYPE = "application/problem+json"
MAX_QUOTED_CHARACTERS = 80  # of the reader's input
TITLE_BY_STATUS = {
    400: gettext_lazy("We could not read the request"),
    403: gettext_lazy("You do not have access"),
    404: gettext_lazy("There is nothing at this address"),
    405: gettext_lazy("The API is read-only"),
    406: gettext_lazy("The format that you accept is not available"),
    409: gettext_lazy("The data has changed"),
    422: gettext_lazy("These records cannot be compared"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong"),
    503: gettext_lazy("There is no data to read at the moment"),
}
# Defaults for errors that come without their own text.
DETAIL_BY_STATUS = {
    400: gettext_lazy("This site cannot read the request."),
    403: gettext_lazy("You do not have access to this address."),
    404: gettext_lazy("No endpoint has this address."),
    500: gettext_lazy("This is our mistake, not yours."),
    503: gettext_lazy("The site is not ready."),
}
ADVICE_BY_STATUS = {
    400: gettext_lazy("Check the address against /api/v1/openapi.json."),
    403: gettext_lazy("See /api/ for the addresses that you can read."),
    404: gettext_lazy("See /api/ for the endpoints, or search for the record with /api/v1/search?q=WORDS&all=1."),
    500: gettext_lazy("Try again in a few minutes. If you tell us about this, quote the request_id."),
    503: gettext_lazy("Try again later."),
}
Words = str | Promise


class RequestRefused(Exception):
    """A request that gets an error response: its status, what is wrong, and what to do about it."""

    def __init__(self, status: int, detail: Words, what_to_do: Words) -> None:
        super().__init__(str(detail))
        self.status, self.detail, self.what_to_do = status, detail, what_to_do


class Problem(Schema):
    """An error."""

    title: str = Field(description="The kind of problem, in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong, in plain English.")
    what_to_do: str = Field(description="What you can do about it.")
    request_id: str | None = Field(
        None, description="Quote this when you tell us; only in errors that are our mistake."
    )


def build_problem_response(
    status: int, detail: Words = "", what_to_do: Words = "", **extra_fields: str
) -> HttpResponse:
    """Return an error response; without `detail` and `what_to_do` it has the default texts of the status."""
    problem = {
        "title": str(TITLE_BY_STATUS.get(status, TITLE_BY_STATUS[400])),
        "status": status,
        "detail": str(detail or DETAIL_BY_STATUS.get(status, DETAIL_BY_STATUS[400])),
        "what_to_do": str(what_to_do or ADVICE_BY_STATUS.get(status, ADVICE_BY_STATUS[400])),
        **extra_fields,
    }
    body = json.dumps(problem, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return HttpResponse(body, content_type=PROBLEM_MEDIA_TYPE, status=status, headers={"Cache-Control": "no-store"})


def quote_input(sent: str) -> str:
    """Return the reader's input in quotes: short, and on one line."""
    short = sent if len(sent) <= MAX_QUOTED_CHARACTERS else f"{sent[:MAX_QUOTED_CHARACTERS]}…"
    return f"“{' '.join(short.split())}”"


def make_unknown_parameter_error(name: str, known: Iterable[str]) -> RequestRefused:
    """Return an error that suggests the nearest known parameter and lists all of them."""
    names = sorted(known)
    if not names:
        return RequestRefused(
            400, _("There is no parameter %s.") % quote_input(name), _("This address takes no parameters.")
        )
    nearest = get_close_matches(name, names, n=1, cutoff=0.0)[0]
    advice = _("Did you mean “%(nearest)s”? This address takes: %(names)s.") % {
        "nearest": nearest,
        "names": ", ".join(names),
    }
    return RequestRefused(400, _("There is no parameter %s.") % quote_input(name), advice)


def make_invalid_value_error(errors: list[dict[str, Any]]) -> RequestRefused:
    """Return an error that names the first invalid parameter and the values that it takes."""
    first = errors[0]
    name = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "")
    return RequestRefused(
        400, _("The parameter “%s” cannot have this value.") % name, _("It should be: %s.") % _describe_expected_value(first),
    )  # fmt: skip


_EXPECTATION_BY_ERROR_TYPE = {
    "missing": gettext_lazy("given"),
    "literal_error": gettext_lazy("one of %(expected)s"),
    "enum": gettext_lazy("one of %(expected)s"),
    "int_parsing": gettext_lazy("a whole number"),
    "int_parsing_size": gettext_lazy("a whole number with fewer digits"),
    "greater_than_equal": gettext_lazy("%(ge)s or more"),
    "less_than_equal": gettext_lazy("%(le)s or less"),
    "string_too_long": gettext_lazy("at most %(max_length)s characters long"),
    "string_too_short": gettext_lazy("at least %(min_length)s characters long"),
    "too_long": gettext_lazy("given at most %(max_length)s times"),
    "too_short": gettext_lazy("given at least %(min_length)s times"),
}


def _describe_expected_value(error: dict[str, Any]) -> str:
    expectation = _EXPECTATION_BY_ERROR_TYPE.get(str(error["type"]))
    return str(expectation) % error.get("ctx", {}) if expectation else str(error["msg"])
