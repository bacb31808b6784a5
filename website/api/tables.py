"""Endpoints for the tables of the standard: their descriptions, and their rows, a page at a time."""

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

from threepoint.presentation import formatting
from threepoint.standard.definition import TableDefinition
from threepoint.standard.schema_export import make_json_schema
from threepoint.standard.sdes import SDES_TABLES
from website.api import schemas
from website.api.problems import RequestRefused, quote_input
from website.api.responses import (
    JSON_MEDIA_TYPE,
    EndpointResult,
    FormatParameters,
    PageParameters,
    build_request_url,
    serve_json_or_csv,
)
from website.common import snapshot_access
from website.common.record_urls import API_PATH

MAX_FILTER_CHARACTERS = 1_000  # of a cursor or of a filter's value
router = Router()
table_rows = snapshot_access.table_rows
COLUMN_FIELDS = tuple(schemas.Column.model_fields)
TABLES_CSV_HEADING = ("table", "table_meaning", "rows", *COLUMN_FIELDS)


@router.get("/tables", response=schemas.Tables, operation_id="tables", url_name="tables", summary="The tables")
@serve_json_or_csv(FormatParameters)
def describe_tables(request: HttpRequest, parameters: Query[FormatParameters]) -> EndpointResult:
    """List the tables of this snapshot, with the meaning, type and unit of each column."""
    snapshot = snapshot_access.get_snapshot(request)
    tables = [_describe_table(request, snapshot, table) for table in table_rows.list_tables(snapshot)]
    rows = [
        (table["name"], table["meaning"], table["rows"], *column.values())
        for table in tables
        for column in table["columns"]
    ]
    return EndpointResult({"tables": tables}, TABLES_CSV_HEADING, rows, "tables")


def _describe_table(request: HttpRequest, snapshot: snapshot_access.Snapshot, table: TableDefinition) -> dict[str, Any]:
    href = request.build_absolute_uri(f"{API_PATH}/tables/{table.name}") if table_rows.has_row_access(table) else None
    columns = [{name: getattr(field, name) for name in COLUMN_FIELDS} for field in table.fields]
    return {
        "name": table.name, "meaning": table.meaning, "key": list(table.key), "rows": table_rows.count_rows(snapshot, table),
        "filters": list(table_rows.list_filter_columns(table)), "data": href, "columns": columns,
    }  # fmt: skip


class TableRowsParameters(PageParameters):
    """Parameters for the rows of a table."""

    after: str | None = Field(
        None, max_length=MAX_FILTER_CHARACTERS, description="Where the page starts; take it from `links.next`."
    )


def _make_rows_endpoint(table: TableDefinition) -> Any:
    filters = {name: (str | None, _make_filter_field(table, name)) for name in table_rows.list_filter_columns(table)}
    parameters_schema = create_model(f"Rows_{table.name}", __base__=TableRowsParameters, **filters)  # type: ignore[call-overload]  # fields by name

    @serve_json_or_csv(parameters_schema)
    def rows(request: HttpRequest, parameters: Query[parameters_schema]) -> EndpointResult:  # type: ignore[valid-type]  # a type made at run time
        snapshot = snapshot_access.get_snapshot(request)
        if table not in table_rows.list_tables(snapshot):
            raise RequestRefused(
                404, _("This snapshot has no table %s.") % table.name, _("The tables are at /api/v1/tables.")
            )
        only = {name: value for name in filters if (value := getattr(parameters, name)) is not None}
        after = _decode_cursor(snapshot, table, only, parameters.after)  # type: ignore[attr-defined]  # of TableRowsParameters
        page = table_rows.read_rows_page(snapshot, table, only, after, parameters.size)  # type: ignore[attr-defined]  # of PageParameters
        links = {}
        if page.next:
            links["next"] = build_request_url(request, after=_encode_cursor(snapshot, table, only, page.next))
        json_rows = [{name: _format_json_value(value) for name, value in row.items()} for row in page.rows]
        body = {"table": table.name, "rows_in_table": table_rows.count_rows(snapshot, table), "rows": json_rows}
        return EndpointResult(
            body, table.names, [[row[name] for name in table.names] for row in page.rows], table.name, links
        )

    return rows


