"""The top of a record's page: parties, sentences on progress and value, key figures and timeline."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threepoint import compare
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import RecordDisplay
from threepoint.presentation.records import Record
from threepoint.standard.amounts import Amount
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.code_lists import CODE_LABELS, STAGES_WITHOUT_RESULT
from threepoint.standard.value_states import STATE_BY_CODE
from website.catalogue.fact_display import RecordValues
from website.common.components import FactLine, FactList, FactValue, GradeBadge, Link, Timeline, TimelineEvent
from website.common.record_urls import build_record_url

Aspect = compare.Aspect
CellsByAspect = dict[compare.Aspect, compare.ComparisonCell]
SCOPE_CHANGE_FACTOR = 10
ENDED_STAGES = (*STAGES_WITHOUT_RESULT, "contract_cancelled", "ended")
# For each kind of list row: a sentence, and the facts that fill it.
LIST_SENTENCE_BY_KIND = {
    "spend": (gettext_lazy("%(payer_name)s paid %(payee_name)s %(amount)s. Date: %(date)s."), "payer_name", "payee_name", "amount", "date"),
    "sale": (
        gettext_lazy("%(supplier_name)s sold to %(customer_name)s for %(amount)s. Month starting: %(month)s."),
        "supplier_name", "customer_name", "amount", "month",
    ),
    "pipeline_entry": (
        gettext_lazy("%(body_name)s plans to buy this. Total: %(total)s. Approach to market: %(approach)s."),
        "body_name", "total", "approach",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class RecordSummary:
    """Sentences about a record, its key figures, buyers, suppliers and coverage grade."""

    sentences: tuple[str, ...]
    glance: FactList | None
    buyers: tuple[Link, ...]
    suppliers: tuple[Link, ...]
    grade: GradeBadge | None  # None for a list row: its publisher need not publish more than it has


def summarise_record(values: RecordValues, cells: CellsByAspect, today: date) -> RecordSummary:
    """Return the summary of a record as of `today`; `cells` are its cells in a comparison."""
    record = values.record
    sentences = (
        (_describe_progress(record, cells, today), _describe_value(record, cells), _describe_repeated_award(record))
        if cells
        else (_describe_list_row(values),)
    )
    suppliers = [row for row in record.rows.get("suppliers", []) if row.get("current", True)]
    return RecordSummary(
        tuple(sentence for sentence in sentences if sentence), _make_key_figures(cells, values.shown),
        tuple(_link_organisation(row) for row in record.rows.get("buyer", [])),
        tuple(_link_organisation(row) for row in suppliers), make_coverage_grade(record),
    )  # fmt: skip


def _link_organisation(row: dict[str, Any]) -> Link:
    return Link(row["name"] or _("name not published"), build_record_url("organisation", row["org_id"]))


def _describe_list_row(values: RecordValues) -> str:
    """Return one sentence for a list row; empty for other kinds."""
    facts = values.record.facts
    template, *names = LIST_SENTENCE_BY_KIND.get(values.record.kind, ("",))
    return str(template) % {str(name): values.display_whole_value(facts[str(name)]) for name in names}


def make_coverage_grade(record: Record) -> GradeBadge | None:
    """Return the coverage grade, which is about the published data, never about the contract or project itself."""
    if record.kind in LIST_SENTENCE_BY_KIND:
        return None
    if not record.grade:
        return GradeBadge("", _("Coverage of this record: nothing is due yet"))
    return GradeBadge(
        record.grade,
        _(
            "Coverage of this record: how much of what should be published is published, from A (90% or more) to E (less than 30%)"
        ),
        record.cap or "",
    )


def _describe_progress(record: Record, cells: CellsByAspect, today: date) -> str:
    """Return for example: In delivery. Signed 4 Mar 2024, now due 30 Sep 2026, 9 months later than first published."""
    stage = f"{formatting.capitalise_text(cells[Aspect.STAGE].text)}."
    signed = record.value("date_signed")
    parts = [_("Signed %s") % formatting.format_date(signed)] if signed else []
    end, later = cells[Aspect.END_NOW], cells[Aspect.LATER]
    if end.value is not None:
        last = record.value("contract_end") if record.kind == "contracting_process" else _read_end_dates(record)[1]
        has_passed = last and last < today and last == end.value
        is_over = record.value("stage") in ENDED_STAGES or record.value("phase") in ("closed", "cancelled")
        due = _("was due %s") if has_passed or is_over else _("now due %s")
        parts.append((_("its last published end date is %s") if record.kind == "scheme" else due) % end.text)
        if isinstance(later.value, timedelta):
            parts.append(_("%s than first published") % later.text)
    elif record.kind in ("contract", "scheme"):
        parts.append(_("end date %s") % end.text)
    sentence = ", ".join(parts)
    return f"{stage} {formatting.capitalise_text(sentence)}." if sentence else stage


def _describe_value(record: Record, cells: CellsByAspect) -> str:
    """Return for example: Value now: £14.2m. First published: £11m. Growth: +29% (+£3.2m). Changes to value or end date: 2."""
    now, first, growth = cells[Aspect.NOW], cells[Aspect.FIRST], cells[Aspect.GROWTH]
    if now.value is None and first.value is None:
        estimate = record.value("estimate_net") if record.kind == "contracting_process" else None
        if estimate is not None and not record.value("nominal_estimate"):
            return _("Estimated at %s.") % formatting.format_money(estimate, record.value("currency"))
        return _("Value: %s.") % now.text
    change_count = cast("int", cells[Aspect.CHANGES].value)
    changes = _("Changes to value or end date: %d.") % change_count if change_count else ""
    if now.value is None:
        now_and_first = {"why": now.text, "first": _format_amount(first)}
        values = _("No value is given now (%(why)s). First published: %(first)s.") % now_and_first
        return f"{values} {changes}".strip()
    amounts = {"now": _format_amount(now), "first": _format_amount(first)}
    values = _("Value now: %(now)s. First published: %(first)s.") % amounts
    if record.kind == "scheme" and _has_tenfold_change(record):
        warning = _("These two are so far apart that they probably differ in scope, so we show no growth.")
        advice = _("Read the changes below.")
        return f"{values} {warning} {advice} {changes}".strip()
    if growth.is_bare:
        return f"{values} {changes}".strip()
    sentences = [values, _("Growth: %s.") % _bracket_reason(growth.text)]
    if growth.note and _read_amount_basis(first) != _read_amount_basis(now):  # growth compares other figures than these
        sentences.append(_("Figures compared: %s.") % growth.note)
    return " ".join([*sentences, changes]).strip()


def _format_amount(cell: compare.ComparisonCell) -> str:
    """Return the amount with its basis in brackets, or why there is none."""
    if not isinstance(cell.value, Amount):
        return cell.text
    amount: Amount = cell.value
    money, basis = formatting.format_money(amount.value, amount.currency), formatting.format_basis(amount.basis)
    return f"{money} ({basis})" if basis else money


def _bracket_reason(text: str) -> str:
    """Return a text with the reason after its colon in brackets, to follow another colon."""
    result, _colon, reason = text.partition(": ")
    return f"{result} ({reason})" if reason else result


def _read_amount_basis(cell: compare.ComparisonCell) -> Any:
    """Return the basis of an amount; the cell itself if it has no amount, so that it equals no other basis."""
    return cell.value.basis if isinstance(cell.value, Amount) else cell


def _has_tenfold_change(record: Record) -> bool:
    first, last = record.value("baseline_wlc"), record.value("comparable_wlc")
    return bool(first and last and not first / SCOPE_CHANGE_FACTOR < last < first * SCOPE_CHANGE_FACTOR)


REPEAT_SENTENCE_BY_TYPE = {
    "superseded": gettext_lazy(
        "An earlier notice gave the award as %(old)s. A newer one repeats it under a new id as %(new)s."
        " We use the newer value."
    ),
    "correction": gettext_lazy(
        "An earlier notice gave the award as %(old)s. A newer one gives it as %(new)s. We use the newer value."
    ),
}


def _describe_repeated_award(record: Record) -> str:
    """Return a sentence on the two values of a repeated award; we call the newer one a correction, publishers do not."""
    rows = [
        row
        for row in record.rows.get("changes", [])
        if row["type"] in REPEAT_SENTENCE_BY_TYPE and row["old_value"] != row["new_value"]
    ]
    if not rows or None in (rows[-1]["old_value"], rows[-1]["new_value"]):
        return ""
    last = rows[-1]
    amounts = {
        "old": formatting.format_exact_money(last["old_value"], last["old_currency"]),
        "new": formatting.format_exact_money(last["new_value"], last["currency"]),
    }
    return str(REPEAT_SENTENCE_BY_TYPE[last["type"]]) % amounts


def _make_key_figures(cells: CellsByAspect, shown: RecordDisplay) -> FactList | None:
    lines = []
    for aspect, cell in cells.items():
        (group, label), state, source = aspect.value, STATE_BY_CODE[cell.state], _format_cell_source(cell, shown)
        if cell.is_bare and (aspect, cell.state) == (Aspect.GROWTH, "not_applicable"):
            continue
        if state.filled or cell.state == "below_notice_floor":
            shown_state = state.words if cell.state == "derived" else ""  # the text gives any other state
            value = FactValue(cell.text, shown_state, detail=cell.note, source=source)
        else:
            value = FactValue(state=state.words if cell.is_bare else cell.text, source=source)
        title = f"{group}: {label}" if group == "Money" else label
        lines.append(FactLine(formatting.capitalise_text(title), value))
    return FactList(tuple(lines)) if lines else None


def _format_cell_source(cell: compare.ComparisonCell, shown: RecordDisplay) -> str:
    """Return the source of a figure; a notice with a long id by its number in the list of notices."""
    number = shown.number(cell.notices[0]) if len(cell.notices) == 1 else ""
    parts = (f"{_('notice')} {number}", formatting.format_date(cell.on))
    return " · ".join(part for part in parts if part) if number else cell.source


def make_timeline(record: Record) -> Timeline | None:
    """Return notices, changes and reports, with the signature and the first and current end; None for fewer than two events."""
    marks = [_make_notice_mark(row) for row in record.rows.get("notices", [])]
    marks += [_make_change_mark(row) for row in record.rows.get("changes", [])]
    marks += [_make_report_mark(row) for row in record.rows.get("years", [])]
    signed = record.value("date_signed")
    marks += [TimelineEvent(_("signed"), signed)] if signed else []
    first, now = _read_end_dates(record)
    marks += [TimelineEvent(_("end date, first published"), first, kind="first-end")] if first and first != now else []
    marks += [TimelineEvent(_("end date, last published"), now, kind="due")] if now else []
    return Timeline(_("What was published, and what changed"), tuple(marks)) if len(marks) > 1 else None


def _read_end_dates(record: Record) -> tuple[Any, Any]:
    first, now = {"contract": ("end_first", "end_current"), "scheme": ("baseline_end", "forecast_end")}.get(
        record.kind, ("end_date_first", "end_date")
    )
    return record.value(first), record.value(now)


def _make_notice_mark(row: dict[str, Any]) -> TimelineEvent:
    when = row["date"]
    return TimelineEvent(row["words"] or _("notice"), when and find_publication_day(when), row["url"] or "#notices")


def _make_change_mark(row: dict[str, Any]) -> TimelineEvent:
    parts = []
    if row["new_value"] is not None:
        amount = formatting.format_money(row["new_value"], row["currency"])
        parts.append((_("value with VAT now %s") if row["with_vat"] else _("value now %s")) % amount)
    if row["new_end"] is not None:
        parts.append(_("end date now %s") % formatting.format_short_date(row["new_end"]))
    kind = CODE_LABELS.get("type", {}).get(row["type"], row["type"])
    return TimelineEvent(", ".join(parts) or kind, row["date"], "#changes", "change")


def _make_report_mark(row: dict[str, Any]) -> TimelineEvent:
    return TimelineEvent(_("report of %s") % row["report_year"], row["snapshot_date"], "#years")
