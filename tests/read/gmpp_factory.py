"""Synthetic yearly files drawn as text: one project per line under its headings; `transposed=True` writes the layout used to 2020."""

import csv
import io
from datetime import date

from threepoint.read import gmpp
from threepoint.standard.tables_projects import GMPP_YEAR

SOURCE = "0f" * 32
FOOTNOTE = "The IPA Annual Report publishes the whole life cycle costs on projects, based on their Business Cases."

PLAIN = """
    GMPP ID Number   | Project Name  | Department | IPA RAG rating | 2013/2014 Budget (£million) | Whole Life Cost (£m)
    CO_0001_1213-Q1  | Alpha         | CO         | Amber/Green    | £1.20                       | £1,234.56
    DWP_0002_1314-Q2 | Universal 2   | DWP        | RED            | -£2.60m                     | Reset
"""


def split_cells(drawing: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]


def write_csv(lines: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()


def write_drawing(drawing: str, *, transposed: bool = False, encoding: str = "utf-8") -> bytes:
    lines = split_cells(drawing)
    return write_csv([list(line) for line in zip(*lines, strict=True)] if transposed else lines).encode(encoding)


def read_rows(data: bytes, hint: str = "gmpp-2014.csv") -> list[dict[str, object]]:
    tables = gmpp.read_yearly_file(data, SOURCE, hint)
    assert tables["quarantine"] == []
    return [dict(zip(GMPP_YEAR.names, row, strict=True)) for row in tables["gmpp_year"]]


def drop_names(row: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in names}


def count_days(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days
