"""Schemes from the yearly portfolio: synthetic histories."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.merge.portfolio_factory import ASIDE, FOI, find_one, load_rows, read_drawing, read_state
from threepoint.standard.tables_contracts import CHANGE
from threepoint.standard.tables_projects import FOI_SECTIONS, PROJECT_TABLES, SCHEME
from threepoint.standard.tables_states import STATE_SOURCE, STATE_TABLES
from threepoint.store.arrow_columns import create_arrow_table

# ------------------------------------------------------------------------------------------------ first and last


def test_scheme_has_first_and_last_figures_with_dates(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc    | end
        2021 | CO_0001_2021-Q1 | Alpha | 16.75  | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | 5367   | 31/03/2026
        2023 | CO_0001_2021-Q1 | ALPHA | 19,180 | 31/03/2026
    """))  # fmt: skip
    scheme = tables["scheme"][0]
    names = ("scheme_id", "title", "first_year", "last_year", "in_portfolio", "rebaselines", "baseline_date")
    assert [scheme[name] for name in names] == [
        "sdes-gmpp-CO_0001_2021-Q1", "ALPHA", 2021, 2023, True, 2, date(2021, 3, 31),
    ]  # fmt: skip
    assert (scheme["baseline_wlc"], scheme["baseline_wlc_on"]) == (Decimal("16750000.00"), date(2021, 3, 31))
    assert (scheme["forecast_wlc"], scheme["forecast_wlc_on"]) == (Decimal("19180000000.00"), date(2023, 3, 31))
    assert (scheme["baseline_end"], scheme["forecast_end"]) == (date(2025, 3, 31), date(2026, 3, 31))
    assert (scheme["actual_end"], scheme["final_wlc"]) == (None, None)
    assert read_state(tables, "baseline_wlc") == ("observed", "first published in GMPP 2021", "GMPP 2021")
    assert read_state(tables, "forecast_wlc") == ("observed", "published in GMPP 2023", "GMPP 2023")


def test_scheme_changes_have_old_and_new(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc         | end        | why
        2021 | CO_0001_2021-Q1 | Alpha | 10          | 31/03/2025 |
        2022 | CO_0001_2021-Q1 | Alpha | 12          | 31/03/2025 | scope grew
        2023 | CO_0001_2021-Q1 | Alpha | Section 43  | 31/03/2024 | not said
        2024 | CO_0001_2021-Q1 | Alpha | 13          | 31/03/2024 | inflation
    """))  # fmt: skip
    names = ("date", "old_value", "new_value", "old_end", "new_end", "reason", "notice_id")
    schedule = "Compared to financial year 21/22-Q4"  # the department's narrative for the end, which changed
    assert [[row[name] for name in names] for row in sorted(tables["change"], key=lambda row: row["change_id"])] == [
        [date(2022, 3, 31), 10_000_000, 12_000_000, None, None, "scope grew", "GMPP 2022"],
        [date(2023, 3, 31), None, None, date(2025, 3, 31), date(2024, 3, 31), schedule, "GMPP 2023"],
        [date(2024, 3, 31), 12_000_000, 13_000_000, None, None, "inflation", "GMPP 2024"],
    ]
    assert {(row["type"], row["subject_type"], row["currency"], row["notified"]) for row in tables["change"]} == {
        ("rebaseline", "scheme", "GBP", False)
    }


def test_scheme_changes_ignore_gained_or_lost_decimals(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc
        2021 | CO_0001_2021-Q1 | Alpha | 277.66
        2022 | CO_0001_2021-Q1 | Alpha | 278
        2023 | CO_0001_2021-Q1 | Alpha | 277.66
        2024 | CO_0001_2021-Q1 | Alpha | 277.67
        2025 | CO_0001_2021-Q1 | Alpha | 279
    """))  # fmt: skip
    assert sorted(row["new_value"] for row in tables["change"]) == [Decimal("277670000.00"), Decimal("279000000.00")]


