"""Changes of contracts: by calendar day, on either VAT basis, of the currency, and undone."""

import pytest

from tests.merge.release_factory import (
    AT,
    World,
    load_and_build,
    make_contract,
    make_money,
    make_period,
    make_release,
    read_drawing,
)

WORLD = World()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("contract-changes") / "store", WORLD.releases)


# ------------------------------------------------------------------------------------------ days

IN_SUMMER = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, period=make_period("2028-05-18T23:59:59Z", "2025-05-19T00:00:00Z")),
    make_contract("UK10", "2025-09-01", AT, period=make_period("2028-05-18T23:59:59+01:00", "2025-05-18T23:00:00Z")),
    make_contract("UK10", "2025-10-01", AT, period=make_period("2028-05-18", "2025-05-19")),
)
LATE_AT_NIGHT = WORLD.add(
    make_release(AT, "2025-06-30T23:30:00Z", "UK4", tender={"title": "a"}),
    make_contract("UK7", "2025-07-31T23:30:00Z", AT, value=make_money(100)),
    make_contract("UK10", "2025-08-31T23:30:00Z", AT, value=make_money(150)),
)


def test_contract_days_do_not_change_with_the_clock(built):
    assert built.draw(
        "contract", IN_SUMMER, "start_date end_first end_current end_change_days changes"
    ) == read_drawing("2025-05-19 | 2028-05-18 | 2028-05-18 | 0 | 0")
    assert built.draw("change", IN_SUMMER, "old_end new_end") == []


def test_change_without_a_date_has_the_london_day_of_its_notice(built):
    assert built.draw("change", LATE_AT_NIGHT, "date") == [("2025-09-01",)]
    assert built.draw("contracting_process", LATE_AT_NIGHT, "tender_start") == [("2025-07-01",)]


# ------------------------------------------------------------------------------------------ changes on either VAT basis

GROSS_CHANGED = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, value=make_money(100_000, 120_000)),
    make_contract("UK10", "2025-09-01", AT, value=make_money(gross=180_000)),
)
ONLY_NET_CHANGED = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, value=make_money(100_000, 120_000)),
    make_contract("UK10", "2025-09-01", AT, value=make_money(150_000)),
)
GROSS_REPEATED = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, value=make_money(100_000, 120_000)),
    make_contract("UK10", "2025-09-01", AT, value=make_money(gross=120_000)),
)
UP_AND_BACK = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, value=make_money(100_000, 120_000), period=make_period("2027-01-31")),
    make_contract("UK10", "2025-08-01", AT, value=make_money(150_000, 180_000), period=make_period("2027-03-31")),
    make_contract("UK10", "2025-09-01", AT, value=make_money(100_000, 120_000), period=make_period("2027-01-31")),
)
CURRENCY_CHANGED = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, value=make_money(100_000, currency="EUR")),
    make_contract("UK10", "2025-09-01", AT, value=make_money(95_000)),
)
ONLY_CURRENCY_CHANGED = WORLD.add(
    make_contract("UK7", "2025-06-01", AT, value=make_money(100_000, currency="EUR")),
    make_contract("UK10", "2025-09-01", AT, value=make_money(100_000)),
)
TWICE_IN_ONE_NOTICE = WORLD.add(
    make_release(AT, "2025-06-01", "UK7", contracts=[
        {"id": "1", "value": make_money(value), "period": make_period(end)}
        for value, end in ((100, "2027-01-31"), (250, "2028-01-31"))]))  # fmt: skip
VALUE_COLUMNS = "value_net_first value_gross_first value_net value_gross value_change vat_basis changes"
CHANGE_COLUMNS = "type with_vat old_currency old_value currency new_value notified"


@pytest.mark.parametrize(
    ("ocid", "values", "changes"),
    [
        (GROSS_CHANGED, "100000.00 | 120000.00 | | 180000.00 | | gross | 1",
         "value | true | GBP | 120000.00 | GBP | 180000.00 | true"),
        (ONLY_NET_CHANGED, "100000.00 | 120000.00 | 150000.00 | | 50000.00 | net | 1",
         "value | false | GBP | 100000.00 | GBP | 150000.00 | true"),
        (GROSS_REPEATED, "100000.00 | 120000.00 | 100000.00 | 120000.00 | 0.00 | net | 0", ""),
        (CURRENCY_CHANGED, "100000.00 | | 95000.00 | | | net | 1",
         "value | false | EUR | 100000.00 | GBP | 95000.00 | true"),
        (ONLY_CURRENCY_CHANGED, "100000.00 | | 100000.00 | | | net | 1",
         "value | false | EUR | 100000.00 | GBP | 100000.00 | true"),
    ],
)  # fmt: skip
def test_contract_change_on_one_basis_or_of_currency(built, ocid, values, changes):
    assert built.draw("contract", ocid, VALUE_COLUMNS) == read_drawing(values)
    assert built.draw("change", ocid, CHANGE_COLUMNS) == (read_drawing(changes) if changes else [])


def test_contract_value_replaced_on_the_other_basis_is_not_known(built):
    assert built.states(GROSS_CHANGED, "value_net value_change") == read_drawing("""
        value_change | not_reported | the newest value is published with VAT only |
        value_net    | not_reported | published with VAT only                     |
    """)


def test_contract_changed_and_changed_back_is_not_unchanged(built):
    assert built.draw("contract", UP_AND_BACK, "value_change end_change_days changes") == [("0.00", "0", "4")]
    assert built.states(UP_AND_BACK, "value_change end_change_days") == read_drawing("""
        end_change_days | derived | |
        value_change    | derived | |
    """)


def test_contract_end_has_no_reason_about_currency(built):
    assert built.states(CURRENCY_CHANGED, "value_change end_change_days") == read_drawing("""
        end_change_days | not_reported |                      |
        value_change    | not_reported | the currency changed |
    """)


def test_one_notice_with_an_id_twice_changes_nothing(built):
    assert built.draw("change", TWICE_IN_ONE_NOTICE, "change_id") == []
