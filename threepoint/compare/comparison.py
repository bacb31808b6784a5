"""Two to six things side by side: what can be compared, and where it cannot, why not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from threepoint.compare.cells import Comparison, ComparisonCell, ComparisonLine, make_gap
from threepoint.compare.figures import DOES_NOT_APPLY_CELL, EXTRACTOR_BY_KIND, NOT_REPORTED_CELL, ComparedFigures
from threepoint.compare.typed_values import Aspect, CoverageGrade, Growth, Likeness, Note, NoteReason, Trait
from threepoint.errors import UserError
from threepoint.presentation.records import Record
from threepoint.standard.amounts import NOMINAL_AMOUNTS, Amount, find_size_band

MIN_COMPARED_RECORDS, MAX_COMPARED_RECORDS = 2, 6


def compare_records(records: list[Record]) -> Comparison:
    """Compares two to six things of one kind. Problem when there are too few, too many, or kinds that do not compare."""
    _check_records(records)
    figures = [EXTRACTOR_BY_KIND[record.kind](record) for record in records]
    cells = [_make_cells(one) | {Aspect.COVERAGE: ComparisonCell(CoverageGrade(record.grade, record.cap))}
             for one, record in zip(figures, records, strict=True)]  # fmt: skip
    lines = (
        ComparisonLine(aspect, tuple(each.get(aspect, DOES_NOT_APPLY_CELL) for each in cells)) for aspect in Aspect
    )
    return Comparison(
        tuple(record.title or record.id for record in records), tuple(record.id for record in records),
        tuple(line for line in lines if _is_line_shown(line, cells)), _list_likenesses(figures), tuple(one.notes for one in figures),
        any(record.synthetic for record in records),
    )  # fmt: skip


def make_record_cells(record: Record) -> dict[Aspect, ComparisonCell]:
    """What a comparison would say of one thing; nothing for kinds that are not compared."""
    return _make_cells(EXTRACTOR_BY_KIND[record.kind](record)) if record.kind in EXTRACTOR_BY_KIND else {}


MONEY_ASPECTS = (Aspect.FIRST, Aspect.NOW, Aspect.GROWTH, Aspect.OUTTURN)


def _is_line_shown(line: ComparisonLine, cells: list[dict[Aspect, ComparisonCell]]) -> bool:
    """Lines of money are left out where they apply to none, ratings where not all have one, KPIs where none can."""
    if line.aspect in MONEY_ASPECTS:
        return any(cell.state != "not_applicable" for cell in line.cells)
    having = [line.aspect in each for each in cells]
    return all(having) if line.aspect is Aspect.RATING else any(having)


def _check_records(records: list[Record]) -> None:
    if not MIN_COMPARED_RECORDS <= len(records) <= MAX_COMPARED_RECORDS:
        raise UserError(
            f"a comparison takes {MIN_COMPARED_RECORDS} to {MAX_COMPARED_RECORDS} things; you gave {len(records)}"
        )
    kinds = {record.kind for record in records}
    if "organisation" in kinds:
        raise UserError("organisations are not compared: give processes, contracts, awards or major projects")
    if "scheme" in kinds and len(kinds) > 1:
        raise UserError("a major project does not compare with a contract; compare projects with projects")


def _make_cells(one: ComparedFigures) -> dict[Aspect, ComparisonCell]:
    """What is compared of one thing, in the order of the lines; without a rating and KPIs where it has none by its kind."""
    made = {
        Aspect.WHO: ComparisonCell(one.who), Aspect.FIRST: one.first, Aspect.NOW: one.now,
        Aspect.GROWTH: _make_growth_cell(one), Aspect.OUTTURN: one.final,
        Aspect.END_FIRST: one.end_first, Aspect.END_NOW: one.end_now, Aspect.LATER: _make_delay_cell(one), Aspect.RATING: one.rating,
        Aspect.KPIS: one.kpis, Aspect.CHANGES: ComparisonCell(one.changes),
        Aspect.STAGE: ComparisonCell(one.stage) if one.stage else NOT_REPORTED_CELL,
    }  # fmt: skip
    return {aspect: cell for aspect, cell in made.items() if cell}


def _make_growth_cell(one: ComparedFigures) -> ComparisonCell:
    if one.growth:
        first, last, note = one.growth.first, one.growth.last, one.growth.note
        if first is None or last is None:
            return (
                make_gap("not_applicable", NoteReason.NOT_COMPARABLE, detail=note)
                if note
                else ComparisonCell(state="not_applicable")
            )
        remark = Note(NoteReason.PUBLISHED_NOTE, detail=note) if note else None
        return replace(_calculate_growth(first, last, one), remark=remark)
    first_, now = one.first.value, one.now.value
    if not (isinstance(first_, Amount) and isinstance(now, Amount)):
        return ComparisonCell(state=_get_gap_state(one.first, one.now))
    if first_.currency != now.currency:
        return make_gap("not_applicable", NoteReason.CURRENCY_CHANGED)
    if first_.basis != now.basis:
        return make_gap("not_applicable", NoteReason.BASIS_CHANGED, codes=(first_.basis, now.basis))
    return _calculate_growth(first_.value, now.value, one)


def _calculate_growth(first: Decimal, last: Decimal, one: ComparedFigures) -> ComparisonCell:
    if first == last:
        return _make_unchanged_cell(one)
    if float(first) in NOMINAL_AMOUNTS or first < 0:
        fills = float(first) in NOMINAL_AMOUNTS
        return make_gap("not_applicable", NoteReason.FIRST_FILLS_FORM if fills else NoteReason.FIRST_BELOW_ZERO)
    return ComparisonCell(Growth(first, last, one.currency), "derived")


def _make_unchanged_cell(one: ComparedFigures) -> ComparisonCell:
    return make_gap("below_notice_floor", NoteReason.NO_NOTIFIED_CHANGE if one.floor else NoteReason.NO_CHANGE)


def _get_gap_state(*cells: ComparisonCell) -> str:
    """The state of the first cell without a value."""
    return next(cell.state for cell in cells if cell.value is None)


def _make_delay_cell(one: ComparedFigures) -> ComparisonCell:
    first, now = one.end_first.value, one.end_now.value
    if not (isinstance(first, date) and isinstance(now, date)):
        return ComparisonCell(state=_get_gap_state(one.end_first, one.end_now))
    return ComparisonCell(now - first, "derived") if first != now else _make_unchanged_cell(one)


def _list_likenesses(figures: list[ComparedFigures]) -> tuple[Likeness, ...]:
    bands = [find_size_band(one.first.value.value) if isinstance(one.first.value, Amount) else None for one in figures]
    codes = [one.type.code if one.type else None for one in figures]
    return (
        _compare_trait(Trait.TYPE, codes, [one.type for one in figures]),
        _compare_trait(Trait.SIZE, bands, bands),
        _compare_trait(Trait.PHASE, [one.stage for one in figures], [one.stage for one in figures]),
        _compare_basis(figures),
        *_compare_currencies(figures),
    )


def _compare_trait(trait: Trait, compared: list[Any], shown: list[Any]) -> Likeness:
    if None in compared:
        return Likeness(trait, None)
    return Likeness(trait, len(set(compared)) == 1, tuple(shown))


def _compare_basis(figures: list[ComparedFigures]) -> Likeness:
    found = [one.basis_of(one.now) for one in figures if one.first.value is not None or one.now.value is not None]
    if len(set(found)) <= 1:
        return Likeness(Trait.BASIS, alike=True, values=tuple(found))
    clash = "net" in found and "gross" in found
    return Likeness(Trait.BASIS, False, ("net", "gross") if clash else tuple(one.basis_of(one.now) for one in figures))


def _compare_currencies(figures: list[ComparedFigures]) -> list[Likeness]:
    found = {one.currency for one in figures if one.currency}
    return [Likeness(Trait.CURRENCY, False, tuple(sorted(found)))] if len(found) > 1 else []
