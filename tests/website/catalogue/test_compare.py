"""Two to six things side by side, chosen by the address."""

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


def test_two_procurements_stand_side_by_side(reader):
    said = read_text(reader.get("/compare/", {"id": [DEAL, CORRECTED]}))
    assert "£11m net of VAT" in said
    assert "£18.8m net of VAT" in said
    assert "No score and no rank" in said


def test_what_differs_from_the_first_is_marked(reader):
    page = reader.get("/compare/", {"id": [DEAL, CORRECTED]}).content.decode()
    growth = re.search(r"(?s)Growth</th>(.*?)</tr>", page)[1]
    assert growth.count("differs from A") == 1
    same = reader.get("/compare/", {"id": [CORRECTED, OPEN]}).content.decode()
    assert "Case management" not in same


def test_one_may_be_moved_and_taken_away(reader):
    page = html.unescape(reader.get("/compare/", {"id": [DEAL, CORRECTED, OPEN]}).content.decode())
    assert f'href="?id={CORRECTED}&id={DEAL}&id={OPEN}"' in page  # A moved right, or B moved left
    assert f'href="?id={DEAL}&id={OPEN}"' in page  # B taken away


def test_what_cannot_be_compared_says_why(reader):
    assert "a major project does not compare with a contract" in read_text(
        reader.get("/compare/", {"id": [DEAL, f"sdes-gmpp-{GMPP}"]})
    )
    assert "organisations are not compared" in read_text(reader.get("/compare/", {"id": [DEAL, OFFICE]}))
    said = read_text(reader.get("/compare/", {"id": [DEAL, "no-such-thing"]}))
    assert "nothing here is called no-such-thing" in said
    assert "Find at least one more" in said


def test_more_than_six_are_said_to_be_too_many(reader):
    ids = [
        DEAL, CORRECTED, OPEN, f"{DEAL}/contracts/1", f"{DEAL}/awards/1", f"{CORRECTED}/awards/1",
        "ocds-h6vhtk-0ab003",
    ]  # fmt: skip
    assert "a comparison takes 2 to 6 things; you gave 7" in read_text(reader.get("/compare/", {"id": ids}))


def test_nothing_chosen_says_what_to_do(reader):
    assert "Nothing is chosen yet" in read_text(reader.get("/compare/"))


def test_a_notice_with_a_long_id_is_told_by_its_date_and_leads_to_the_notices(reader, small_store):
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
    ("notices", "said"),
    [(("028961-2025",), {"source": "028961-2025 · 1 June 2025"}),
     (("000456-2026", "000457-2026"), {"source": "000456-2026, 000457-2026 · 1 June 2025"}),
     (("a" * 36, "b" * 36), {"source": "2 notices, the newest of 1 June 2025", "href": "/x#notices"})],
)  # fmt: skip
def test_where_a_figure_is_from_is_told_in_as_few_words_as_do(notices, said):
    assert (
        _make_source_fields(
            ComparisonCell(0, notices=notices, on=date(2025, 6, 1)), SideBySideHeading("A", "One", "/x")
        )
        == said
    )


def test_a_figure_from_nowhere_has_no_source():
    assert _make_source_fields(ComparisonCell(0), SideBySideHeading("A", "One", "/x")) == {"source": ""}
