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

MEDIA = "application/problem+json"
LONGEST = 80  # characters of what was sent that are said back
TITLES = {
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
DETAILS = {
    400: gettext_lazy("The request is not one that this site can read."),
    403: gettext_lazy("This address is not open."),
    404: gettext_lazy("No endpoint has this address."),
    500: gettext_lazy("This is our mistake, not yours."),
    503: gettext_lazy("The site is not ready."),
}
STEPS = {
    400: gettext_lazy("Check the address against /api/v1/openapi.json."),
    403: gettext_lazy("Read /api/ for what is open."),
    404: gettext_lazy("Read /api/ for the endpoints, or look for the thing with /api/v1/search?q=WORDS&all=1."),
    500: gettext_lazy("Try again in a few minutes. If you tell us about it, quote the request_id."),
    503: gettext_lazy("Try again later."),
}
Words = str | Promise


class Refused(Exception):
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


def answer(status: int, detail: Words = "", what_to_do: Words = "", **more: str) -> HttpResponse:
    """The problem as an answer."""
    said = {
        "title": str(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": str(detail or DETAILS.get(status, DETAILS[400])),
        "what_to_do": str(what_to_do or STEPS.get(status, STEPS[400])),
        **more,
    }
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return HttpResponse(body, content_type=MEDIA, status=status, headers={"Cache-Control": "no-store"})


def quoted(sent: str) -> str:
    """What was sent, as it can be said back: short, and in one line."""
    short = sent if len(sent) <= LONGEST else f"{sent[:LONGEST]}…"
    return f"“{' '.join(short.split())}”"


def unknown(name: str, known: Iterable[str]) -> Refused:
    """For a parameter that there is not: the nearest one that there is, and all of them."""
    names = sorted(known)
    if not names:
        return Refused(400, _("There is no parameter %s.") % quoted(name), _("This address takes no parameters."))
    nearest = get_close_matches(name, names, n=1, cutoff=0.0)[0]
    told = _("Did you mean “%(nearest)s”? Known here: %(names)s.") % {"nearest": nearest, "names": ", ".join(names)}
    return Refused(400, _("There is no parameter %s.") % quoted(name), told)


def invalid(errors: list[dict[str, Any]]) -> Refused:
    """For values that cannot be: the first of them, and what it should be."""
    first = errors[0]
    name = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "")
    return Refused(
        400, _("The parameter “%s” cannot have this value.") % name, _("It should be: %s.") % _should(first),
    )  # fmt: skip


_SHOULD = {
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


def _should(error: dict[str, Any]) -> str:
    known = _SHOULD.get(str(error["type"]))
    return str(known) % error.get("ctx", {}) if known else str(error["msg"])
