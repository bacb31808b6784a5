"""Schemes from the yearly portfolio: drawn histories."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.merge.portfolio_factory import ASIDE, FOI, find_one, load_rows, read_drawing, read_state
from threepoint.standard.tables_delivery import CHANGE
from threepoint.standard.tables_projects import FOI_SECTIONS, PROJECT_TABLES, SCHEME
from threepoint.standard.tables_states import STATE_SOURCE, STATE_TABLES
from threepoint.store.arrow_columns import create_arrow_table

# ------------------------------------------------------------------------------------------------ first and last


def test_the_first_and_the_last_published_figure_stand_with_their_dates(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc    | end
        2021 | CO_0001_2021-Q1 | Alpha | 16.75  | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | 5367   | 31/03/2026
        2023 | CO_0001_2021-Q1 | ALPHA | 19,180 | 31/03/2026
    """))  # fmt: skip
    scheme = made["scheme"][0]
    names = ("scheme_id", "title", "first_year", "last_year", "in_portfolio", "rebaselines", "baseline_date")
    assert [scheme[name] for name in names] == [
        "sdes-gmpp-CO_0001_2021-Q1", "ALPHA", 2021, 2023, True, 2, date(2021, 3, 31),
    ]  # fmt: skip
    assert (scheme["baseline_wlc"], scheme["baseline_wlc_on"]) == (Decimal("16750000.00"), date(2021, 3, 31))
    assert (scheme["forecast_wlc"], scheme["forecast_wlc_on"]) == (Decimal("19180000000.00"), date(2023, 3, 31))
    assert (scheme["baseline_end"], scheme["forecast_end"]) == (date(2025, 3, 31), date(2026, 3, 31))
    assert (scheme["actual_end"], scheme["final_wlc"]) == (None, None)
    assert read_state(made, "baseline_wlc") == ("observed", "first published in GMPP 2021", "GMPP 2021")
    assert read_state(made, "forecast_wlc") == ("observed", "published in GMPP 2023", "GMPP 2023")


def test_each_change_is_a_row_with_old_and_new(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc         | end        | why
        2021 | CO_0001_2021-Q1 | Alpha | 10          | 31/03/2025 |
        2022 | CO_0001_2021-Q1 | Alpha | 12          | 31/03/2025 | scope grew
        2023 | CO_0001_2021-Q1 | Alpha | Section 43  | 31/03/2024 | not said
        2024 | CO_0001_2021-Q1 | Alpha | 13          | 31/03/2024 | inflation
    """))  # fmt: skip
    names = ("date", "old_value", "new_value", "old_end", "new_end", "reason", "notice_id")
    schedule = "Compared to financial year 21/22-Q4"  # what the department says about the end, which changed
    assert [[row[name] for name in names] for row in sorted(made["change"], key=lambda row: row["change_id"])] == [
        [date(2022, 3, 31), 10_000_000, 12_000_000, None, None, "scope grew", "GMPP 2022"],
        [date(2023, 3, 31), None, None, date(2025, 3, 31), date(2024, 3, 31), schedule, "GMPP 2023"],
        [date(2024, 3, 31), 12_000_000, 13_000_000, None, None, "inflation", "GMPP 2024"],
    ]
    assert {(row["type"], row["subject_type"], row["currency"], row["notified"]) for row in made["change"]} == {
        ("rebaseline", "scheme", "GBP", False)
    }


def test_decimals_gained_or_lost_are_no_change(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc
        2021 | CO_0001_2021-Q1 | Alpha | 277.66
        2022 | CO_0001_2021-Q1 | Alpha | 278
        2023 | CO_0001_2021-Q1 | Alpha | 277.66
        2024 | CO_0001_2021-Q1 | Alpha | 277.67
        2025 | CO_0001_2021-Q1 | Alpha | 279
    """))  # fmt: skip
    assert sorted(row["new_value"] for row in made["change"]) == [Decimal("277670000.00"), Decimal("279000000.00")]


