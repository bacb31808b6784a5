"""Schemes from the yearly portfolio: drawn histories, a slow plain twin on random and on real rows, known projects.

A drawing is one project a line and report; its cells are as a yearly file has them, and are read by the real reader.
"""

import csv
import io
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threepoint.merge import schemes
from threepoint.read import gmpp
from threepoint.read.gmpp.rows import _joined_on, name_core, name_key, snapshot
from threepoint.standard.projects import FOI_SECTIONS, GMPP_YEAR, PROJECT_TABLES, SCHEME
from threepoint.standard.tables_delivery import CHANGE
from threepoint.standard.tables_quality import FIELD_STATE
from threepoint.store.columns import to_arrow

EPOCH = date(1970, 1, 1)
FOI = "of the Freedom of Information Act 2000"
ASIDE = "GMPP 2026 is in prices of another base (2024/25 real) and is left aside"
HEADINGS = {
    "id": "GMPP ID", "name": "Project Name", "wlc": "Whole Life Cost (£m{real})", "end": "End Date",
    "rating": "IPA Delivery Confidence Assessment", "about": "Project Description", "why": "Costs Narrative",
    "fy": "Financial Year Baseline (£m)",
}  # fmt: skip


class Engine:
    """DuckDB with the statements of the merge, which are made once: they do not depend on the rows."""

    def __init__(self):
        self.backend = ibis.duckdb.connect()
        history = self.backend.create_table("gmpp_year", to_arrow(GMPP_YEAR, []))
        self.stage = self.backend.compile(schemes.scheme_rows(history))
        self.run(f"CREATE TABLE scheme_rows AS {self.stage}")
        made = schemes.tables(self.backend.table("scheme_rows"))
        self.statements = {name: self.backend.compile(table) for name, table in made.items()}

    def run(self, statement):
        return self.backend.con.execute(statement)

    def load(self, rows):
        self.backend.create_table("gmpp_year", to_arrow(GMPP_YEAR, rows), overwrite=True)
        self.run(f"CREATE OR REPLACE TABLE scheme_rows AS {self.stage}")

    def rows(self, name):
        return self.run(self.statements[name]).to_arrow_table().to_pylist()


@pytest.fixture(scope="module")
def engine():
    made = Engine()
    yield made
    made.backend.disconnect()


class Made(dict):
    """The tables made of the rows that were loaded last, each a list of dicts; worked out when it is asked for."""

    def __init__(self, engine):
        super().__init__()
        self.engine = engine

    def __missing__(self, name):
        self[name] = self.engine.rows(name)
        return self[name]


def loaded(engine, rows):
    """The tables that `rows` (tuples of gmpp_year) make."""
    engine.load(rows)
    return Made(engine)


def cells(drawing):
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]


def read(drawing):
    """The rows of gmpp_year that yearly files with these lines give; from 2026 costs are in real prices."""
    heads, *lines = cells(drawing)
    files = defaultdict(list)
    for line in lines:
        files[int(line[heads.index("year")])].append(dict(zip(heads, line, strict=True)))
    return [row for year, found in files.items() for row in _file(year, found)]


def _file(year, found):
    real = ", Presented in 2024/25 Real Prices" if year >= 2026 else ""
    names = [name for name in found[0] if name != "year"]
    head = ["Department", "Schedule Narrative", "Benefits (£m)", *[HEADINGS[name].format(real=real) for name in names]]
    before = f"Compared to financial year {year % 100 - 2}/{year % 100 - 1}-Q4"
    out = io.StringIO()
    csv.writer(out).writerows([head, *[["CO", before, "", *[line[name] for name in names]] for line in found]])
    made = gmpp.read(out.getvalue().encode(), f"file-{year}")
    assert (made["quarantine"], {row[1] for row in made["gmpp_year"]}) == ([], {year})
    return made["gmpp_year"]


def one(rows, **where):
    found = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert len(found) == 1, found
    return found[0]


def state(made, field, key=None):
    """(state, detail, notice) of a field of the only scheme, or of the one that is named."""
    found = [row for row in made["field_state"] if row["field"] == field and key in (None, row["key"])]
    assert len(found) == 1
    return found[0]["state"], found[0]["detail"], found[0]["notice_id"]


# ------------------------------------------------------------------------------------------------ first and last


