"""Reference readers for the published files that use only csv and json."""

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
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def to_pence(text: Any) -> Decimal:
    """Return a plain number as pounds and pence."""
    return Decimal(str(text)).quantize(PENNY, rounding=ROUND_HALF_EVEN)


def count_repeats(keys: Iterable[Any]) -> int:
    """Return how many keys occurred before."""
    return sum(times - 1 for times in Counter(keys).values())


def read_treasury(folder: Path) -> list[dict[str, Any]]:
    """Return the payments of the Treasury's files."""
    files = sorted(folder.glob("hmt_*.json"))
    return [payment for file in files for payment in json.loads(file.read_text(encoding="utf-8"))["data"]]


def write_csv(*rows: Iterable[str], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()
