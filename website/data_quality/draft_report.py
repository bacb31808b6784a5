"""What a check says, in words: what is wrong, what could be compared, what will read "not reported"."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE
from website.common import value_display
from website.common.components import GradeBadge, PageTable, TableColumn, TableEntry
from website.common.record_urls import RECORD_KIND_LABELS
from website.data_quality.labels import format_count

SEVERITIES = ("critical", "warn", "info")
MAX_LISTED_GRADES = 10  # grades that are shown one by one


def explain_unreadable_draft(told: dict[str, Any]) -> str:
    """Why nothing of it can be told; empty where something can."""
    if "problem" in told:
        return _("We could not read this: %(why)s.") % {"why": told["problem"]}
    loaded, draft = told["loaded"], told["draft"]
    why = [*loaded["problems"], *_list_quarantine_reasons(loaded)]
    if why:
        return _("We could not read this: %(why)s.") % {"why": why[0]} if not _has_procurement(draft) else ""
    if not _has_procurement(draft):
        kinds = ", ".join(loaded["passed_over"])
        if kinds:
            return _("There is no notice in this. We took it for: %(kinds)s.") % {"kinds": kinds}
        return _("There is no notice in this. It should be an OCDS release or a package of releases, as JSON.")
    return ""


def find_stop_byte(told: dict[str, Any]) -> int | None:
    """Return the byte at which reading stopped first; None where the reason names none."""
    quarantined = told.get("loaded", {}).get("quarantined")
    return quarantined[0]["byte"] if quarantined else None


def _list_quarantine_reasons(loaded: dict[str, Any]) -> list[str]:
    return [part["reason"] for part in loaded["quarantined"]]


def _has_procurement(draft: dict[str, Any] | None) -> bool:
    return bool(draft and draft["held"].get("contracting_process"))


def build_draft_report(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a draft that could be read."""
    draft, loaded = told["draft"], told["loaded"]
    return {
        "held": _format_record_counts(draft["held"]),
        "sentence": _summarise_checks(draft),
        "unreadable": _make_unreadable_values_table(draft["states"]),
        "failures": [
            found for severity in SEVERITIES if (found := _make_failures_section(draft["failures"], severity))
        ],
        "left": draft["failed"] - len(draft["failures"]),
        "lead": _summarise_comparable_facts(draft),
        "compared": _make_comparable_facts_table(draft),
        "not_reported": _make_missing_facts_table(draft["states"]),
        "grades": [(_label_graded_record(row), _make_grade_badge(row)) for row in draft["grades"][:MAX_LISTED_GRADES]],
        "left_grades": max(0, sum(draft["held"].values()) - MAX_LISTED_GRADES),
        "quarantined": _list_quarantine_reasons(loaded),
        "parts": loaded["parts"],
    }


def _format_record_counts(held: dict[str, int]) -> str:
    nouns: dict[str, Callable[[int], str]] = {
        "contracting_process": lambda n: ngettext("%(n)s procurement", "%(n)s procurements", n),
        "award": lambda n: ngettext("%(n)s award", "%(n)s awards", n),
        "contract": lambda n: ngettext("%(n)s contract", "%(n)s contracts", n),
    }
    return ", ".join(nouns[name](held[name]) % {"n": format_count(held[name])} for name in nouns if held.get(name))


def _summarise_checks(draft: dict[str, Any]) -> str:
    made = ngettext("We made %(n)s check.", "We made %(n)s checks.", draft["made"]) % {"n": format_count(draft["made"])}
    if not draft["failed"] and _make_unreadable_values_table(draft["states"]):
        return made
    if not draft["failed"]:
        return f"{made} {_('Nothing was wrong or odd.')}"
    failed = ngettext(
        "%(n)s of them found something that is wrong or odd.", "%(n)s of them found something that is wrong or odd.",
        draft["failed"],
    )  # fmt: skip
    return f"{made} {failed % {'n': format_count(draft['failed'])}}"


