"""Schemas of tables: they are valid, accept valid rows and reject invalid rows."""

import jsonschema_rs
import pyarrow.parquet as pq
import pytest

from threepoint.standard.definition import define_table
from threepoint.standard.schema_export import (
    CLOSED_CODE_LISTS,
    list_closed_codes,
    make_frictionless_schema,
    make_json_schema,
    make_parquet_schema,
)
from threepoint.standard.sdes import SDES_TABLES
from threepoint.store.arrow_columns import create_arrow_schema
from threepoint.store.duckdb_engine import create_history_views, open_connection, write_sorted_parquet

VALID_VALUES = {
    "id": "a-1", "text": "some words", "code": "a", "list": "a; b", "any": "12.5", "integer": 3, "number": 1.5,
    "share": 0.5, "money": "1250000.00", "boolean": True, "date": "2026-03-01", "timestamp": "2026-03-01T09:30:00Z",
    "key": -(2**63),
}  # fmt: skip  # short pairs
INVALID_VALUES = {
    "id": 1, "text": 1, "code": 1, "list": ["a", "b"], "any": 12.5, "integer": 1.5, "number": "1.5", "share": 1.5,
    "money": 1250000.0, "boolean": "yes", "date": "01/03/2026", "timestamp": "2026-03-01", "key": "1",
}  # fmt: skip  # short pairs

each_table = pytest.mark.parametrize("table", [pytest.param(table, id=name) for name, table in SDES_TABLES.items()])


def make_validator(table):
    return jsonschema_rs.validator_for(make_json_schema(table), validate_formats=True)


def make_row(table):
    """Return a row with a valid value in every column."""
    return {field.name: (list_closed_codes(table, field) or [VALID_VALUES[field.type]])[0] for field in table.fields}


@each_table
def test_json_schema_accepts_valid_and_rejects_invalid_rows(table):
    assert jsonschema_rs.meta.is_valid(make_json_schema(table))
    row, validator = make_row(table), make_validator(table)
    validator.validate(row)
    validator.validate({name: row[name] if name in table.key else None for name in row})
    validator.validate({name: row[name] for name in table.key})
    assert [
        field.name for field in table.fields if validator.is_valid(row | {field.name: INVALID_VALUES[field.type]})
    ] == []
    incomplete_rows = [{name: row[name] for name in row if name != key} for key in table.key]
    assert [key for key, part in zip(table.key, incomplete_rows, strict=True) if validator.is_valid(part)] == []
    assert [key for key in table.key if validator.is_valid(row | {key: None})] == []
    assert not validator.is_valid(row | {"no such column": 1})


LOAN = define_table(
    "loan",
    "A book lent.",
    "loan_id",
    """
    loan_id | id        | ours | the loan
    fine    | money GBP | ours | to be paid
    state   | code      | ours | state of the fine
    """,
)


@pytest.mark.parametrize("fine", ["0.00", "-0.05", "9999999999999999.99", None])
def test_json_schema_accepts_amount_as_text_with_pence(fine):
    assert make_validator(LOAN).is_valid({"loan_id": "1", "fine": fine})


@pytest.mark.parametrize("fine", ["1", "1.5", "1.005", "01.00", "1,000.00", "£1.00", "10000000000000000.00", 1, ""])
def test_json_schema_rejects_other_amounts(fine):
    assert not make_validator(LOAN).is_valid({"loan_id": "1", "fine": fine})


def test_json_schema_rejects_empty_sole_key():
    assert not make_validator(LOAN).is_valid({"loan_id": ""})


def test_json_schema_accepts_empty_part_of_longer_key():
    row = {"ocid": "ocds-213czf-1", "lot_id": "", "measure": "bids"}
    assert make_validator(SDES_TABLES["bid_statistic"]).is_valid(row)


def test_json_schema_rejects_code_outside_closed_list():
    validator = make_validator(LOAN)
    assert validator.is_valid({"loan_id": "1", "state": "withheld_other"})
    assert not validator.is_valid({"loan_id": "1", "state": "lost"})


def test_closed_code_lists_belong_to_columns():
    for name in CLOSED_CODE_LISTS:
        table, column = name.split(".")
        assert SDES_TABLES[table].field(column).type == "code"


@each_table
def test_frictionless_schema_has_same_columns_and_key(table):
    schema = make_frictionless_schema(table)
    assert tuple(column["name"] for column in schema["fields"]) == table.names
    assert tuple(schema["primaryKey"]) == table.key
    assert {column["type"] for column in schema["fields"]} <= {
        "string", "integer", "number", "boolean", "date", "datetime",
    }  # fmt: skip


def test_frictionless_schema_has_missing_values_and_constraints():
    schema = make_frictionless_schema(LOAN)
    fields = {column["name"]: column for column in schema["fields"]}
    assert schema["missingValues"] == [""]
    assert fields["loan_id"]["missingValues"] == []
    assert fields["loan_id"]["constraints"] == {"required": True, "minLength": 1}
    assert "constraints" not in fields["fine"]
    assert fields["fine"]["x-unit"] == "GBP"
    assert "disputed" in fields["state"]["constraints"]["enum"]


KINDS = define_table(
    "kinds", "One of each.", "id_", "\n".join(f"{kind}_ | {kind} | ours | one" for kind in VALID_VALUES)
)


def test_parquet_schema_matches_history_files(tmp_path):
    pq.write_table(create_arrow_schema(KINDS).empty_table(), tmp_path / "kinds.parquet", store_decimal_as_integer=True)
    assert read_file_types(tmp_path / "kinds.parquet") == read_schema_types()


def test_parquet_schema_matches_snapshot_files(tmp_path):
    with open_connection(tmp_path / "scratch") as connection:
        create_history_views(connection, {"kinds": KINDS}, {})
        write_sorted_parquet(connection, KINDS, "history_kinds", tmp_path / "kinds.parquet")
    assert read_file_types(tmp_path / "kinds.parquet") == read_schema_types()


def read_file_types(path):
    """Return the physical and logical type of each column of a Parquet file, without the INT that DuckDB adds to INT64."""
    schema = pq.ParquetFile(path).schema
    columns = [schema.column(index) for index in range(len(schema))]
    logical = {column.name: str(column.logical_type).split("(")[0].upper() for column in columns}
    return {c.name: (c.physical_type, "NONE" if logical[c.name] == "INT" else logical[c.name]) for c in columns}


def read_schema_types():
    """Return the physical and logical type of each column of the exported schema text."""
    physical = {"binary": "BYTE_ARRAY", "int32": "INT32", "int64": "INT64", "double": "DOUBLE", "boolean": "BOOLEAN"}
    lines = [line.strip(" ;").split() for line in make_parquet_schema(KINDS).splitlines()[1:-1]]
    logical = {name: words[0].strip("(").split("(")[0].strip(")") if words else "NONE" for _, _, name, *words in lines}
    return {name: (physical[kind], logical[name]) for _, kind, name, *_ in lines}
