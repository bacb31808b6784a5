"""CSV responses as in RFC 4180, without text that a spreadsheet would read as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from threepoint.standard.data_package import FORMULA_GUARD, FORMULA_START_CHARS

GUARDED_PREFIXES = (*FORMULA_START_CHARS, FORMULA_GUARD)


def guard_formula(value: Any) -> Any:
    """Put an apostrophe before a text that begins like a formula or with an apostrophe; return other values unchanged."""
    return f"{FORMULA_GUARD}{value}" if isinstance(value, str) and value.startswith(GUARDED_PREFIXES) else value


def format_cell(value: Any) -> Any:
    """Return a value as a cell: UTC times with Z, `true` and `false`, guarded texts, and other values unchanged."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else guard_formula(value)


def format_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV; None is an empty cell."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([format_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def build_csv_response(rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """Return rows as a CSV file to download."""
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(format_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
