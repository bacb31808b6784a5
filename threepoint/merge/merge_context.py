"""Input shared by the steps of the merge: the history and the results of earlier steps."""

from dataclasses import dataclass, field
from typing import Any

from ibis import Table as Rows

from threepoint.merge.ocds_merge import History


@dataclass
class MergeContext:
    """The history, and in `tables` the results of earlier steps by name, as Ibis tables."""

    history: History
    tables: dict[str, Rows] = field(default_factory=dict)

    @property
    def today(self) -> Any:
        """The date of the snapshot, from the one-row table `today`."""
        return self.tables["today"].as_of.as_scalar()

    def __getitem__(self, name: str) -> Rows:
        return self.tables[name]
