"""What stands first on the page of a thing: what, who, how it is going, compared with what was promised."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint import compare
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import RecordDisplay
from threepoint.presentation.records import Record
from threepoint.standard.amounts import Amount
from threepoint.standard.code_lists import CODE_LABELS
from threepoint.standard.field_states import STATE_BY_CODE
from website.catalogue.fact_display import RecordValues
from website.common.components import FactLine, FactList, FactValue, GradeBadge, Link, Timeline, TimelineEvent
from website.common.record_urls import build_record_url

Aspect = compare.Aspect
CellsByAspect = dict[compare.Aspect, compare.ComparisonCell]  # what a comparison says of one thing
SCOPE_CHANGE_FACTOR = 10
# What a line of a list says in one sentence, and of which facts it is made.
LIST_SENTENCE_BY_KIND = {
    "spend": (gettext_lazy("%(payer_name)s paid %(payee_name)s %(amount)s. Date: %(date)s."), "payer_name", "payee_name", "amount", "date"),
    "sale": (
        gettext_lazy("%(supplier_name)s sold to %(customer_name)s for %(amount)s. Month that begins on: %(month)s."),
        "supplier_name", "customer_name", "amount", "month",
    ),
    "pipeline_entry": (
        gettext_lazy("A plan of %(body_name)s to buy this. In all: %(total)s. Approach to the market: %(approach)s."),
        "body_name", "total", "approach",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class RecordSummary:
    """The sentences, the figures behind them, and who is in it."""

    sentences: tuple[str, ...]
    glance: FactList | None
    buyers: tuple[Link, ...]
    suppliers: tuple[Link, ...]
    grade: GradeBadge | None  # None for a line of a list: nobody must publish more of it than there is


def summarise_record(values: RecordValues, cells: CellsByAspect, today: date) -> RecordSummary:
    """The lead of a record as of `today`, from what a comparison says of it."""
    found = values.found
    sentences = (
        (_describe_progress(found, cells, today), _describe_value(found, cells), _describe_repeated_award(found))
        if cells
        else (_describe_list_row(values),)
    )
    suppliers = [row for row in found.rows.get("suppliers", []) if row.get("current", True)]
    return RecordSummary(
        tuple(sentence for sentence in sentences if sentence), _make_key_figures(cells, values.shown),
        tuple(_link_organisation(row) for row in found.rows.get("buyer", [])),
        tuple(_link_organisation(row) for row in suppliers), make_coverage_grade(found),
    )  # fmt: skip


def _link_organisation(row: dict[str, Any]) -> Link:
    return Link(row["name"] or _("name not published"), build_record_url("organisation", row["org_id"]))


def _describe_list_row(values: RecordValues) -> str:
    """What a line of a list says: who paid whom, how much and when; nothing for other things."""
    facts = values.found.facts
    template, *names = LIST_SENTENCE_BY_KIND.get(values.found.kind, ("",))
    return str(template) % {str(name): values.full(facts[str(name)]) for name in names}


def make_coverage_grade(found: Record) -> GradeBadge | None:
    """The coverage grade: about what is published, never about the thing itself."""
    if found.kind in LIST_SENTENCE_BY_KIND:
        return None
    if not found.grade:
        return GradeBadge("", _("Coverage of this record: nothing is due yet"))
    return GradeBadge(
        found.grade, _("Coverage of this record, from A (all that is due is published) to E"), found.cap or ""
    )


def _describe_progress(found: Record, cells: CellsByAspect, today: date) -> str:
    """In delivery. Signed 4 Mar 2024, now due 30 Sep 2026, 9 months later than first published."""
    parts = [f"{formatting.capitalise_text(cells[Aspect.STAGE].text)}."]
    signed = found.value("date_signed")
    told = [_("Signed %s") % formatting.format_date(signed)] if signed else []
    end, later = cells[Aspect.END_NOW], cells[Aspect.LATER]
    if end.value is not None:
        last = found.value("contract_end") if found.kind == "contracting_process" else _read_end_dates(found)[1]
        passed = last and last < today and last == end.value
        over = found.value("stage") == "ended" or found.value("phase") == "closed"
        due = _("was due %s") if passed or over else _("now due %s")
        told.append((_("its last published end is %s") if found.kind == "scheme" else due) % end.text)
        if isinstance(later.value, timedelta):
            slip = later.text if later.value.days < 0 else _("%s later") % later.text
            told.append(_("%s than first published") % slip)
    elif found.kind in ("contract", "scheme"):
        told.append(_("its end is %s") % end.text)
    sentence = ", ".join(told)
    return " ".join([*parts, f"{formatting.capitalise_text(sentence)}." if sentence else ""]).strip()


def _describe_value(found: Record, cells: CellsByAspect) -> str:
    """Value now £14.2m, first published £11.0m, +29% (+£3.2m). 2 changes published."""
    now, first, growth = cells[Aspect.NOW], cells[Aspect.FIRST], cells[Aspect.GROWTH]
    if now.value is None and first.value is None:
        estimate = found.value("estimate_net") if found.kind == "contracting_process" else None
        if estimate is not None and not found.value("nominal_estimate"):
            return _("Estimated at %s.") % formatting.format_money(estimate, found.value("currency"))
        return _("Value: %s.") % now.text
    changes = cast("int", cells[Aspect.CHANGES].value)
    counted = ngettext("%d change published.", "%d changes published.", changes) % changes
    if now.value is None:
        return _("No value is given now (%(why)s); first published %(first)s. %(changes)s") % {
            "why": now.text, "first": first.text, "changes": counted,
        }  # fmt: skip
    told = [_("Value now %s") % now.text, _("first published %s") % first.text]
    if found.kind == "scheme" and _has_tenfold_change(found):
        told.append(
            _("so far apart that they are hardly of the same scope, and no growth is told here: read the changes below")
        )
        return f"{', '.join(told)}. {counted}"
    apart = ""
    if growth.note and _read_amount_basis(first) != _read_amount_basis(now):  # so it is of other figures than these two
        apart = _(" Growth %(growth)s: %(of)s.") % {"growth": growth.text, "of": growth.note}
    elif not growth.is_bare:
        told.append(growth.text)
    return f"{', '.join(told)}.{apart} {counted}"


def _read_amount_basis(cell: compare.ComparisonCell) -> Any:
    """What an amount is in; what is no amount has a basis of its own."""
    return cell.value.basis if isinstance(cell.value, Amount) else cell


def _has_tenfold_change(found: Record) -> bool:
    """Whether a project's cost is ten times what was first published, or a tenth of it."""
    first, last = found.value("baseline_wlc"), found.value("comparable_wlc")
    return bool(first and last and not first / SCOPE_CHANGE_FACTOR < last < first * SCOPE_CHANGE_FACTOR)


