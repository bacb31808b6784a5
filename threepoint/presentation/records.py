"""What a reader gets: a fact with its state, source and date, and the record of one thing."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from threepoint.presentation import formatting
from threepoint.standard.field_states import STATE_BY_CODE


@dataclass(frozen=True)
class Fact:
    """One field of one thing. `value` is None unless something was published or worked out; `state` says why not."""

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
        """True where there is a value to show."""
        return (self.value is not None and STATE_BY_CODE[self.state].filled) or self.state == "below_notice_floor"

    @property
    def remark(self) -> str:
        """What to know of the value: its detail, unless that only names the source; of one that is not known, why not."""
        if not self.known:
            return self.why_not
        return "" if self.source and self.source in self.detail else self.detail

    @property
    def why_not(self) -> str:
        """The state in words, with its detail: what stands where the value cannot."""
        return formatting.format_state(self.state, self.detail, self.due_on)

    @property
    def reason(self) -> str:
        """Why there is no value, without the state: the detail, and when it is due."""
        return formatting.format_reason(self.state, self.detail, self.due_on)


@dataclass(frozen=True)
class Record:
    """The record of one thing: its facts in the order of the standard, and rows of what hangs below it, by table."""

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
        """The value of a fact; None where there is none."""
        found = self.facts.get(name)
        return found.value if found else None
