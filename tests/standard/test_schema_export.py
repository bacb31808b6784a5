"""The schemas made of each table: valid themselves, taking rows that fit and refusing rows that do not."""

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

FIT = {
    "id": "a-1", "text": "some words", "code": "a", "list": "a; b", "any": "12.5", "integer": 3, "number": 1.5,
    "share": 0.5, "money": "1250000.00", "boolean": True, "date": "2026-03-01", "timestamp": "2026-03-01T09:30:00Z",
    "key": -(2**63),
}  # fmt: skip  # pairs read better in lines than in a column
UNFIT = {
    "id": 1, "text": 1, "code": 1, "list": ["a", "b"], "any": 12.5, "integer": 1.5, "number": "1.5", "share": 1.5,
    "money": 1250000.0, "boolean": "yes", "date": "01/03/2026", "timestamp": "2026-03-01", "key": "1",
}  # fmt: skip  # pairs read better in lines than in a column

tables = pytest.mark.parametrize("drawn", [pytest.param(drawn, id=name) for name, drawn in SDES_TABLES.items()])


def make_validator(drawn):
    return jsonschema_rs.validator_for(make_json_schema(drawn), validate_formats=True)


def make_row(drawn):
    """A row with a fitting value in every column."""
    return {field.name: (list_closed_codes(drawn, field) or [FIT[field.type]])[0] for field in drawn.fields}


@tables
def test_json_schema_takes_rows_that_fit_and_refuses_others(drawn):
    assert jsonschema_rs.meta.is_valid(make_json_schema(drawn))
    row, check = make_row(drawn), make_validator(drawn)
    check.validate(row)
    check.validate({name: row[name] if name in drawn.key else None for name in row})
    check.validate({name: row[name] for name in drawn.key})
    assert [field.name for field in drawn.fields if check.is_valid(row | {field.name: UNFIT[field.type]})] == []
    without = [{name: row[name] for name in row if name != key} for key in drawn.key]
    assert [key for key, less in zip(drawn.key, without, strict=True) if check.is_valid(less)] == []
    assert [key for key in drawn.key if check.is_valid(row | {key: None})] == []
    assert not check.is_valid(row | {"no such column": 1})


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
def test_an_amount_is_a_text_with_its_pence(fine):
    assert make_validator(LOAN).is_valid({"loan_id": "1", "fine": fine})


@pytest.mark.parametrize("fine", ["1", "1.5", "1.005", "01.00", "1,000.00", "£1.00", "10000000000000000.00", 1, ""])
def test_no_other_text_is_an_amount(fine):
    assert not make_validator(LOAN).is_valid({"loan_id": "1", "fine": fine})


def test_a_key_of_one_text_is_never_empty():
    assert not make_validator(LOAN).is_valid({"loan_id": ""})


def test_a_part_of_a_longer_key_may_be_empty():
    whole = {"ocid": "ocds-213czf-1", "lot_id": "", "measure": "bids"}
    assert make_validator(SDES_TABLES["bid_statistic"]).is_valid(whole)


def test_a_word_outside_a_closed_list_is_refused():
    check = make_validator(LOAN)
    assert check.is_valid({"loan_id": "1", "state": "withheld_other"})
    assert not check.is_valid({"loan_id": "1", "state": "lost"})


def test_every_closed_list_belongs_to_a_column():
    for name in CLOSED_CODE_LISTS:
        drawn, column = name.split(".")
        assert SDES_TABLES[drawn].field(column).type == "code"


@tables
def test_its_table_schema_names_the_same_columns_and_key(drawn):
    made = make_frictionless_schema(drawn)
    assert tuple(column["name"] for column in made["fields"]) == drawn.names
    assert tuple(made["primaryKey"]) == drawn.key
    assert {column["type"] for column in made["fields"]} <= {
        "string", "integer", "number", "boolean", "date", "datetime",
    }  # fmt: skip


def test_a_table_schema_tells_what_is_missing_and_what_must_be_there():
    made = make_frictionless_schema(LOAN)
    fields = {column["name"]: column for column in made["fields"]}
    assert made["missingValues"] == [""]
    assert fields["loan_id"]["missingValues"] == []
    assert fields["loan_id"]["constraints"] == {"required": True, "minLength": 1}
    assert "constraints" not in fields["fine"]
    assert fields["fine"]["x-unit"] == "GBP"
    assert "disputed" in fields["state"]["constraints"]["enum"]


KINDS = define_table("kinds", "One of each.", "id_", "\n".join(f"{kind}_ | {kind} | ours | one" for kind in FIT))


def test_the_parquet_words_are_what_the_history_is_written_in(tmp_path):
    pq.write_table(create_arrow_schema(KINDS).empty_table(), tmp_path / "kinds.parquet", store_decimal_as_integer=True)
    assert read_stored(tmp_path / "kinds.parquet") == read_promised()


def test_the_parquet_words_are_what_a_snapshot_is_written_in(tmp_path):
    with open_connection(tmp_path / "scratch") as connection:
        create_history_views(connection, {"kinds": KINDS}, {})
        write_sorted_parquet(connection, KINDS, "history_kinds", tmp_path / "kinds.parquet")
    assert read_stored(tmp_path / "kinds.parquet") == read_promised()


def read_stored(path):
    """Physical and logical type of each column of a Parquet file; DuckDB says INT of an INT64, which adds nothing."""
    found = pq.ParquetFile(path).schema
    columns = [found.column(place) for place in range(len(found))]
    logical = {column.name: str(column.logical_type).split("(")[0].upper() for column in columns}
    return {c.name: (c.physical_type, "NONE" if logical[c.name] == "INT" else logical[c.name]) for c in columns}


def read_promised():
    """The same from our text."""
    physical = {"binary": "BYTE_ARRAY", "int32": "INT32", "int64": "INT64", "double": "DOUBLE", "boolean": "BOOLEAN"}
    lines = [line.strip(" ;").split() for line in make_parquet_schema(KINDS).splitlines()[1:-1]]
    logical = {name: words[0].strip("(").split("(")[0].strip(")") if words else "NONE" for _, _, name, *words in lines}
    return {name: (physical[kind], logical[name]) for _, kind, name, *_ in lines}
