"""A comparison as lines of typed cells, each with its text."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from threepoint.compare import comparison_text
from threepoint.compare.typed_values import Aspect, ComparisonValue, Likeness, Note, NoteReason
from threepoint.presentation.records import Fact


@dataclass(frozen=True)
class ComparisonCell:
    """A value, or why there is none: a fact without a value, or a note. Without either, only its state is known.

    `notices` published it, the newest of them on the day `on`. `remark` explains the value.
    """

    value: ComparisonValue | None = None
    state: str = "observed"
    why: Fact | Note | None = None
    remark: Note | None = None
    notices: tuple[str, ...] = ()
    on: date | None = None

    @property
    def is_bare(self) -> bool:
        """True if there is neither a value nor a reason, only a state."""
        return self.value is None and self.why is None

    @property
    def content(self) -> tuple[Any, ...]:
        """The value, or why there is none, for comparison with other cells."""
        why = self.why
        return (why.state, why.detail, why.due_on) if isinstance(why, Fact) else (self.value, why)

    @property
    def text(self) -> str:
        """Text of the value, or of why there is none."""
        if isinstance(self.why, Fact):
            return self.why.why_not
        if self.why:
            return comparison_text.format_note(self.why)
        return "–" if self.value is None else comparison_text.format_cell_value(self.value)

    @property
    def note(self) -> str:
        """Text of the remark."""
        return comparison_text.format_note(self.remark)

    @property
    def source(self) -> str:
        """Text of the source and its date."""
        return comparison_text.format_source(self.value, self.notices, self.on)


def make_gap(state: str, reason: NoteReason, **named: Any) -> ComparisonCell:
    """Return a cell without a value, with the reason."""
    return ComparisonCell(state=state, why=Note(reason, **named))


def make_cell(fact: Fact, value: ComparisonValue | None = None) -> ComparisonCell:
    """Return the cell of a fact, with `value` in place of the fact's own. Without a value, the fact is the reason."""
    notices = (fact.source,) if fact.source else ()
    if fact.known and fact.value is not None:
        return ComparisonCell(fact.value if value is None else value, notices=notices, on=fact.source_date)
    return ComparisonCell(state=fact.state, why=fact, notices=notices, on=fact.source_date)


@dataclass(frozen=True)
class ComparisonLine:
    """One line of a comparison, with a cell for each record."""

    aspect: Aspect
    cells: tuple[ComparisonCell, ...]

    @property
    def group(self) -> str:
        """Heading above the line."""
        return self.aspect.value[0]

    @property
    def label(self) -> str:
        """Label of the line."""
        return self.aspect.value[1]


@dataclass(frozen=True)
class Comparison:
    """Two to six records side by side: headings, lines, likenesses, and notes on each record."""

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
            "alike": [comparison_text.format_likeness(likeness) for likeness in self.alike],
            "notes": [[comparison_text.format_note(note) for note in notes] for notes in self.notes],
            "synthetic": self.synthetic,
        }  # fmt: skip
