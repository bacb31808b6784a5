"""The records of payments, sales and plans, and the totals of an organisation."""

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


def test_show_payment_explains_unreadable_amount(store):
    first, repeated, unreadable = (api.show(spend_id, store) for spend_id in list_values(store, "spend", "spend_id"))
    assert (first.kind, first.title, first.publisher, first.value("amount")) == (
        "spend", "Alpha Ltd", "Barts", Decimal("25000.50"),
    )  # fmt: skip
    assert [row["spend_id"] for row in first.rows["alike"]] == [repeated.id]
    assert (repeated.value("possible_duplicate"), repeated.value("duplicate_of")) == (True, first.id)
    fact = unreadable.facts["amount"]
    assert (fact.state, fact.why_not) == (
        "invalid",
        "cannot be read: “000,”: digits, commas and points that are not a number",
    )
    assert "amount_state" not in unreadable.facts


def test_show_organisation_totals_count_lines_without_amount(store):
    (payer,) = {row["payer_org_id"] for row in _list_payers(store)}
    record = api.show(payer, store)
    assert record.title == "Barts"
    (paid,) = record.rows["paid"]
    assert {name: paid[name] for name in ("other", "lines", "without_amount", "amount", "duplicates", "amount_once")} == {
        "other": "Alpha Ltd", "lines": 3, "without_amount": 1, "amount": Decimal("50001.00"), "duplicates": 1,
        "amount_once": Decimal("25000.50"),
    }  # fmt: skip
    (bought,) = record.rows["bought"]
    assert (bought["other"], bought["lines"], bought["amount"]) == ("Alpha Ltd", 1, Decimal("1250.50"))
    assert (bought["since"], bought["until"]) == (date(2014, 3, 1), date(2014, 3, 1))
    assert api.show(bought["other_org_id"], store).title == "Alpha Ltd"


def test_search_finds_sales_and_plans_as_technology(store):
    """Sales are from G-Cloud; one of the plan's codes is technology. Payments are not searchable: there are too many."""
    from threepoint.snapshot import SearchRequest, open_snapshot, search_records

    with open_snapshot(store) as snapshot:
        result = search_records(snapshot, SearchRequest(size=50))
        assert dict(result.facets["kind"]) == {"organisation": 3, "plan": 1, "sale": 1}
        by_kind = {hit.kind: hit for hit in result.hits}
        assert by_kind["plan"].id in list_values(store, "pipeline_entry", "entry_id")
        assert search_records(snapshot, SearchRequest("laptops")).hits[0].id == by_kind["plan"].id
        (sale,) = search_records(snapshot, SearchRequest("licences barts alpha")).hits
        assert (sale.id, sale.shown["suppliers"], sale.shown["value"]) == (by_kind["sale"].id, ["Alpha Ltd"], "1250.50")


def _list_payers(store):
    from threepoint.snapshot import open_snapshot

    with open_snapshot(store) as snapshot:
        return snapshot.rows("SELECT payer_org_id FROM spend")


def test_show_sale_and_plan(store):
    (sale,) = list_values(store, "sale", "sale_id")
    (plan,) = list_values(store, "pipeline_entry", "entry_id")
    assert (api.show(sale, store).value("amount"), api.show(sale, store).value("lot")) == (Decimal("1250.50"), "3")
    record = api.show(plan, store)
    assert [(row["fy"], row["amount"]) for row in record.rows["values"]] == [
        (year, Decimal("1666667.00")) for year in ("2014/15", "2015/16", "2016/17")
    ]
    assert [row["code"] for row in record.rows["codes"]] == ["30200000", "3021300"]
