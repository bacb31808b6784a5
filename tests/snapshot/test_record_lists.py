"""The record of a payment, a sale and a plan, and what a body paid and was paid."""

from datetime import date
from decimal import Decimal

import pytest

from tests.merge.release_factory import build
from tests.payments.list_files import PLAN, SALE, SALE_HEADS, SPEND, SPEND_HEADS
from tests.payments.reference_rows import write_csv
from threepoint import api, pipeline


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "a.csv").write_bytes(write_csv(SPEND_HEADS, SPEND, SPEND, [*SPEND[:2], "soon", *SPEND[3:7], " 000,"]))
    (folder / "b.csv").write_bytes(write_csv(SALE_HEADS, [*SALE[:4], "Barts", *SALE[5:]]))
    (folder / "c.csv").write_bytes(write_csv(PLAN))
    pipeline.load(folder / "store", sorted(folder.glob("*.csv")))
    build(folder / "store")
    return folder / "store"


def list_values(store, table, key):
    from threepoint.snapshot import open_snapshot

    with open_snapshot(store) as snapshot:
        return [row[key] for row in snapshot.rows(f'SELECT "{key}" FROM "{table}" ORDER BY row_number')]


def test_a_payment_is_shown_with_what_could_not_be_read(store):
    first, again, odd = (api.show(each, store) for each in list_values(store, "spend", "spend_id"))
    assert (first.kind, first.title, first.publisher, first.value("amount")) == (
        "spend", "Alpha Ltd", "Barts", Decimal("25000.50"),
    )  # fmt: skip
    assert [row["spend_id"] for row in first.rows["alike"]] == [again.id]
    assert (again.value("possible_duplicate"), again.value("duplicate_of")) == (True, first.id)
    fact = odd.facts["amount"]
    assert (fact.state, fact.why_not) == (
        "invalid",
        "cannot be read: “000,”: digits, commas and points that make no number",
    )
    assert "amount_state" not in odd.facts


def test_a_body_shows_what_it_paid_with_what_the_sums_leave_out(store):
    (payer,) = {row["payer_org_id"] for row in _list_payers(store)}
    found = api.show(payer, store)
    assert found.title == "Barts"
    (paid,) = found.rows["paid"]
    assert {name: paid[name] for name in ("other", "lines", "without_amount", "amount", "duplicates", "amount_once")} == {
        "other": "Alpha Ltd", "lines": 3, "without_amount": 1, "amount": Decimal("50001.00"), "duplicates": 1,
        "amount_once": Decimal("25000.50"),
    }  # fmt: skip
    (bought,) = found.rows["bought"]
    assert (bought["other"], bought["lines"], bought["amount"]) == ("Alpha Ltd", 1, Decimal("1250.50"))
    assert (bought["since"], bought["until"]) == (date(2014, 3, 1), date(2014, 3, 1))
    assert api.show(bought["other_org_id"], store).title == "Alpha Ltd"


def test_lines_of_sales_and_plans_are_found_and_technology_is_known_of_them(store):
    """Sales are of G-Cloud; a plan is of technology by one of its codes. Payments are not found: they are too many."""
    from threepoint.snapshot import SearchRequest, open_snapshot, search_records

    with open_snapshot(store) as snapshot:
        found = search_records(snapshot, SearchRequest(size=50))
        assert dict(found.facets["kind"]) == {"organisation": 3, "plan": 1, "sale": 1}
        by_kind = {hit.kind: hit for hit in found.hits}
        assert by_kind["plan"].id in list_values(store, "pipeline_entry", "entry_id")
        assert search_records(snapshot, SearchRequest("laptops")).hits[0].id == by_kind["plan"].id
        (sold,) = search_records(snapshot, SearchRequest("licences barts alpha")).hits
        assert (sold.id, sold.shown["suppliers"], sold.shown["value"]) == (by_kind["sale"].id, ["Alpha Ltd"], "1250.50")


def _list_payers(store):
    from threepoint.snapshot import open_snapshot

    with open_snapshot(store) as snapshot:
        return snapshot.rows("SELECT payer_org_id FROM spend")


def test_a_sale_and_a_plan_have_records_of_their_own(store):
    (sale,) = list_values(store, "sale", "sale_id")
    (plan,) = list_values(store, "pipeline_entry", "entry_id")
    assert (api.show(sale, store).value("amount"), api.show(sale, store).value("lot")) == (Decimal("1250.50"), "3")
    found = api.show(plan, store)
    assert [(row["fy"], row["amount"]) for row in found.rows["values"]] == [
        (year, Decimal("1666667.00")) for year in ("2014/15", "2015/16", "2016/17")
    ]
    assert [row["code"] for row in found.rows["codes"]] == ["30200000", "3021300"]