def test_a_first_figure_that_came_late_is_derived(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc                              | end
        2021 | CO_0001_2021-Q1 | Alpha | Exempt under Section 43(2)       | Reset
        2022 | CO_0001_2021-Q1 | Alpha | 12                               | 31/03/2025
    """))  # fmt: skip
    assert read_state(made, "baseline_wlc") == (
        "derived",
        f"first published in GMPP 2022; in GMPP 2021 exempt under section 43(2) {FOI} (commercial interests)",
        "GMPP 2022",
    )
    assert read_state(made, "baseline_end")[:2] == (
        "derived", "first published in GMPP 2022; in GMPP 2021 the entry was: Reset",
    )  # fmt: skip


def test_a_figure_withheld_now_is_withheld_though_an_old_one_stands(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc                        | end
        2021 | CO_0001_2021-Q1 | Alpha | 12                         | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | Section 24 and 26          |
    """))  # fmt: skip
    assert (made["scheme"][0]["forecast_wlc"], made["scheme"][0]["forecast_wlc_on"]) == (12_000_000, date(2021, 3, 31))
    assert read_state(made, "forecast_wlc") == (
        "withheld_security",
        f"exempt under sections 24, 26 {FOI} (national security; defence); last published in GMPP 2021", "GMPP 2022",
    )  # fmt: skip
    assert read_state(made, "forecast_end")[:2] == ("not_reported", "it was left blank; last published in GMPP 2021")
    year = find_one(made["scheme_year"], report_year=2022)
    assert [year[name] for name in ("wlc_mid", "wlc_state", "wlc_exempt_section")] == [
        None, "withheld_security", "24; 26",
    ]  # fmt: skip


def test_a_figure_never_published_has_the_state_of_the_last_report(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc        | end        | about
        2021 | CO_0001_2021-Q1 | Alpha | Reset      | 31/03/2025 | Exempt under Section 26 (Defence)
        2022 | CO_0001_2021-Q1 | Alpha | Section 22 | 31/03/2025 | Exempt under Section 26 (Defence)
    """))  # fmt: skip
    why = f"exempt under section 22 {FOI} (information intended for future publication)"
    assert read_state(made, "baseline_wlc") == ("withheld_other", why, "GMPP 2022")
    assert read_state(made, "forecast_wlc") == ("withheld_other", why, "GMPP 2022")
    assert made["scheme"][0]["description"] is None
    assert read_state(made, "description")[0] == "withheld_security"
    assert made["scheme"][0]["comparable_note"] == "no whole-life cost was published"


def test_a_range_without_a_middle_gives_no_single_end(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc | end
        2025 | CO_0001_2021-Q1 | Alpha | 1   | Low: 31/03/2029, Mid: 31/03/2030, High: 31/03/2031
        2026 | CO_0001_2021-Q1 | Alpha | 1   | Low: 31/03/2030, High: 31/03/2032
    """))  # fmt: skip
    scheme = made["scheme"][0]
    names = ("baseline_end", "forecast_end", "forecast_end_on", "forecast_end_low", "forecast_end_high")
    assert [scheme[name] for name in names] == [
        date(2030, 3, 31), date(2030, 3, 31), date(2025, 3, 31), date(2030, 3, 31), date(2032, 3, 31),
    ]  # fmt: skip
    assert read_state(made, "forecast_end")[:2] == (
        "not_reported", "it was published as a range without a middle figure; last published in GMPP 2025",
    )  # fmt: skip