def test_the_first_and_the_last_published_figure_stand_with_their_dates(engine):
    made = loaded(engine, read("""
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
    assert state(made, "baseline_wlc") == ("observed", "first published in GMPP 2021", "GMPP 2021")
    assert state(made, "forecast_wlc") == ("observed", "published in GMPP 2023", "GMPP 2023")


def test_each_change_is_a_row_with_old_and_new(engine):
    made = loaded(engine, read("""
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
    made = loaded(engine, read("""
        year | id              | name  | wlc
        2021 | CO_0001_2021-Q1 | Alpha | 277.66
        2022 | CO_0001_2021-Q1 | Alpha | 278
        2023 | CO_0001_2021-Q1 | Alpha | 277.66
        2024 | CO_0001_2021-Q1 | Alpha | 277.67
        2025 | CO_0001_2021-Q1 | Alpha | 279
    """))  # fmt: skip
    assert sorted(row["new_value"] for row in made["change"]) == [Decimal("277670000.00"), Decimal("279000000.00")]


def test_a_first_figure_that_came_late_is_derived(engine):
    made = loaded(engine, read("""
        year | id              | name  | wlc                              | end
        2021 | CO_0001_2021-Q1 | Alpha | Exempt under Section 43(2)       | Reset
        2022 | CO_0001_2021-Q1 | Alpha | 12                               | 31/03/2025
    """))  # fmt: skip
    assert state(made, "baseline_wlc") == (
        "derived",
        f"first published in GMPP 2022; in GMPP 2021 exempt under section 43(2) {FOI} (commercial interests)",
        "GMPP 2022",
    )
    assert state(made, "baseline_end")[:2] == (
        "derived", "first published in GMPP 2022; in GMPP 2021 the entry was: Reset",
    )  # fmt: skip


def test_a_figure_withheld_now_is_withheld_though_an_old_one_stands(engine):
    made = loaded(engine, read("""
        year | id              | name  | wlc                        | end
        2021 | CO_0001_2021-Q1 | Alpha | 12                         | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | Section 24 and 26          |
    """))  # fmt: skip
    assert (made["scheme"][0]["forecast_wlc"], made["scheme"][0]["forecast_wlc_on"]) == (12_000_000, date(2021, 3, 31))
    assert state(made, "forecast_wlc") == (
        "withheld_security",
        f"exempt under sections 24, 26 {FOI} (national security; defence); last published in GMPP 2021",
        "GMPP 2022",
    )
    assert state(made, "forecast_end")[:2] == ("not_reported", "it was left blank; last published in GMPP 2021")
    year = one(made["scheme_year"], report_year=2022)
    assert [year[name] for name in ("wlc_mid", "wlc_state", "wlc_exempt_section")] == [
        None,
        "withheld_security",
        "24; 26",
    ]


def test_a_figure_never_published_has_the_state_of_the_last_report(engine):
    made = loaded(engine, read("""
        year | id              | name  | wlc        | end        | about
        2021 | CO_0001_2021-Q1 | Alpha | Reset      | 31/03/2025 | Exempt under Section 26 (Defence)
        2022 | CO_0001_2021-Q1 | Alpha | Section 22 | 31/03/2025 | Exempt under Section 26 (Defence)
    """))  # fmt: skip
    why = f"exempt under section 22 {FOI} (information intended for future publication)"
    assert state(made, "baseline_wlc") == ("withheld_other", why, "GMPP 2022")
    assert state(made, "forecast_wlc") == ("withheld_other", why, "GMPP 2022")
    assert made["scheme"][0]["description"] is None
    assert state(made, "description")[0] == "withheld_security"
    assert made["scheme"][0]["comparable_note"] == "no whole-life cost was published"


def test_a_range_without_a_middle_gives_no_single_end(engine):
    made = loaded(engine, read("""
        year | id              | name  | wlc | end
        2025 | CO_0001_2021-Q1 | Alpha | 1   | Low: 31/03/2029, Mid: 31/03/2030, High: 31/03/2031
        2026 | CO_0001_2021-Q1 | Alpha | 1   | Low: 31/03/2030, High: 31/03/2032
    """))  # fmt: skip
    scheme = made["scheme"][0]
    names = ("baseline_end", "forecast_end", "forecast_end_on", "forecast_end_low", "forecast_end_high")
    assert [scheme[name] for name in names] == [
        date(2030, 3, 31), date(2030, 3, 31), date(2025, 3, 31), date(2030, 3, 31), date(2032, 3, 31),
    ]  # fmt: skip
    assert state(made, "forecast_end")[:2] == (
        "not_reported", "it was published as a range without a middle figure; last published in GMPP 2025",
    )  # fmt: skip


def test_a_cost_of_nothing_is_a_cost_not_approved_yet(engine):
    made = loaded(engine, read("""
        year | id              | name  | wlc  | end
        2021 | CO_0001_2021-Q1 | Alpha | 0.00 | 31/03/2025
        2022 | CO_0001_2021-Q1 | Alpha | 60   | 31/03/2025
    """))  # fmt: skip
    assert made["scheme"][0]["baseline_wlc"] == 60_000_000
    assert made["change"] == []
    assert state(made, "baseline_wlc")[:2] == (
        "derived", "first published in GMPP 2022; in GMPP 2021 the entry was: 0",
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ price base, scales


def test_costs_of_two_price_bases_are_never_set_against_each_other(engine):
    made = loaded(engine, read("""
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
    scheme = loaded(engine, read("\n".join(["year | id | name | wlc", *lines])))["scheme"][0]
    assert (scheme["comparable_state"], scheme["comparable_note"]) == (state_, note)


def test_the_rating_is_that_of_the_last_report_with_its_scale(engine):
    made = loaded(engine, read("""
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
    made = loaded(engine, read("""
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


def linked(made):
    """The keys of each scheme, with the method by which each was told to be it."""
    found = defaultdict(dict)
    for row in made["scheme_identifier"]:
        found[row["scheme_id"].removeprefix("sdes-gmpp-")][row["identifier"]] = row["match_method"]
    return dict(found)


def test_an_id_issued_anew_is_one_scheme(engine):
    made = loaded(engine, read("""
        year | id               | name    | wlc
        2020 | DH_0017_1112-Q1  | Hub     | 1
        2021 | DOH_0017_1112-Q1 | Hub     | 1
        2021 | MOD_0017_1112-Q1 | Crowsnest | 1
        2020 | DfT_0022_1415-Q4 | Tunnel  | 1
        2021 | DFT_0022_1415-Q4 | Tunnel  | 1
        2020 | DH_0041_1314-Q2  | Network | 1
    """))  # fmt: skip
    assert linked(made) == {
        "DOH_0017_1112-Q1": {"DH_0017_1112-Q1": "gmpp_id_reissued", "DOH_0017_1112-Q1": "gmpp_id"},
        "MOD_0017_1112-Q1": {"MOD_0017_1112-Q1": "gmpp_id"},
        "DFT_0022_1415-Q4": {"DfT_0022_1415-Q4": "gmpp_id_reissued", "DFT_0022_1415-Q4": "gmpp_id"},
        "DOH_0041_1314-Q2": {"DH_0041_1314-Q2": "gmpp_id"},
    }
    assert one(made["scheme"], title="Hub")["gmpp_id"] == "DOH_0017_1112-Q1"


def test_two_ids_of_one_report_stay_two_schemes(engine):
    made = loaded(engine, read("""
        year | id               | name | wlc
        2020 | DH_0017_1112-Q1  | Hub  | 1
        2021 | DH_0017_1112-Q1  | Hub  | 1
        2021 | DOH_0017_1112-Q1 | Pub  | 1
    """))  # fmt: skip
    assert linked(made) == {
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
    found = linked(loaded(engine, read(NAMES)))
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
    found = linked(loaded(engine, read("""
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
    again = [(*row[:-2], "another", *row[-1:]) for row in read(drawing.replace("| 1", "| 2"))]
    made = loaded(engine, [*read(drawing), *again])
    assert (len(made["scheme_year"]), made["scheme_year"][0]["source_id"]) == (1, "another")
    assert (made["scheme"][0]["baseline_wlc"], made["change"]) == (2_000_000, [])


# ------------------------------------------------------------------------------------------------ shape


def test_every_table_has_the_columns_of_the_standard_in_order(engine):
    made = {name: engine.run(statement).to_arrow_table().schema for name, statement in engine.statements.items()}
    tables = {table.name: table for table in (*PROJECT_TABLES, CHANGE, FIELD_STATE)}
    assert {name: tuple(schema.names) for name, schema in made.items()} == {
        name: table.names for name, table in tables.items()
    }
    empty = {name: to_arrow(table, []).schema for name, table in tables.items()}
    widths = {
        name: [str(kind).replace("decimal128", "decimal64") for kind in schema.types] for name, schema in made.items()
    }
    assert widths == {name: [str(kind) for kind in schema.types] for name, schema in empty.items()}


def test_every_judged_field_of_every_scheme_has_one_state(engine):
    made = loaded(engine, read(NAMES))
    assert Counter((row["key"], row["field"]) for row in made["field_state"]) == Counter(
        (scheme["scheme_id"], field.name) for scheme in made["scheme"] for field in SCHEME.judged
    )
    assert {row["evidence_level"] for row in made["field_state"]} == {"published_notice"}


def test_a_day_is_midnight_utc_wherever_the_engine_stands(engine):
    engine.run("SET TimeZone = 'Europe/London'")
    made = loaded(engine, read("year | id | name | wlc\n2021 | CO_0001_2021-Q1 | Alpha | 1"))
    engine.run("SET TimeZone = 'UTC'")
    assert {row["release_date"].astimezone(UTC) for row in made["field_state"]} == {datetime(2021, 3, 31, tzinfo=UTC)}


def test_every_section_is_named_in_words(engine):
    lines = [
        f"2021 | CO_00{section}_2021-Q1 | Alpha {section} | Exempt under Section {section}(2)"
        for section in FOI_SECTIONS
    ]
    made = loaded(engine, read("\n".join(["year | id | name | wlc", *lines])))
    details = {row["key"][-10:-8]: row["detail"] for row in made["field_state"] if row["field"] == "baseline_wlc"}
    assert details == {
        section: f"exempt under section {section}(2) {FOI} ({words})" for section, words in FOI_SECTIONS.items()
    }


# ------------------------------------------------------------------------------------------------ the plain twin


def root_of(gmpp_id):
    upper = gmpp_id.upper()
    return "DOH_" + upper[3:] if upper.startswith("DH_") else upper


def plain_links(rows):
    """{scheme_key: (scheme_id, match_method)}, worked out row by row."""
    groups = defaultdict(set)
    for row in rows:
        if row["gmpp_id"]:
            groups[root_of(row["gmpp_id"])].add((row["report_year"], row["gmpp_id"]))
    crowded = {root for root, found in groups.items() if len({year for year, _ in found}) < len(found)}
    root = {row["gmpp_id"]: row["gmpp_id"] if root_of(row["gmpp_id"]) in crowded else root_of(row["gmpp_id"])
            for row in rows if row["gmpp_id"]}  # fmt: skip
    sharing = Counter(root.values())
    links = {
        key: (f"sdes-gmpp-{own}", "gmpp_id" if key == own or sharing[own] == 1 else "gmpp_id_reissued")
        for key, own in root.items()
    }
    taken = {(root[row["gmpp_id"]], row["report_year"]) for row in rows if row["gmpp_id"]}
    for column, method in (("name_key", "name_equal"), ("name_core", "name_core_equal")):
        joined = plain_joined([row for row in rows if row["scheme_key"] not in links], rows, root, taken, column)
        links |= {key: (f"sdes-gmpp-{own}", method) for key, own in joined.items()}
        taken |= {(joined[row["scheme_key"]], row["report_year"]) for row in rows if row["scheme_key"] in joined}
    alone = {row["scheme_key"] for row in rows} - links.keys()
    return links | {key: (f"sdes-gmpp-{key.replace(' ', '-')}", "name_only") for key in alone}


def plain_joined(loose, rows, root, taken, column):
    owners, said, issued, years = defaultdict(set), defaultdict(set), {}, defaultdict(set)
    for row in rows:
        if row["gmpp_id"] and row[column] is not None:
            owners[row[column]].add(root[row["gmpp_id"]])
        if row["gmpp_id"] and row["joined_on"] is not None:
            own = root[row["gmpp_id"]]
            issued[own] = min(issued.get(own, row["joined_on"]), row["joined_on"])
    for row in loose:
        said[row["scheme_key"]] |= {row[column]} - {None}
        years[row["scheme_key"]].add((row["report_year"], row["snapshot_date"]))
    wanted = {}
    for key, words in said.items():
        if len(words) == 1 and len(owners[next(iter(words))]) == 1:
            wanted[key] = next(iter(owners[next(iter(words))]))
    claims = Counter((own, year) for key, own in wanted.items() for year, _ in years[key])
    return {
        key: own
        for key, own in wanted.items()
        if all(
            (own, year) not in taken and claims[own, year] == 1 and issued.get(own, day) <= day
            for year, day in years[key]
        )
    }


def day(number):
    return None if number is None else EPOCH + timedelta(number)


def money(pence):
    return None if pence is None else Decimal(pence) / 100


def plain(rows):
    """(schemes, changes) as the merge must give them: {scheme_id: figures}, {(scheme_id, year): old and new}."""
    once = {}
    for row in sorted(rows, key=lambda row: (row["source_id"], row["row_number"])):
        once.setdefault((row["scheme_key"], row["report_year"]), row)
    links = plain_links(list(once.values()))
    histories = defaultdict(list)
    for row in once.values():
        histories[links[row["scheme_key"]][0]].append(row)
    found, changes = {}, {}
    for scheme_id, history in histories.items():
        history.sort(key=lambda row: row["report_year"])
        assert len({row["report_year"] for row in history}) == len(history)
        steps = plain_steps(history)
        changes |= {(scheme_id, year): step for year, step in steps.items()}
        found[scheme_id] = plain_figures(history) | {"rebaselines": len(steps)}
    return found, changes


def plain_figures(history):
    costs = [row for row in history if row["wlc_mid"]]
    ends = [row for row in history if row["end_mid"] is not None]
    same = [row for row in costs if row["price_base"] == costs[0]["price_base"]]
    last = history[-1]
    return {
        "first_year": history[0]["report_year"],
        "last_year": last["report_year"],
        "title": last["name"],
        "baseline_wlc": money(costs[0]["wlc_mid"]) if costs else None,
        "baseline_wlc_on": day(costs[0]["snapshot_date"]) if costs else None,
        "forecast_wlc": money(costs[-1]["wlc_mid"]) if costs else None,
        "forecast_wlc_on": day(costs[-1]["snapshot_date"]) if costs else None,
        "comparable_wlc": money(same[-1]["wlc_mid"]) if costs else None,
        "comparable_wlc_on": day(same[-1]["snapshot_date"]) if costs else None,
        "comparable_state": plain_comparable(costs, same),
        "baseline_end": day(ends[0]["end_mid"]) if ends else None,
        "forecast_end": day(ends[-1]["end_mid"]) if ends else None,
        "baseline_wlc state": plain_first(history, costs, "wlc"),
        "forecast_wlc state": "observed" if costs and costs[-1] is last else plain_missing(last, "wlc"),
        "baseline_end state": plain_first(history, ends, "end"),
        "forecast_end state": "observed" if ends and ends[-1] is last else plain_missing(last, "end"),
    }


def plain_comparable(costs, same):
    if not costs:
        return "not_reported"
    if len(same) == 1:
        return "not_applicable"
    return "observed" if same[-1] is costs[-1] else "derived"


def plain_missing(row, figure):
    return "not_reported" if row[f"{figure}_state"] == "observed" else row[f"{figure}_state"]


def plain_first(history, given_, figure):
    if not given_:
        return plain_missing(history[-1], figure)
    return "observed" if given_[0] is history[0] else "derived"


def plain_steps(history):
    """{year: (old cost, new cost, old end, new end)} for each year that changed one of the two."""
    steps = defaultdict(lambda: [None] * 4)
    costs = [row for row in history if row["wlc_mid"]]
    for before, row in pairwise(costs):
        old, new = before["wlc_mid"], row["wlc_mid"]
        rounded = (old % 10**8 == 0 or new % 10**8 == 0) and abs(old - new) <= 10**8 // 2
        if before["price_base"] == row["price_base"] and old != new and not rounded:
            steps[row["report_year"]][:2] = [money(old), money(new)]
    ends = [row for row in history if row["end_mid"] is not None]
    for before, row in pairwise(ends):
        if before["end_mid"] != row["end_mid"]:
            steps[row["report_year"]][2:] = [day(before["end_mid"]), day(row["end_mid"])]
    return {year: tuple(step) for year, step in steps.items()}


def merged(made):
    """What `plain` gives, from the tables of the merge."""
    states = {(row["key"], row["field"]): row["state"] for row in made["field_state"]}
    judged = ("baseline_wlc", "forecast_wlc", "baseline_end", "forecast_end")
    found = {
        scheme["scheme_id"]: scheme | {f"{field} state": states[scheme["scheme_id"], field] for field in judged}
        for scheme in made["scheme"]
    }
    changes = {
        (row["subject_id"], int(row["notice_id"][-4:])): (
            row["old_value"],
            row["new_value"],
            row["old_end"],
            row["new_end"],
        )
        for row in made["change"]
    }
    return found, changes


def check_against_the_twin(engine, rows):
    expected, expected_changes = plain([dict(zip(GMPP_YEAR.names, row, strict=True)) for row in rows])
    found, changes = merged(loaded(engine, rows))
    names = next(iter(expected.values()), {})
    assert {key: {name: scheme[name] for name in names} for key, scheme in found.items()} == expected
    assert changes == expected_changes


IDS = [None, None, "CO_0001_1112-Q1", "CO_0002_1920-Q2", "DH_0003_1415-Q1", "DOH_0003_1415-Q1", "DfT_0004_1415-Q4",
       "DFT_0004_1415-Q4", "MOD_0005_2122-Q3", "HMT_no_quarter"]  # fmt: skip
WORDS = ["Alpha", "ALPHA", "Alpha Programme", "Alpha (EM)", "Alpha EM", "Beta 1", "Beta (1)", "Beta 2", "The Programme"]
MISSING = st.sampled_from(["withheld_commercial", "withheld_security", "not_reported", "not_yet_due", "invalid"])
COSTS = st.one_of(st.none(), st.sampled_from([0, 10**8, 10**8 + 3, 3 * 10**8 // 2, 2 * 10**8, -(10**9)]))
ENDS = st.one_of(st.none(), st.integers(18_000, 18_003))


@st.composite
def portfolio_row(draw):
    gmpp_id, name, year = draw(st.sampled_from(IDS)), draw(st.sampled_from(WORDS)), draw(st.integers(2018, 2026))
    cost, end = draw(COSTS), draw(ENDS)
    ranged = draw(st.booleans())
    return {
        "scheme_key": gmpp_id or name_key(name), "gmpp_id": gmpp_id, "name": name, "report_year": year,
        "name_key": name_key(name), "name_core": name_core(name), "joined_on": _joined_on(gmpp_id or ""),
        "snapshot_date": snapshot(year), "price_base": "2024/25 real" if year == 2026 else "nominal",
        "wlc_mid": cost, "wlc_state": draw(MISSING) if cost is None else "observed",
        "end_mid": end, "end_state": "observed" if end is not None or ranged else draw(MISSING),
        "start_state": "not_reported", "description_state": "not_reported",
        "source_id": draw(st.sampled_from(["a", "b"])), "row_number": draw(st.integers(2, 9)),
    }  # fmt: skip


def distinct(rows):
    """Each row of a file once, as the reader gives them."""
    kept = {(row["source_id"], row["report_year"], row["scheme_key"]): row for row in rows}
    return [tuple(row.get(name) for name in GMPP_YEAR.names) for row in kept.values()]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(portfolio_row(), max_size=40).map(distinct))
def test_the_merge_agrees_with_the_plain_twin(engine, rows):
    check_against_the_twin(engine, rows)


# ------------------------------------------------------------------------------------------------ the real portfolio


@pytest.fixture(scope="module")
def history(shared):
    files = sorted((shared / "data" / "gmpp").glob("gmpp-*.csv"))
    return [row for file in files for row in gmpp.read(file.read_bytes(), file.stem)["gmpp_year"]]


@pytest.fixture(scope="module")
def portfolio(engine, history):
    made = loaded(engine, history)
    return {name: made[name] for name in engine.statements}  # now, before other rows are loaded


def test_the_merge_agrees_with_the_plain_twin_on_the_real_portfolio(engine, history):
    check_against_the_twin(engine, history)


def test_the_real_portfolio_is_714_schemes(portfolio):
    assert {name: len(rows) for name, rows in portfolio.items()} == {
        "scheme": 714, "scheme_identifier": 843, "scheme_year": 2356, "cost_line": 6163, "change": 1118,
        "field_state": 714 * len(SCHEME.judged),
    }  # fmt: skip
    assert Counter(row["match_method"] for row in portfolio["scheme_identifier"]) == {
        "gmpp_id": 402, "gmpp_id_reissued": 8, "name_equal": 105, "name_core_equal": 16, "name_only": 312,
    }  # fmt: skip
    assert sum(scheme["in_portfolio"] for scheme in portfolio["scheme"]) == 189


def test_the_four_reissued_ids_of_the_department_of_health(portfolio):
    reissued = [
        row["identifier"] for row in portfolio["scheme_identifier"] if row["match_method"] == "gmpp_id_reissued"
    ]
    assert sorted(identifier for identifier in reissued if identifier.startswith("DH_")) == [
        "DH_0017_1112-Q1", "DH_0031_1314-Q1", "DH_0062_1819-Q3", "DH_0063_1819-Q3",
    ]  # fmt: skip


def costs(portfolio, gmpp_id):
    key = f"sdes-gmpp-{gmpp_id}"
    rows = sorted((row["report_year"], row["wlc_mid"]) for row in portfolio["scheme_year"]
                  if row["scheme_id"] == key and row["wlc_mid"] is not None)  # fmt: skip
    return {year: float(cost / 1_000_000) for year, cost in rows}


def test_emergency_services_mobile_communications(portfolio):
    scheme = one(portfolio["scheme"], gmpp_id="HO_0016_1213-Q1")
    known = costs(portfolio, "HO_0016_1213-Q1")
    assert [known[year] for year in (2014, 2015, 2025)] == [16.75, 5367.08, 19180.0]
    assert (scheme["baseline_wlc"], scheme["comparable_wlc"]) == (16_750_000, 19_180_000_000)
    assert scheme["comparable_note"].endswith(ASIDE)


def test_universal_credit_is_one_history_under_three_names(portfolio):
    scheme = one(portfolio["scheme"], gmpp_id="DWP_0009_1112-Q1")
    assert (scheme["first_year"], scheme["last_year"], scheme["title"]) == (
        2014, 2025, "CONTINUING THE MOVE TO UNIVERSAL CREDIT",
    )  # fmt: skip
    found = state(portfolio, "baseline_wlc", scheme["scheme_id"])
    assert found[0] == "derived"
    assert found[1].startswith("first published in GMPP 2015; in GMPP 2014 ")


def test_high_speed_two_was_zero_before_it_was_withheld(portfolio):
    assert costs(portfolio, "DFT_0041_2021-Q1") == {}  # "the cost status is displayed as zero", says the narrative
    assert state(portfolio, "baseline_wlc", "sdes-gmpp-DFT_0041_2021-Q1")[0].startswith("withheld")
    assert costs(portfolio, "DFT_0004_1112-Q1")[2016] == 42_559.51


def test_one_login_left_the_ict_category(portfolio):
    years = {row["report_year"]: row["gmpp_category"] for row in portfolio["scheme_year"]
             if row["scheme_id"] == "sdes-gmpp-CO_0033_2122-Q1"}  # fmt: skip
    assert (years[2025], years[2026]) == ("ict", "transformation")
    known = costs(portfolio, "CO_0033_2122-Q1")
    assert [round(known[year]) for year in (2022, 2025, 2026)] == [22, 342, 709]


def test_no_real_change_crosses_a_price_base(portfolio):
    crossing = [row for row in portfolio["change"] if row["notice_id"] == "GMPP 2026" and row["new_value"] is not None]
    assert crossing == []
    assert [row for row in portfolio["change"] if row["notice_id"] == "GMPP 2026"]  # ends did change


def test_exemptions_keep_their_section_and_their_words(portfolio):
    withheld = [row for row in portfolio["scheme_year"] if row["wlc_state"].startswith("withheld")]
    assert (len(withheld), [row for row in withheld if not row["wlc_exempt_section"]]) == (328, [])
    details = [row["detail"] for row in portfolio["field_state"] if row["state"].startswith("withheld")]
    assert [detail for detail in details if "section" not in detail or "()" in detail] == []
