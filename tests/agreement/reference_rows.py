"""Slow, plain reference for the merge: walk a compiled release by the paths of the tables and list its rows.

It shares only the table definitions with the library, and converts values itself.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from threepoint.standard.definition import FieldDefinition, TableDefinition

LONDON = ZoneInfo("Europe/London")


def list_rows(compiled: dict[str, Any], table: TableDefinition) -> Counter:
    """Count each row (its key without ids of elements that have none, then its values) in a compiled release."""
    counts: Counter = Counter()
    for place in table.places:
        for ids, element in _find_elements(compiled, place, table):
            section = (place.replace("[]", "").replace("{}", ""),) if len(table.places) > 1 else ()
            levels = len(table.key) - 1 - len(section)
            key = (*section, *[""] * (levels - len(ids)), *ids)
            counts[(key, *_read_values(element, table))] += 1
    return counts


def _find_elements(value: Any, place: str, table: TableDefinition) -> list[tuple[tuple[Any, ...], Any]]:
    elements = [((), value)]
    steps = [] if place == "." else place.split("/")
    for number, step in enumerate(steps):
        whole = table.whole_list and number == len(steps) - 1
        elements = [pair for ids, parent in elements for pair in _take_step(ids, parent, step, whole=whole)]
    return elements


def _take_step(ids: tuple[Any, ...], parent: Any, step: str, *, whole: bool) -> list[tuple[tuple[Any, ...], Any]]:
    child = (parent or {}).get(step.rstrip("[]{}"))
    if child is None:
        return []
    if step.endswith("{}"):
        return [((*ids, name), entry) for name, entry in child.items()]
    if step.endswith("[]"):
        return [((*ids, number if whole else _read_id(entry)), entry) for number, entry in enumerate(child)]
    return [(ids, child)]


def _read_id(entry: dict[str, Any]) -> str | None:
    return None if entry.get("id") is None else str(entry["id"])


def _read_values(element: Any, table: TableDefinition) -> list[Any]:
    return [
        _convert(field.type, _follow(element, field.source)) for field in table.fields if is_published(field, table)
    ]


def is_published(field: FieldDefinition, table: TableDefinition) -> bool:
    """Return True for a column with a published value, not one that Three Point derives."""
    return field.source != "ours" and not field.source.startswith("identify(") and field.name not in table.key


def _follow(element: Any, path: str) -> Any:
    for step in [] if path == "*" else path.split("/"):
        element = element.get(step) if isinstance(element, dict) else None
    return element


def _convert(kind: str, value: Any) -> Any:  # noqa: PLR0911  # one return for each type is clearest
    if value is None or value == []:
        return None
    if kind == "money":
        return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    if kind == "date":
        return _read_date(value)
    if kind == "list":
        return "; ".join(str(entry) for entry in value)
    if kind in ("number", "share"):
        return float(value)
    if kind in ("integer", "boolean"):
        return value
    return value if isinstance(value, str) else str(value)


def _read_date(text: str) -> date:
    if len(text) == 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    in_london = moment.astimezone(LONDON)
    is_midnight_in_utc = moment.utcoffset() == timedelta(0) and in_london.time() == time()
    return in_london.date() if is_midnight_in_utc else moment.date()
