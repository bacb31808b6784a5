"""Conversion of results to JSON types, the same for the terminal (`--json`) and the site's API."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any


def make_jsonable(value: Any) -> Any:
    """Convert a value to JSON types: money to exact text, dates to ISO 8601."""
    if value is None or isinstance(value, (str, int, float)):  # first, because most values are of these types
        return value
    if isinstance(value, dict):
        return {str(name): make_jsonable(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [make_jsonable(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: make_jsonable(getattr(value, field.name)) for field in fields(value)}
    return str(value) if isinstance(value, (Decimal, Path)) else value
