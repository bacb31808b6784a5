"""A fact with its state, source and date, and the record of facts and lists."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from threepoint.presentation import formatting
from threepoint.standard.value_states import STATE_BY_CODE


@dataclass(frozen=True)
class Fact:
    """A field of a record. `value` is None if nothing was published or calculated; `state` says why."""

    name: str
    meaning: str
    type: str
    level: str
    value: Any
    state: str
    detail: str = ""
    due_on: date | None = None
    evidence: str = ""
    source: str = ""  # number of the notice or report
    source_date: date | None = None

    @property
    def known(self) -> bool:
        """True if there is a value to show."""
        return (self.value is not None and STATE_BY_CODE[self.state].filled) or self.state == "below_notice_floor"

    @property
    def remark(self) -> str:
        """Detail to show with the value, unless it only names the source; without a value, why it is not known."""
        if not self.known:
            return self.why_not
        return "" if self.source and self.source in self.detail else self.detail

    @property
    def why_not(self) -> str:
        """State in words with its detail, to show in place of the value."""
        return formatting.format_state(self.state, self.detail, self.due_on)

    @property
    def reason(self) -> str:
        """Why there is no value, without the state: the due date and the detail."""
        return formatting.format_reason(self.state, self.detail, self.due_on)


@dataclass(frozen=True)
class Record:
    """A record: its facts in the order of the standard, and the rows of its lists by name."""

    kind: str
    id: str
    title: str
    publisher: str
    synthetic: bool
    facts: dict[str, Fact]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    grade: str | None = None
    cap: str | None = None

    def value(self, name: str) -> Any:
        """Return the value of a fact, or None if there is none."""
        fact = self.facts.get(name)
        return fact.value if fact else None
