"""What is said where there is no answer: one form for all, in plain English, with what to do (RFC 9457)."""

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
MAX_QUOTED_CHARACTERS = 80  # characters of what was sent that are said back
TITLE_BY_STATUS = {
    400: gettext_lazy("We could not read the request"),
    403: gettext_lazy("This is not open to you"),
    404: gettext_lazy("There is nothing at this address"),
    405: gettext_lazy("Only reading is possible here"),
    406: gettext_lazy("There is no answer in the form you accept"),
    409: gettext_lazy("The data has changed since"),
    422: gettext_lazy("These cannot be put side by side"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong"),
    503: gettext_lazy("There is nothing to read at the moment"),
}
# What is said where whoever refused did not say it.
DETAIL_BY_STATUS = {
    400: gettext_lazy("The request is not one that this site can read."),
    403: gettext_lazy("This address is not open."),
    404: gettext_lazy("No endpoint has this address."),
    500: gettext_lazy("This is our mistake, not yours."),
    503: gettext_lazy("The site is not ready."),
}
ADVICE_BY_STATUS = {
    400: gettext_lazy("Check the address against /api/v1/openapi.json."),
    403: gettext_lazy("Read /api/ for what is open."),
    404: gettext_lazy("Read /api/ for the endpoints, or look for the thing with /api/v1/search?q=WORDS&all=1."),
    500: gettext_lazy("Try again in a few minutes. If you tell us about it, quote the request_id."),
    503: gettext_lazy("Try again later."),
}
Words = str | Promise


class RequestRefused(Exception):
    """There is no answer: the status, what is wrong, and what to do about it."""

    def __init__(self, status: int, detail: Words, what_to_do: Words) -> None:
        super().__init__(str(detail))
        self.status, self.detail, self.what_to_do = status, detail, what_to_do


class Problem(Schema):
    """Why there is no answer."""

    title: str = Field(description="What kind of problem it is, in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong, in plain English.")
    what_to_do: str = Field(description="What to do about it.")
    request_id: str | None = Field(None, description="To quote when you tell us; only where the mistake is ours.")


def build_problem_response(status: int, detail: Words = "", what_to_do: Words = "", **more: str) -> HttpResponse:
    """The problem as an answer."""
    said = {
        "title": str(TITLE_BY_STATUS.get(status, TITLE_BY_STATUS[400])),
        "status": status,
        "detail": str(detail or DETAIL_BY_STATUS.get(status, DETAIL_BY_STATUS[400])),
        "what_to_do": str(what_to_do or ADVICE_BY_STATUS.get(status, ADVICE_BY_STATUS[400])),
        **more,
    }
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return HttpResponse(body, content_type=PROBLEM_MEDIA_TYPE, status=status, headers={"Cache-Control": "no-store"})


def quote_input(sent: str) -> str:
    """What was sent, as it can be said back: short, and in one line."""
    short = sent if len(sent) <= MAX_QUOTED_CHARACTERS else f"{sent[:MAX_QUOTED_CHARACTERS]}…"
    return f"“{' '.join(short.split())}”"


def make_unknown_parameter_error(name: str, known: Iterable[str]) -> RequestRefused:
    """For a parameter that there is not: the nearest one that there is, and all of them."""
    names = sorted(known)
    if not names:
        return RequestRefused(
            400, _("There is no parameter %s.") % quote_input(name), _("This address takes no parameters.")
        )
    nearest = get_close_matches(name, names, n=1, cutoff=0.0)[0]
    told = _("Did you mean “%(nearest)s”? Known here: %(names)s.") % {"nearest": nearest, "names": ", ".join(names)}
    return RequestRefused(400, _("There is no parameter %s.") % quote_input(name), told)


def make_invalid_value_error(errors: list[dict[str, Any]]) -> RequestRefused:
    """For values that cannot be: the first of them, and what it should be."""
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
    "int_parsing_size": gettext_lazy("a whole number of few digits"),
    "greater_than_equal": gettext_lazy("%(ge)s or more"),
    "less_than_equal": gettext_lazy("%(le)s or less"),
    "string_too_long": gettext_lazy("at most %(max_length)s characters long"),
    "string_too_short": gettext_lazy("at least %(min_length)s characters long"),
    "too_long": gettext_lazy("given at most %(max_length)s times"),
    "too_short": gettext_lazy("given at least %(min_length)s times"),
}


def _describe_expected_value(error: dict[str, Any]) -> str:
    known = _EXPECTATION_BY_ERROR_TYPE.get(str(error["type"]))
    return str(known) % error.get("ctx", {}) if known else str(error["msg"])
