"""Tests of the page and file of unannounced changes, and of the links from records to it."""

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
READ_AT = {"notices.jsonl": datetime(2026, 9, 3, 10, tzinfo=UTC), "edited.jsonl": datetime(2026, 10, 5, 11, tzinfo=UTC)}


def make_notice(number, net=5, title="Case work", **more):
    parties = [make_party("b", "Home Office", "GB-GOR-D16", roles="buyer")]
    return make_release(make_ocid(number), f"2026-03-{number:02d}", "UK7", id=f"{number:06d}-2026",
                   parties=parties, tender={"title": title},
                   contracts=[{"id": "1", "status": "active", "value": make_money(net), **more}])  # fmt: skip


def build_store(root, *loads):
    with pytest.MonkeyPatch.context() as patch:
        for name, releases in loads:
            patch.setattr(history, "get_log_timestamp", lambda name=name: READ_AT[name].isoformat())
            load(root, releases, name)
    return build(root).root


NOTICES = [make_notice(number) for number in range(1, 9)]


@pytest.fixture(scope="module")
def store_with_edit(tmp_path_factory):
    return build_store(
        tmp_path_factory.mktemp("one") / "store", ("notices.jsonl", NOTICES), ("edited.jsonl", [make_notice(2, 7)])
    )


@pytest.fixture(scope="module")
def store_with_three(tmp_path_factory):
    """A store with two silent edits, one of them with hostile content, and a vanished notice."""
    second_version = [
        make_notice(2, 7), make_notice(3, 5, HOSTILE, endDate="x"),
        *(notice for number, notice in enumerate(NOTICES, 1) if number not in (2, 3, 5)),
    ]  # fmt: skip
    return build_store(
        tmp_path_factory.mktemp("three") / "store", ("notices.jsonl", NOTICES), ("notices.jsonl", second_version)
    )


@pytest.fixture
def get_page(settings):
    """A function that requests a page of a store. It fails on database queries."""

    def get(store, path="/changes/", **query):
        settings.STORE = store
        cache.clear()
        return Client().get(path, query)

    return get


def test_silent_edit_shows_values_notice_and_files(get_page, store_with_edit):
    text = read_text(get_page(store_with_edit))
    assert "1 silent edit and 0 vanished notices." in text
    assert (
        "Case work Silent edit. Notice 000002-2026, published by Find a Tender, 2 March 2026. We have one version from"
        " notices.jsonl (read on 3 September 2026, 10:00 UTC). We have another, with the same id, from edited.jsonl"
        " (read on 5 October 2026, 11:00 UTC)."
        " What differs in notice 000002-2026 Field Before After contract 1: net value 5 7" in text
    )


def test_changes_page_lists_edits_and_vanished_notices(get_page, store_with_three):
    text = read_text(get_page(store_with_three))
    assert "We found 2 silent edits and 1 vanished notice." in text
    assert (
        "Vanished notice. Notice 000005-2026, published by Find a Tender, 5 March 2026. It was in notices.jsonl" in text
    )
    assert "We keep it and still count it." in text
    assert re.findall(r"Notice (0\d{5}-2026)", text) == ["000005-2026", "000003-2026", "000002-2026"]


def test_changes_page_escapes_markup(get_page, store_with_three):
    page = get_page(store_with_three).content.decode()
    assert "<script>alert" not in page
    assert "=cmd|" in page


def test_changes_csv_has_every_field_without_formulas(get_page, store_with_three):
    answer = get_page(store_with_three, form="csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "changed-without-a-notice.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["kind"], row["notice"], row["field"], row["old value"], row["new value"]) for row in rows] == [
        ("vanished notice", "000005-2026", "", "", ""),
        ("silent edit", "000003-2026", "title", "Case work", f"'{HOSTILE}"),
        ("silent edit", "000002-2026", "value_net", "5.00", "7.00"),
    ]
    assert {row["later file read on"] for row in rows} == {"2026-09-03T10:00:00+00:00"}


def test_changes_page_empty_explains_itself(get_page, small_store):
    text = read_text(get_page(small_store))
    assert "0 silent edits and 0 vanished notices." in text
    assert "No unannounced changes found In the loaded files" in text
    assert "What you can do next: See what was loaded" in text


