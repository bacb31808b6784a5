"""The page of what changed without a notice: one edit, three, none; the same as a file; and the record's own pointer to it."""

import csv
import io
import re
import shutil
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.merge.release_factory import build, load, make_money, make_party, make_release
from tests.size import bound_examples
from tests.website.data_quality.conftest import make_ocid
from tests.website.pages import read_text
from threepoint.store import history
from website.data_quality import unannounced_changes_page

HOSTILE = "=cmd|<script>alert(1)</script>"
DAYS = {"notices.jsonl": datetime(2026, 9, 3, 10, tzinfo=UTC), "edited.jsonl": datetime(2026, 10, 5, 11, tzinfo=UTC)}


def make_notice(number, net=5, title="Case work", **more):
    parties = [make_party("b", "Home Office", "GB-GOR-D16", roles="buyer")]
    return make_release(make_ocid(number), f"2026-03-{number:02d}", "UK7", id=f"{number:06d}-2026",
                   parties=parties, tender={"title": title},
                   contracts=[{"id": "1", "status": "active", "value": make_money(net), **more}])  # fmt: skip


def build_store(root, *loads):
    with pytest.MonkeyPatch.context() as patch:
        for name, releases in loads:
            patch.setattr(history, "get_log_timestamp", lambda name=name: DAYS[name].isoformat())
            load(root, releases, name)
    return build(root).root


