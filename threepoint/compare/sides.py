"""Two to six things side by side: what can be compared, and where it cannot, why not."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from threepoint.compare.figures import COMPARED, FLOOR, Figure, Figures, of
from threepoint.errors import Problem
from threepoint.standard import words
from threepoint.standard.amounts import NOMINAL, band
from threepoint.standard.records import Record
from threepoint.standard.states import NotScored

LEAST, MOST = 2, 6

# Words for what a published value includes.
BASIS = {
    "net": "net of VAT",
    "gross": "with VAT",
    "unknown": "VAT not stated",
    "mixed": "mixed",
    "nominal": "nominal prices",
}


@dataclass(frozen=True)
class Cell:
    """One cell: its text, the state behind it, where it was published, and a mark where it differs from the first column."""

    text: str
    state: str = "observed"
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the comparison: its group and label, and a cell for each thing."""

    group: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """The whole comparison: headings, lines, one sentence on what is alike, and notes to each column."""

    headings: tuple[str, ...]
    ids: tuple[str, ...]
    lines: tuple[Line, ...]
    alike: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...] = field(default=())
    synthetic: bool = False


def side_by_side(records: list[Record]) -> Comparison:
    """Compares two to six things of one kind. Problem when there are too few, too many, or kinds that do not compare."""
    _check(records)
    figures = [of(record) for record in records]
    lines = [*_money_lines(figures), *_time_lines(figures), *_course_lines(figures), _sure(records)]
    return Comparison(
        tuple(record.title or record.id for record in records), tuple(record.id for record in records),
        (_line("", "What it is", [Cell(f"{one.who}") for one in figures]), *lines), tuple(_alike(figures)),
        tuple(tuple(one.notes) for one in figures), any(record.synthetic for record in records),
    )  # fmt: skip


def alone(record: Record) -> tuple[Line, ...]:
    """What a comparison would say of one thing: lines of one cell. Nothing for kinds that are not compared."""
    if record.kind not in COMPARED:
        return ()
    figures = [of(record)]
    return (
        _line("", "What it is", [Cell(figures[0].who)]),
        *_money_lines(figures, reasons=True),
        *_time_lines(figures),
        *_course_lines(figures),
    )


def _check(records: list[Record]) -> None:
    if not LEAST <= len(records) <= MOST:
        raise Problem(f"a comparison takes {LEAST} to {MOST} things; you gave {len(records)}")
    kinds = {record.kind for record in records}
    if "organisation" in kinds:
        raise Problem("organisations are not compared: give processes, contracts, awards or major projects")
    if "scheme" in kinds and len(kinds) > 1:
        raise Problem("a major project does not compare with a contract; compare projects with projects")


def _line(group: str, label: str, cells: list[Cell]) -> Line:
    return Line(group, label, tuple(cells))


def _cell(figure: Figure, say: Any) -> Cell:
    if figure.missing:
        return Cell(figure.missing.reason or str(figure.missing), figure.missing.state, _source(figure))
    return Cell(say(figure.value), "observed", _source(figure), figure.note)


def _source(figure: Figure) -> str:
    when = words.in_words(figure.on) if figure.on else ""
    return " · ".join(part for part in (figure.source, when) if part)


def _money_lines(figures: list[Figures], *, reasons: bool = False) -> list[Line]:
    """Lines of money, but those that apply to none; with `reasons` those that say why they do not."""
    named = [
        ("first published", [_amount(one, one.first) for one in figures]),
        ("now", [_amount(one, one.now) for one in figures]),
        ("growth", [_growth(one) for one in figures]),
        ("outturn", [_amount(one, one.final) for one in figures]),
    ]
    kept = [(label, cells) for label, cells in named if any(_applies(cell, reasons=reasons) for cell in cells)]
    return [_line("Money", label, cells) for label, cells in kept]


def _applies(cell: Cell, *, reasons: bool) -> bool:
    return cell.state != "not_applicable" or (reasons and cell.text not in ("", "–"))


def _amount(one: Figures, figure: Figure) -> Cell:
    basis = _basis(figure.basis or one.basis)
    return _cell(figure, lambda value: f"{words.money(value, figure.currency or one.currency)} {basis}".strip())


def _basis(basis: str | None) -> str:
    """What an amount includes, in words; a price base such as 2024/25 real gets the word prices."""
    return BASIS.get(basis or "", f"in {basis} prices" if basis else "")


def _growth(one: Figures) -> Cell:
    if one.growth:
        return _told_growth(one.growth.first, one.growth.last, one, one.growth.note)
    gap, unlike = _gap(one.first, one.now), _unlike(one)
    if not gap and unlike:
        return Cell(f"not comparable: {unlike}", "not_applicable")
    return Cell("–", gap.state) if gap else _told_growth(Decimal(one.first.value), Decimal(one.now.value), one)