REPEAT_SENTENCE_BY_TYPE = {
    "superseded": gettext_lazy(
        "An earlier notice gave the award as %(old)s; a newer one repeats it under a new id as %(new)s, which stands."
    ),
    "correction": gettext_lazy(
        "An earlier notice gave the award as %(old)s; a newer one gives it as %(new)s, which stands."
    ),
}


def _describe_repeated_award(found: Record) -> str:
    """Which of two values of an award stands: a reader calls the newer one a correction, no publisher does."""
    rows = [
        row
        for row in found.rows.get("changes", [])
        if row["type"] in REPEAT_SENTENCE_BY_TYPE and row["old_value"] != row["new_value"]
    ]
    if not rows or None in (rows[-1]["old_value"], rows[-1]["new_value"]):
        return ""
    told = {
        name: formatting.format_exact_money(rows[-1][f"{name}_value"], rows[-1]["currency"]) for name in ("old", "new")
    }
    return str(REPEAT_SENTENCE_BY_TYPE[rows[-1]["type"]]) % told


def _make_key_figures(cells: CellsByAspect, shown: RecordDisplay) -> FactList | None:
    made = []
    for aspect, cell in cells.items():
        (group, label), state, source = aspect.value, STATE_BY_CODE[cell.state], _format_cell_source(cell, shown)
        if cell.is_bare and (aspect, cell.state) == (Aspect.GROWTH, "not_applicable"):
            continue
        if state.filled or cell.state == "below_notice_floor":
            told = state.words if cell.state != "observed" else ""
            said = FactValue(cell.text, told, detail=cell.note, source=source)
        else:
            said = FactValue(state=state.words if cell.is_bare else cell.text, source=source)
        made.append(
            FactLine(formatting.capitalise_text(f"{group}: {label}" if group in ("Money", "Time") else label), said)
        )
    return FactList(tuple(made)) if made else None


def _format_cell_source(cell: compare.ComparisonCell, shown: RecordDisplay) -> str:
    """Where a figure is from; a notice with a long id is told by its number in the list of notices."""
    number = shown.number(cell.notices[0]) if len(cell.notices) == 1 else ""
    told = (f"{_('notice')} {number}", formatting.format_date(cell.on))
    return " · ".join(part for part in told if part) if number else cell.source


def make_timeline(found: Record) -> Timeline | None:
    """Notices and changes in order, with the end first published and the end as it stands."""
    marks = [_make_notice_mark(row) for row in found.rows.get("notices", [])]
    marks += [_make_change_mark(row) for row in found.rows.get("changes", [])]
    marks += [_make_report_mark(row) for row in found.rows.get("years", [])]
    signed = found.value("date_signed")
    marks += [TimelineEvent(_("signed"), signed)] if signed else []
    first, now = _read_end_dates(found)
    marks += [TimelineEvent(_("end, first published"), first, kind="first-end")] if first and first != now else []
    marks += [TimelineEvent(_("due, as last published"), now, kind="due")] if now else []
    return Timeline(_("What was published, and what changed"), tuple(marks)) if len(marks) > 1 else None


def _read_end_dates(found: Record) -> tuple[Any, Any]:
    first, now = {"contract": ("end_first", "end_current"), "scheme": ("baseline_end", "forecast_end")}.get(
        found.kind, ("end_date_first", "end_date")
    )
    return found.value(first), found.value(now)


def _make_notice_mark(row: dict[str, Any]) -> TimelineEvent:
    when = row["date"]
    return TimelineEvent(row["words"] or _("notice"), when and when.date(), row["url"] or "#notices")


def _make_change_mark(row: dict[str, Any]) -> TimelineEvent:
    told = []
    if row["new_value"] is not None:
        told.append(_("value now %s") % formatting.format_money(row["new_value"], row["currency"]))
    if row["new_end"] is not None:
        told.append(_("end now %s") % formatting.format_short_date(row["new_end"]))
    kind = CODE_LABELS.get("type", {}).get(row["type"], row["type"])
    return TimelineEvent(", ".join(told) or kind, row["date"], "#changes", "change")


def _make_report_mark(row: dict[str, Any]) -> TimelineEvent:
    return TimelineEvent(_("report of %s") % row["report_year"], row["snapshot_date"], "#years")