ALL = [make_notice(number) for number in range(1, 9)]


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    return build_store(
        tmp_path_factory.mktemp("one") / "store", ("notices.jsonl", ALL), ("edited.jsonl", [make_notice(2, 7)])
    )


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Two edits and a notice that is gone; what the second edit says is made to do harm."""
    again = [
        make_notice(2, 7), make_notice(3, 5, HOSTILE, endDate="x"),
        *(one for at, one in enumerate(ALL, 1) if at not in (2, 3, 5)),
    ]  # fmt: skip
    return build_store(tmp_path_factory.mktemp("three") / "store", ("notices.jsonl", ALL), ("notices.jsonl", again))


@pytest.fixture
def at(settings):
    """Opens the page of a store; the database is asked for nothing."""

    def get(store, address="/changes/", **asked):
        settings.STORE = store
        cache.clear()
        return Client().get(address, asked)

    return get


def test_an_edit_shows_old_and_new_its_notice_and_both_files(at, one):
    said = read_text(at(one))
    assert "1 silent edit and 0 vanished notices are known." in said
    assert (
        "Case work Silent edit. Notice 000002-2026, published by Find a Tender, 2 March 2026. One content was read from"
        " notices.jsonl (read on 3 September 2026, 10:00 UTC), another under the same id from edited.jsonl"
        " (read on 5 October 2026, 11:00 UTC)."
        " What differs in notice 000002-2026 Field Before After contract 1: value net 5 7" in said
    )


def test_edits_and_vanished_notices_stand_together(at, three):
    said = read_text(at(three))
    assert "2 silent edits and 1 vanished notice are known." in said
    assert (
        "No longer in its file. Notice 000005-2026, published by Find a Tender, 5 March 2026. It stood in notices.jsonl"
        in said
    )
    assert "We keep it, and still count it." in said
    assert re.findall(r"Notice (0\d{5}-2026)", said) == ["000005-2026", "000003-2026", "000002-2026"]


def test_what_was_published_is_text_and_nothing_else(at, three):
    page = at(three).content.decode()
    assert "<script>alert" not in page
    assert "=cmd|" in page


def test_the_file_has_every_field_and_no_formula(at, three):
    answer = at(three, form="csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "changed-without-a-notice.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["kind"], row["notice"], row["field"], row["old value"], row["new value"]) for row in rows] == [
        ("vanished notice", "000005-2026", "", "", ""),
        ("silent edit", "000003-2026", "title", "Case work", f"'{HOSTILE}"),
        ("silent edit", "000002-2026", "value_net", "5.00", "7.00"),
    ]
    assert {row["later file read on"] for row in rows} == {"2026-09-03T10:00:00+00:00"}


def test_a_store_without_any_says_what_that_means(at, small_store):
    said = read_text(at(small_store))
    assert "0 silent edits and 0 vanished notices are known." in said
    assert "No change without a notice is known In the files that were loaded here" in said
    assert "What you can do next: What was loaded" in said


def test_a_record_points_to_its_own_changes(at, three):
    for address in (f"/processes/{make_ocid(2)}", f"/contracts/{make_ocid(2)}/contracts/1"):
        page = at(three, address)
        assert "1 notice was given other content without saying so." in read_text(page)
        assert f'href="/changes/?of={make_ocid(2)}"' in page.content.decode()
    assert "without saying so" not in read_text(at(three, f"/processes/{make_ocid(1)}"))
    said = read_text(at(three, of=make_ocid(2)))
    assert "1 silent edit and 0 vanished notices are known." in said
    assert f"Only those of the procurement {make_ocid(2)} are shown. Show all" in said


def test_a_record_lists_what_an_edit_changed(at, one):
    assert "Changed without a new notice (1)" in read_text(at(one, f"/processes/{make_ocid(2)}"))


def test_a_list_in_pages_says_how_many_there_are(at, three, monkeypatch):
    monkeypatch.setattr(unannounced_changes_page, "CHANGES_PER_PAGE", 2)
    pages = [read_text(at(three, page=str(number))) for number in (1, 2, 99)]
    assert "Shown: 1 to 2 of 3, what we read last first." in pages[0]
    assert "Shown: 3 to 3 of 3, what we read last first." in pages[1]
    assert pages[1] == pages[2]


def test_publishers_are_a_way_to_narrow_it(at, tmp_path):
    finder = [{**one, "ocid": one["ocid"].replace("h6vhtk-", "b5fd17-00000000-0000-0000-0000-000000")} for one in ALL]
    edited = [{**finder[0], "language": "cy"}]
    store = build_store(
        tmp_path / "store", ("notices.jsonl", [*ALL, *finder]), ("edited.jsonl", [make_notice(2, 7), *edited])
    )
    assert "2 silent edits" in read_text(at(store))
    said = read_text(at(store, publisher="Contracts Finder"))
    assert "1 silent edit and 0" in said
    assert "All publishers Contracts Finder Find a Tender" in said
    assert read_text(at(store, publisher="Nobody")) == read_text(at(store))


def test_how_many_are_of_uk_publishers_is_said_where_not_all_are(at, tmp_path, three):
    example = [{**make_notice(1, 1), "ocid": "ocds-213czf-000-00001"}]
    store = build_store(
        tmp_path / "store", ("notices.jsonl", example), ("edited.jsonl", [{**example[0], "language": "cy"}])
    )
    assert "1 silent edit and 0 vanished notices are known, none of them of UK publishers." in read_text(at(store))
    assert "of UK publishers" not in read_text(at(three))


def test_a_file_that_the_log_no_longer_tells_is_named_by_its_hash(at, one, tmp_path):
    store = shutil.copytree(one, tmp_path / "store", symlinks=True)
    for path in (store / "history" / "log").glob("*.json"):
        path.unlink()
    assert re.search(r"read from the file with the sha256 [0-9a-f]{12}…, another", read_text(at(store)))


def test_a_log_that_may_not_be_read_costs_the_names_alone(at, one, monkeypatch):
    def refused(_):
        raise PermissionError

    monkeypatch.setattr(history, "read_committed_batches", refused)
    said = read_text(at(one))
    assert "One content was read from the file with the sha256 " in said
    assert "1 silent edit and 0 vanished notices are known." in said


def test_the_snapshots_that_are_kept_are_listed(at, one):
    said = read_text(at(one)).partition("Between snapshots")[2]
    assert re.search(r"\d{8}T\d{6}Z this one 30 June 2026 9 8 1 0 Older snapshots are removed.", said)


def test_the_database_is_asked_for_nothing_with_one_row_and_with_three(at, one, three, db, django_assert_num_queries):
    for store in (one, three):
        with django_assert_num_queries(0):
            assert at(store).status_code == 200


def test_sources_lead_there(at, one):
    assert 'href="/changes/"' in at(one, "/sources/").content.decode()


ASKED = st.dictionaries(
    st.sampled_from(["publisher", "of", "page", "form", "x"]),
    st.text(max_size=20) | st.sampled_from(["csv", "2", make_ocid(2)]),
)


@hypothesis_settings(max_examples=bound_examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=ASKED)
def test_any_question_has_an_answer(at, three, asked):
    assert at(three, **asked).status_code == 200
