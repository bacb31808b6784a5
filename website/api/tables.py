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

from threepoint.standard.definition import TableDefinition
from threepoint.standard.schema_export import make_json_schema
from threepoint.standard.sdes import SDES_TABLES
from website.api import schemas
from website.api.problems import RequestRefused, quote_input
from website.api.responses import (
    JSON_MEDIA_TYPE,
    Asked,
    EndpointResult,
    PageParameters,
    build_request_url,
    serve_json_or_csv,
)
from website.common import snapshot_access
from website.common.record_urls import API_PATH

MAX_FILTER_CHARACTERS = 1_000  # characters of a place or of a value
router = Router()
table_rows = snapshot_access.table_rows
COLUMN_FIELDS = tuple(schemas.Column.model_fields)
TABLES_CSV_HEADING = ("table", "table_meaning", "rows", *COLUMN_FIELDS)


@router.get("/tables", response=schemas.Tables, operation_id="tables", url_name="tables", summary="The tables")
@serve_json_or_csv(Asked)
def describe_tables(request: HttpRequest, asked: Query[Asked]) -> EndpointResult:
    """The tables that this snapshot has, with what each column means, its type and its unit."""
    snapshot = snapshot_access.get_snapshot(request)
    told = [_describe_table(request, snapshot, table) for table in table_rows.list_tables(snapshot)]
    rows = [(one["name"], one["meaning"], one["rows"], *column.values()) for one in told for column in one["columns"]]
    return EndpointResult({"tables": told}, TABLES_CSV_HEADING, rows, "tables")


def _describe_table(request: HttpRequest, snapshot: snapshot_access.Snapshot, table: TableDefinition) -> dict[str, Any]:
    href = request.build_absolute_uri(f"{API_PATH}/tables/{table.name}") if table_rows.has_row_access(table) else None
    columns = [{name: getattr(field, name) for name in COLUMN_FIELDS} for field in table.fields]
    return {
        "name": table.name, "meaning": table.meaning, "key": list(table.key), "rows": table_rows.count_rows(snapshot, table),
        "filters": list(table_rows.list_filter_columns(table)), "data": href, "columns": columns,
    }  # fmt: skip


class TableRowsParameters(PageParameters):
    """Which rows of a table."""

    after: str | None = Field(
        None, max_length=MAX_FILTER_CHARACTERS, description="The place to go on from, out of `links.next`."
    )


def _make_rows_endpoint(table: TableDefinition) -> Any:
    """The endpoint of one table."""
    filters = {name: (str | None, _make_filter_field(table, name)) for name in table_rows.list_filter_columns(table)}
    asked_of = create_model(f"Rows_{table.name}", __base__=TableRowsParameters, **filters)  # type: ignore[call-overload]  # made of names

    @serve_json_or_csv(asked_of)
    def rows(request: HttpRequest, asked: Query[asked_of]) -> EndpointResult:  # type: ignore[valid-type]  # a type made at run time
        snapshot = snapshot_access.get_snapshot(request)
        if table not in table_rows.list_tables(snapshot):
            raise RequestRefused(
                404, _("This snapshot has no table %s.") % table.name, _("The tables are at /api/v1/tables.")
            )
        only = {name: value for name in filters if (value := getattr(asked, name)) is not None}
        after = _decode_cursor(snapshot, table, only, asked)
        found = table_rows.read_rows_page(snapshot, table, only, after, asked.size)  # type: ignore[attr-defined]  # of Walk
        links = {}
        if found.next:
            links["next"] = build_request_url(request, after=_encode_cursor(snapshot, table, only, found.next))
        told = [{name: _format_json_value(value) for name, value in row.items()} for row in found.rows]
        body = {"table": table.name, "rows_in_table": table_rows.count_rows(snapshot, table), "rows": told}
        return EndpointResult(
            body, table.names, [[row[name] for name in table.names] for row in found.rows], table.name, links
        )

    return rows


def _make_filter_field(table: TableDefinition, name: str) -> Any:
    told = f"Only rows with exactly this value. {table.field(name).meaning.capitalize()}."
    return Field(None, max_length=MAX_FILTER_CHARACTERS, description=told)


def _build_rows_schema(table: TableDefinition) -> dict[str, Any]:
    """The form of a page of a table's rows: that of the standard, in full."""
    row = {name: value for name, value in make_json_schema(table).items() if name != "$schema"}
    told = {
        "table": {"const": table.name},
        "rows_in_table": {"type": "integer", "description": "Of the whole table, whatever was asked for."},
        "rows": {"type": "array", "items": row},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
        "about": {"$ref": "#/components/schemas/About"},
    }
    return {"type": "object", "properties": told, "required": list(told)}


for _one in SDES_TABLES.values():
    if table_rows.has_row_access(_one):
        router.get(
            f"/tables/{_one.name}", operation_id=f"rows_{_one.name}", url_name=f"rows-{_one.name}",
            summary=f"Rows of {_one.name}", response=schemas.Told,
            openapi_extra={"responses": {200: {"content": {JSON_MEDIA_TYPE: {"schema": _build_rows_schema(_one)}}}}},
            description=f"{_one.meaning} In the order of their key, a page at a time. Every page but the last has as many rows as"
            " you ask for; the last one has no `next` among its links.",
        )(_make_rows_endpoint(_one))  # fmt: skip


@router.get("/tables/{name}", include_in_schema=False)
def refuse_table_without_rows(request: HttpRequest, name: str) -> None:
    """Say why a name has no rows here: the table's rows belong to no single record, or there is no such table."""
    if name in SDES_TABLES:
        detail = _("Rows of the table %s are of whole lists, files or publishers, and cannot be asked for.") % name
        raise RequestRefused(404, detail, _("Take the table from /downloads/."))
    raise RequestRefused(404, _("There is no table %s.") % quote_input(name), _("The tables are at /api/v1/tables."))


def _encode_cursor(
    snapshot: snapshot_access.Snapshot, table: TableDefinition, only: dict[str, str], key: tuple[Any, ...]
) -> str:
    told = json.dumps([snapshot.name, table.name, _hash_filters(only), *key], ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode("utf-8", "backslashreplace")).decode().rstrip("=")


def _hash_filters(only: dict[str, str]) -> str:
    """What tells one choice of rows from another, in few signs: values can be long."""
    return hashlib.sha256(json.dumps(only, sort_keys=True).encode()).hexdigest()[:16]


def _decode_cursor(
    snapshot: snapshot_access.Snapshot, table: TableDefinition, only: dict[str, str], asked: Any
) -> list[Any] | None:
    """Return the key to go on after; Refused where it is of another snapshot, or of another question."""
    if asked.after is None:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(f"{asked.after}{'=' * (-len(asked.after) % 4)}"))
        key: list[Any]
        name, of, were, *key = told
        if (name, of, were) == (snapshot.name, table.name, _hash_filters(only)) and _is_key(table, key):
            return key
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass
    raise RequestRefused(
        409, _("The place “after” is not one in these rows as they are now: a new snapshot may have been built since."),
        _("Begin again without “after”. For all rows at once, take the files at /downloads/."),
    )  # fmt: skip


def _is_key(table: TableDefinition, values: list[Any]) -> bool:
    """Return whether these can be the values of the table's key: whole numbers of 64 bits, and texts that UTF-8 holds."""
    for name, value in zip(table.key, values, strict=True):
        if table.field(name).type == "integer":
            if type(value) is not int or abs(value) >= 2**63:
                return False
        else:
            value.encode()
    return True


def _format_json_value(value: Any) -> Any:
    """A value as the standard's JSON has it: money as text, times with Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
