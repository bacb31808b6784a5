"""What holds for every check: a reference page is made of them, and coverage and SQL lean on them."""

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


def test_checks_of_a_subject_stand_together_and_are_few_enough():
    runs = [(subject, len(list(each))) for subject, each in groupby(found.subject for found in ALL)]
    assert [subject for subject, _ in runs] == list(ROW_BUILDERS_BY_SUBJECT)
    assert max(count for _, count in runs) <= MAX_CHECKS_PER_SUBJECT


def test_every_table_that_is_needed_is_one_of_the_standard():
    assert set(CHECK_INPUT_TABLES) <= set(STORED_TABLES)
    assert set(ROW_BUILDERS_BY_SUBJECT) - {"dataset"} <= set(CHECK_INPUT_TABLES)


def test_each_check_is_told_in_whole_sentences_of_two_values_at_most():
    for found in ALL:
        assert found.id.split("-")[0] in QUESTION_BY_CHECK_KIND, found.id
        assert found.severity in MEANING_BY_SEVERITY, found.id
        spoken = "".join(text for text, *_ in string.Formatter().parse(found.says))
        assert [text for text in (found.meaning, spoken) if not text.endswith(".") or "_" in text] == [], found.id
        assert found.source.startswith(("Pelican: ", "ours", "Procurement Act 2023", "Companies House")), found.id
        assert len(found.names) * 2 <= len({slot[1] for slot in TYPE_BY_SLOT}) * 2 == 4
        assert CELL_SEPARATOR not in found.says + found.id


def test_the_fields_of_a_check_are_fields_of_its_table():
    for found in ALL:
        table = SDES_TABLES.get(found.subject)
        assert not found.fields or set(found.fields) <= set(table.names), found.id
        if found.severity == "critical" and table and table.subject:
            assert found.fields, found.id
            assert set(found.fields) <= {field.name for field in table.judged}, found.id


def test_results_and_summary_have_the_columns_of_the_standard():
    results, summary = check.run_all_checks(
        {name: ibis.table(make_schema(STORED_TABLES[name]), name=name) for name in CHECK_INPUT_TABLES}, AS_OF
    )
    assert set(results.columns) == set(SDES_TABLES["dq_result"].names)
    assert set(summary.columns) == set(SDES_TABLES["check_summary"].names)
