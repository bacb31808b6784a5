"""Two to six things side by side: what can be compared, and where it cannot, why not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from threepoint.compare.cells import Cell, Comparison, Line, make_gap
from threepoint.compare.figures import COMPARED, DOES_NOT_APPLY, NOT_REPORTED, Figures
from threepoint.compare.typed_values import Aspect, CoverageGrade, Growth, Likeness, Note, Reason, Trait
from threepoint.errors import Problem
from threepoint.presentation.records import Record
from threepoint.standard.amounts import NOMINAL, Amount, band

LEAST, MOST = 2, 6


def side_by_side(records: list[Record]) -> Comparison:
    """Compares two to six things of one kind. Problem when there are too few, too many, or kinds that do not compare."""
    _check(records)
    figures = [COMPARED[record.kind](record) for record in records]
    cells = [_cells(one) | {Aspect.COVERAGE: Cell(CoverageGrade(record.grade, record.cap))}
             for one, record in zip(figures, records, strict=True)]  # fmt: skip
    lines = (Line(aspect, tuple(each.get(aspect, DOES_NOT_APPLY) for each in cells)) for aspect in Aspect)
    return Comparison(
        tuple(record.title or record.id for record in records), tuple(record.id for record in records),
        tuple(line for line in lines if _is_shown(line, cells)), _alike(figures), tuple(one.notes for one in figures),
        any(record.synthetic for record in records),
    )  # fmt: skip


def alone(record: Record) -> dict[Aspect, Cell]:
    """What a comparison would say of one thing; nothing for kinds that are not compared."""
    return _cells(COMPARED[record.kind](record)) if record.kind in COMPARED else {}


MONEY = (Aspect.FIRST, Aspect.NOW, Aspect.GROWTH, Aspect.OUTTURN)


def _is_shown(line: Line, cells: list[dict[Aspect, Cell]]) -> bool:
    """Lines of money are left out where they apply to none, ratings where not all have one, KPIs where none can."""
    if line.aspect in MONEY:
        return any(cell.state != "not_applicable" for cell in line.cells)
    having = [line.aspect in each for each in cells]
    return all(having) if line.aspect is Aspect.RATING else any(having)


def _check(records: list[Record]) -> None:
    if not LEAST <= len(records) <= MOST:
        raise Problem(f"a comparison takes {LEAST} to {MOST} things; you gave {len(records)}")
    kinds = {record.kind for record in records}
    if "organisation" in kinds:
        raise Problem("organisations are not compared: give processes, contracts, awards or major projects")
    if "scheme" in kinds and len(kinds) > 1:
        raise Problem("a major project does not compare with a contract; compare projects with projects")


def _cells(one: Figures) -> dict[Aspect, Cell]:
    """What is compared of one thing, in the order of the lines; without a rating and KPIs where it has none by its kind."""
    made = {
        Aspect.WHO: Cell(one.who), Aspect.FIRST: one.first, Aspect.NOW: one.now, Aspect.GROWTH: _growth(one), Aspect.OUTTURN: one.final,
        Aspect.END_FIRST: one.end_first, Aspect.END_NOW: one.end_now, Aspect.LATER: _later(one), Aspect.RATING: one.rating,
        Aspect.KPIS: one.kpis, Aspect.CHANGES: Cell(one.changes),
        Aspect.STAGE: Cell(one.stage) if one.stage else NOT_REPORTED,
    }  # fmt: skip
    return {aspect: cell for aspect, cell in made.items() if cell}


def _growth(one: Figures) -> Cell:
    if one.growth:
        first, last, note = one.growth.first, one.growth.last, one.growth.note
        if first is None or last is None:
            return (
                make_gap("not_applicable", Reason.NOT_COMPARABLE, detail=note) if note else Cell(state="not_applicable")
            )
        remark = Note(Reason.PUBLISHED_NOTE, detail=note) if note else None
        return replace(_grown(first, last, one), remark=remark)
    first_, now = one.first.value, one.now.value
    if not (isinstance(first_, Amount) and isinstance(now, Amount)):
        return Cell(state=_gap(one.first, one.now))
    if first_.currency != now.currency:
        return make_gap("not_applicable", Reason.CURRENCY_CHANGED)
    if first_.basis != now.basis:
        return make_gap("not_applicable", Reason.BASIS_CHANGED, codes=(first_.basis, now.basis))
    return _grown(first_.value, now.value, one)


def _grown(first: Decimal, last: Decimal, one: Figures) -> Cell:
    if first == last:
        return _unchanged(one)
    if float(first) in NOMINAL or first < 0:
        fills = float(first) in NOMINAL
        return make_gap("not_applicable", Reason.FIRST_FILLS_FORM if fills else Reason.FIRST_BELOW_ZERO)
    return Cell(Growth(first, last, one.currency), "derived")


def _unchanged(one: Figures) -> Cell:
    return make_gap("below_notice_floor", Reason.NO_NOTIFIED_CHANGE if one.floor else Reason.NO_CHANGE)


def _gap(*cells: Cell) -> str:
    """The state of the first cell without a value."""
    return next(cell.state for cell in cells if cell.value is None)


def _later(one: Figures) -> Cell:
    first, now = one.end_first.value, one.end_now.value
    if not (isinstance(first, date) and isinstance(now, date)):
        return Cell(state=_gap(one.end_first, one.end_now))
    return Cell(now - first, "derived") if first != now else _unchanged(one)


def _alike(figures: list[Figures]) -> tuple[Likeness, ...]:
    bands = [band(one.first.value.value) if isinstance(one.first.value, Amount) else None for one in figures]
    codes = [one.type.code if one.type else None for one in figures]
    return (
        _same(Trait.TYPE, codes, [one.type for one in figures]),
        _same(Trait.SIZE, bands, bands),
        _same(Trait.PHASE, [one.stage for one in figures], [one.stage for one in figures]),
        _same_basis(figures),
        *_currencies(figures),
    )


def _same(trait: Trait, compared: list[Any], shown: list[Any]) -> Likeness:
    if None in compared:
        return Likeness(trait, None)
    return Likeness(trait, len(set(compared)) == 1, tuple(shown))


def _same_basis(figures: list[Figures]) -> Likeness:
    found = [one.basis_of(one.now) for one in figures if one.first.value is not None or one.now.value is not None]
    if len(set(found)) <= 1:
        return Likeness(Trait.BASIS, alike=True, values=tuple(found))
    clash = "net" in found and "gross" in found
    return Likeness(Trait.BASIS, False, ("net", "gross") if clash else tuple(one.basis_of(one.now) for one in figures))


def _currencies(figures: list[Figures]) -> list[Likeness]:
    found = {one.currency for one in figures if one.currency}
    return [Likeness(Trait.CURRENCY, False, tuple(sorted(found)))] if len(found) > 1 else []
