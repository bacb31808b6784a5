"""CSV that is given out: RFC 4180, and no text in it that a spreadsheet would take for a formula."""

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
    """A text with an apostrophe before it, where it begins like a formula or with an apostrophe; anything else as it is."""
    return f"{FORMULA_GUARD}{value}" if isinstance(value, str) and value.startswith(GUARDED_PREFIXES) else value


def format_cell(value: Any) -> Any:
    """A value as a cell: times in UTC with Z, true and false, texts guarded, and anything else as it is."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else guard_formula(value)


def format_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV; None is an empty cell."""
    out = io.StringIO()
    csv.writer(out).writerows([format_cell(one) for one in row] for row in rows)
    return out.getvalue()


def build_csv_response(rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """Return rows as a file of CSV to download."""
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(format_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
