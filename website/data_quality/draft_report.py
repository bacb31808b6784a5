"""Report of a draft check: what is wrong, what can be compared, and what will appear as “not reported”."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE
from threepoint.standard.value_states import STATE_BY_CODE
from website.common import value_display
from website.common.components import GradeBadge, PageTable, TableColumn, TableEntry
from website.common.record_urls import RECORD_KIND_LABELS
from website.data_quality.labels import format_count

SEVERITIES = ("critical", "warn", "info")
MAX_LISTED_GRADES = 10


def explain_unreadable_draft(check: dict[str, Any]) -> str:
    """Return why there is nothing to report; empty if there is a procurement to report on."""
    if "problem" in check:
        return _("We could not read this: %(why)s.") % {"why": check["problem"]}
    loaded, draft = check["loaded"], check["draft"]
    reasons = [*loaded["problems"], *_list_quarantine_reasons(loaded)]
    if reasons:
        return _("We could not read this: %(why)s.") % {"why": reasons[0]} if not _has_procurement(draft) else ""
    if not _has_procurement(draft):
        kinds = ", ".join(loaded["skipped"])
        if kinds:
            return _("We found no notice, only %(kinds)s. Send an OCDS release or a package of releases, as JSON.") % {
                "kinds": kinds
            }
        return _("We found no notice. Send an OCDS release or a package of releases, as JSON.")
    return ""


def find_stop_byte(check: dict[str, Any]) -> int | None:
    """Return the byte at which reading first stopped; None if it is not known."""
    quarantined = check.get("loaded", {}).get("quarantined")
    return quarantined[0]["byte"] if quarantined else None


def _list_quarantine_reasons(loaded: dict[str, Any]) -> list[str]:
    return [part["reason"] for part in loaded["quarantined"]]


def _has_procurement(draft: dict[str, Any] | None) -> bool:
    return bool(draft and draft["record_counts"].get("contracting_process"))


def build_draft_report(check: dict[str, Any]) -> dict[str, Any]:
    """Return the page context for a draft that could be read."""
    draft, loaded = check["draft"], check["loaded"]
    return {
        "record_counts": _format_record_counts(draft["record_counts"]),
        "sentence": _summarise_checks(draft),
        "unreadable": _make_unreadable_values_table(draft["states"]),
        "failures": [
            section for severity in SEVERITIES if (section := _make_failures_section(draft["failures"], severity))
        ],
        "left": draft["failed"] - len(draft["failures"]),
        "lead": _summarise_comparable_facts(draft),
        "compared": _make_comparable_facts_table(draft),
        "not_reported": _make_missing_facts_table(draft["states"]),
        "grades": [(_label_graded_record(row), _make_grade_badge(row)) for row in draft["grades"][:MAX_LISTED_GRADES]],
        "left_grades": max(0, sum(draft["record_counts"].values()) - MAX_LISTED_GRADES),
        "quarantined": _list_quarantine_reasons(loaded),
        "parts": loaded["parts"],
    }


def _format_record_counts(counts: dict[str, int]) -> str:
    nouns: dict[str, Callable[[int], str]] = {
        "contracting_process": lambda n: ngettext("%(n)s procurement", "%(n)s procurements", n),
        "award": lambda n: ngettext("%(n)s award", "%(n)s awards", n),
        "contract": lambda n: ngettext("%(n)s contract", "%(n)s contracts", n),
    }
    return ", ".join(
        nouns[name](counts[name]) % {"n": format_count(counts[name])} for name in nouns if counts.get(name)
    )


def _summarise_checks(draft: dict[str, Any]) -> str:
    count = ngettext("We made %(n)s check.", "We made %(n)s checks.", draft["check_count"]) % {
        "n": format_count(draft["check_count"])
    }
    if not draft["failed"] and _make_unreadable_values_table(draft["states"]):
        return count
    if not draft["failed"]:
        return f"{count} {_('Nothing was wrong or unusual.')}"
    failed = ngettext(
        "%(n)s of them found something wrong or unusual.", "%(n)s of them found something wrong or unusual.",
        draft["failed"],
    )  # fmt: skip
    return f"{count} {failed % {'n': format_count(draft['failed'])}}"


def _make_unreadable_values_table(states: list[dict[str, Any]]) -> PageTable | None:
    """Return a table of the values that cannot be read, such as an amount in words; None if there are none."""
    rows = [
        (_label_fact(f"{row['table']}.{row['field']}"), row["detail"] or STATE_BY_CODE["invalid"].words)
        for row in states
        if row["state"] == "invalid"
    ]
    columns = (TableColumn(_("Fact")), TableColumn(_("The value, and why we cannot read it")))
    return value_display.make_table(_("Values that cannot be read"), columns, rows) if rows else None


def _make_failures_section(failures: list[dict[str, Any]], severity: str) -> tuple[str, str, PageTable] | None:
    heading, explanation = {
        "critical": (
            _("Fix before you publish"),
            _("The data contradicts itself, or a value is impossible."),
        ),
        "warn": (_("Check again"), _("Possible, but usually a mistake.")),
        "info": (_("Worth knowing"), _("Not wrong, but it affects how a figure can be used.")),
    }[severity]
    rows = [
        (failure["detail"] or failure["check_id"], _strip_ocid(failure["subject_id"]))
        for failure in failures
        if failure["severity"] == severity
    ]
    if not rows:
        return None
    columns = (TableColumn(_("What we found")), TableColumn(_("Where")))
    return heading, explanation, value_display.make_table(heading, columns, rows)


def _label_fact(code: str) -> str:
    return formatting.capitalise_text(NOTICE_FIELD_BY_CODE[code].words)


def _strip_ocid(key: str) -> str:
    """Return a key without the ocid if it has more parts, such as contracts/1."""
    return key.partition("/")[2] or key


def _make_comparable_facts_table(draft: dict[str, Any]) -> PageTable:
    rows = ((_label_fact(code), _make_state_entry(_select_fact_states(draft, code))) for code in draft["compared"])
    return value_display.make_table(
        _("What can be compared"), (TableColumn(_("Fact")), TableColumn(_("How it will appear"))), rows
    )


def _summarise_comparable_facts(draft: dict[str, Any]) -> str:
    states = [_select_fact_states(draft, code) for code in draft["compared"]]
    complete = sum(bool(rows) and all(map(_is_comparable, rows)) for rows in states)
    return _("The draft has %(n)s of the %(total)s facts that a comparison needs.") % {
        "n": format_count(complete),
        "total": format_count(len(draft["compared"])),
    }


def _select_fact_states(draft: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [row for row in draft["states"] if f"{row['table']}.{row['field']}" == code]


def _is_comparable(row: dict[str, Any]) -> bool:
    return STATE_BY_CODE[row["state"]].filled and not row["problem"]


def _make_state_entry(states: list[dict[str, Any]]) -> TableEntry:
    if not states:
        return TableEntry(state=_("comes with a later notice"))
    filled = sum(row["n"] for row in states if _is_comparable(row))
    total = sum(row["n"] for row in states)
    if filled == total:
        return TableEntry(_("can be compared"))
    if filled:
        return TableEntry(
            _("can be compared for %(n)s of %(total)s") % {"n": format_count(filled), "total": format_count(total)}
        )
    first = states[0]
    if first["problem"]:
        return TableEntry(state=_("cannot be compared: %(why)s") % {"why": first["problem"]})
    label = STATE_BY_CODE[first["state"]].words
    return TableEntry(state=f"{label}: {first['detail']}" if first["detail"] else label)


def _make_missing_facts_table(states: list[dict[str, Any]]) -> PageTable:
    details = {f"{row['table']}.{row['field']}": row["detail"] for row in states if row["state"] == "not_reported"}
    rows = (
        (
            f"{_label_fact(code)}: {details[code]}" if details[code] else _label_fact(code),
            field.form or field.path,
            field.notice_words or _("none that we know of"),
        )
        for code, field in NOTICE_FIELD_BY_CODE.items()
        if code in details
    )
    columns = (
        TableColumn(_("Fact")),
        TableColumn(_("Probable field in the form, or OCDS path")),
        TableColumn(_("Notice that would have it")),
    )
    return value_display.make_table(
        _("What will appear as “not reported”"),
        columns,
        rows,
        empty=_("Nothing: the draft has everything that is due."),
    )


def _label_graded_record(row: dict[str, Any]) -> str:
    return f"{RECORD_KIND_LABELS[row['table']]} {_strip_ocid(row['key'])}"


def _make_grade_badge(row: dict[str, Any]) -> GradeBadge:
    if not row["grade"]:
        return GradeBadge("", _("Not graded: nothing is due."))
    text = _("It has %(filled)s of %(due)s points.") % {"filled": row["filled"], "due": row["due"]}
    return GradeBadge(row["grade"], text, (row["cap"] or "").capitalize())
