"""The published yearly files of the major projects portfolio."""

from collections import Counter

import pytest

from threepoint.read import gmpp
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.tables_projects import GMPP_YEAR


@pytest.fixture(scope="module")
def portfolio(shared):
    """Return the rows of each real file by the year in its name; the hint is a wrong year, to show that it is not used."""
    files = sorted((shared / "data" / "gmpp").glob("gmpp-*.csv"))
    tables_by_year = {
        int(file.stem[-4:]): gmpp.read_yearly_file(file.read_bytes(), file.stem, "gmpp-1999.csv") for file in files
    }
    assert [year for year, tables in tables_by_year.items() if tables["quarantine"]] == []
    return {
        year: [dict(zip(GMPP_YEAR.names, row, strict=True)) for row in tables["gmpp_year"]]
        for year, tables in tables_by_year.items()
    }


@pytest.fixture(scope="module")
def everything(portfolio):
    return [row for rows in portfolio.values() for row in rows]


def test_real_files_give_every_project_year(portfolio):
    assert {year: len(rows) for year, rows in portfolio.items()} == {
        2014: 199, 2015: 188, 2016: 143, 2017: 143, 2018: 133, 2019: 133, 2020: 125,
        2021: 184, 2022: 235, 2023: 244, 2024: 227, 2025: 213, 2026: 189,
    }  # fmt: skip
    assert sum(map(len, portfolio.values())) == 2356


def test_real_files_give_their_years(portfolio):
    years_and_bases = {
        year: {(row["report_year"], row["year_basis"]) for row in rows} for year, rows in portfolio.items()
    }
    assert years_and_bases == {year: {(year, "rows" if year < 2021 else "compared")} for year in range(2014, 2027)}


def test_only_real_gmpp_files_are_recognised(shared):
    heads = {
        path: path.read_bytes()[:65536] for path in (shared / "data").rglob("*") if path.suffix in (".csv", ".json")
    }
    assert {path.parent.name for path, head in heads.items() if gmpp.is_yearly_file(head)} == {"gmpp"}
    assert sum(map(gmpp.is_yearly_file, heads.values())) == 13


@pytest.mark.parametrize(("field", "withheld"), [("wlc", 328), ("fy_baseline", 202), ("end", 136)])
def test_exemptions_have_sections(everything, field, withheld):
    exempt = [row for row in everything if row[f"{field}_state"].startswith("withheld")]
    assert len(exempt) == withheld
    assert [row[f"{field}_text"] for row in exempt if not row[f"{field}_exempt_section"]] == []


def test_exempt_costs_grow_over_the_years(portfolio):
    withheld = {year: sum(row["wlc_state"].startswith("withheld") for row in rows) for year, rows in portfolio.items()}
    assert [withheld[year] for year in (2014, 2020, 2022, 2025, 2026)] == [15, 11, 37, 49, 51]


def test_end_dates_are_ranges_from_2025(portfolio):
    ranged = {year: [row for row in rows if row["end_low"] or row["end_high"]] for year, rows in portfolio.items()}
    assert {year: len(rows) for year, rows in ranged.items() if rows} == {2025: 28, 2026: 23}
    assert {year: sum(row["end_mid"] is not None for row in rows) for year, rows in ranged.items() if rows} == {
        2025: 28, 2026: 21,
    }  # fmt: skip


def test_published_variance_has_no_sign_from_2025(portfolio):
    testable, positive = Counter(), Counter()
    for year, rows in portfolio.items():
        for row in rows:
            derived, published = row["fy_variance_derived"], row["fy_variance_published"]
            if derived is not None and published is not None and abs(derived) > 0.02:
                testable[year] += 1
                positive[year] += derived < 0 < published
    assert (testable[2025], testable[2026]) == (144, 111)
    assert {year: count for year, count in positive.items() if count} == {2015: 2, 2016: 1, 2025: 112, 2026: 87}


def test_published_variance_has_right_magnitude_from_2025(portfolio):
    pairs = [(row["fy_variance_derived"], row["fy_variance_published"]) for row in portfolio[2025] + portfolio[2026]]
    known_pairs = [(derived, published) for derived, published in pairs if None not in (derived, published)]
    assert len(known_pairs) == 177 + 144
    assert [pair for pair in known_pairs if abs(abs(pair[0]) - pair[1]) > 0.0051] == []


def test_impossible_dates_are_kept(everything):
    ended = [row for row in everything if row["end_mid"] is not None and row["end_mid"] < row["snapshot_date"]]
    assert len(ended) == 115
    assert sum(row["start"] is not None and row["start"] > (row["end_mid"] or row["start"]) for row in everything) == 1


def test_only_two_real_figures_are_invalid(everything):
    figures = ("start", "end", "wlc", "fy_baseline", "fy_forecast", "benefits", "rating")
    invalid = [(row["report_year"], name, row[f"{name}_text"]) for row in everything for name in figures
           if row[f"{name}_state"] == "invalid"]  # fmt: skip
    assert invalid == [(2017, "start", "1/012/2014"), (2025, "start", "No")]


def test_every_rating_has_a_rater(portfolio):
    assert {year: Counter(row["rater"] for row in rows)["sro"] for year, rows in portfolio.items() if year > 2021} == {
        2022: 68, 2023: 121, 2024: 100, 2025: 110, 2026: 91,
    }  # fmt: skip
    assert [
        row for rows in portfolio.values() for row in rows if (row["rating"] is None) != (row["rater"] is None)
    ] == []


def test_each_report_has_one_rating_scale(portfolio):
    scales = {year: {row["rating_scale"] for row in rows} for year, rows in portfolio.items()}
    assert scales == {year: {"5pt" if year <= 2021 else "3pt"} for year in range(2014, 2027)}
    assert {row["rating"] for year in range(2022, 2027) for row in portfolio[year]} == {"Red", "Amber", "Green", None}


def test_texts_have_no_addresses_or_spreadsheet_artefacts(everything):
    texts = [value for row in everything for value in row.values() if isinstance(value, str)]
    assert [text for text in texts if scrub_text(text) != text or "_x000D_" in text or "\u200b" in text] == []
    assert sum("[email removed]" in text for text in texts) == 2  # both in links of 2026


def test_blank_ids_are_counted_by_year(portfolio):
    blank = {year: sum(row["gmpp_id"] is None for row in rows) for year, rows in portfolio.items()}
    assert [blank[year] for year in (2019, 2020, 2021, 2025, 2026)] == [133, 0, 0, 0, 2]
    assert [
        row for rows in portfolio.values() for row in rows if (row["gmpp_id"] is None) != (row["joined_on"] is None)
    ] == []


def test_emergency_services_mobile_communications_costs(everything):
    rows = [row for row in everything if "EMERGENCY SERVICES MOBILE" in row["name"].upper()]
    assert [row["wlc_mid"] for row in rows if row["report_year"] in (2014, 2015, 2025)] == [
        1_675_000_000, 536_708_000_000, 1_918_000_000_000,
    ]  # fmt: skip