def _make_filter_field(table: TableDefinition, name: str) -> Any:
    description = f"Only rows with exactly this value. {formatting.capitalise_text(table.field(name).meaning)}."
    return Field(None, max_length=MAX_FILTER_CHARACTERS, description=description)


def _build_rows_schema(table: TableDefinition) -> dict[str, Any]:
    """Return the JSON schema of a page of rows; a row has the standard's own schema."""
    row = {name: value for name, value in make_json_schema(table).items() if name != "$schema"}
    properties = {
        "table": {"const": table.name},
        "rows_in_table": {"type": "integer", "description": "The number of rows in the whole table, without filters."},
        "rows": {"type": "array", "items": row},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
        "about": {"$ref": "#/components/schemas/About"},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


for _table in SDES_TABLES.values():
    if table_rows.has_row_access(_table):
        router.get(
            f"/tables/{_table.name}", operation_id=f"rows_{_table.name}", url_name=f"rows-{_table.name}",
            summary=f"Rows of {_table.name}", response=schemas.AnswerBase,
            openapi_extra={"responses": {200: {"content": {JSON_MEDIA_TYPE: {"schema": _build_rows_schema(_table)}}}}},
            description=f"{_table.meaning} Rows are in the order of their key, a page at a time. Every page except the last has as"
            " many rows as you ask for. The last page has no `next` among its links.",
        )(_make_rows_endpoint(_table))  # fmt: skip


@router.get("/tables/{name}", include_in_schema=False)
def refuse_table_without_rows(request: HttpRequest, name: str) -> None:
    """Refuse a table whose rows belong to no single record, or a name that is not a table."""
    if name in SDES_TABLES:
        detail = _("You cannot request rows of the table %s: they belong to whole lists, files or publishers.") % name
        raise RequestRefused(404, detail, _("Download the table from /downloads/."))
    raise RequestRefused(404, _("There is no table %s.") % quote_input(name), _("The tables are at /api/v1/tables."))


def _encode_cursor(
    snapshot: snapshot_access.Snapshot, table: TableDefinition, only: dict[str, str], key: tuple[Any, ...]
) -> str:
    cursor = json.dumps([snapshot.name, table.name, _hash_filters(only), *key], ensure_ascii=False)
    return base64.urlsafe_b64encode(cursor.encode("utf-8", "backslashreplace")).decode().rstrip("=")


def _hash_filters(only: dict[str, str]) -> str:
    """Return a short hash that identifies the filters, because their values can be long."""
    return hashlib.sha256(json.dumps(only, sort_keys=True).encode()).hexdigest()[:16]


def _decode_cursor(
    snapshot: snapshot_access.Snapshot, table: TableDefinition, only: dict[str, str], after: str | None
) -> list[Any] | None:
    """Return the key after which the page starts. Refuse a cursor of another snapshot, table or filter."""
    if after is None:
        return None
    try:
        key: list[Any]
        snapshot_name, table_name, filters_hash, *key = json.loads(
            base64.urlsafe_b64decode(f"{after}{'=' * (-len(after) % 4)}")
        )
        identity = (snapshot_name, table_name, filters_hash)
        if identity == (snapshot.name, table.name, _hash_filters(only)) and _is_key(table, key):
            return key
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass
    raise RequestRefused(
        409, _("The value of “after” does not fit these rows: a new snapshot may have been built since you got it."),
        _("Start again without “after”. To get all rows at once, download the files at /downloads/."),
    )  # fmt: skip


def _is_key(table: TableDefinition, values: list[Any]) -> bool:
    """Return True if these can be the values of the table's key: 64-bit integers, and texts that UTF-8 can encode."""
    for name, value in zip(table.key, values, strict=True):
        if table.field(name).type == "integer":
            if type(value) is not int or abs(value) >= 2**63:
                return False
        else:
            value.encode()
    return True


def _format_json_value(value: Any) -> Any:
    """Return a value as in the standard's JSON: money as text, times with Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
