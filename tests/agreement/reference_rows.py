"""The slow plain twin: walks a compiled release by the paths of the standard and makes the rows that the merge must give.

It shares with the library only the definitions of the tables; values are converted by hand.
"""

from collections import Counter
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from threepoint.standard.definition import FieldDefinition, TableDefinition

LONDON = ZoneInfo("Europe/London")


def list_rows(compiled: dict[str, Any], table: TableDefinition) -> Counter:
    """How often each row (its key without the ids of id-less elements, then its values) stands in a compiled release."""
    found: Counter = Counter()
    for place in table.places:
        for ids, element in _find_elements(compiled, place, table):
            section = (place.replace("[]", "").replace("{}", ""),) if len(table.places) > 1 else ()
            levels = len(table.key) - 1 - len(section)
            key = (*section, *[""] * (levels - len(ids)), *ids)
            found[(key, *_read_values(element, table))] += 1
    return found


def _find_elements(value: Any, place: str, table: TableDefinition) -> list[tuple[tuple[Any, ...], Any]]:
    found = [((), value)]
    steps = [] if place == "." else place.split("/")
    for number, step in enumerate(steps):
        whole = table.whole_list and number == len(steps) - 1
        found = [pair for ids, at in found for pair in _take_step(ids, at, step, whole=whole)]
    return found


def _take_step(ids: tuple[Any, ...], at: Any, step: str, *, whole: bool) -> list[tuple[tuple[Any, ...], Any]]:
    below = (at or {}).get(step.rstrip("[]{}"))
    if below is None:
        return []
    if step.endswith("{}"):
        return [((*ids, name), entry) for name, entry in below.items()]
    if step.endswith("[]"):
        return [((*ids, number if whole else _read_id(entry)), entry) for number, entry in enumerate(below)]
    return [(ids, below)]


def _read_id(entry: dict[str, Any]) -> str | None:
    return None if entry.get("id") is None else str(entry["id"])


def _read_values(element: Any, table: TableDefinition) -> list[Any]:
    return [
        _convert(field.type, _follow(element, field.source)) for field in table.fields if is_published(field, table)
    ]


def is_published(field: FieldDefinition, table: TableDefinition) -> bool:
    """True for a column that holds what the release says, not what we make of it."""
    return field.source != "ours" and not field.source.startswith("identify(") and field.name not in table.key


def _follow(element: Any, path: str) -> Any:
    for step in [] if path == "*" else path.split("/"):
        element = element.get(step) if isinstance(element, dict) else None
    return element


def _convert(kind: str, value: Any) -> Any:  # noqa: PLR0911  # one return a type reads best
    if value is None or value == []:
        return None
    if kind == "money":
        return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    if kind == "date":
        return _read_date(value)
    if kind == "list":
        return "; ".join(str(word) for word in value)
    if kind in ("number", "share"):
        return float(value)
    if kind in ("integer", "boolean"):
        return value
    return value if isinstance(value, str) else str(value)


def _read_date(text: str) -> date:
    if len(text) == 10:
        return date.fromisoformat(text)
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(LONDON).date()
