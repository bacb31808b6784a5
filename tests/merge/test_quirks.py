"""Publishers' quirks that no other test covers, one per test, on synthetic releases. tests/quirks.csv lists all quirks."""

import pyarrow.parquet as pq
import pytest

from tests.merge.release_factory import (
    AT,
    CONTRACTS_FINDER,
    World,
    load_and_build,
    make_money,
    make_party,
    make_release,
    read_drawing,
)

WORLD = World()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("quirks") / "store", WORLD.releases)


def add_notice(notice_type="UK6", ocid="", **sections):
    """Add a process with one notice."""
    return WORLD.add(make_release(ocid or WORLD.ocid(), "2026-01-10", notice_type, **sections))


def read_organisations(built, ocid, columns="name match_method"):
    """Return the chosen columns of the organisations of a process, sorted."""
    selected = ", ".join(f"o.{name}" for name in columns.split())
    sql = f"SELECT DISTINCT {selected} FROM party_role r JOIN organisation o USING (org_id) WHERE r.ocid = $1 ORDER BY ALL"
    return [tuple(row.values()) for row in built.ask(sql, (ocid,))]


# ------------------------------------------------------------------------------------------ organisations

NAMED_TWICE = add_notice(
    parties=[
        make_party("GB-COH-RJR", "Countess of Quirk", "GB-COH-RJR", roles="buyer"),
        make_party("GB-FTS-15222", "Countess of Quirk", "GB-FTS-15222", roles="reviewBody"),
    ],
    buyer={"id": "GB-COH-RJR", "name": "Countess of Quirk"},
)


@pytest.mark.quirk("Q1.6")
def test_buyer_named_twice_is_one_organisation_with_both_roles(built):
    rows = built.draw("party_role", NAMED_TWICE, "org_id role name")
    assert [row[1:] for row in rows] == read_drawing("buyer | Countess of Quirk\nreviewBody | Countess of Quirk")
    assert len({org for org, _, _ in rows}) == 1
    assert built.draw("contracting_process", NAMED_TWICE, "buyer_org_id") == [(rows[0][0],)]


LEGAL = {"legalName": "Quirk & Daughters Limited", "noIdentifierRationale": "notOnAnyRegister"}
UNNUMBERED = add_notice(
    parties=[make_party("1", "Quirk & Daughters") | {"identifier": LEGAL}, make_party("2", "No Identifier At All")],
    awards=[{"id": "1", "suppliers": [{"id": "1"}, {"id": "2"}]}],
)


@pytest.mark.quirk("Q1.8")
def test_supplier_without_register_is_identified_by_name(built):
    assert read_organisations(built, UNNUMBERED, "name legal_name match_method") == [
        ("No Identifier At All", None, "published_name"),
        ("Quirk & Daughters", "Quirk & Daughters Limited", "published_name"),
    ]
    assert built.draw("award", UNNUMBERED, "suppliers") == [("2",)]


SIZES = add_notice(
    parties=[make_party("1", "Sized Cab") | {"details": {"scale": "large"}}, make_party("2", "Unsized Cab")]
)


@pytest.mark.quirk("Q1.9")
def test_supplier_scale_is_never_filled_in(built):
    assert read_organisations(built, SIZES, "name scale") == [("Sized Cab", "large"), ("Unsized Cab", None)]
    sql = "SELECT count(*) AS n FROM organisation WHERE name = 'Unsized Cab' AND scale IS NULL"
    assert built.ask(sql) == [{"n": 1}]


# ------------------------------------------------------------------------------------------ addresses

ADDRESSES = [
    {"streetAddress": "1 Quirk Road\\nLondon\\nN1 9GU\\nEngland", "countryName": "England"},
    {"streetAddress": "N/A", "countryName": "UK"},
    {"locality": "Nørre", "region": "DK042", "countryName": "United Kingdom"},
    {"streetAddress": ", London", "postalCode": "NN119AA"},
]
PLACED = add_notice(
    parties=[make_party(str(n), f"Place {n}") | {"address": address} for n, address in enumerate(ADDRESSES)]
)


