"""Publish the major projects of a snapshot as OC4IDS 0.9.

Published series become forecasts and metrics, and each project has the contracting processes whose publishers declare
that they belong to it. The first published cost is the budget and is never overwritten; later costs are forecasts, each
with its report. A figure that was not given has an observation that gives the reason. The portfolio publishes no final cost,
status or sector.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from threepoint.errors import NothingLoadedError
from threepoint.publish import licences, oc4ids_processes, output_folder
from threepoint.publish.manifest import Publication
from threepoint.publish.oc4ids_processes import remove_empty_values
from threepoint.publish.ocds_values import format_day, simplify_amount
from threepoint.standard.data_package import MANIFEST_FILE_NAME
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER
from threepoint.standard.sdes import SDES_VERSION
from threepoint.standard.tables_projects import FOI_SECTIONS
from threepoint.standard.value_states import STATE_BY_CODE
from threepoint.store import snapshot_tables, snapshots
from threepoint.store.store_paths import StorePaths

OC4IDS_VERSION = "0.9"
PROJECTS_PER_PACKAGE = 1_000
PACKAGE_UUID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "threepoint:oc4ids")
NO_PREFIX_NOTE = "project ids are those of SDES: no OC4IDS prefix is registered for them"
EXCLUSION_NOTES = (
    *licences.NEVER_STORED_NOTES,
    "final cost, status, sector and type: the portfolio publishes none",
    "budgets and forecasts of single financial years: see the tables scheme_year and cost_line",
    NO_PREFIX_NOTE,
)
# The forecasts in a report: metric, title, the columns of the low, mid and high values, and the field with the state.
FORECAST_METRICS = (
    ("whole-life-cost", "Whole-life cost, latest approved", ("wlc_low", "wlc_mid", "wlc_high"), "wlc"),
    ("end-date", "End, latest approved", ("end_low", "end_mid", "end_high"), "end"),
    ("benefits", "Benefits in money, latest approved", (None, "benefits_mid", None), "benefits"),
)
ESTIMATE_NAMES = ("low", "mid", "high")
_JSON_ENCODER = msgspec.json.Encoder(decimal_format="number")

Rows = list[dict[str, Any]]


def write_project_packages(
    root: Path, out: Path, tell: Callable[[int, int], None] = lambda _done, _of: None
) -> Publication:
    """Write the projects of the current snapshot of the store at `root` to the new folder `out`."""
    source = snapshots.get_current_folder(StorePaths(root))
    manifest = snapshots.read_manifest(source, int(SDES_VERSION.split(".", maxsplit=1)[0]))
    schemes = snapshot_tables.query_tables(source, ["scheme"], "SELECT * FROM scheme ORDER BY scheme_id")
    if not schemes:
        raise NothingLoadedError("the snapshot has no major projects; load the yearly files and run `threepoint build`")
    years = _group_by_scheme(
        snapshot_tables.query_tables(
            source, ["scheme_year"], "SELECT * FROM scheme_year ORDER BY scheme_id, report_year"
        )
    )
    identifiers = _group_by_scheme(
        snapshot_tables.query_tables(
            source, ["scheme_identifier"], "SELECT * FROM scheme_identifier ORDER BY scheme_id, identifier"
        )
    )
    linked, counts = oc4ids_processes.read_linked_processes(source)
    publication = Publication(
        "oc4ids", out, sources=[licences.describe_source(PORTFOLIO_PUBLISHER, "projects", projects=len(schemes))]
    )
    publication.counts = {"projects": len(schemes), **counts}
    publication.left_out = {"never_held": list(EXCLUSION_NOTES), "quarantined_parts": manifest["quarantined"]}
    newest = max(row["snapshot_date"] for rows in years.values() for row in rows)
    publication.details = {
        "oc4ids_version": OC4IDS_VERSION,
        "snapshot": source.name,
        "published_date": format_day(newest, end=False),
    }
    with output_folder.create_folder(out) as folder:
        for number, start in enumerate(range(0, len(schemes), PROJECTS_PER_PACKAGE), start=1):
            batch = schemes[start : start + PROJECTS_PER_PACKAGE]
            projects = [_build_project(s, years[s["scheme_id"]], identifiers[s["scheme_id"]], linked) for s in batch]
            publication.files.append(_write_package(folder, number, projects, publication.details["published_date"]))
            tell(start + len(batch), len(schemes))
        output_folder.write_json(folder / MANIFEST_FILE_NAME, publication.manifest())
        output_folder.write_checksums(folder, publication.files)
    return publication


def _group_by_scheme(rows: Rows) -> dict[str, Rows]:
    groups: dict[str, Rows] = defaultdict(list)
    for row in rows:
        groups[row["scheme_id"]].append(row)
    return groups


def _write_package(folder: Path, number: int, projects: Rows, published_date: str) -> output_folder.WrittenFile:
    path = folder / f"{number:06d}.json"
    body = b",\n".join(map(_JSON_ENCODER.encode, projects))
    head = {
        "uri": f"urn:uuid:{uuid.uuid5(PACKAGE_UUID_NAMESPACE, hashlib.sha256(body).hexdigest())}",
        "publishedDate": published_date,
        "version": OC4IDS_VERSION,
        "publisher": {"name": PORTFOLIO_PUBLISHER},
        "license": licences.OGL_LICENCE["path"],
        "republished": {
            "by": "Three Point",
            "note": "written from the portfolio's yearly files; manifest.json lists what is left out",
        },
    }
    path.write_bytes(b"".join([_JSON_ENCODER.encode(head)[:-1], b',"projects":[\n', body, b"\n]}\n"]))
    return output_folder.describe_file(folder, path)


def _build_project(scheme: dict[str, Any], years: Rows, identifiers: Rows, linked: dict[str, Rows]) -> dict[str, Any]:
    """Return one project without its unknown values, since OC4IDS allows no nulls."""
    start = next((row["start"] for row in reversed(years) if row["start"]), None)
    department = scheme["department"]
    reference = {"id": department, "name": department} if department else None
    names = [row["identifier"] for row in identifiers]
    project: dict[str, Any] = remove_empty_values(
        {
            "id": scheme["scheme_id"],
            "updated": format_day(years[-1]["snapshot_date"], end=False),
            "title": scheme["title"],
            "description": scheme["description"],
            "identifiers": [
                {"scheme": "GMPP", "id": row["identifier"]} for row in identifiers if row["kind"] == "gmpp_id"
            ],
            "period": {"startDate": _format_day(start), "endDate": _format_day(scheme["forecast_end"], end=True)},
            "additionalClassifications": [_describe_category(scheme["gmpp_category"])]
            if scheme["gmpp_category"]
            else [],
            "budget": {"amount": _format_amount(scheme["baseline_wlc"])},
            "parties": [{**reference, "roles": ["publicAuthority"]}] if reference else [],
            "publicAuthority": reference,
            "forecasts": [
                _build_metric(name, title, list(_iterate_observations(years, columns, field)))
                for name, title, columns, field in FORECAST_METRICS
            ],
            "metrics": [_build_metric("delivery-confidence", "Delivery confidence", _list_ratings(years))],
            "contractingProcesses": [
                process for name in dict.fromkeys([*names, scheme["scheme_id"]]) for process in linked.get(name, [])
            ],
        }
    )
    return project


def _build_metric(name: str, title: str, observations: Rows) -> dict[str, Any] | None:
    """Return a metric, or None if no report mentions it."""
    return {"id": name, "title": title, "observations": observations} if observations else None


def _format_day(value: date | None, *, end: bool = False) -> str | None:
    return format_day(value, end) if value else None


def _format_amount(value: Any) -> dict[str, Any] | None:
    return None if value is None else {"amount": simplify_amount(value), "currency": "GBP"}


def _describe_category(code: str) -> dict[str, str]:
    return {"scheme": "GMPP", "id": code, "description": "category of the portfolio"}


def _build_period(row: dict[str, Any]) -> dict[str, str]:
    """Return the day that a report describes as a period."""
    return {
        "startDate": format_day(row["snapshot_date"], end=False),
        "endDate": format_day(row["snapshot_date"], end=True),
    }


def _iterate_observations(years: Rows, columns: tuple[str | None, ...], field: str) -> Iterator[dict[str, Any]]:
    """Yield the values of each report, or one observation with the reason if a report gives none."""
    for row in years:
        estimates = [(name, row[column]) for name, column in zip(ESTIMATE_NAMES, columns, strict=True) if column]
        values = [(name, value) for name, value in estimates if value is not None]
        for name, value in values:
            measure = {"measure": value.isoformat()} if isinstance(value, date) else {"value": _format_amount(value)}
            notes = None if isinstance(value, date) else row["price_base"]
            yield _build_observation(row, name, measure | {"dimensions": {"estimate": name}, "notes": notes})
        if not values and row[f"{field}_state"] != "not_reported":
            yield _build_observation(row, "none", {"notes": _explain_missing_value(row, field)})


def _build_observation(row: dict[str, Any], name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{row['report_year']}-{name}", "period": _build_period(row), **content}


def _explain_missing_value(row: dict[str, Any], field: str) -> str:
    state = STATE_BY_CODE[row[f"{field}_state"]].words
    numbers = (row.get(f"{field}_exempt_section") or "").split("; ")
    sections = [f"section {number} ({FOI_SECTIONS[number]})" for number in numbers if number in FOI_SECTIONS]
    return f"{state}: Freedom of Information Act 2000, {', '.join(sections)}" if sections else state


def _list_ratings(years: Rows) -> Rows:
    """Return the rating in each report with its scale and rater: ratings on different scales cannot be compared."""
    return [
        _build_observation(
            row,
            "rating",
            {"measure": row["rating"], "unit": {"scheme": "GMPP", "id": row["rating_scale"]},
             "dimensions": {"rater": row["rater"]}}
            if row["rating"]
            else {"notes": _explain_missing_value(row, "rating")},
        )
        for row in years
        if row["rating"] or row["rating_state"] != "not_reported"
    ]  # fmt: skip