def test_record_page_links_to_its_changes(get_page, store_with_three):
    for address in (f"/processes/{make_ocid(2)}", f"/contracts/{make_ocid(2)}/contracts/1"):
        page = get_page(store_with_three, address)
        assert "1 notice was changed without a new notice." in read_text(page)
        assert f'href="/changes/?of={make_ocid(2)}"' in page.content.decode()
    assert "changed without a new notice" not in read_text(get_page(store_with_three, f"/processes/{make_ocid(1)}"))
    text = read_text(get_page(store_with_three, of=make_ocid(2)))
    assert "1 silent edit and 0 vanished notices." in text
    assert f"This page shows only the changes to the procurement {make_ocid(2)}. Show all" in text


def test_record_page_lists_silent_edits(get_page, store_with_edit):
    assert "Changed without a new notice (1)" in read_text(get_page(store_with_edit, f"/processes/{make_ocid(2)}"))


def test_changes_page_numbers(get_page, store_with_three, monkeypatch):
    monkeypatch.setattr(unannounced_changes_page, "CHANGES_PER_PAGE", 2)
    pages = [read_text(get_page(store_with_three, page=str(number))) for number in (1, 2, 99)]
    assert "Showing 1 to 2 of 3, with the most recently read first." in pages[0]
    assert "Showing 3 to 3 of 3, with the most recently read first." in pages[1]
    assert pages[1] == pages[2]


def test_changes_page_filters_by_publisher(get_page, tmp_path):
    finder = [
        {**notice, "ocid": notice["ocid"].replace("h6vhtk-", "b5fd17-00000000-0000-0000-0000-000000")}
        for notice in NOTICES
    ]
    edited = [{**finder[0], "language": "cy"}]
    store = build_store(
        tmp_path / "store", ("notices.jsonl", [*NOTICES, *finder]), ("edited.jsonl", [make_notice(2, 7), *edited])
    )
    assert "2 silent edits" in read_text(get_page(store))
    text = read_text(get_page(store, publisher="Contracts Finder"))
    assert "1 silent edit and 0" in text
    assert "All publishers Contracts Finder Find a Tender" in text
    assert read_text(get_page(store, publisher="Nobody")) == read_text(get_page(store))


def test_changes_page_counts_uk_publishers(get_page, tmp_path, store_with_three):
    example = [{**make_notice(1, 1), "ocid": "ocds-213czf-000-00001"}]
    store = build_store(
        tmp_path / "store", ("notices.jsonl", example), ("edited.jsonl", [{**example[0], "language": "cy"}])
    )
    assert "1 silent edit and 0 vanished notices, none of them from UK publishers." in read_text(get_page(store))
    assert "UK publishers" not in read_text(get_page(store_with_three))


def test_file_missing_from_log_is_named_by_hash(get_page, store_with_edit, tmp_path):
    store = shutil.copytree(store_with_edit, tmp_path / "store", symlinks=True)
    for path in (store / "history" / "log").glob("*.json"):
        path.unlink()
    assert re.search(r"from the file with the sha256 [0-9a-f]{12}…\. We have another", read_text(get_page(store)))


def test_unreadable_log_only_hides_file_names(get_page, store_with_edit, monkeypatch):
    def refuse(_):
        raise PermissionError

    monkeypatch.setattr(history, "read_committed_batches", refuse)
    text = read_text(get_page(store_with_edit))
    assert "We have one version from the file with the sha256 " in text
    assert "1 silent edit and 0 vanished notices." in text


def test_changes_page_lists_retained_snapshots(get_page, store_with_edit):
    text = read_text(get_page(store_with_edit)).partition("Changes between snapshots")[2]
    assert re.search(
        r"\d{8}T\d{6}Z this one 30 June 2026 9 8 1 0 We keep the newest 3 snapshots, and remove older ones after a while\.",
        text,
    )


def test_changes_page_needs_no_database(get_page, store_with_edit, store_with_three, db, django_assert_num_queries):
    for store in (store_with_edit, store_with_three):
        with django_assert_num_queries(0):
            assert get_page(store).status_code == 200


def test_sources_page_links_to_changes(get_page, store_with_edit):
    assert 'href="/changes/"' in get_page(store_with_edit, "/sources/").content.decode()


QUERIES = st.dictionaries(
    st.sampled_from(["publisher", "of", "page", "form", "x"]),
    st.text(max_size=20) | st.sampled_from(["csv", "2", make_ocid(2)]),
)


@hypothesis_settings(max_examples=bound_examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_changes_page_answers_any_query(get_page, store_with_three, query):
    assert get_page(store_with_three, **query).status_code == 200