def test_scheme_state_late_first_figure_is_derived(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc                              | end
        2021 | CO_0001_2021-Q1 | Alpha | Exempt under Section 43(2)       | Reset
        2022 | CO_0001_2021-Q1 | Alpha | 12                               | 31/03/2025
    """))  # fmt: skip
    assert read_state(tables, "baseline_wlc") == (
        "derived",
        f"first published in GMPP 2022; in GMPP 2021 exempt under section 43(2) {FOI} (commercial interests)",
        "GMPP 2022",
    )
    assert read_state(tables, "baseline_end")[:2] == (
        "derived", "first published in GMPP 2022; in GMPP 2021 the entry was: Reset",
    )  # fmt: skip


def test_scheme_state_figure_withheld_in_last_report(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc                        | end
        2021 | CO_0001_2021-Q1 | Alpha | 12                         | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | Section 24 and 26          |
    """))  # fmt: skip
    assert (tables["scheme"][0]["forecast_wlc"], tables["scheme"][0]["forecast_wlc_on"]) == (
        12_000_000,
        date(2021, 3, 31),
    )
    assert read_state(tables, "forecast_wlc") == (
        "withheld_security",
        f"exempt under sections 24, 26 {FOI} (national security; defence); last published in GMPP 2021", "GMPP 2022",
    )  # fmt: skip
    assert read_state(tables, "forecast_end")[:2] == ("not_reported", "it was left blank; last published in GMPP 2021")
    year = find_one(tables["scheme_year"], report_year=2022)
    assert [year[name] for name in ("wlc_mid", "wlc_state", "wlc_exempt_section")] == [
        None, "withheld_security", "24; 26",
    ]  # fmt: skip


def test_scheme_state_never_published_follows_last_report(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc        | end        | about
        2021 | CO_0001_2021-Q1 | Alpha | Reset      | 31/03/2025 | Exempt under Section 26 (Defence)
        2022 | CO_0001_2021-Q1 | Alpha | Section 22 | 31/03/2025 | Exempt under Section 26 (Defence)
    """))  # fmt: skip
    reason = f"exempt under section 22 {FOI} (information intended for future publication)"
    assert read_state(tables, "baseline_wlc") == ("withheld_other", reason, "GMPP 2022")
    assert read_state(tables, "forecast_wlc") == ("withheld_other", reason, "GMPP 2022")
    assert tables["scheme"][0]["description"] is None
    assert read_state(tables, "description")[0] == "withheld_security"
    assert tables["scheme"][0]["comparable_note"] == "no whole-life cost was published"


def test_scheme_end_range_without_middle_gives_no_single_end(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc | end
        2025 | CO_0001_2021-Q1 | Alpha | 1   | Low: 31/03/2029, Mid: 31/03/2030, High: 31/03/2031
        2026 | CO_0001_2021-Q1 | Alpha | 1   | Low: 31/03/2030, High: 31/03/2032
    """))  # fmt: skip
    scheme = tables["scheme"][0]
    names = ("baseline_end", "forecast_end", "forecast_end_on", "forecast_end_low", "forecast_end_high")
    assert [scheme[name] for name in names] == [
        date(2030, 3, 31), date(2030, 3, 31), date(2025, 3, 31), date(2030, 3, 31), date(2032, 3, 31),
    ]  # fmt: skip
    assert read_state(tables, "forecast_end")[:2] == (
        "not_reported", "it was published as a range without a middle figure; last published in GMPP 2025",
    )  # fmt: skip


def test_scheme_cost_of_zero_is_not_reported(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc  | end
        2021 | CO_0001_2021-Q1 | Alpha | 0.00 | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | 60   | 31/03/2025
    """))  # fmt: skip
    assert tables["scheme"][0]["baseline_wlc"] == 60_000_000
    assert tables["change"] == []
    assert read_state(tables, "baseline_wlc")[:2] == (
        "derived", "first published in GMPP 2022; in GMPP 2021 the entry was: 0",
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ price base, scales


def test_scheme_costs_in_two_price_bases_are_not_compared(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc | end
        2024 | CO_0001_2021-Q1 | Alpha | 10  | 31/03/2030
        2025 | CO_0001_2021-Q1 | Alpha | 11  | 31/03/2030
        2026 | CO_0001_2021-Q1 | Alpha | 15  | 31/03/2030
    """))  # fmt: skip
    scheme = tables["scheme"][0]
    assert (scheme["forecast_wlc"], scheme["forecast_price_base"]) == (15_000_000, "2024/25 real")
    assert (scheme["comparable_wlc"], scheme["comparable_wlc_on"]) == (11_000_000, date(2025, 3, 31))
    assert (scheme["comparable_state"], scheme["comparable_note"]) == (
        "derived",
        f"GMPP 2024 and GMPP 2025, both nominal; {ASIDE}",
    )
    assert [(row["old_value"], row["new_value"]) for row in tables["change"]] == [(10_000_000, 11_000_000)]