def test_a_cost_of_nothing_is_a_cost_not_approved_yet(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc  | end
        2021 | CO_0001_2021-Q1 | Alpha | 0.00 | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | 60   | 31/03/2025
    """))  # fmt: skip
    assert made["scheme"][0]["baseline_wlc"] == 60_000_000
    assert made["change"] == []
    assert read_state(made, "baseline_wlc")[:2] == (
        "derived", "first published in GMPP 2022; in GMPP 2021 the entry was: 0",
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ price base, scales


def test_costs_of_two_price_bases_are_never_set_against_each_other(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc | end
        2024 | CO_0001_2021-Q1 | Alpha | 10  | 31/03/2030
        2025 | CO_0001_2021-Q1 | Alpha | 11  | 31/03/2030
        2026 | CO_0001_2021-Q1 | Alpha | 15  | 31/03/2030
    """))  # fmt: skip
    scheme = made["scheme"][0]
    assert (scheme["forecast_wlc"], scheme["forecast_price_base"]) == (15_000_000, "2024/25 real")
    assert (scheme["comparable_wlc"], scheme["comparable_wlc_on"]) == (11_000_000, date(2025, 3, 31))
    assert (scheme["comparable_state"], scheme["comparable_note"]) == (
        "derived",
        f"GMPP 2024 and GMPP 2025, both nominal; {ASIDE}",
    )
    assert [(row["old_value"], row["new_value"]) for row in made["change"]] == [(10_000_000, 11_000_000)]


@pytest.mark.parametrize(
    ("costs", "state_", "note"),
    [
        ("10 11 -", "observed", "GMPP 2024 and GMPP 2025, both nominal"),
        ("10 - -", "not_applicable", "GMPP 2024 is the only report with a cost"),
        ("- 10 12", "not_applicable", f"GMPP 2025 is the only report with a cost in nominal prices; {ASIDE}"),
        ("- - 12", "not_applicable", "GMPP 2026 is the only report with a cost"),
        ("- - -", "not_reported", "no whole-life cost was published"),
    ],
)  # fmt: skip
def test_whether_first_and_last_can_be_compared_is_said_in_words(engine, costs, state_, note):
    lines = [
        f"{year} | CO_0001_2021-Q1 | Alpha | {cost}"
        for year, cost in zip((2024, 2025, 2026), costs.split(), strict=True)
    ]
    scheme = load_rows(engine, read_drawing("\n".join(["year | id | name | wlc", *lines])))["scheme"][0]
    assert (scheme["comparable_state"], scheme["comparable_note"]) == (state_, note)


