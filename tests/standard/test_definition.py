"""How a table is drawn, and what happens to a line that is drawn wrong."""

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

names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
words = (
    st.text(st.characters(codec="utf-8", exclude_characters="|\r\n\x85\u2028\u2029"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
units = st.sampled_from(["", "GBP", "days", "1"])
marks = {level: mark for mark, level in LEVEL_BY_MARK.items()}


@given(
    st.builds(FieldDefinition, names, st.sampled_from([*FIELD_TYPES]), units, st.sampled_from([*marks]), words, words)
)
def test_a_field_survives_being_drawn(made):
    assert (
        parse_field(f"{made.name}{marks[made.level]} | {made.type} {made.unit} | {made.source} | {made.meaning}")
        == made
    )


def test_a_table_keeps_its_lines_in_order_and_marks_what_is_judged():
    drawn = define_table(
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
    assert drawn.names == ("book", "reader", "due", "back", "note")
    assert drawn.key == ("book", "reader")
    assert [judged.name for judged in drawn.judged] == ["due", "back"]
    assert drawn.field("back").level == "Important"


def test_a_history_table_of_one_place_begins_with_the_release_and_ends_with_the_order():
    drawn = define_history_table("loan", "A book lent.", "loans[]", "loan_id", "loan_id | id | id | the loan")
    assert drawn.names == ("release_key", "loan_id", "place")
    assert drawn.key == ("release_key", "loan_id")


def test_a_history_table_of_several_places_says_which_one_a_row_is_from():
    drawn = define_history_table(
        "loan", "A book lent.", "loans[] shelf/loans[]", "loan_id", "loan_id | id | id | the loan"
    )
    assert drawn.names == ("release_key", "section", "loan_id", "place")
    assert drawn.key == ("release_key", "section", "loan_id")
