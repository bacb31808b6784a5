"""Rules for every check, on which the coverage grade and the SQL of the checks depend."""

import string
from itertools import groupby

import ibis

from tests.check.check_tables import AS_OF, make_schema
from threepoint import check
from threepoint.check.check_queries import CELL_SEPARATOR, MAX_CHECKS_PER_SUBJECT
from threepoint.check.definition import MEANING_BY_SEVERITY, QUESTION_BY_CHECK_KIND
from threepoint.check.message_sql import TYPE_BY_SLOT
from threepoint.check.registry import CHECK_INPUT_TABLES, CHECKS_BY_ID, ROW_BUILDERS_BY_SUBJECT
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import STORED_TABLES

ALL = list(CHECKS_BY_ID.values())


def test_checks_of_a_subject_are_adjacent_and_few():
    runs = [(subject, len(list(checks))) for subject, checks in groupby(tested.subject for tested in ALL)]
    assert [subject for subject, _ in runs] == list(ROW_BUILDERS_BY_SUBJECT)
    assert max(count for _, count in runs) <= MAX_CHECKS_PER_SUBJECT


def test_check_input_tables_are_in_the_standard():
    assert set(CHECK_INPUT_TABLES) <= set(STORED_TABLES)
    assert set(ROW_BUILDERS_BY_SUBJECT) - {"dataset"} <= set(CHECK_INPUT_TABLES)


def test_checks_have_whole_sentences_and_two_values():
    for tested in ALL:
        assert tested.id.split("-")[0] in QUESTION_BY_CHECK_KIND, tested.id
        assert tested.severity in MEANING_BY_SEVERITY, tested.id
        message_text = "".join(text for text, *_ in string.Formatter().parse(tested.says))
        assert [text for text in (tested.meaning, message_text) if not text.endswith(".") or "_" in text] == [], (
            tested.id
        )
        assert tested.source.startswith(("Pelican: ", "ours", "Procurement Act 2023", "Companies House")), tested.id
        assert len(tested.names) * 2 <= len({slot[1] for slot in TYPE_BY_SLOT}) * 2 == 4
        assert CELL_SEPARATOR not in tested.says + tested.id


def test_check_fields_belong_to_its_table():
    for tested in ALL:
        table = SDES_TABLES.get(tested.subject)
        assert not tested.fields or set(tested.fields) <= set(table.names), tested.id
        if tested.severity == "critical" and table and table.subject:
            assert tested.fields, tested.id
            assert set(tested.fields) <= {field.name for field in table.judged}, tested.id


def test_run_all_checks_returns_standard_columns():
    results, summary = check.run_all_checks(
        {name: ibis.table(make_schema(STORED_TABLES[name]), name=name) for name in CHECK_INPUT_TABLES}, AS_OF
    )
    assert set(results.columns) == set(SDES_TABLES["dq_result"].names)
    assert set(summary.columns) == set(SDES_TABLES["check_summary"].names)
