"""The published files read again with csv and json alone: the plain twin of the readers."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

PENNY = Decimal("0.01")


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file under its headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def to_pence(text: Any) -> Decimal:
    """A plain number as pounds and pence."""
    return Decimal(str(text)).quantize(PENNY, rounding=ROUND_HALF_EVEN)


def count_repeats(keys: Iterable[Any]) -> int:
    """How many of these came before."""
    return sum(times - 1 for times in Counter(keys).values())


def read_treasury(folder: Path) -> list[dict[str, Any]]:
    """The payments of the Treasury's files."""
    files = sorted(folder.glob("hmt_*.json"))
    return [line for file in files for line in json.loads(file.read_text(encoding="utf-8"))["data"]]


def write_csv(*lines: Iterable[str]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()
