"""The comparison page."""

import html
import re
from datetime import date

import pytest
from django.test import override_settings

from tests.merge.release_factory import AS_OF, load, make_money, make_release
from tests.website.pages import read_text
from tests.website.sample_records import CORRECTED, DEAL, GMPP, OFFICE, OPEN
from threepoint import pipeline
from threepoint.compare import ComparisonCell
from website.catalogue.compare_page import _make_source_fields
from website.common.components import SideBySideHeading


def test_compare_page_shows_two_procurements(reader):
    text = read_text(reader.get("/compare/", {"id": [DEAL, CORRECTED]}))
    assert "£11m net of VAT" in text
    assert "£18.8m net of VAT" in text
    assert "We do not score or rank these records" in text


def test_compare_page_marks_differences_from_first(reader):
    page = reader.get("/compare/", {"id": [DEAL, CORRECTED]}).content.decode()
    growth = re.search(r"(?s)Growth</th>(.*?)</tr>", page)[1]
    assert growth.count("differs from A") == 1
    same = reader.get("/compare/", {"id": [CORRECTED, OPEN]}).content.decode()
    assert "Case management" not in same


def test_compare_page_links_to_move_and_remove_a_record(reader):
    page = html.unescape(reader.get("/compare/", {"id": [DEAL, CORRECTED, OPEN]}).content.decode())
    assert f'href="?id={CORRECTED}&id={DEAL}&id={OPEN}"' in page  # A moved right, or B moved left
    assert f'href="?id={DEAL}&id={OPEN}"' in page  # B removed


def test_compare_page_says_why_records_cannot_be_compared(reader):
    assert "Major projects can be compared only with major projects" in read_text(
        reader.get("/compare/", {"id": [DEAL, f"sdes-gmpp-{GMPP}"]})
    )
    assert "Organisations cannot be compared" in read_text(reader.get("/compare/", {"id": [DEAL, OFFICE]}))
    text = read_text(reader.get("/compare/", {"id": [DEAL, "no-such-thing"]}))
    assert "there is no record no-such-thing" in text
    assert "Find at least one more" in text


def test_compare_page_refuses_more_than_six_records(reader):
    ids = [
        DEAL, CORRECTED, OPEN, f"{DEAL}/contracts/1", f"{DEAL}/awards/1", f"{CORRECTED}/awards/1",
        "ocds-h6vhtk-0ab003",
    ]  # fmt: skip
    assert "Choose 2 to 6 records to compare; you chose 7" in read_text(reader.get("/compare/", {"id": ids}))


def test_empty_compare_page_says_what_to_do(reader):
    assert "There is nothing to compare yet" in read_text(reader.get("/compare/"))


def test_notice_with_long_id_is_shown_by_date_and_links_to_notices(reader, small_store):
    store = small_store.parent / "long-ids" / "store"
    ident = "3ab2696f-487e-430f-8281-1d71213b4b5f-833008"
    award = {
        "id": "1", "status": "active", "date": "2026-01-09", "value": make_money(188_487), "suppliers": [{"id": "s"}],
    }  # fmt: skip
    load(store, [make_release(ocid, "2026-01-20", "UK6", id=f"{ident}{ocid}", awards=[award]) for ocid in (DEAL, OPEN)])
    pipeline.build(store, AS_OF)
    with override_settings(STORE=store):
        page = reader.get("/compare/", {"id": [DEAL, OPEN]}).content.decode()
    assert page.count(f'<a class="govuk-link" href="/processes/{DEAL}#notices">notice of 20 January 2026</a>') == 2
    assert ident not in page


@pytest.mark.parametrize(
    ("notices", "expected"),
    [(("028961-2025",), {"source": "028961-2025 · 1 June 2025"}),
     (("000456-2026", "000457-2026"), {"source": "000456-2026, 000457-2026 · 1 June 2025"}),
     (("a" * 36, "b" * 36), {"source": "2 notices, the newest of 1 June 2025", "href": "/x#notices"})],
)  # fmt: skip
def test_make_source_fields_shortens_long_notice_ids(notices, expected):
    cell = ComparisonCell(0, notices=notices, on=date(2025, 6, 1))
    assert _make_source_fields(cell, SideBySideHeading("A", "One", "/x")) == expected


def test_make_source_fields_without_notice_is_empty():
    assert _make_source_fields(ComparisonCell(0), SideBySideHeading("A", "One", "/x")) == {"source": ""}
