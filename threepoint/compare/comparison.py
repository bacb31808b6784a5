"""Comparison of two to six records: what can be compared, and why the rest cannot."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from threepoint.compare.cells import Comparison, ComparisonCell, ComparisonLine, make_gap
from threepoint.compare.figures import (
    COMPARED_KINDS,
    DOES_NOT_APPLY_CELL,
    NOT_REPORTED_CELL,
    ComparedFigures,
    extract_figures,
)
from threepoint.compare.typed_values import Aspect, CoverageGrade, Growth, Likeness, Note, NoteReason, Trait
from threepoint.errors import UserError
from threepoint.presentation.records import Record
from threepoint.standard.amounts import NOMINAL_AMOUNTS, Amount, find_size_band

MIN_COMPARED_RECORDS, MAX_COMPARED_RECORDS = 2, 6


def compare_records(records: list[Record]) -> Comparison:
    """Compare two to six records; raise UserError for too few or too many records, or for kinds that do not compare."""
    _check_records(records)
    figures = [extract_figures(record) for record in records]
    cells = [_make_cells(figure) | {Aspect.COVERAGE: ComparisonCell(CoverageGrade(record.grade, record.cap))}
             for figure, record in zip(figures, records, strict=True)]  # fmt: skip
    lines = (
        ComparisonLine(aspect, tuple(by_aspect.get(aspect, DOES_NOT_APPLY_CELL) for by_aspect in cells))
        for aspect in Aspect
    )
    return Comparison(
        tuple(record.title or record.id for record in records), tuple(record.id for record in records),
        tuple(line for line in lines if _is_line_shown(line, cells)), _list_likenesses(figures), tuple(figure.notes for figure in figures),
        any(record.synthetic for record in records),
    )  # fmt: skip


def make_record_cells(record: Record) -> dict[Aspect, ComparisonCell]:
    """Return the cells of one record by aspect; empty for kinds that are not compared."""
    return _make_cells(extract_figures(record)) if record.kind in COMPARED_KINDS else {}


MONEY_ASPECTS = (Aspect.FIRST, Aspect.NOW, Aspect.GROWTH, Aspect.FINAL_COST)


def _is_line_shown(line: ComparisonLine, cells: list[dict[Aspect, ComparisonCell]]) -> bool:
    """Return False for money that applies to no record, ratings unless all have one, and KPIs if none can have any."""
    if line.aspect in MONEY_ASPECTS:
        return any(cell.state != "not_applicable" for cell in line.cells)
    has_aspect = [line.aspect in by_aspect for by_aspect in cells]
    return all(has_aspect) if line.aspect is Aspect.RATING else any(has_aspect)


def _check_records(records: list[Record]) -> None:
    if not MIN_COMPARED_RECORDS <= len(records) <= MAX_COMPARED_RECORDS:
        raise UserError(
            f"choose {MIN_COMPARED_RECORDS} to {MAX_COMPARED_RECORDS} records to compare; you chose {len(records)}"
        )
    kinds = {record.kind for record in records}
    if "organisation" in kinds:
        raise UserError("organisations cannot be compared: choose procurements, contracts, awards or major projects")
    if "scheme" in kinds and len(kinds) > 1:
        raise UserError("major projects can be compared only with major projects")


def _make_cells(figures: ComparedFigures) -> dict[Aspect, ComparisonCell]:
    """Return cells by aspect, in the order of lines; without rating or KPIs for kinds that have none."""
    cells = {
        Aspect.WHO: ComparisonCell(figures.who), Aspect.FIRST: figures.first, Aspect.NOW: figures.now,
        Aspect.GROWTH: _make_growth_cell(figures), Aspect.FINAL_COST: figures.final,
        Aspect.END_FIRST: figures.end_first, Aspect.END_NOW: figures.end_now, Aspect.LATER: _make_delay_cell(figures),
        Aspect.RATING: figures.rating, Aspect.KPIS: figures.kpis, Aspect.CHANGES: ComparisonCell(figures.changes),
        Aspect.STAGE: ComparisonCell(figures.stage) if figures.stage else NOT_REPORTED_CELL,
    }  # fmt: skip
    return {aspect: cell for aspect, cell in cells.items() if cell}


def _make_growth_cell(figures: ComparedFigures) -> ComparisonCell:
    if figures.growth:
        first, last, note = figures.growth.first, figures.growth.last, figures.growth.note
        if first is None or last is None:
            return (
                make_gap("not_applicable", NoteReason.NOT_COMPARABLE, detail=note)
                if note
                else ComparisonCell(state="not_applicable")
            )
        remark = Note(NoteReason.PUBLISHED_NOTE, detail=note) if note else None
        return replace(_calculate_growth(first, last, figures), remark=remark)
    first_, now = figures.first.value, figures.now.value
    if not (isinstance(first_, Amount) and isinstance(now, Amount)):
        return ComparisonCell(state=_get_gap_state(figures.first, figures.now))
    if first_.currency != now.currency:
        return make_gap("not_applicable", NoteReason.CURRENCY_CHANGED)
    if first_.basis != now.basis:
        return make_gap("not_applicable", NoteReason.BASIS_CHANGED, codes=(first_.basis, now.basis))
    return _calculate_growth(first_.value, now.value, figures)


def _calculate_growth(first: Decimal, last: Decimal, figures: ComparedFigures) -> ComparisonCell:
    if first == last:
        return _make_unchanged_cell(figures, figures.value_changes)
    if float(first) in NOMINAL_AMOUNTS or first < 0:
        is_nominal = float(first) in NOMINAL_AMOUNTS
        return make_gap(
            "not_applicable", NoteReason.FIRST_IS_PLACEHOLDER if is_nominal else NoteReason.FIRST_BELOW_ZERO
        )
    return ComparisonCell(Growth(first, last, figures.currency), "derived")


def _make_unchanged_cell(figures: ComparedFigures, change_count: int) -> ComparisonCell:
    if change_count:
        return make_gap("derived", NoteReason.CHANGED_AND_BACK, number=change_count)
    return make_gap("below_notice_floor", NoteReason.NO_NOTIFIED_CHANGE if figures.floor else NoteReason.NO_CHANGE)


def _get_gap_state(*cells: ComparisonCell) -> str:
    return next(cell.state for cell in cells if cell.value is None)


def _make_delay_cell(figures: ComparedFigures) -> ComparisonCell:
    first, now = figures.end_first.value, figures.end_now.value
    if not (isinstance(first, date) and isinstance(now, date)):
        return ComparisonCell(state=_get_gap_state(figures.end_first, figures.end_now))
    return (
        ComparisonCell(now - first, "derived") if first != now else _make_unchanged_cell(figures, figures.end_changes)
    )


def _list_likenesses(figures: list[ComparedFigures]) -> tuple[Likeness, ...]:
    firsts = [figure.first.value for figure in figures]
    bands = [find_size_band(first.value) if isinstance(first, Amount) else None for first in firsts]
    codes = [figure.type.code if figure.type else None for figure in figures]
    stages = [figure.stage for figure in figures]
    return (
        _compare_trait(Trait.TYPE, codes, [figure.type for figure in figures]),
        _compare_trait(Trait.SIZE, bands, bands),
        _compare_trait(Trait.PHASE, stages, stages),
        _compare_basis(figures),
        *_compare_currencies(figures),
    )


def _compare_trait(trait: Trait, compared: list[Any], shown: list[Any]) -> Likeness:
    if None in compared:
        return Likeness(trait, None)
    return Likeness(trait, len(set(compared)) == 1, tuple(shown))


def _compare_basis(figures: list[ComparedFigures]) -> Likeness:
    with_amounts = [figure for figure in figures if figure.first.value is not None or figure.now.value is not None]
    bases = [figure.basis_of(figure.now) for figure in with_amounts]
    if len(set(bases)) <= 1:
        return Likeness(Trait.BASIS, alike=True, values=tuple(bases))
    if "net" in bases and "gross" in bases:
        return Likeness(Trait.BASIS, False, ("net", "gross"))
    return Likeness(Trait.BASIS, False, tuple(figure.basis_of(figure.now) for figure in figures))


def _compare_currencies(figures: list[ComparedFigures]) -> list[Likeness]:
    currencies = {figure.currency for figure in figures if figure.currency}
    return [Likeness(Trait.CURRENCY, False, tuple(sorted(currencies)))] if len(currencies) > 1 else []
