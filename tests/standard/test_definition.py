"""Definitions of fields, tables and history tables."""

from hypothesis import given
from hypothesis import strategies as st

from threepoint.standard.definition import (
    FIELD_TYPES,
    LEVEL_BY_MARK,
    FieldDefinition,
    define_history_table,
    define_table,
    parse_field,
)

field_names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
texts = (
    st.text(st.characters(codec="utf-8", exclude_characters="|\r\n\x85\u2028\u2029"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
units = st.sampled_from(["", "GBP", "days", "1"])
marks = {level: mark for mark, level in LEVEL_BY_MARK.items()}


@given(
    st.builds(
        FieldDefinition, field_names, st.sampled_from([*FIELD_TYPES]), units, st.sampled_from([*marks]), texts, texts
    )
)
def test_parse_field_reads_written_field(field):
    line = f"{field.name}{marks[field.level]} | {field.type} {field.unit} | {field.source} | {field.meaning}"
    assert parse_field(line) == field


def test_define_table_keeps_field_order_and_levels():
    table = define_table(
        "loan",
        "A book lent.",
        "book reader",
        """
        book    | id   | ours    | the book
        reader* | id   | loan/to | the reader
        due*    | date | loan/by | to be returned by
        back+   | date | loan/at | returned
        note    | text | loan/on | remark
        """,
    )
    assert table.names == ("book", "reader", "due", "back", "note")
    assert table.key == ("book", "reader")
    assert [field.name for field in table.judged] == ["due", "back"]
    assert table.field("back").level == "Important"


def test_define_history_table_of_one_place_adds_release_and_place():
    table = define_history_table("loan", "A book lent.", "loans[]", "loan_id", "loan_id | id | id | the loan")
    assert table.names == ("release_key", "loan_id", "place")
    assert table.key == ("release_key", "loan_id")


def test_define_history_table_of_several_places_adds_section():
    table = define_history_table(
        "loan", "A book lent.", "loans[] shelf/loans[]", "loan_id", "loan_id | id | id | the loan"
    )
    assert table.names == ("release_key", "section", "loan_id", "place")
    assert table.key == ("release_key", "section", "loan_id")
