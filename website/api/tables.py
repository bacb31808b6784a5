"""Tables of the standard: what they are, and their rows, a page at a time."""

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router
from pydantic import create_model

from threepoint.standard.definition import Table
from threepoint.standard.schema_export import json_schema
from threepoint.standard.sdes import SDES
from website.api import schemas
from website.api.problems import Refused, quoted
from website.api.responses import JSON, Answer, Asked, Paged, address, answering
from website.common import snapshot_access
from website.common.record_urls import API

LONGEST = 1_000  # characters of a place or of a value
router = Router()
tables = snapshot_access.table_rows
COLUMN = tuple(schemas.Column.model_fields)
HEADING = ("table", "table_meaning", "rows", *COLUMN)


@router.get("/tables", response=schemas.Tables, operation_id="tables", url_name="tables", summary="The tables")
@answering(Asked)
def every(request: HttpRequest, asked: Query[Asked]) -> Answer:
    """The tables that this snapshot has, with what each column means, its type and its unit."""
    snapshot = snapshot_access.current(request)
    told = [_table(request, snapshot, table) for table in tables.held(snapshot)]
    rows = [(one["name"], one["meaning"], one["rows"], *column.values()) for one in told for column in one["columns"]]
    return Answer({"tables": told}, HEADING, rows, "tables")


def _table(request: HttpRequest, snapshot: snapshot_access.Snapshot, table: Table) -> dict[str, Any]:
    href = request.build_absolute_uri(f"{API}/tables/{table.name}") if tables.walked(table) else None
    columns = [{name: getattr(field, name) for name in COLUMN} for field in table.fields]
    return {
        "name": table.name, "meaning": table.meaning, "key": list(table.key), "rows": tables.total(snapshot, table),
        "filters": list(tables.filters(table)), "data": href, "columns": columns,
    }  # fmt: skip


class Walk(Paged):
    """Which rows of a table."""

    after: str | None = Field(None, max_length=LONGEST, description="The place to go on from, out of `links.next`.")


def _rows_of(table: Table) -> Any:
    """The endpoint of one table."""
    filters = {name: (str | None, _filter(table, name)) for name in tables.filters(table)}
    asked_of = create_model(f"Rows_{table.name}", __base__=Walk, **filters)  # type: ignore[call-overload]  # made of names

    @answering(asked_of)
    def rows(request: HttpRequest, asked: Query[asked_of]) -> Answer:  # type: ignore[valid-type]  # a type made at run time
        snapshot = snapshot_access.current(request)
        if table not in tables.held(snapshot):
            raise Refused(404, _("This snapshot has no table %s.") % table.name, _("The tables are at /api/v1/tables."))
        only = {name: value for name in filters if (value := getattr(asked, name)) is not None}
        found = tables.page(snapshot, table, only, _place(snapshot, table, only, asked), asked.size)  # type: ignore[attr-defined]  # of Walk
        links = {}
        if found.next:
            links["next"] = address(request, after=_written(snapshot, table, only, found.next))
        told = [{name: _cell(value) for name, value in row.items()} for row in found.rows]
        body = {"table": table.name, "rows_in_table": tables.total(snapshot, table), "rows": told}
        return Answer(body, table.names, [[row[name] for name in table.names] for row in found.rows], table.name, links)

    return rows


def _filter(table: Table, name: str) -> Any:
    told = f"Only rows with exactly this value. {table.field(name).meaning.capitalize()}."
    return Field(None, max_length=LONGEST, description=told)


def _schema(table: Table) -> dict[str, Any]:
    """The form of a page of a table's rows: that of the standard, in full."""
    row = {name: value for name, value in json_schema(table).items() if name != "$schema"}
    told = {
        "table": {"const": table.name},
        "rows_in_table": {"type": "integer", "description": "Of the whole table, whatever was asked for."},
        "rows": {"type": "array", "items": row},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
        "about": {"$ref": "#/components/schemas/About"},
    }
    return {"type": "object", "properties": told, "required": list(told)}


for _one in SDES.values():
    if tables.walked(_one):
        router.get(
            f"/tables/{_one.name}", operation_id=f"rows_{_one.name}", url_name=f"rows-{_one.name}",
            summary=f"Rows of {_one.name}", response=schemas.Told,
            openapi_extra={"responses": {200: {"content": {JSON: {"schema": _schema(_one)}}}}},
            description=f"{_one.meaning} In the order of their key, a page at a time. Every page but the last has as many rows as"
            " you ask for; the last one has no `next` among its links.",
        )(_rows_of(_one))  # fmt: skip


@router.get("/tables/{name}", include_in_schema=False)
def without_rows(request: HttpRequest, name: str) -> None:
    """Say why a name has no rows here: the table's rows belong to no single record, or there is no such table."""
    if name in SDES:
        detail = _("Rows of the table %s are of whole lists, files or publishers, and cannot be asked for.") % name
        raise Refused(404, detail, _("Take the table from /downloads/."))
    raise Refused(404, _("There is no table %s.") % quoted(name), _("The tables are at /api/v1/tables."))


def _written(snapshot: snapshot_access.Snapshot, table: Table, only: dict[str, str], key: tuple[Any, ...]) -> str:
    told = json.dumps([snapshot.name, table.name, _question(only), *key], ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode("utf-8", "backslashreplace")).decode().rstrip("=")


def _question(only: dict[str, str]) -> str:
    """What tells one choice of rows from another, in few signs: values can be long."""
    return hashlib.sha256(json.dumps(only, sort_keys=True).encode()).hexdigest()[:16]


def _place(snapshot: snapshot_access.Snapshot, table: Table, only: dict[str, str], asked: Any) -> list[Any] | None:
    """Return the key to go on after; Refused where it is of another snapshot, or of another question."""
    if asked.after is None:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(f"{asked.after}{'=' * (-len(asked.after) % 4)}"))
        key: list[Any]
        name, of, were, *key = told
        if (name, of, were) == (snapshot.name, table.name, _question(only)) and _is_key(table, key):
            return key
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass
    raise Refused(
        409, _("The place “after” is not one in these rows as they are now: a new snapshot may have been built since."),
        _("Begin again without “after”. For all rows at once, take the files at /downloads/."),
    )  # fmt: skip


def _is_key(table: Table, values: list[Any]) -> bool:
    """Return whether these can be the values of the table's key: whole numbers of 64 bits, and texts that UTF-8 holds."""
    for name, value in zip(table.key, values, strict=True):
        if table.field(name).type == "integer":
            if type(value) is not int or abs(value) >= 2**63:
                return False
        else:
            value.encode()
    return True


def _cell(value: Any) -> Any:
    """A value as the standard's JSON has it: money as text, times with Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