def _unlike(one: Figures) -> str:
    """Why the first and the last amount cannot be set against each other; empty where they can."""
    if (one.first.currency or one.currency) != (one.now.currency or one.currency):
        return "the currency changed"
    first, now = one.first.basis or one.basis, one.now.basis or one.basis
    return "" if first == now else f"{first} against {now}"


def _told_growth(first: Decimal | None, last: Decimal | None, one: Figures, note: str = "") -> Cell:
    if first is None or last is None:
        return Cell(f"not comparable: {note}" if note else "–", "not_applicable", note="")
    if first == last:
        return Cell(FLOOR if one.floor else "no change published", "below_notice_floor", note=note)
    if first < 0 or float(first) in NOMINAL:
        why = "only fills the form" if float(first) in NOMINAL else "is below 0"
        return Cell(f"not comparable: the first value {why}", "not_applicable", note=note)
    said = f"{words.percent(last / first - 1)} ({words.money(last - first, one.currency, signed=True)})"
    return Cell(said, "derived", note=note)


def _gap(*figures: Figure) -> NotScored | None:
    return next((figure.missing for figure in figures if figure.missing), None)


def _time_lines(figures: list[Figures]) -> list[Line]:
    say = words.in_words
    return [
        _line("Time", "end, first published", [_cell(one.end_first, say) for one in figures]),
        _line("Time", "end, now", [_cell(one.end_now, say) for one in figures]),
        _line("Time", "later by", [_slip(one) for one in figures]),
    ]


def _slip(one: Figures) -> Cell:
    gap = _gap(one.end_first, one.end_now)
    if gap:
        return Cell("–", gap.state)
    first, now = one.end_first.value, one.end_now.value
    if isinstance(first, date) and first == now:
        return Cell(FLOOR if one.floor else "no change published", "below_notice_floor")
    late = (now - first).days
    return Cell(words.days(late) if late > 0 else f"{words.days(-late)} earlier", "derived")


def _course_lines(figures: list[Figures]) -> list[Line]:
    made = []
    rated = [_cell(one.rating, str) for one in figures if one.rating.value or one.rating.missing]
    if len(rated) == len(figures):
        made.append(_line("Course", "publisher's rating", rated))
    kpis = [_cell(one.kpis, str) for one in figures]
    if any(cell.state != "not_applicable" or "no KPI" in cell.text for cell in kpis):
        made.append(_line("Course", "KPIs", kpis))
    made.append(_line("Course", "changes published", [Cell(str(one.changes)) for one in figures]))
    made.append(
        _line("Course", "where it stands", [Cell((one.phase or "not reported").replace("_", " ")) for one in figures])
    )
    return made


def _sure(records: list[Record]) -> Line:
    cells = [Cell(f"{record.grade or 'not graded'}" + (f" ({record.cap})" if record.cap else "")) for record in records]
    return _line("How sure are we", "coverage of the record", cells)


def _alike(figures: list[Figures]) -> list[str]:
    bands = [band(Decimal(one.first.value)) if one.first.value is not None else None for one in figures]
    return [
        _same(
            "type",
            [one.type.code if one.type else None for one in figures],
            said=[one.type.words if one.type else None for one in figures],
        ),
        _same("size", bands),
        _same("phase", [one.phase for one in figures], "outturn is not compared across phases"),
        _same_basis(figures),
        *_currencies(figures),
    ]


def _same(name: str, values: list[str | None], consequence: str = "", said: list[str | None] | None = None) -> str:
    shown = [str(value).replace("_", " ") for value in said or values]
    if any(value is None for value in values):
        return f"{name}: not known for all"
    if len(set(values)) == 1:
        return f"{name}: the same ({shown[0]})"
    told = " / ".join(shown)
    return f"{name}: differs ({told})" + (f"; {consequence}" if consequence else "")


def _same_basis(figures: list[Figures]) -> str:
    found = [one.now.basis or one.basis for one in figures if one.first.value is not None or one.now.value is not None]
    if len(set(found)) <= 1:
        return "amounts: the same" + (f" ({_basis(found[0])})" if found and found[0] else "")
    if "net" in found and "gross" in found:
        return "amounts: not comparable: net against gross"
    told = " / ".join(_basis(one.now.basis or one.basis) or "no amount" for one in figures)
    return f"amounts: not comparable: {told}"


def _currencies(figures: list[Figures]) -> list[str]:
    found = {one.currency for one in figures if one.currency}
    return [f"amounts: not comparable: {' against '.join(sorted(found))}"] if len(found) > 1 else []
