"""Synthetic portfolios: a line per project and report, with the cells of a yearly file, read by the real reader and merged."""

import csv
import io
from collections import defaultdict
from datetime import date

import ibis

from threepoint.merge import schemes
from threepoint.read import gmpp
from threepoint.standard.tables_projects import GMPP_YEAR
from threepoint.store import state_tables
from threepoint.store.arrow_columns import create_arrow_table

EPOCH = date(1970, 1, 1)
FOI = "of the Freedom of Information Act 2000"
ASIDE = "GMPP 2026 uses another price base (2024/25 real), so it is not compared"
HEADINGS = {
    "id": "GMPP ID", "name": "Project Name", "wlc": "Whole Life Cost (£m{real})", "end": "End Date",
    "rating": "IPA Delivery Confidence Assessment", "about": "Project Description", "why": "Costs Narrative",
    "fy": "Financial Year Baseline (£m)",
}  # fmt: skip


class Engine:
    """DuckDB with the statements of the merge, compiled once because they do not depend on the rows."""

    def __init__(self):
        self.backend = ibis.duckdb.connect()
        history = self.backend.create_table("gmpp_year", create_arrow_table(GMPP_YEAR, []))
        self.stage = self.backend.compile(schemes.prepare_scheme_rows(history))
        self.run(f"CREATE TABLE scheme_rows AS {self.stage}")
        tables = schemes.build_scheme_tables(self.backend.table("scheme_rows"))
        self.statements = {name: self.backend.compile(table) for name, table in tables.items()}

    def run(self, statement):
        return self.backend.con.execute(statement)

    def load(self, rows):
        self.backend.create_table("gmpp_year", create_arrow_table(GMPP_YEAR, rows), overwrite=True)
        self.run(f"CREATE OR REPLACE TABLE scheme_rows AS {self.stage}")

    def rows(self, name):
        if name == "field_state":
            for wide, table in (("scheme_state", "scheme_state"), ("scheme_source", "state_source")):
                self.run(f"CREATE OR REPLACE TABLE {table} AS {self.statements[wide]}")
            state_tables.create_field_state_view(self.backend.con, ["scheme_state"])
            return self.run("FROM field_state").to_arrow_table().to_pylist()
        return self.run(self.statements[name]).to_arrow_table().to_pylist()


class Made(dict):
    """The tables built from the rows that were loaded last, each a list of dicts, calculated on first access."""

    def __init__(self, engine):
        super().__init__()
        self.engine = engine

    def __missing__(self, name):
        self[name] = self.engine.rows(name)
        return self[name]


def load_rows(engine, rows):
    """Load `rows` (tuples of gmpp_year) and return the tables built from them."""
    engine.load(rows)
    return Made(engine)


def split_cells(drawing):
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]


def read_drawing(drawing):
    """Return the rows of gmpp_year read from yearly files with these lines; from 2026, costs are in real prices."""
    header, *lines = split_cells(drawing)
    files = defaultdict(list)
    for line in lines:
        files[int(line[header.index("year")])].append(dict(zip(header, line, strict=True)))
    return [row for year, file_lines in files.items() for row in _read_file(year, file_lines)]


def _read_file(year, lines):
    real = ", Presented in 2024/25 Real Prices" if year >= 2026 else ""
    names = [name for name in lines[0] if name != "year"]
    header = ["Department", "Schedule Narrative", "Benefits (£m)", *[HEADINGS[n].format(real=real) for n in names]]
    previous = f"Compared to financial year {year % 100 - 2}/{year % 100 - 1}-Q4"
    csv_text = io.StringIO()
    csv.writer(csv_text).writerows([header, *[["CO", previous, "", *[line[name] for name in names]] for line in lines]])
    result = gmpp.read_yearly_file(csv_text.getvalue().encode(), f"file-{year}")
    assert (result["quarantine"], {row[1] for row in result["gmpp_year"]}) == ([], {year})
    return result["gmpp_year"]


def find_one(rows, **where):
    matches = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert len(matches) == 1, matches
    return matches[0]


def read_state(tables, field, key=None):
    """Return (state, detail, notice) of a field of the only scheme, or of the scheme `key`."""
    states = [row for row in tables["field_state"] if row["field"] == field and key in (None, row["key"])]
    assert len(states) == 1
    return states[0]["state"], states[0]["detail"], states[0]["notice_id"]
