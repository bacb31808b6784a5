"""Schemes from the yearly portfolio: the reference merge on random and on real rows, and well-known projects."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.portfolio_factory import ASIDE, find_one, load_rows, read_state
from tests.merge.reference_schemes import assert_agrees_with_twin
from tests.size import bound_examples
from threepoint.read import gmpp
from threepoint.read.gmpp.rows import _parse_joining_day, calculate_snapshot_days, make_name_core, make_name_key
from threepoint.standard.tables_projects import GMPP_YEAR, SCHEME

IDS = [None, None, "CO_0001_1112-Q1", "CO_0002_1920-Q2", "DH_0003_1415-Q1", "DOH_0003_1415-Q1", "DfT_0004_1415-Q4",
       "DFT_0004_1415-Q4", "MOD_0005_2122-Q3", "HMT_no_quarter"]  # fmt: skip
NAMES = ["Alpha", "ALPHA", "Alpha Programme", "Alpha (EM)", "Alpha EM", "Beta 1", "Beta (1)", "Beta 2", "The Programme"]
MISSING = st.sampled_from(["withheld_commercial", "withheld_security", "not_reported", "not_yet_due", "invalid"])
COSTS = st.one_of(st.none(), st.sampled_from([0, 10**8, 10**8 + 3, 3 * 10**8 // 2, 2 * 10**8, -(10**9)]))
ENDS = st.one_of(st.none(), st.integers(18_000, 18_003))


@st.composite
def draw_row(draw):
    gmpp_id, name, year = draw(st.sampled_from(IDS)), draw(st.sampled_from(NAMES)), draw(st.integers(2018, 2026))
    cost, end = draw(COSTS), draw(ENDS)
    is_range = draw(st.booleans())
    return {
        "scheme_key": gmpp_id or make_name_key(name), "gmpp_id": gmpp_id, "name": name, "report_year": year,
        "name_key": make_name_key(name), "name_core": make_name_core(name), "joined_on": _parse_joining_day(gmpp_id or ""),
        "snapshot_date": calculate_snapshot_days(year), "price_base": "2024/25 real" if year == 2026 else "nominal",
        "wlc_mid": cost, "wlc_state": draw(MISSING) if cost is None else "observed",
        "end_mid": end, "end_state": "observed" if end is not None or is_range else draw(MISSING),
        "start_state": "not_reported", "description_state": "not_reported",
        "source_id": draw(st.sampled_from(["a", "b"])), "row_number": draw(st.integers(2, 9)),
    }  # fmt: skip


def drop_repeats(rows):
    """Return each row of a file once, as the reader does."""
    distinct_rows = {(row["source_id"], row["report_year"], row["scheme_key"]): row for row in rows}
    return [tuple(row.get(name) for name in GMPP_YEAR.names) for row in distinct_rows.values()]


@settings(
    max_examples=bound_examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=st.lists(draw_row(), max_size=40).map(drop_repeats))
def test_schemes_equal_reference_on_random_rows(engine, rows):
    assert_agrees_with_twin(engine, rows)


# ------------------------------------------------------------------------------------------------ the real portfolio


@pytest.fixture(scope="module")
def history(shared):
    files = sorted((shared / "data" / "gmpp").glob("gmpp-*.csv"))
    return [row for file in files for row in gmpp.read_yearly_file(file.read_bytes(), file.stem)["gmpp_year"]]


@pytest.fixture(scope="module")
def portfolio(engine, history):
    tables = load_rows(engine, history)
    return {
        name: tables[name] for name in (*engine.statements, "field_state")
    }  # calculated before other rows are loaded


def test_schemes_equal_reference_on_real_portfolio(engine, history):
    assert_agrees_with_twin(engine, history)


def test_real_portfolio_has_714_schemes(portfolio):
    assert {name: len(rows) for name, rows in portfolio.items()} == {
        "field_state": 714 * len(SCHEME.judged),
        "scheme": 714, "scheme_identifier": 843, "scheme_year": 2356, "cost_line": 6163, "change": 1118,
        "scheme_state": 714, "scheme_source": 13,
    }  # fmt: skip
    assert Counter(row["match_method"] for row in portfolio["scheme_identifier"]) == {
        "gmpp_id": 402, "gmpp_id_reissued": 8, "name_equal": 105, "name_core_equal": 16, "name_only": 312,
    }  # fmt: skip
    assert sum(scheme["in_portfolio"] for scheme in portfolio["scheme"]) == 189


def test_real_portfolio_links_four_reissued_health_ids(portfolio):
    reissued = [
        row["identifier"] for row in portfolio["scheme_identifier"] if row["match_method"] == "gmpp_id_reissued"
    ]
    assert sorted(identifier for identifier in reissued if identifier.startswith("DH_")) == [
        "DH_0017_1112-Q1", "DH_0031_1314-Q1", "DH_0062_1819-Q3", "DH_0063_1819-Q3",
    ]  # fmt: skip


def read_costs(portfolio, gmpp_id):
    key = f"sdes-gmpp-{gmpp_id}"
    rows = sorted((row["report_year"], row["wlc_mid"]) for row in portfolio["scheme_year"]
                  if row["scheme_id"] == key and row["wlc_mid"] is not None)  # fmt: skip
    return {year: float(cost / 1_000_000) for year, cost in rows}


def test_real_portfolio_emergency_services_communications(portfolio):
    scheme = find_one(portfolio["scheme"], gmpp_id="HO_0016_1213-Q1")
    costs = read_costs(portfolio, "HO_0016_1213-Q1")
    assert [costs[year] for year in (2014, 2015, 2025)] == [16.75, 5367.08, 19180.0]
    assert (scheme["baseline_wlc"], scheme["comparable_wlc"]) == (16_750_000, 19_180_000_000)
    assert scheme["comparable_note"].endswith(ASIDE)


def test_real_portfolio_universal_credit_is_one_scheme(portfolio):
    scheme = find_one(portfolio["scheme"], gmpp_id="DWP_0009_1112-Q1")
    assert (scheme["first_year"], scheme["last_year"], scheme["title"]) == (
        2014, 2025, "CONTINUING THE MOVE TO UNIVERSAL CREDIT",
    )  # fmt: skip
    state = read_state(portfolio, "baseline_wlc", scheme["scheme_id"])
    assert state[0] == "derived"
    assert state[1].startswith("first published in GMPP 2015; in GMPP 2014 ")


def test_real_portfolio_high_speed_two_zero_is_missing(portfolio):
    assert read_costs(portfolio, "DFT_0041_2021-Q1") == {}  # the narrative says: "the cost status is displayed as zero"
    assert read_state(portfolio, "baseline_wlc", "sdes-gmpp-DFT_0041_2021-Q1")[0].startswith("withheld")
    assert read_costs(portfolio, "DFT_0004_1112-Q1")[2016] == 42_559.51


def test_real_portfolio_one_login_left_the_ict_category(portfolio):
    years = {row["report_year"]: row["gmpp_category"] for row in portfolio["scheme_year"]
             if row["scheme_id"] == "sdes-gmpp-CO_0033_2122-Q1"}  # fmt: skip
    assert (years[2025], years[2026]) == ("ict", "transformation")
    costs = read_costs(portfolio, "CO_0033_2122-Q1")
    assert [round(costs[year]) for year in (2022, 2025, 2026)] == [22, 342, 709]


def test_real_portfolio_changes_never_cross_price_bases(portfolio):
    crossing = [row for row in portfolio["change"] if row["notice_id"] == "GMPP 2026" and row["new_value"] is not None]
    assert crossing == []
    assert [row for row in portfolio["change"] if row["notice_id"] == "GMPP 2026"]  # ends did change


def test_real_portfolio_exemptions_name_their_section(portfolio):
    withheld = [row for row in portfolio["scheme_year"] if row["wlc_state"].startswith("withheld")]
    assert (len(withheld), [row for row in withheld if not row["wlc_exempt_section"]]) == (328, [])
    details = [row["detail"] for row in portfolio["field_state"] if row["state"].startswith("withheld")]
    assert [detail for detail in details if "section" not in detail or "()" in detail] == []
