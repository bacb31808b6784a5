"""Rules for every table of the standard and of the history, and for states and levels."""

import pytest

from threepoint.standard.definition import FIELD_TYPES, LEVEL_BY_MARK
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.schema_export import JSON_TYPES, PARQUET_TYPES, list_closed_codes
from threepoint.standard.sdes import LEVEL_WEIGHTS, SDES_TABLES, TABLE_GROUPS
from threepoint.standard.value_states import STATE_BY_CODE

ALL_TABLES = [
    *[pytest.param(table, id=f"sdes.{name}") for name, table in SDES_TABLES.items()],
    *[pytest.param(table, id=f"history.{name}") for name, table in HISTORY_TABLES.items()],
]


@pytest.mark.parametrize("table", ALL_TABLES)
def test_table_has_key_and_plain_typed_columns(table):
    assert table.key
    assert set(table.key) - set(table.names) == set()
    assert len(set(table.names)) == len(table.names)
    assert {field.type for field in table.fields} - FIELD_TYPES.keys() == set()
    assert {field.level for field in table.fields} - set(LEVEL_BY_MARK.values()) == set()
    assert [field.name for field in table.fields if not (field.source and field.meaning)] == []
    names = [table.name, *table.names]
    assert [name for name in names if not name.replace("_", "").isalnum() or name != name.lower()] == []
    assert {JSON_TYPES[field.type]["type"] for field in table.fields} <= {"string", "integer", "number", "boolean"}


def test_table_names_are_unique():
    assert len(SDES_TABLES) == sum(len(group.tables) for group in TABLE_GROUPS)


def test_subject_table_has_one_id_key():
    for table in (table for table in SDES_TABLES.values() if table.subject):
        assert len(table.key) == 1  # field_state has one column for the key
        assert table.field(table.key[0]).type == "id"
        assert table.judged


def test_list_closed_codes():
    assert list_closed_codes(SDES_TABLES["observation"], SDES_TABLES["observation"].field("rating"))[:2] == [
        "met",
        "slightlyBelow",
    ]
    assert list_closed_codes(SDES_TABLES["field_state"], SDES_TABLES["field_state"].field("state")) == list(
        STATE_BY_CODE
    )
    assert list_closed_codes(SDES_TABLES["contract"], SDES_TABLES["contract"].field("status")) == []


def test_level_weights_rise_with_the_level():
    assert LEVEL_WEIGHTS.keys() == set(LEVEL_BY_MARK.values())
    assert LEVEL_WEIGHTS["Core"] > LEVEL_WEIGHTS["Important"] > LEVEL_WEIGHTS["Useful"] > 0


def test_every_field_type_has_json_and_parquet_type():
    assert JSON_TYPES.keys() == PARQUET_TYPES.keys() == FIELD_TYPES.keys()


def test_states_have_words_and_only_due_states_are_filled():
    assert all(state.words and state.meaning for state in STATE_BY_CODE.values())
    assert [code for code, state in STATE_BY_CODE.items() if code != state.code] == []
    assert {code for code, state in STATE_BY_CODE.items() if state.filled} == {"observed", "derived"}
    assert {code for code, state in STATE_BY_CODE.items() if not state.due} == {
        "not_applicable", "not_yet_due", "below_notice_floor",
    }  # fmt: skip
    assert [code for code, state in STATE_BY_CODE.items() if state.filled and not state.due] == []
