"""What holds for every check: a reference page is made of them, and coverage and SQL lean on them."""

import string
from itertools import groupby

import pytest

from tests.check.drawn import AS_OF, schema_of
from threepoint import check
from threepoint.check.asked import APART, MOST
from threepoint.check.model import KINDS, SEVERITIES
from threepoint.check.registry import CHECKS, NEEDED, SUBJECTS
from threepoint.check.words import SLOTS
from threepoint.standard.sdes import SDES
from threepoint.standard.state_tables import STORED_TABLES

ALL = list(CHECKS.values())


def ids(found):
    return found.id


def test_checks_of_a_subject_stand_together_and_are_few_enough():
    runs = [(subject, len(list(each))) for subject, each in groupby(found.subject for found in ALL)]
    assert [subject for subject, _ in runs] == list(SUBJECTS)
    assert max(count for _, count in runs) <= MOST


def test_every_table_that_is_needed_is_one_of_the_standard():
    assert set(NEEDED) <= set(STORED_TABLES)
    assert set(SUBJECTS) - {"dataset"} <= set(NEEDED)


@pytest.mark.parametrize("found", ALL, ids=ids)
def test_a_check_is_told_in_whole_sentences(found):
    assert found.id.split("-")[0] in KINDS
    assert found.severity in SEVERITIES
    spoken = "".join(text for text, *_ in string.Formatter().parse(found.says))
    for text in (found.meaning, spoken):
        assert text.endswith(".")
        assert "_" not in text
    assert found.source.startswith(("Pelican: ", "ours", "Procurement Act 2023", "Companies House"))


@pytest.mark.parametrize("found", ALL, ids=ids)
def test_a_sentence_has_two_values_at_most_and_no_mark_of_ours(found):
    assert len(found.names) * 2 <= len({slot[1] for slot in SLOTS}) * 2 == 4
    assert APART not in found.says + found.id


@pytest.mark.parametrize("found", [found for found in ALL if found.fields], ids=ids)
def test_the_fields_of_a_check_are_fields_of_its_table(found):
    table = SDES[found.subject]
    assert set(found.fields) <= set(table.names)
    if found.severity == "critical" and table.subject:
        assert set(found.fields) <= {field.name for field in table.judged}


def test_a_critical_check_of_a_graded_table_says_which_fields_it_makes_unusable():
    graded = {table.name for table in SDES.values() if table.subject}
    assert [
        found.id for found in ALL if found.severity == "critical" and found.subject in graded and not found.fields
    ] == []


def test_a_table_that_is_missing_is_named():
    import ibis

    tables = {name: ibis.table(schema_of(STORED_TABLES[name]), name=name) for name in NEEDED if name != "lot"}
    with pytest.raises(KeyError, match="lot"):
        check.dq(tables, AS_OF)


def test_results_and_summary_have_the_columns_of_the_standard(ask):
    results, summary = check.dq(ask.tables, AS_OF)
    assert set(results.columns) == set(SDES["dq_result"].names)
    assert set(summary.columns) == set(SDES["check_summary"].names)