def test_the_rating_is_that_of_the_last_report_with_its_scale(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | rating
        2021 | CO_0001_2021-Q1 | Alpha | Amber/Red
        2022 | CO_0001_2021-Q1 | Alpha | Red
        2021 | CO_0002_2021-Q1 | Beta  | Amber/Red
        2022 | CO_0002_2021-Q1 | Beta  | Exempt under Section 35
    """))  # fmt: skip
    names = ("gmpp_id", "assurance_rating", "assurance_scale", "assurance_source")
    assert sorted([scheme[name] for name in names] for scheme in made["scheme"]) == [
        ["CO_0001_2021-Q1", "Red", "3pt", "ipa"], ["CO_0002_2021-Q1", None, None, None],
    ]  # fmt: skip
    scales = {(row["title"], row["report_year"]): row["rating_scale"] for row in made["scheme_year"]}
    assert scales == {("Alpha", 2021): "5pt", ("Alpha", 2022): "3pt", ("Beta", 2021): "5pt", ("Beta", 2022): "3pt"}


def test_published_amounts_become_cost_lines(engine):
    made = load_rows(engine, read_drawing("""
        year | id              | name  | wlc        | fy
        2025 | CO_0001_2021-Q1 | Alpha | 10         | 2
        2026 | CO_0001_2021-Q1 | Alpha | Section 43 | 0
    """))  # fmt: skip
    names = ("kind", "fy", "amount", "price_base", "version", "as_of")
    assert sorted([row[name] for name in names] for row in made["cost_line"]) == [
        ["baseline", "2024/25", 2_000_000, "nominal", 2025, date(2025, 3, 31)],
        ["baseline", "2025/26", 0, "2024/25 real", 2026, date(2026, 3, 31)],
        ["baseline", "whole-life", 10_000_000, "nominal", 2025, date(2025, 3, 31)],
    ]


# ------------------------------------------------------------------------------------------------ identity


def read_links(made):
    """The keys of each scheme, with the method by which each was told to be it."""
    found = defaultdict(dict)
    for row in made["scheme_identifier"]:
        found[row["scheme_id"].removeprefix("sdes-gmpp-")][row["identifier"]] = row["match_method"]
    return dict(found)


def test_an_id_issued_anew_is_one_scheme(engine):
    made = load_rows(engine, read_drawing("""
        year | id               | name    | wlc
        2020 | DH_0017_1112-Q1  | Hub     | 1
        2021 | DOH_0017_1112-Q1 | Hub     | 1
        2021 | MOD_0017_1112-Q1 | Crowsnest | 1
        2020 | DfT_0022_1415-Q4 | Tunnel  | 1
        2021 | DFT_0022_1415-Q4 | Tunnel  | 1
        2020 | DH_0041_1314-Q2  | Network | 1
    """))  # fmt: skip
    assert read_links(made) == {
        "DOH_0017_1112-Q1": {"DH_0017_1112-Q1": "gmpp_id_reissued", "DOH_0017_1112-Q1": "gmpp_id"},
        "MOD_0017_1112-Q1": {"MOD_0017_1112-Q1": "gmpp_id"},
        "DFT_0022_1415-Q4": {"DfT_0022_1415-Q4": "gmpp_id_reissued", "DFT_0022_1415-Q4": "gmpp_id"},
        "DOH_0041_1314-Q2": {"DH_0041_1314-Q2": "gmpp_id"},
    }
    assert find_one(made["scheme"], title="Hub")["gmpp_id"] == "DOH_0017_1112-Q1"


def test_two_ids_of_one_report_stay_two_schemes(engine):
    made = load_rows(engine, read_drawing("""
        year | id               | name | wlc
        2020 | DH_0017_1112-Q1  | Hub  | 1
        2021 | DH_0017_1112-Q1  | Hub  | 1
        2021 | DOH_0017_1112-Q1 | Pub  | 1
    """))  # fmt: skip
    assert read_links(made) == {
        "DH_0017_1112-Q1": {"DH_0017_1112-Q1": "gmpp_id"}, "DOH_0017_1112-Q1": {"DOH_0017_1112-Q1": "gmpp_id"},
    }  # fmt: skip


NAMES = """
    year | id              | name                       | wlc
    2018 |                 | 100,000 Genomes Project    | 1
    2019 |                 | 100000 GENOMES PROJECT     | 1
    2018 |                 | Universal Credit           | 1
    2018 |                 | Schools (PSBP 1)           | 1
    2018 |                 | Tranche 3                  | 1
    2018 |                 | Twins                      | 1
    2018 |                 | Young                      | 1
    2019 |                 | Old Name                   | 1
    2019 |                 | Shared Services (Evolve)   | 1
    2019 |                 | Shared Services (Revolve)  | 1
    2021 | DH_0001_1415-Q1 | 100000 Genomes Project     | 1
    2021 | DW_0002_1112-Q1 | Universal Credit Programme | 1
    2021 | DE_0003_1112-Q1 | Schools (PSBP 2)           | 1
    2021 | MO_0004_1112-Q1 | Tranche 1                  | 1
    2021 | MO_0005_1112-Q1 | Twins                      | 1
    2021 | MO_0006_1112-Q1 | Twins Too                  | 1
    2022 | MO_0006_1112-Q1 | Twins                      | 1
    2021 | MO_0007_2021-Q1 | Young                      | 1
    2021 | CO_0008_1112-Q1 | Old Name                   | 1
    2019 | CO_0008_1112-Q1 | New Name                   | 1
    2021 | CO_0009_1112-Q1 | Shared Services            | 1
"""


def test_a_name_is_joined_to_an_id_only_where_it_can_be_no_other(engine):
    found = read_links(load_rows(engine, read_drawing(NAMES)))
    assert {scheme: keys for scheme, keys in found.items() if set(keys.values()) != {"gmpp_id"}} == {
        "DOH_0001_1415-Q1": {"DH_0001_1415-Q1": "gmpp_id", "100000 genomes project": "name_equal"},
        "DW_0002_1112-Q1": {"DW_0002_1112-Q1": "gmpp_id", "universal credit": "name_core_equal"},
        "schools-psbp-1": {"schools psbp 1": "name_only"},  # other numbers
        "tranche-3": {"tranche 3": "name_only"},
        "twins": {"twins": "name_only"},  # a name of two ids
        "young": {"young": "name_only"},  # before the id was issued
        "old-name": {"old name": "name_only"},  # the id has a row of its own in that report
        "shared-services-evolve": {"shared services evolve": "name_only"},  # two names claim one report
        "shared-services-revolve": {"shared services revolve": "name_only"},
    }


def test_an_equal_name_goes_before_an_equal_core(engine):
    found = read_links(load_rows(engine, read_drawing("""
        year | id              | name            | wlc
        2019 |                 | Alpha           | 1
        2019 |                 | Alpha Programme | 1
        2021 | CO_0001_1112-Q1 | Alpha           | 1
    """)))  # fmt: skip
    assert found == {
        "CO_0001_1112-Q1": {"CO_0001_1112-Q1": "gmpp_id", "alpha": "name_equal"},
        "alpha-programme": {"alpha programme": "name_only"},
    }


def test_the_same_report_in_two_files_counts_once(engine):
    drawing = """
        year | id              | name  | wlc
        2021 | CO_0001_2021-Q1 | Alpha | 1
    """
    again = [(*row[:-2], "another", *row[-1:]) for row in read_drawing(drawing.replace("| 1", "| 2"))]
    made = load_rows(engine, [*read_drawing(drawing), *again])
    assert (len(made["scheme_year"]), made["scheme_year"][0]["source_id"]) == (1, "another")
    assert (made["scheme"][0]["baseline_wlc"], made["change"]) == (2_000_000, [])


# ------------------------------------------------------------------------------------------------ shape


def test_every_table_has_the_columns_of_the_standard_in_order(engine):
    made = {name: engine.run(statement).to_arrow_table().schema for name, statement in engine.statements.items()}
    tables = {table.name: table for table in (*PROJECT_TABLES, CHANGE, STATE_TABLES["scheme"])}
    tables["scheme_source"] = STATE_SOURCE
    assert {name: tuple(schema.names) for name, schema in made.items()} == {
        name: table.names for name, table in tables.items()
    }
    empty = {name: create_arrow_table(table, []).schema for name, table in tables.items()}
    widths = {
        name: [str(kind).replace("decimal128", "decimal64") for kind in schema.types] for name, schema in made.items()
    }
    assert widths == {name: [str(kind) for kind in schema.types] for name, schema in empty.items()}


def test_every_judged_field_of_every_scheme_has_one_state(engine):
    made = load_rows(engine, read_drawing(NAMES))
    assert Counter((row["key"], row["field"]) for row in made["field_state"]) == Counter(
        (scheme["scheme_id"], field.name) for scheme in made["scheme"] for field in SCHEME.judged
    )
    assert {row["evidence_level"] for row in made["field_state"]} == {"published_notice"}


def test_a_day_is_midnight_utc_wherever_the_engine_stands(engine):
    engine.run("SET TimeZone = 'Europe/London'")
    made = load_rows(engine, read_drawing("year | id | name | wlc\n2021 | CO_0001_2021-Q1 | Alpha | 1"))
    engine.run("SET TimeZone = 'UTC'")
    assert {row["release_date"].astimezone(UTC) for row in made["field_state"]} == {datetime(2021, 3, 31, tzinfo=UTC)}


def test_every_section_is_named_in_words(engine):
    lines = [
        f"2021 | CO_00{section}_2021-Q1 | Alpha {section} | Exempt under Section {section}(2)"
        for section in FOI_SECTIONS
    ]
    made = load_rows(engine, read_drawing("\n".join(["year | id | name | wlc", *lines])))
    details = {row["key"][-10:-8]: row["detail"] for row in made["field_state"] if row["field"] == "baseline_wlc"}
    assert details == {
        section: f"exempt under section {section}(2) {FOI} ({words})" for section, words in FOI_SECTIONS.items()
    }
