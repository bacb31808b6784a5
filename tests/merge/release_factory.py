"""Drawn releases, and the snapshot built from them. A process is a few releases; a store of a module holds many."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from threepoint import pipeline
from threepoint.standard.sdes import SDES_TABLES
from threepoint.store import snapshot_tables
from threepoint.store.store_paths import StorePaths

AS_OF = date(2026, 6, 30)
AT = "ocds-h6vhtk-at-AAAA"  # in a drawn process: the ocid that it is given
FIND_A_TENDER, CONTRACTS_FINDER = "ocds-h6vhtk-{:06x}", "ocds-b5fd17-00000000-0000-0000-0000-{:012x}"

# What publishers tag a release with, by notice type.
TAGS = {"UK1": "planning", "UK2": "planning", "UK4": "tender", "UK5": "award contract", "UK6": "award",
        "UK7": "contract", "UK9": "implementation", "UK10": "contractAmendment", "UK11": "contractTermination",
        "UK12": "tenderCancellation", "UK15": "award contract"}  # fmt: skip

Json = dict[str, Any]


def make_release(ocid: str, when: str, notice: str = "", **sections: Any) -> Json:
    """One release; `notice` such as UK7 puts the document in it that says so. Its id is its date, if none is given."""
    tag = sections.pop("tag", TAGS.get(notice, "award"))
    made = {"ocid": ocid, "id": f"{ocid[-4:]}-{when[:19]}", "date": when if "T" in when else f"{when}T12:00:00Z"}
    made |= {"tag": tag.split(), "initiationType": "tender", **sections}
    if notice:
        paper = {
            "id": made["id"], "documentType": "contractNotice", "noticeType": notice, "datePublished": made["date"],
        }  # fmt: skip
        made["tender"] = {**made.get("tender", {}), "documents": [*made.get("tender", {}).get("documents", []), paper]}
    return {name: value for name, value in made.items() if value != ""}


def make_money(net: Any = None, gross: Any = None, currency: str = "GBP") -> Json:
    """A value: net, with VAT, or both."""
    made = {"amount": net, "amountGross": gross, "currency": currency}
    return {name: value for name, value in made.items() if value is not None}


def make_party(ident: str, name: str | None, number: str = "", also: str = "", roles: str = "supplier") -> Json:
    """A party; `number` and `also` are written as GB-COH-01234567, `also` as an additional identifier."""
    made: Json = {"id": ident, "name": name, "roles": roles.split()}
    if number:
        made["identifier"] = _split_identifier(number)
    if also:
        made["additionalIdentifiers"] = [_split_identifier(entry) for entry in also.split()]
    return {key: value for key, value in made.items() if value is not None}


def _split_identifier(text: str) -> Json:
    country, register, number = text.split("-", 2)
    return {"scheme": f"{country}-{register}", "id": number}


@dataclass
class World:
    """The processes of one test module: `add` gives the ocid under which a test finds its own."""

    releases: list[Json] = field(default_factory=list)
    form: str = FIND_A_TENDER

    def ocid(self, form: str = "") -> str:
        """An ocid that no process of this world has yet."""
        return (form or self.form).format(len(self.releases) + 1)

    def add(self, *releases: Json, form: str = "") -> str:
        """Add the releases of one process, which may call their ocid AT; return its ocid."""
        ocid = self.ocid(form)
        made = json.loads(json.dumps(releases).replace(AT, ocid).replace(f"{AT[-4:]}-", f"{ocid[-4:]}-"))
        self.releases += made
        return str(made[0]["ocid"])


@dataclass(frozen=True)
class Built:
    """A store and its newest snapshot."""

    root: Path
    snapshot: Path

    def ask(self, sql: str, values: tuple[Any, ...] = ()) -> list[Json]:
        """The rows of a query over the snapshot's tables."""
        return snapshot_tables.query_tables(self.snapshot, list(SDES_TABLES), sql, values)

    def held(self) -> set[str]:
        """The tables that the snapshot has; field_state is made from the wide ones."""
        return {path.parent.name for path in self.snapshot.glob("*/*.parquet")} | {"field_state"}

    def draw(self, table: str, ocid: str, columns: str, where: str = "true") -> list[tuple[str, ...]]:
        """A process's rows of a table as text, in the order of the columns asked for."""
        names = columns.split()
        chosen = ", ".join(f'"{name}"' for name in names)
        mine = '"ocid" = $1' if "ocid" in SDES_TABLES[table].names else f"{SDES_TABLES[table].key[0]} LIKE $1 || '%'"
        mine = "(key = $1 OR starts_with(key, $1 || '/'))" if table in ("field_state", "coverage") else mine
        mine = "starts_with(subject_id, $1)" if table == "change" else mine
        mine = "starts_with(contract_id, $1)" if table in ("observation", "kpi", "contract_supplier") else mine
        found = self.ask(f'SELECT {chosen} FROM "{table}" WHERE {mine} AND ({where}) ORDER BY ALL', (ocid,))
        return [tuple(_write_cell(row[name], ocid) for name in names) for row in found]

    def states(self, ocid: str, fields: str, table: str = "contract") -> list[tuple[str, ...]]:
        """(field, state, detail, due_on) of some fields of a process's subjects."""
        wanted = ", ".join(f"'{name}'" for name in fields.split())
        where = f"\"table\" = '{table}' AND field IN ({wanted})"
        return self.draw("field_state", ocid, "field state detail due_on", where)

    def tables(self) -> dict[str, bytes]:
        """The bytes of every table."""
        files = sorted(self.snapshot.glob("*/*.parquet"))
        return {path.relative_to(self.snapshot).as_posix(): path.read_bytes() for path in files}


def _write_cell(value: Any, ocid: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%MZ}"
    return str(value).replace(ocid, "…").lower() if isinstance(value, bool) else str(value).replace(ocid, "…")


def read_drawing(text: str) -> list[tuple[str, ...]]:
    """The rows of a drawing: cells parted by bars, a row a line."""
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


def load(root: Path, releases: list[Json], name: str = "releases.jsonl") -> pipeline.LoadResult:
    """Loads releases as JSON lines into the store at `root`."""
    root.parent.mkdir(parents=True, exist_ok=True)
    file = root.parent / name
    file.write_text("".join(json.dumps(each) + "\n" for each in releases), encoding="utf-8")
    done = pipeline.load(root, [file])
    assert not done.quarantined
    return done


def build(root: Path, as_of: date = AS_OF) -> Built:
    """Builds a snapshot of what was loaded."""
    return Built(root, StorePaths(root).snapshots / pipeline.build(root, as_of).snapshot)


def load_and_build(root: Path, releases: list[Json], as_of: date = AS_OF) -> Built:
    """Loads releases and builds a snapshot of them."""
    load(root, releases)
    return build(root, as_of)


def write_portfolio(year: int, *projects: tuple[str, ...]) -> str:
    """A yearly file of major projects: each project is (GMPP id, name, whole-life cost in £m, end, rating)."""
    names = "GMPP ID,Project Name,Whole Life Cost (£m),End Date,IPA Delivery Confidence Assessment"
    head = f"Department,Schedule Narrative,Benefits (£m),{names}"
    before = f"Compared to financial year {year % 100 - 2}/{year % 100 - 1}-Q4"
    return "\n".join([head, *[",".join(["CO", before, "", *project]) for project in projects]]) + "\n"
