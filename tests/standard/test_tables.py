"""What holds for every table of the standard and of the history."""

import pytest

from threepoint.standard.definition import LEVELS, TYPES
from threepoint.standard.field_states import STATES
from threepoint.standard.history_tables import HISTORY
from threepoint.standard.schema_export import JSON, PARQUET, closed
from threepoint.standard.sdes import GROUPS, LEVEL_WEIGHTS, SDES

EVERY = [
    *[pytest.param(table, id=f"sdes.{name}") for name, table in SDES.items()],
    *[pytest.param(table, id=f"history.{name}") for name, table in HISTORY.items()],
]


@pytest.mark.parametrize("table", EVERY)
def test_table_has_a_key_and_plain_typed_columns(table):
    assert table.key
    assert set(table.key) - set(table.names) == set()
    assert len(set(table.names)) == len(table.names)
    assert {field.type for field in table.fields} - TYPES.keys() == set()
    assert {field.level for field in table.fields} - set(LEVELS.values()) == set()
    assert [field.name for field in table.fields if not (field.source and field.meaning)] == []
    words = [table.name, *table.names]
    assert [word for word in words if not word.replace("_", "").isalnum() or word != word.lower()] == []
    assert {JSON[field.type]["type"] for field in table.fields} <= {"string", "integer", "number", "boolean"}


def test_no_two_tables_have_one_name():
    assert len(SDES) == sum(len(group.tables) for group in GROUPS)


def test_a_subject_is_told_by_one_text():
    for table in (table for table in SDES.values() if table.subject):
        assert len(table.key) == 1  # field_state has one column for it
        assert table.field(table.key[0]).type == "id"
        assert table.judged


def test_every_list_that_is_closed_is_a_list_of_a_column_there_is():
    assert closed(SDES["observation"], SDES["observation"].field("rating"))[:2] == ["met", "slightlyBelow"]
    assert closed(SDES["field_state"], SDES["field_state"].field("state")) == list(STATES)
    assert closed(SDES["contract"], SDES["contract"].field("status")) == []


def test_every_level_has_a_weight_and_a_better_one_weighs_more():
    assert LEVEL_WEIGHTS.keys() == set(LEVELS.values())
    assert LEVEL_WEIGHTS["Core"] > LEVEL_WEIGHTS["Important"] > LEVEL_WEIGHTS["Useful"] > 0


def test_every_type_is_written_down_everywhere():
    assert JSON.keys() == PARQUET.keys() == TYPES.keys()


def test_every_state_has_words_and_is_counted_one_way():
    assert all(state.words and state.meaning for state in STATES.values())
    assert [code for code, state in STATES.items() if code != state.code] == []
    assert {code for code, state in STATES.items() if state.filled} == {"observed", "derived"}
    assert {code for code, state in STATES.items() if not state.due} == {
        "not_applicable", "not_yet_due", "below_notice_floor",
    }  # fmt: skip
    assert [code for code, state in STATES.items() if state.filled and not state.due] == []
