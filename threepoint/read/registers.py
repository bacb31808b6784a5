"""Registers of codes that others keep: CPV, government organisations and their abbreviations, regions and countries.

They are loaded at run time and never shipped (decision 30). Codes stay text: CPV codes begin with zeros.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from threepoint.read.csv_tables import Sheet, columns, decode, letters, readings
from threepoint.read.read_context import Task
from threepoint.read.read_result import PassedOver, Reading
from threepoint.read.table_cells import said, squash
from threepoint.read.value_parsing import london_days
from threepoint.standard.tables_payments import REGISTER_ENTRY

_COLUMNS = REGISTER_ENTRY.names
CPV_TYPES = {"1": "supplies", "2": "works", "3": "services"}
CPV_2008 = "2"  # its version in the register; 1 is the vocabulary before it
NO_CODE = PassedOver("entry without a code", "it names nothing in its register")


@dataclass(frozen=True)
class Form:
    """One register: its `name`, what parts its cells, and its fields by the letters of their headings."""

    name: str
    delimiter: str
    fields: dict[str, str]
    telling: frozenset[str]


def _form(name: str, delimiter: str, drawn: str) -> Form:
    """`drawn` is heading=field, parted by spaces; a heading after + tells the register, one after ! is not read."""
    pairs = [pair.split("=") for pair in drawn.split()]
    fields = {heading.strip("+!"): "" if heading[0] == "!" else field for heading, field in pairs}
    return Form(name, delimiter, fields, frozenset(heading[1:] for heading, _ in pairs if heading[0] == "+"))


# The longer form of two alike comes first: a file of regions names countries, too.
FORMS = (
    _form("cpv", ",", "+code=code +numericcode=number parent=parent_code version=version type=kind +name=name"),
    _form("gb_gor", ",", "+gbgor=code +name=name +type=kind govukurl=url url=other_url updated=updated"),
    _form("gb_gor_short", "\t", "+abbreviation=code +governmentorganisation=parent_code"),
    _form(
        "region", ",", "+rgncd=code +rgnnm=name ctrycd=parent_code !ctrynm= !ewcd= !ewnm= !gbcd= !gbnm= !ukcd= !uknm="
    ),
    _form("country", ",", "+ctrycd=code +ctrynm=name ukcd=parent_code !uknm= !ewcd= !ewnm= !gbcd= !gbnm="),
)


def recognise(head: str) -> bool:
    """Whether a file that begins with `head` is one of these registers."""
    return _form_of(head) is not None


def _form_of(head: str) -> Form | None:
    for form in FORMS:
        rows = Sheet(head, form.delimiter).first()
        if rows and set(map(letters, rows[0][1])) >= form.telling:
            return form
    return None


def read(data: bytes, task: Task) -> Iterator[Reading]:
    """The rows of one file as rows of `register_entry`."""
    text = decode(data)
    form = _form_of(text)
    assert form is not None, "recognise comes first"
    page = Sheet(text, form.delimiter)
    under = columns(page.first()[0], lambda heading: form.fields.get(letters(heading)))
    made = partial(_row, register=form.name, source_id=task.source_id)
    yield from readings(page, under, "register_entry", made)


def _row(number: int, cell: dict[str, str], register: str, source_id: str) -> tuple[Any, ...] | PassedOver:
    code = squash(cell.get("code", ""))
    if not code:
        return NO_CODE
    values = {
        "source_id": source_id,
        "row_number": number,
        "register": register,
        "code": code,
        "name": said(cell.get("name")),
        "parent_code": said(cell.get("parent_code")),
        "kind": said(cell.get("kind")),
        "url": said(cell.get("url")),
        "updated": _updated(cell.get("updated", "")),
    }
    values |= _cpv(cell, values) if register == "cpv" else {}
    return tuple(values[name] for name in _COLUMNS)


def _cpv(cell: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """The eight digits without the check digit, and the words for the type."""
    version, parent = squash(cell.get("version", "")), values["parent_code"]
    return {
        "register": "cpv" if version in ("", CPV_2008) else f"cpv_{version}",
        "code": values["code"].partition("-")[0],
        "parent_code": parent.partition("-")[0] if parent else None,
        "kind": CPV_TYPES.get(values["kind"] or "", values["kind"]),
    }


def _updated(text: str) -> int | None:
    try:
        return london_days(text.strip()) if text.strip() else None
    except (ValueError, OverflowError):
        return None
