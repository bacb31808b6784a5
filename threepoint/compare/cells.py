"""A comparison as lines of typed cells, each of which can say itself in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from threepoint.compare import formatting
from threepoint.compare.typed_values import Aspect, ComparisonValue, Likeness, Note, NoteReason
from threepoint.presentation.records import Fact


@dataclass(frozen=True)
class ComparisonCell:
    """A value, or why there is none: a fact without a value, or a reason. With neither, its state says all.

    `notices` published it, the newest of them on the day `on`; `remark` is what to know of it.
    """

    value: ComparisonValue | None = None
    state: str = "observed"
    why: Fact | Note | None = None
    remark: Note | None = None
    notices: tuple[str, ...] = ()
    on: date | None = None

    @property
    def is_bare(self) -> bool:
        """True where neither a value nor a reason is given, but the state alone."""
        return self.value is None and self.why is None

    @property
    def content(self) -> tuple[Any, ...]:
        """What it says, for telling whether another cell says the same: the value, or why there is none."""
        why = self.why
        return (why.state, why.detail, why.due_on) if isinstance(why, Fact) else (self.value, why)

    @property
    def text(self) -> str:
        """The value, or why there is none, in words."""
        if isinstance(self.why, Fact):
            return self.why.why_not
        if self.why:
            return formatting.format_note(self.why)
        return "–" if self.value is None else formatting.format_cell_value(self.value)

    @property
    def note(self) -> str:
        """What to know of it, in words."""
        return formatting.format_note(self.remark)

    @property
    def source(self) -> str:
        """Where it was published, and when."""
        return formatting.format_source(self.value, self.notices, self.on)


def make_gap(state: str, reason: NoteReason, **named: Any) -> ComparisonCell:
    """Return a cell without a value, for a reason."""
    return ComparisonCell(state=state, why=Note(reason, **named))


def make_cell(fact: Fact, value: ComparisonValue | None = None) -> ComparisonCell:
    """Return the cell of a fact, with `value` in the place of the fact's own; without either, the fact says why."""
    notices = (fact.source,) if fact.source else ()
    if fact.known and fact.value is not None:
        return ComparisonCell(fact.value if value is None else value, notices=notices, on=fact.source_date)
    return ComparisonCell(state=fact.state, why=fact, notices=notices, on=fact.source_date)


@dataclass(frozen=True)
class ComparisonLine:
    """One line of a comparison, with a cell for each thing."""

    aspect: Aspect
    cells: tuple[ComparisonCell, ...]

    @property
    def group(self) -> str:
        """The heading above the line."""
        return self.aspect.value[0]

    @property
    def label(self) -> str:
        """What the line is called."""
        return self.aspect.value[1]


@dataclass(frozen=True)
class Comparison:
    """Two to six things side by side: headings, lines, in what they are alike, and notes on each."""

    headings: tuple[str, ...]
    ids: tuple[str, ...]
    lines: tuple[ComparisonLine, ...]
    alike: tuple[Likeness, ...]
    notes: tuple[tuple[Note, ...], ...]
    synthetic: bool

    def in_words(self) -> dict[str, Any]:
        """Return the comparison as text, as `threepoint compare --json` and the API give it."""
        return {
            "headings": list(self.headings),
            "ids": list(self.ids),
            "lines": [{"group": line.group, "label": line.label, "cells": [
                {"text": cell.text, "state": cell.state, "source": cell.source, "note": cell.note} for cell in line.cells]}
                for line in self.lines],
            "alike": [formatting.format_likeness(one) for one in self.alike],
            "notes": [[formatting.format_note(note) for note in notes] for notes in self.notes],
            "synthetic": self.synthetic,
        }  # fmt: skip