def _make_unreadable_values_table(states: list[dict[str, Any]]) -> PageTable | None:
    """The values that are there and cannot be read, such as an amount in words."""
    found = [row for row in states if row["state"] == "invalid"]
    rows = [
        (NOTICE_FIELD_BY_CODE[f"{row['table']}.{row['field']}"].words, row["detail"] or STATE_BY_CODE["invalid"].words)
        for row in found
    ]
    heads = (TableColumn(_("Fact")), TableColumn(_("What stands there, and why it cannot be read")))
    return value_display.make_table(_("Values that cannot be read"), heads, rows) if rows else None


def _make_failures_section(rows: list[dict[str, Any]], severity: str) -> tuple[str, str, PageTable] | None:
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
    shown = ((row["detail"] or row["check_id"], _strip_ocid(row["subject_id"])) for row in mine)
    return (*said, value_display.make_table(said[0], (TableColumn(_("What we found")), TableColumn(_("Where"))), shown))


def _strip_ocid(key: str) -> str:
    """An address without the ocid before it, where there is more: contracts/1."""
    return key.partition("/")[2] or key


def _make_comparable_facts_table(draft: dict[str, Any]) -> PageTable:
    rows = (
        (NOTICE_FIELD_BY_CODE[code].words, _make_state_entry(_select_fact_states(draft, code)))
        for code in draft["compared"]
    )
    return value_display.make_table(
        _("What could be compared"), (TableColumn(_("Fact")), TableColumn(_("How it will read"))), rows
    )


def _summarise_comparable_facts(draft: dict[str, Any]) -> str:
    """How many of the facts that a comparison needs are there."""
    states = [_select_fact_states(draft, code) for code in draft["compared"]]
    whole = sum(bool(rows) and all(STATE_BY_CODE[row["state"]].filled for row in rows) for rows in states)
    return _("%(n)s of the %(total)s facts that a comparison needs are there.") % {
        "n": format_count(whole),
        "total": format_count(len(draft["compared"])),
    }


def _select_fact_states(draft: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """The states of one fact."""
    return [row for row in draft["states"] if f"{row['table']}.{row['field']}" == code]


def _make_state_entry(mine: list[dict[str, Any]]) -> TableEntry:
    if not mine:
        return TableEntry(state=_("comes with a later notice"))
    there = sum(row["n"] for row in mine if STATE_BY_CODE[row["state"]].filled)
    total = sum(row["n"] for row in mine)
    if there == total:
        return TableEntry(_("can be compared"))
    if there:
        return TableEntry(
            _("can be compared for %(n)s of %(total)s") % {"n": format_count(there), "total": format_count(total)}
        )
    first = mine[0]
    words = STATE_BY_CODE[first["state"]].words
    return TableEntry(state=f"{words}: {first['detail']}" if first["detail"] else words)


def _make_missing_facts_table(states: list[dict[str, Any]]) -> PageTable:
    found = {
        f"{row['table']}.{row['field']}": row for row in states if row["state"] == "not_reported"
    }  # the rows of a field differ in day and detail; one is enough to name it
    rows = (
        (place.words, place.form or place.path, place.notice_words or _("none that we know of"))
        for code, place in NOTICE_FIELD_BY_CODE.items()
        if code in found
    )
    columns = (
        TableColumn(_("Fact")),
        TableColumn(_("In the form, probably, or its OCDS path")),
        TableColumn(_("Notice that would fill it")),
    )
    return value_display.make_table(
        _("What will read “not reported”"), columns, rows, empty=_("Nothing: all that is due is there.")
    )


def _label_graded_record(row: dict[str, Any]) -> str:
    return f"{RECORD_KIND_LABELS[row['table']]} {_strip_ocid(row['key'])}"


def _make_grade_badge(row: dict[str, Any]) -> GradeBadge:
    if not row["grade"]:
        return GradeBadge("", _("Not graded: nothing is due."))
    said = _("%(filled)s of %(due)s points of what is due are there.") % {"filled": row["filled"], "due": row["due"]}
    return GradeBadge(row["grade"], said, (row["cap"] or "").capitalize())
