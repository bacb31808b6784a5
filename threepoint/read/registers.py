"""Read published code registers: CPV, government organisations and their abbreviations, regions, countries.

They are loaded at run time and never shipped. Codes stay text: CPV codes begin with zeros.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from threepoint.read.csv_tables import CsvTable, match_columns, normalise_heading, read_rows
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import ReadResult, SkippedItem
from threepoint.read.table_cells import collapse_spaces, read_text_cell
from threepoint.read.value_parsing import parse_days
from threepoint.standard.tables_payments import REGISTER_ENTRY_HISTORY

_COLUMN_NAMES = REGISTER_ENTRY_HISTORY.names
CPV_TYPE_BY_CODE = {"1": "supplies", "2": "works", "3": "services"}
CPV_2008_VERSION = "2"  # its version number in the register; 1 is the older vocabulary
SKIPPED_WITHOUT_CODE = SkippedItem("entry without a code", "it identifies nothing in its register")


@dataclass(frozen=True)
class RegisterFormat:
    """One register: its `name`, its fields by normalised heading, and the headings that identify it."""

    name: str
    fields: dict[str, str]
    required_headings: frozenset[str]


def _parse_register_format(name: str, columns: str) -> RegisterFormat:
    """Parse `heading=field` pairs separated by spaces; + marks an identifying heading, ! a heading that is not read."""
    pairs = [pair.split("=") for pair in columns.split()]
    fields = {heading.strip("+!"): "" if heading[0] == "!" else field for heading, field in pairs}
    return RegisterFormat(name, fields, frozenset(heading[1:] for heading, _ in pairs if heading[0] == "+"))


# The longer of two similar formats comes first: a file of regions names countries, too.
REGISTER_FORMATS = (
    _parse_register_format(
        "cpv", "+code=code +numericcode=number parent=parent_code version=version type=kind +name=name"
    ),
    _parse_register_format("gb_gor", "+gbgor=code +name=name +type=kind govukurl=url url=other_url updated=updated"),
    _parse_register_format("gb_gor_short", "+abbreviation=code +governmentorganisation=parent_code"),
    _parse_register_format(
        "region", "+rgncd=code +rgnnm=name ctrycd=parent_code !ctrynm= !ewcd= !ewnm= !gbcd= !gbnm= !ukcd= !uknm="
    ),
    _parse_register_format("country", "+ctrycd=code +ctrynm=name ukcd=parent_code !uknm= !ewcd= !ewnm= !gbcd= !gbnm="),
)


def matches_format(beginning: CsvTable) -> bool:
    """Return True if a file with this beginning is one of these registers."""
    return _find_register_format(beginning) is not None


def _find_register_format(beginning: CsvTable) -> RegisterFormat | None:
    headings = {normalise_heading(cell) for _, cells in beginning.first()[:1] for cell in cells}
    return next(
        (register_format for register_format in REGISTER_FORMATS if headings >= register_format.required_headings), None
    )


def read_table(csv_table: CsvTable, task: ReadContext) -> Iterator[ReadResult]:
    """Read one file as rows of `register_entry`."""
    register_format = _find_register_format(csv_table)
    assert register_format is not None, "call matches_format first"
    columns = match_columns(
        csv_table.first()[0], lambda heading: register_format.fields.get(normalise_heading(heading))
    )
    make_row = partial(_make_row, register=register_format.name, source_id=task.source_id)
    yield from read_rows(csv_table, columns, "register_entry", make_row)


def _make_row(number: int, cell: dict[str, str], register: str, source_id: str) -> tuple[Any, ...] | SkippedItem:
    code = collapse_spaces(cell.get("code", ""))
    if not code:
        return SKIPPED_WITHOUT_CODE
    values = {
        "source_id": source_id,
        "row_number": number,
        "register": register,
        "code": code,
        "name": read_text_cell(cell.get("name")),
        "parent_code": read_text_cell(cell.get("parent_code")),
        "kind": read_text_cell(cell.get("kind")),
        "url": read_text_cell(cell.get("url")),
        "updated": _parse_update_date(cell.get("updated", "")),
    }
    values |= _make_cpv_values(cell, values) if register == "cpv" else {}
    return tuple(values[name] for name in _COLUMN_NAMES)


def _make_cpv_values(cell: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """Return the eight digits without the check digit, and the type as a word."""
    version, parent = collapse_spaces(cell.get("version", "")), values["parent_code"]
    return {
        "register": "cpv" if version in ("", CPV_2008_VERSION) else f"cpv_{version}",
        "code": values["code"].partition("-")[0],
        "parent_code": parent.partition("-")[0] if parent else None,
        "kind": CPV_TYPE_BY_CODE.get(values["kind"] or "", values["kind"]),
    }


def _parse_update_date(text: str) -> int | None:
    try:
        return parse_days(text.strip()) if text.strip() else None
    except (ValueError, OverflowError):
        return None