@pytest.mark.quirk("Q1.10", "Q1.11", "Q1.13")
def test_party_address_stays_as_published(built):
    (file,) = (built.root / "history" / "party").glob("*.parquet")
    rows = [row for row in pq.read_table(file).to_pylist() if (row["name"] or "").startswith("Place ")]
    names = {
        "street": "streetAddress", "locality": "locality", "region": "region", "postcode": "postalCode",
        "country": "countryName",
    }  # fmt: skip
    addresses = [{names[name]: row[name] for name in names if row[name] is not None} for row in rows]
    assert addresses == ADDRESSES
    assert read_organisations(built, PLACED, "name locality region") == [
        ("Place 0", None, None), ("Place 1", None, None), ("Place 2", "Nørre", "DK042"), ("Place 3", None, None)
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------ money

EXTREMES = add_notice(
    bids={"statistics": [
        {"id": "1", "measure": "lowestValidBidValue", "value": 0.01, "currency": "GBP", "relatedLot": "1"},
        {"id": "2", "measure": "highestValidBidValue", "value": 135_000_000, "currency": "GBP", "relatedLot": "1"},
    ]}
)  # fmt: skip


@pytest.mark.quirk("Q1.15")
def test_extreme_bids_are_shown_but_not_counted(built):
    assert built.draw("bid_statistic", EXTREMES, "measure value currency") == read_drawing("""
        highestValidBidValue | 135000000.0 | GBP
        lowestValidBidValue  | 0.01        | GBP
    """)
    assert built.draw("contracting_process", EXTREMES, "final_stage_bids") == [("",)]


ZERO_GROSS = add_notice("UK2", tender={"value": make_money(gross=0)})


@pytest.mark.quirk("Q1.16")
def test_zero_gross_amount_gives_no_net_estimate(built):
    columns = "estimate_net estimate_gross vat_basis nominal_estimate"
    assert built.draw("contracting_process", ZERO_GROSS, columns) == read_drawing(" | 0.00 | gross | false")


MINIMUM = add_notice("UK4", tender={"value": make_money(1000), "minValue": make_money(5000)})


@pytest.mark.quirk("Q1.19")
def test_minimum_value_above_value_is_ignored(built):
    assert built.draw("contracting_process", MINIMUM, "estimate_net") == [("1000.00",)]


SHARED = add_notice(
    parties=[make_party(str(n), f"Panel Firm {n}") for n in range(35)],
    awards=[
        {
            "id": "1", "status": "active", "value": make_money(5_000_000),
            "suppliers": [{"id": str(n)} for n in range(35)],
        }
    ],
)  # fmt: skip


@pytest.mark.quirk("Q1.22")
def test_award_value_is_not_divided_among_suppliers(built):
    assert built.draw("award", SHARED, "value_net suppliers counted") == read_drawing("5000000.00 | 35 | true")
    assert len(built.draw("award_supplier", SHARED, "org_id")) == 35
    assert not [name for name in built.ask("SELECT * FROM award_supplier LIMIT 1")[0] if "value" in name]


ON_CONTRACT = add_notice(
    "UK7", awards=[{"id": "1", "value": None}], contracts=[{"id": "1", "awardID": "1", "value": make_money(750)}]
)


@pytest.mark.quirk("Q1.23")
def test_contract_value_is_not_copied_to_award(built):
    assert built.draw("contract", ON_CONTRACT, "value_net award_id") == [("750.00", "…/awards/1")]
    assert built.draw("award", ON_CONTRACT, "value_net") == [("",)]


FOREIGN = add_notice(
    "UK7",
    contracts=[
        {"id": str(n), "value": make_money(n, currency=code)} for n, code in enumerate(("AED", "EUR", "USD"), 5)
    ],
)


@pytest.mark.quirk("Q1.21")
def test_amount_keeps_foreign_currency(built):
    rows = built.draw("contract", FOREIGN, "value_net currency")
    assert rows == read_drawing("5.00 | AED\n6.00 | EUR\n7.00 | USD")


# ------------------------------------------------------------------------------------------ periods

PERIODS = add_notice("UK4", tender={"lots": [
    {"id": "days", "contractPeriod": {"durationInDays": 730}},
    {"id": "end alone", "contractPeriod": {"endDate": "2027-03-31T23:59:59+01:00"}},
    {"id": "start alone", "contractPeriod": {"startDate": "2026-04-01T00:00:00+01:00"}},
]})  # fmt: skip


@pytest.mark.quirk("Q1.26", "Q1.27")
def test_period_shows_only_published_parts(built):
    assert built.draw("lot", PERIODS, "lot_id start_date end_date duration_days") == read_drawing("""
        days        |            |            | 730
        end alone   |            | 2027-03-31 |
        start alone | 2026-04-01 |            |
    """)


DAY = {"startDate": "2026-09-01T00:00:00+01:00", "endDate": "2026-09-01T23:59:59+01:00"}
ONE_DAY = add_notice("UK10", contracts=[{"id": "1", "period": DAY, "amendments": [{"id": "1", "date": "2026-01-09"}]}])


@pytest.mark.quirk("Q1.27")
def test_period_of_one_day_is_kept(built):
    assert built.draw("contract", ONE_DAY, "start_date end_current") == read_drawing("2026-09-01 | 2026-09-01")


# ------------------------------------------------------------------------------------------ structure

WHOLE_RELEASES = WORLD.add(
    make_release(
        AT, "2026-01-10", tag="tender", tender={"title": "First", "status": "active", "value": make_money(100)}
    ),
    make_release(AT, "2026-02-10", tag="tenderAmendment", tender={"title": "Second", "value": make_money(200)}),
    make_release(AT, "2026-03-10", tag="tenderAmendment", tender={"title": "Third"}),
    form=CONTRACTS_FINDER,
)


@pytest.mark.quirk("Q1.32")
def test_process_of_whole_releases_keeps_first_and_last_values(built):
    columns = "title status estimate_net_first estimate_net notices"
    assert built.draw("contracting_process", WHOLE_RELEASES, columns) == read_drawing(
        "Third | active | 100.00 | 200.00 | 3"
    )


ODD = add_notice("", WORLD.ocid(CONTRACTS_FINDER), tag="awardUpdate", tender={"status": "planned"},
             awards=[{"id": "1", "status": "planned", "value": make_money(10)}])  # fmt: skip
INVALID = add_notice("", WORLD.ocid(CONTRACTS_FINDER), tag="tender", tender={"status": "InvalidStatus"})


@pytest.mark.quirk("Q1.33")
def test_status_is_as_published_and_stage_follows_notice(built):
    assert built.draw("contracting_process", ODD, "status stage") == read_drawing("planned | award")
    assert built.draw("award", ODD, "status") == [("planned",)]
    assert built.draw("contracting_process", INVALID, "status stage") == read_drawing("InvalidStatus | tender")


CONFLICTING = add_notice("UK6", tender={"status": "complete", "lots": [{"id": "1", "status": "cancelled"}]},
                 awards=[{"id": "1", "status": "active", "relatedLots": ["1"], "value": make_money(9000)}])  # fmt: skip


@pytest.mark.quirk("Q1.34")
def test_conflicting_statuses_are_all_shown(built):
    assert built.draw("contracting_process", CONFLICTING, "status stage") == read_drawing("complete | award")
    assert built.draw("lot", CONFLICTING, "lot_id status") == read_drawing("1 | cancelled")
    assert built.draw("award", CONFLICTING, "status lot_id counted") == read_drawing("active | 1 | true")


STRAYS = add_notice("UK12", buyerID=[], tender={"statusDetails": None, "description": None, "title": "No buyer"})


@pytest.mark.quirk("Q1.38")
def test_stray_fields_nulls_and_missing_buyer(built):
    assert built.draw("contracting_process", STRAYS, "title description buyer_org_id") == read_drawing("No buyer | | ")
    assert built.states(STRAYS, "buyer_org_id", "contracting_process")[0][:2] == ("buyer_org_id", "not_reported")


# ------------------------------------------------------------------------------------------ ids

SHARED_ID = [add_notice("UK6", id="000777-2026", tender={"title": title}) for title in ("One", "Other")]
SYSTEM = WORLD.add(*(
    make_release(AT, f"2026-0{n}-10", "UK6", id=f"q{n}", parties=[make_party(f"b{n}", f"Utility {n}", roles="buyer")],
            buyer={"id": f"b{n}"}, awards=[{"id": f"{n}", "value": make_money(n * 1000)}])
    for n in (1, 2, 3)
))  # fmt: skip


@pytest.mark.quirk("Q1.40")
def test_notice_id_under_two_ocids_is_two_processes(built):
    assert [built.draw("contracting_process", ocid, "title notices") for ocid in SHARED_ID] == [
        read_drawing("One | 1"), read_drawing("Other | 1")
    ]  # fmt: skip


@pytest.mark.quirk("Q1.40")
def test_ocid_of_many_buyers_keeps_them_all(built):
    assert built.draw("party_role", SYSTEM, "name", "role = 'buyer'") == [
        ("Utility 1",), ("Utility 2",), ("Utility 3",),
    ]  # fmt: skip
    assert built.draw("award", SYSTEM, "local_id value_net counted") == read_drawing("""
        1 | 1000.00 | true
        2 | 2000.00 | true
        3 | 3000.00 | true
    """)


METHOD_DETAILS = {details: add_notice("UK4", tender={"title": "T", "procurementMethodDetails": details})
        for details in ("Other - ", "Not specified", "Not applicable")}  # fmt: skip


@pytest.mark.quirk("Q1.41")
def test_missing_method_is_not_guessed(built):
    for details, ocid in METHOD_DETAILS.items():
        assert built.draw("contracting_process", ocid, "method") == [("",)]
        assert built.ask("SELECT method_details FROM contracting_process WHERE ocid = $1", (ocid,)) == [
            {"method_details": details}
        ]
        assert built.states(ocid, "method", "contracting_process")[0][:2] == ("method", "not_reported")


TWINS = [
    add_notice("UK6", ocid, tender={"title": "The same in two places"}, awards=[{"id": "1", "value": make_money(4000)}])
    for ocid in (WORLD.ocid(), "ocds-r6ebe6-0000777777")
]


@pytest.mark.quirk("Q1.42")
def test_same_process_at_two_publishers_stays_two(built):
    rows = [built.draw("contracting_process", ocid, "publisher title") for ocid in TWINS]
    assert rows == [
        read_drawing("Find a Tender | The same in two places"), read_drawing("Public Contracts Scotland | The same in two places")
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------ text and missing notices

TEXTS = {
    text: add_notice("UK4", tender={"title": text})
    for text in ("Caf&#039;s <b>bread</b>", "NaÃ¯ve cafÃ©", "Other - Goods")
}


@pytest.mark.quirk("Q1.44")
def test_text_is_kept_as_published(built):
    for text, ocid in TEXTS.items():
        assert built.ask("SELECT title FROM contracting_process WHERE ocid = $1", (ocid,)) == [{"title": text}]


SILENT = add_notice(
    "UK7",
    contracts=[
        {"id": "1", "value": make_money(9e6, 10.8e6), "period": {"startDate": "2024-01-01", "endDate": "2025-01-01"}}
    ],
)


@pytest.mark.quirk("Q1.47")
def test_missing_performance_notice_is_not_reported(built):
    states = [row[:2] for row in built.states(SILENT, "kpis kpis_rated value_final")]
    assert states == read_drawing("kpis | not_reported\nkpis_rated | not_applicable\nvalue_final | not_reported")
    assert built.draw("observation", SILENT, "obs_id") == []
