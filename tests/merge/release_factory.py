"""Synthetic releases, and snapshots built from them. A process has a few releases; the store of a test module has many."""

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
AT = "ocds-h6vhtk-at-AAAA"  # placeholder for the ocid that `World.add` assigns
FIND_A_TENDER, CONTRACTS_FINDER = "ocds-h6vhtk-{:06x}", "ocds-b5fd17-00000000-0000-0000-0000-{:012x}"

# Release tags by notice type.
TAGS = {"UK1": "planning", "UK2": "planning", "UK4": "tender", "UK5": "award contract", "UK6": "award",
        "UK7": "contract", "UK9": "implementation", "UK10": "contractAmendment", "UK11": "contractTermination",
        "UK12": "tenderCancellation", "UK15": "award contract"}  # fmt: skip

Json = dict[str, Any]


def make_release(ocid: str, when: str, notice: str = "", **sections: Any) -> Json:
    """Return a release. `notice`, such as UK7, adds a document of that notice type. The default id contains the date."""
    tag = sections.pop("tag", TAGS.get(notice, "award"))
    release = {"ocid": ocid, "id": f"{ocid[-4:]}-{when[:19]}", "date": when if "T" in when else f"{when}T12:00:00Z"}
    release |= {"tag": tag.split(), "initiationType": "tender", **sections}
    if notice:
        document = {
            "id": release["id"], "documentType": "contractNotice", "noticeType": notice, "datePublished": release["date"],
        }  # fmt: skip
        tender = release.get("tender", {})
        release["tender"] = {**tender, "documents": [*tender.get("documents", []), document]}
    return {name: value for name, value in release.items() if value != ""}


def make_money(net: Any = None, gross: Any = None, currency: str = "GBP") -> Json:
    """Return a value: net, with VAT, or both."""
    value = {"amount": net, "amountGross": gross, "currency": currency}
    return {name: part for name, part in value.items() if part is not None}


def make_contract(notice, when, ocid, local="1", **fields):
    """Return a release of one contract."""
    return make_release(ocid, when, notice, contracts=[{"id": local, **fields}])


def make_period(end, start=None):
    """Return a period with only the given dates."""
    return {name: day for name, day in (("startDate", start), ("endDate", end)) if day}


def make_party(ident: str, name: str | None, number: str = "", also: str = "", roles: str = "supplier") -> Json:
    """Return a party; `number` has the form GB-COH-01234567, and `also` lists additional identifiers in that form."""
    party: Json = {"id": ident, "name": name, "roles": roles.split()}
    if number:
        party["identifier"] = _split_identifier(number)
    if also:
        party["additionalIdentifiers"] = [_split_identifier(entry) for entry in also.split()]
    return {key: value for key, value in party.items() if value is not None}


def _split_identifier(text: str) -> Json:
    country, register, number = text.split("-", 2)
    return {"scheme": f"{country}-{register}", "id": number}


@dataclass
class World:
    """The processes of one test module: `add` returns the ocid of each, by which a test finds its own."""

    releases: list[Json] = field(default_factory=list)
    form: str = FIND_A_TENDER

    def ocid(self, form: str = "") -> str:
        """Return an ocid that no process of this world has yet."""
        return (form or self.form).format(len(self.releases) + 1)

    def add(self, *releases: Json, form: str = "") -> str:
        """Add the releases of one process, which may use AT as their ocid, and return its ocid."""
        ocid = self.ocid(form)
        added = json.loads(json.dumps(releases).replace(AT, ocid).replace(f"{AT[-4:]}-", f"{ocid[-4:]}-"))
        self.releases += added
        return str(added[0]["ocid"])


@dataclass(frozen=True)
class Built:
    """A store and its newest snapshot."""

    root: Path
    snapshot: Path

    def ask(self, sql: str, values: tuple[Any, ...] = ()) -> list[Json]:
        """Return the rows of a query over the snapshot's tables."""
        return snapshot_tables.query_tables(self.snapshot, list(SDES_TABLES), sql, values)

    def held(self) -> set[str]:
        """Return the names of the snapshot's tables, with the view field_state."""
        return {path.parent.name for path in self.snapshot.glob("*/*.parquet")} | {"field_state"}

    def draw(self, table: str, ocid: str, columns: str, where: str = "true") -> list[tuple[str, ...]]:
        """Return a process's rows of a table as text, sorted by `columns`."""
        names = columns.split()
        selected = ", ".join(f'"{name}"' for name in names)
        scope = '"ocid" = $1' if "ocid" in SDES_TABLES[table].names else f"{SDES_TABLES[table].key[0]} LIKE $1 || '%'"
        scope = "(key = $1 OR starts_with(key, $1 || '/'))" if table in ("field_state", "coverage") else scope
        scope = "starts_with(subject_id, $1)" if table == "change" else scope
        scope = "starts_with(contract_id, $1)" if table in ("observation", "kpi", "contract_supplier") else scope
        rows = self.ask(f'SELECT {selected} FROM "{table}" WHERE {scope} AND ({where}) ORDER BY ALL', (ocid,))
        return [tuple(_write_cell(row[name], ocid) for name in names) for row in rows]

    def states(self, ocid: str, fields: str, table: str = "contract") -> list[tuple[str, ...]]:
        """Return (field, state, detail, due_on) of some fields of a process's subjects."""
        quoted = ", ".join(f"'{name}'" for name in fields.split())
        where = f"\"table\" = '{table}' AND field IN ({quoted})"
        return self.draw("field_state", ocid, "field state detail due_on", where)

    def tables(self) -> dict[str, bytes]:
        """Return the bytes of every table."""
        files = sorted(self.snapshot.glob("*/*.parquet"))
        return {path.relative_to(self.snapshot).as_posix(): path.read_bytes() for path in files}


def _write_cell(value: Any, ocid: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%MZ}"
    return str(value).replace(ocid, "…").lower() if isinstance(value, bool) else str(value).replace(ocid, "…")


def read_drawing(text: str) -> list[tuple[str, ...]]:
    """Return the rows of a drawing: a row per line, cells separated by bars."""
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


def load(root: Path, releases: list[Json], name: str = "releases.jsonl") -> pipeline.LoadResult:
    """Load releases as JSON lines into the store at `root`."""
    root.parent.mkdir(parents=True, exist_ok=True)
    file = root.parent / name
    file.write_text("".join(json.dumps(release) + "\n" for release in releases), encoding="utf-8")
    result = pipeline.load(root, [file])
    assert not result.quarantined
    return result


def build(root: Path, as_of: date = AS_OF) -> Built:
    """Build a snapshot of the store at `root`."""
    return Built(root, StorePaths(root).snapshots / pipeline.build(root, as_of).snapshot)


def load_and_build(root: Path, releases: list[Json], as_of: date = AS_OF) -> Built:
    """Load releases and build a snapshot of them."""
    load(root, releases)
    return build(root, as_of)


def write_portfolio(year: int, *projects: tuple[str, ...]) -> str:
    """Return a yearly file of major projects: each project is (GMPP id, name, whole-life cost in £m, end, rating)."""
    columns = "GMPP ID,Project Name,Whole Life Cost (£m),End Date,IPA Delivery Confidence Assessment"
    header = f"Department,Schedule Narrative,Benefits (£m),{columns}"
    previous = f"Compared to financial year {year % 100 - 2}/{year % 100 - 1}-Q4"
    return "\n".join([header, *[",".join(["CO", previous, "", *project]) for project in projects]]) + "\n"
