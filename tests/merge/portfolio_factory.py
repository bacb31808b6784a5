"""Drawn portfolios: one project a line and report, with cells as a yearly file has them, read by the real reader and merged."""

import csv
import io
from collections import defaultdict
from datetime import date

import ibis

from threepoint.merge import schemes
from threepoint.read import gmpp
from threepoint.standard.tables_projects import GMPP_YEAR
from threepoint.store import field_states
from threepoint.store.arrow_columns import create_arrow_table

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
        history = self.backend.create_table("gmpp_year", create_arrow_table(GMPP_YEAR, []))
        self.stage = self.backend.compile(schemes.prepare_scheme_rows(history))
        self.run(f"CREATE TABLE scheme_rows AS {self.stage}")
        made = schemes.build_scheme_tables(self.backend.table("scheme_rows"))
        self.statements = {name: self.backend.compile(table) for name, table in made.items()}

    def run(self, statement):
        return self.backend.con.execute(statement)

    def load(self, rows):
        self.backend.create_table("gmpp_year", create_arrow_table(GMPP_YEAR, rows), overwrite=True)
        self.run(f"CREATE OR REPLACE TABLE scheme_rows AS {self.stage}")

    def rows(self, name):
        if name == "field_state":
            for wide, table in (("scheme_state", "scheme_state"), ("scheme_source", "state_source")):
                self.run(f"CREATE OR REPLACE TABLE {table} AS {self.statements[wide]}")
            field_states.create_field_state_view(self.backend.con, ["scheme_state"])
            return self.run("FROM field_state").to_arrow_table().to_pylist()
        return self.run(self.statements[name]).to_arrow_table().to_pylist()


class Made(dict):
    """The tables made of the rows that were loaded last, each a list of dicts; worked out when it is asked for."""

    def __init__(self, engine):
        super().__init__()
        self.engine = engine

    def __missing__(self, name):
        self[name] = self.engine.rows(name)
        return self[name]


def load_rows(engine, rows):
    """The tables that `rows` (tuples of gmpp_year) make."""
    engine.load(rows)
    return Made(engine)


def split_cells(drawing):
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]


def read_drawing(drawing):
    """The rows of gmpp_year that yearly files with these lines give; from 2026 costs are in real prices."""
    heads, *lines = split_cells(drawing)
    files = defaultdict(list)
    for line in lines:
        files[int(line[heads.index("year")])].append(dict(zip(heads, line, strict=True)))
    return [row for year, found in files.items() for row in _read_file(year, found)]


def _read_file(year, found):
    real = ", Presented in 2024/25 Real Prices" if year >= 2026 else ""
    names = [name for name in found[0] if name != "year"]
    head = ["Department", "Schedule Narrative", "Benefits (£m)", *[HEADINGS[name].format(real=real) for name in names]]
    before = f"Compared to financial year {year % 100 - 2}/{year % 100 - 1}-Q4"
    out = io.StringIO()
    csv.writer(out).writerows([head, *[["CO", before, "", *[line[name] for name in names]] for line in found]])
    made = gmpp.read_yearly_file(out.getvalue().encode(), f"file-{year}")
    assert (made["quarantine"], {row[1] for row in made["gmpp_year"]}) == ([], {year})
    return made["gmpp_year"]


def find_one(rows, **where):
    found = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert len(found) == 1, found
    return found[0]


def read_state(made, field, key=None):
    """(state, detail, notice) of a field of the only scheme, or of the one that is named."""
    found = [row for row in made["field_state"] if row["field"] == field and key in (None, row["key"])]
    assert len(found) == 1
    return found[0]["state"], found[0]["detail"], found[0]["notice_id"]