@pytest.mark.parametrize(
    ("costs", "state", "note"),
    [
        ("10 11 -", "observed", "GMPP 2024 and GMPP 2025, both nominal"),
        ("10 - -", "not_applicable", "GMPP 2024 is the only report with a cost"),
        ("- 10 12", "not_applicable", f"GMPP 2025 is the only report with a cost in nominal prices; {ASIDE}"),
        ("- - 12", "not_applicable", "GMPP 2026 is the only report with a cost"),
        ("- - -", "not_reported", "no whole-life cost was published"),
    ],
)  # fmt: skip
def test_scheme_comparable_state_and_note(engine, costs, state, note):
    lines = [
        f"{year} | CO_0001_2021-Q1 | Alpha | {cost}"
        for year, cost in zip((2024, 2025, 2026), costs.split(), strict=True)
    ]
    scheme = load_rows(engine, read_drawing("\n".join(["year | id | name | wlc", *lines])))["scheme"][0]
    assert (scheme["comparable_state"], scheme["comparable_note"]) == (state, note)


def test_scheme_rating_is_from_last_report_with_scale(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | rating
        2021 | CO_0001_2021-Q1 | Alpha | Amber/Red
        2022 | CO_0001_2021-Q1 | Alpha | Red
        2021 | CO_0002_2021-Q1 | Beta  | Amber/Red
        2022 | CO_0002_2021-Q1 | Beta  | Exempt under Section 35
    """))  # fmt: skip
    names = ("gmpp_id", "assurance_rating", "assurance_scale", "assurance_source")
    assert sorted([scheme[name] for name in names] for scheme in tables["scheme"]) == [
        ["CO_0001_2021-Q1", "Red", "3pt", "ipa"], ["CO_0002_2021-Q1", None, None, None],
    ]  # fmt: skip
    scales = {(row["title"], row["report_year"]): row["rating_scale"] for row in tables["scheme_year"]}
    assert scales == {("Alpha", 2021): "5pt", ("Alpha", 2022): "3pt", ("Beta", 2021): "5pt", ("Beta", 2022): "3pt"}


def test_scheme_cost_lines_are_published_amounts(engine):
    tables = load_rows(engine, read_drawing("""
        year | id              | name  | wlc        | fy
        2025 | CO_0001_2021-Q1 | Alpha | 10         | 2
        2026 | CO_0001_2021-Q1 | Alpha | Section 43 | 0
    """))  # fmt: skip
    names = ("kind", "fy", "amount", "price_base", "version", "as_of")
    assert sorted([row[name] for name in names] for row in tables["cost_line"]) == [
        ["baseline", "2024/25", 2_000_000, "nominal", 2025, date(2025, 3, 31)],
        ["baseline", "2025/26", 0, "2024/25 real", 2026, date(2026, 3, 31)],
        ["baseline", "whole-life", 10_000_000, "nominal", 2025, date(2025, 3, 31)],
    ]


# ------------------------------------------------------------------------------------------------ identity


def read_links(tables):
    """Return the keys of each scheme, with the method that linked each key."""
    links = defaultdict(dict)
    for row in tables["scheme_identifier"]:
        links[row["scheme_id"].removeprefix("sdes-gmpp-")][row["identifier"]] = row["match_method"]
    return dict(links)


def test_identify_schemes_joins_reissued_ids(engine):
    tables = load_rows(engine, read_drawing("""
        year | id               | name    | wlc
        2020 | DH_0017_1112-Q1  | Hub     | 1
        2021 | DOH_0017_1112-Q1 | Hub     | 1
        2021 | MOD_0017_1112-Q1 | Crowsnest | 1
        2020 | DfT_0022_1415-Q4 | Tunnel  | 1
        2021 | DFT_0022_1415-Q4 | Tunnel  | 1
        2020 | DH_0041_1314-Q2  | Network | 1
    """))  # fmt: skip
    assert read_links(tables) == {
        "DOH_0017_1112-Q1": {"DH_0017_1112-Q1": "gmpp_id_reissued", "DOH_0017_1112-Q1": "gmpp_id"},
        "MOD_0017_1112-Q1": {"MOD_0017_1112-Q1": "gmpp_id"},
        "DFT_0022_1415-Q4": {"DfT_0022_1415-Q4": "gmpp_id_reissued", "DFT_0022_1415-Q4": "gmpp_id"},
        "DOH_0041_1314-Q2": {"DH_0041_1314-Q2": "gmpp_id"},
    }
    assert find_one(tables["scheme"], title="Hub")["gmpp_id"] == "DOH_0017_1112-Q1"


def test_identify_schemes_separates_ids_of_one_report(engine):
    tables = load_rows(engine, read_drawing("""
        year | id               | name | wlc
        2020 | DH_0017_1112-Q1  | Hub  | 1
        2021 | DH_0017_1112-Q1  | Hub  | 1
        2021 | DOH_0017_1112-Q1 | Pub  | 1
    """))  # fmt: skip
    assert read_links(tables) == {
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


def test_identify_schemes_links_only_unambiguous_names(engine):
    links = read_links(load_rows(engine, read_drawing(NAMES)))
    assert {scheme: keys for scheme, keys in links.items() if set(keys.values()) != {"gmpp_id"}} == {
        "DOH_0001_1415-Q1": {"DH_0001_1415-Q1": "gmpp_id", "100000 genomes project": "name_equal"},
        "DW_0002_1112-Q1": {"DW_0002_1112-Q1": "gmpp_id", "universal credit": "name_core_equal"},
        "schools-psbp-1": {"schools psbp 1": "name_only"},  # other numbers
        "tranche-3": {"tranche 3": "name_only"},
        "twins": {"twins": "name_only"},  # two ids have this name
        "young": {"young": "name_only"},  # before the id was issued
        "old-name": {"old name": "name_only"},  # the id has a row of its own in that report
        "shared-services-evolve": {"shared services evolve": "name_only"},  # two names claim one report
        "shared-services-revolve": {"shared services revolve": "name_only"},
    }


def test_identify_schemes_prefers_equal_name_to_equal_core(engine):
    links = read_links(load_rows(engine, read_drawing("""
        year | id              | name            | wlc
        2019 |                 | Alpha           | 1
        2019 |                 | Alpha Programme | 1
        2021 | CO_0001_1112-Q1 | Alpha           | 1
    """)))  # fmt: skip
    assert links == {
        "CO_0001_1112-Q1": {"CO_0001_1112-Q1": "gmpp_id", "alpha": "name_equal"},
        "alpha-programme": {"alpha programme": "name_only"},
    }


def test_identify_schemes_counts_repeated_report_once(engine):
    drawing = """
        year | id              | name  | wlc
        2021 | CO_0001_2021-Q1 | Alpha | 1
    """
    repeated = [(*row[:-2], "another", *row[-1:]) for row in read_drawing(drawing.replace("| 1", "| 2"))]
    tables = load_rows(engine, [*read_drawing(drawing), *repeated])
    assert (len(tables["scheme_year"]), tables["scheme_year"][0]["source_id"]) == (1, "another")
    assert (tables["scheme"][0]["baseline_wlc"], tables["change"]) == (2_000_000, [])


# ------------------------------------------------------------------------------------------------ shape


def test_scheme_tables_have_standard_columns_in_order(engine):
    schemas = {name: engine.run(statement).to_arrow_table().schema for name, statement in engine.statements.items()}
    tables = {table.name: table for table in (*PROJECT_TABLES, CHANGE, STATE_TABLES["scheme"])}
    tables["scheme_source"] = STATE_SOURCE
    assert {name: tuple(schema.names) for name, schema in schemas.items()} == {
        name: table.names for name, table in tables.items()
    }
    empty = {name: create_arrow_table(table, []).schema for name, table in tables.items()}
    widths = {
        name: [str(kind).replace("decimal128", "decimal64") for kind in schema.types]
        for name, schema in schemas.items()
    }
    assert widths == {name: [str(kind) for kind in schema.types] for name, schema in empty.items()}


def test_scheme_states_cover_every_judged_field_once(engine):
    tables = load_rows(engine, read_drawing(NAMES))
    assert Counter((row["key"], row["field"]) for row in tables["field_state"]) == Counter(
        (scheme["scheme_id"], field.name) for scheme in tables["scheme"] for field in SCHEME.judged
    )
    assert {row["evidence_level"] for row in tables["field_state"]} == {"published_notice"}


def test_scheme_source_date_is_midnight_utc(engine):
    engine.run("SET TimeZone = 'Europe/London'")
    tables = load_rows(engine, read_drawing("year | id | name | wlc\n2021 | CO_0001_2021-Q1 | Alpha | 1"))
    engine.run("SET TimeZone = 'UTC'")
    assert {row["release_date"].astimezone(UTC) for row in tables["field_state"]} == {datetime(2021, 3, 31, tzinfo=UTC)}


def test_scheme_state_names_every_exemption_section(engine):
    lines = [
        f"2021 | CO_00{section}_2021-Q1 | Alpha {section} | Exempt under Section {section}(2)"
        for section in FOI_SECTIONS
    ]
    tables = load_rows(engine, read_drawing("\n".join(["year | id | name | wlc", *lines])))
    details = {row["key"][-10:-8]: row["detail"] for row in tables["field_state"] if row["field"] == "baseline_wlc"}
    assert details == {
        section: f"exempt under section {section}(2) {FOI} ({meaning})" for section, meaning in FOI_SECTIONS.items()
    }
