"""What a check says, in words: what is wrong, what could be compared, what will read "not reported"."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.standard.field_states import STATES
from threepoint.standard.notice_fields import PLACES
from website.common import value_display
from website.common.components import Column, Entry, Grade, Table
from website.common.record_urls import NAMES
from website.data_quality.labels import number

SEVERITIES = ("critical", "warn", "info")
GRADED = 10  # grades that are shown one by one


def unread(told: dict[str, Any]) -> str:
    """Why nothing of it can be told; empty where something can."""
    if "problem" in told:
        return _("We could not read this: %(why)s.") % {"why": told["problem"]}
    loaded, draft = told["loaded"], told["draft"]
    why = [*loaded["problems"], *_reasons(loaded)]
    if why:
        return _("We could not read this: %(why)s.") % {"why": why[0]} if not _holds(draft) else ""
    if not _holds(draft):
        kinds = ", ".join(loaded["passed_over"])
        if kinds:
            return _("There is no notice in this. We took it for: %(kinds)s.") % {"kinds": kinds}
        return _("There is no notice in this. It should be an OCDS release or a package of releases, as JSON.")
    return ""


def stopped_at(told: dict[str, Any]) -> int | None:
    """Return the byte at which reading stopped first; None where the reason names none."""
    quarantined = told.get("loaded", {}).get("quarantined")
    return quarantined[0]["byte"] if quarantined else None


def _reasons(loaded: dict[str, Any]) -> list[str]:
    return [part["reason"] for part in loaded["quarantined"]]


def _holds(draft: dict[str, Any] | None) -> bool:
    return bool(draft and draft["held"].get("contracting_process"))


def answer(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a draft that could be read."""
    draft, loaded = told["draft"], told["loaded"]
    return {
        "held": _held(draft["held"]),
        "sentence": _sentence(draft),
        "unreadable": _unreadable(draft["states"]),
        "failures": [found for severity in SEVERITIES if (found := _failures(draft["failures"], severity))],
        "left": draft["failed"] - len(draft["failures"]),
        "lead": _lead(draft),
        "compared": _compared(draft),
        "not_reported": _not_reported(draft["states"]),
        "grades": [(_graded(row), _grade(row)) for row in draft["grades"][:GRADED]],
        "left_grades": max(0, sum(draft["held"].values()) - GRADED),
        "quarantined": _reasons(loaded),
        "parts": loaded["parts"],
    }


def _held(held: dict[str, int]) -> str:
    nouns: dict[str, Callable[[int], str]] = {
        "contracting_process": lambda n: ngettext("%(n)s procurement", "%(n)s procurements", n),
        "award": lambda n: ngettext("%(n)s award", "%(n)s awards", n),
        "contract": lambda n: ngettext("%(n)s contract", "%(n)s contracts", n),
    }
    return ", ".join(nouns[name](held[name]) % {"n": number(held[name])} for name in nouns if held.get(name))


def _sentence(draft: dict[str, Any]) -> str:
    made = ngettext("We made %(n)s check.", "We made %(n)s checks.", draft["made"]) % {"n": number(draft["made"])}
    if not draft["failed"] and _unreadable(draft["states"]):
        return made
    if not draft["failed"]:
        return f"{made} {_('Nothing was wrong or odd.')}"
    failed = ngettext(
        "%(n)s of them found something that is wrong or odd.", "%(n)s of them found something that is wrong or odd.",
        draft["failed"],
    )  # fmt: skip
    return f"{made} {failed % {'n': number(draft['failed'])}}"


def _unreadable(states: list[dict[str, Any]]) -> Table | None:
    """The values that are there and cannot be read, such as an amount in words."""
    found = [row for row in states if row["state"] == "invalid"]
    rows = [(PLACES[f"{row['table']}.{row['field']}"].words, row["detail"] or STATES["invalid"].words) for row in found]
    heads = (Column(_("Fact")), Column(_("What stands there, and why it cannot be read")))
    return value_display.make_table(_("Values that cannot be read"), heads, rows) if rows else None


def _failures(rows: list[dict[str, Any]], severity: str) -> tuple[str, str, Table] | None:
    said = {
        "critical": (
            _("Put right before you publish"),
            _("Two things that cannot both be true, or a value that cannot be."),
        ),
        "warn": (_("Look at again"), _("Possible, but more often a slip.")),
        "info": (_("Worth knowing"), _("Not wrong. It changes how a figure can be used.")),
    }[severity]
    mine = [row for row in rows if row["severity"] == severity]
    if not mine:
        return None
    shown = ((row["detail"] or row["check_id"], _thing(row["subject_id"])) for row in mine)
    return (*said, value_display.make_table(said[0], (Column(_("What we found")), Column(_("Where"))), shown))


def _thing(key: str) -> str:
    """An address without the ocid before it, where there is more: contracts/1."""
    return key.partition("/")[2] or key


def _compared(draft: dict[str, Any]) -> Table:
    rows = ((PLACES[code].words, _as_read(_states(draft, code))) for code in draft["compared"])
    return value_display.make_table(
        _("What could be compared"), (Column(_("Fact")), Column(_("How it will read"))), rows
    )


def _lead(draft: dict[str, Any]) -> str:
    """How many of the facts that a comparison needs are there."""
    states = [_states(draft, code) for code in draft["compared"]]
    whole = sum(bool(rows) and all(STATES[row["state"]].filled for row in rows) for rows in states)
    return _("%(n)s of the %(total)s facts that a comparison needs are there.") % {
        "n": number(whole),
        "total": number(len(draft["compared"])),
    }


def _states(draft: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """The states of one fact."""
    return [row for row in draft["states"] if f"{row['table']}.{row['field']}" == code]


def _as_read(mine: list[dict[str, Any]]) -> Entry:
    if not mine:
        return Entry(state=_("comes with a later notice"))
    there = sum(row["n"] for row in mine if STATES[row["state"]].filled)
    total = sum(row["n"] for row in mine)
    if there == total:
        return Entry(_("can be compared"))
    if there:
        return Entry(_("can be compared for %(n)s of %(total)s") % {"n": number(there), "total": number(total)})
    first = mine[0]
    words = STATES[first["state"]].words
    return Entry(state=f"{words}: {first['detail']}" if first["detail"] else words)


def _not_reported(states: list[dict[str, Any]]) -> Table:
    found = {
        f"{row['table']}.{row['field']}": row for row in states if row["state"] == "not_reported"
    }  # the rows of a field differ in day and detail; one is enough to name it
    rows = (
        (place.words, place.form or place.path, place.notice_words or _("none that we know of"))
        for code, place in PLACES.items()
        if code in found
    )
    columns = (
        Column(_("Fact")),
        Column(_("In the form, probably, or its OCDS path")),
        Column(_("Notice that would fill it")),
    )
    return value_display.make_table(
        _("What will read “not reported”"), columns, rows, empty=_("Nothing: all that is due is there.")
    )


def _graded(row: dict[str, Any]) -> str:
    return f"{NAMES[row['table']]} {_thing(row['key'])}"


def _grade(row: dict[str, Any]) -> Grade:
    if not row["grade"]:
        return Grade("", _("Not graded: nothing is due."))
    said = _("%(filled)s of %(due)s points of what is due are there.") % {"filled": row["filled"], "due": row["due"]}
    return Grade(row["grade"], said, (row["cap"] or "").capitalize())
