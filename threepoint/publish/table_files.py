"""Publish the tables of a snapshot as CSV or Parquet files with a Frictionless descriptor."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from threepoint.publish import licences, output_folder
from threepoint.publish.manifest import Publication
from threepoint.standard.data_package import (
    CHECKSUMS_FILE_NAME,
    DESCRIPTOR_FILE_NAME,
    EXTENSION_KEY,
    FORMULA_GUARD,
    PACKAGE_NAME_BY_FORMAT,
    PROFILE_URL,
)
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER, UNNAMED_PUBLISHER
from threepoint.standard.schema_export import make_frictionless_schema
from threepoint.standard.sdes import ATTRIBUTION_TEXTS, SDES_TABLES, SDES_VERSION
from threepoint.store import data_package, snapshot_tables, snapshots
from threepoint.store.store_paths import StorePaths

# Tables of published lists: their group, the name of their count, and SQL for the lines that count.
LIST_COUNTS_BY_TABLE = {
    "spend": ("payments", "payments", "feed = '25k'"),
    "sale": ("sales", "sales", "true"),
    "pipeline_entry": ("pipelines", "plans", "true"),
}
INTERNAL_MANIFEST_KEYS = ("package", "basis", "layout")  # they describe how this store keeps the snapshot
MEDIA_TYPE_BY_FORMAT = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
EXCLUSION_NOTES = (
    *licences.NEVER_STORED_NOTES,
    "street addresses",
    "the history: a snapshot is the result of merging it",
)
# RFC 4180, in the terms of the descriptor.
CSV_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}

TableProgressCallback = Callable[[str, int, int], None]


def write_table_files(
    root: Path, out: Path, form: str, *, guard: bool = True, tell: TableProgressCallback = lambda *_: None
) -> Publication:
    """Write the current snapshot of the store at `root` to the new folder `out` as `form`, csv or parquet.

    `guard` puts an apostrophe before each text in a CSV file that a spreadsheet would treat as a formula.
    """
    source = snapshots.get_current_folder(StorePaths(root))
    manifest = snapshots.read_manifest(source, int(SDES_VERSION.split(".", maxsplit=1)[0]))
    publication = Publication(
        form, out, sources=_list_sources(source, manifest), left_out=_describe_exclusions(manifest)
    )
    guarded = guard and form == "csv"
    with output_folder.create_folder(out) as folder:
        resources = []
        names = [name for name in SDES_TABLES if name in manifest["tables"]]
        for number, name in enumerate(names):
            tell(name, number, len(names))
            resources.append(_write_resource(source, folder, name, form, publication, guard=guarded))
        publication.details = _build_details(source.name, manifest, form, guarded=guarded)
        output_folder.write_json(folder / DESCRIPTOR_FILE_NAME, _build_descriptor(publication, resources))
        (folder / "README.md").write_text(_build_readme(publication), encoding="utf-8")
        output_folder.write_checksums(folder, publication.files)
    return publication


def _write_resource(
    source: Path, folder: Path, name: str, form: str, publication: Publication, *, guard: bool
) -> dict[str, Any]:
    table, path = SDES_TABLES[name], folder / f"{name}.{form}"
    publication.counts[name] = data_package.write_table_file(source, table, path, form, guard=guard)
    file = output_folder.describe_file(folder, path)
    publication.files.append(file)
    resource: dict[str, Any] = {
        "name": name,
        "path": file.path,
        "type": "table",
        "format": form,
        "mediatype": MEDIA_TYPE_BY_FORMAT[form],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if form == "csv":
        resource |= {"encoding": "utf-8", "dialect": CSV_DIALECT}
    return resource | {"schema": make_frictionless_schema(table)}


def _list_sources(source: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the publishers of the snapshot's data with their licences."""
    if "package" in manifest:
        package_sources: list[dict[str, Any]] = manifest["package"]["sources"]
        return package_sources
    rows = snapshot_tables.query_tables(
        source,
        ["notice"],
        "SELECT publisher, publisher_group, count(*) AS notices, count(DISTINCT ocid) AS processes FROM notice"
        " GROUP BY ALL ORDER BY ALL",
    )
    sources = [
        licences.describe_source(row.pop("publisher") or UNNAMED_PUBLISHER, row.pop("publisher_group"), **row)
        for row in rows
    ]
    years = snapshot_tables.query_tables(source, ["scheme_year"], "SELECT count(*) AS n FROM scheme_year")[0]["n"]
    sources += [licences.describe_source(PORTFOLIO_PUBLISHER, "projects", project_years=years)] if years else []
    for table, (group, count_name, where) in LIST_COUNTS_BY_TABLE.items():
        sql = f"SELECT publisher, count(*) AS {count_name} FROM {table} WHERE {where} GROUP BY ALL ORDER BY ALL"
        rows = snapshot_tables.query_tables(source, [table], sql) if table in manifest["tables"] else []
        sources += [licences.describe_source(row.pop("publisher") or UNNAMED_PUBLISHER, group, **row) for row in rows]
    return sources


def _describe_exclusions(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        "never_held": list(EXCLUSION_NOTES),
        "quarantined_parts": manifest["quarantined"],
        "skipped": manifest.get("skipped", {}),
    }


def _build_details(name: str, manifest: dict[str, Any], form: str, *, guarded: bool) -> dict[str, Any]:
    public = {key: value for key, value in manifest.items() if key not in INTERNAL_MANIFEST_KEYS}
    # If the snapshot was read from a package, the manifest has the name of the snapshot that was published.
    return {"format": form, "guarded": guarded, "manifest": {"snapshot": name} | public}


def _build_descriptor(publication: Publication, resources: list[dict[str, Any]]) -> dict[str, Any]:
    manifest = publication.details["manifest"]
    descriptor: dict[str, Any] = {
        "$schema": PROFILE_URL,
        "name": PACKAGE_NAME_BY_FORMAT[publication.format],
        "title": f"SDES tables as of {manifest['as_of']}" + (" (synthetic: not real)" if publication.synthetic else ""),
        "description": _describe_tables(publication),
        "version": manifest["standard_version"],
    }
    if "attribution" in publication.labels():
        descriptor["licenses"] = [licences.OGL_LICENCE]
    extension = {**publication.details, **publication.labels(), "left_out": publication.left_out}
    return descriptor | {"sources": publication.sources, EXTENSION_KEY: extension, "resources": resources}


def _describe_tables(publication: Publication) -> str:
    manifest = publication.details["manifest"]
    return (
        f"The tables of snapshot {manifest['snapshot']}, which follows SDES {manifest['standard_version']}, made by Three Point"
        f" {manifest['code_version']}. States such as 'not yet due' are as of {manifest['as_of']}."
    )


def _build_readme(publication: Publication) -> str:
    lines = [f"# SDES tables as of {publication.details['manifest']['as_of']}", "", _describe_tables(publication), ""]
    if publication.synthetic:
        lines += ["**Some or all of this data is synthetic (not real). The sources below say which.**", ""]
    lines += [
        f"- {name}.{publication.format}: {count:,} rows. {SDES_TABLES[name].meaning}"
        for name, count in publication.counts.items()
    ]
    lines += [
        "",
        f"`{DESCRIPTOR_FILE_NAME}` describes the tables for programs: columns, keys and the sha256 of each file.",
    ]
    lines += [f"Run `sha256sum -c {CHECKSUMS_FILE_NAME}` to check that all files are complete and unchanged.", ""]
    if publication.format == "csv":
        lines += [
            'The CSV files follow RFC 4180, in UTF-8. An empty cell is a missing value; `""` is an empty text.',
            *([_GUARD_NOTE] if publication.details["guarded"] else []),
            "",
        ]
    lines += ["## Sources", ""]
    lines += [f"- {source['title']}: {source['licence']}" for source in publication.sources]
    lines += ["", ATTRIBUTION_TEXTS["data"], "", "## Left out", ""]
    lines += [f"- {line}" for line in publication.left_out["never_held"]]
    lines += [f"- {publication.left_out['quarantined_parts']:,} parts of files that could not be read"]
    lines += [f"- skipped: {count:,} × {kind}" for kind, count in publication.left_out["skipped"].items()]
    return "\n".join(lines) + "\n"


_GUARD_NOTE = (
    f"If a spreadsheet would treat a text as a formula, or if the text begins with an apostrophe, it has an apostrophe ({FORMULA_GUARD})"
    " before it: remove the first one. The Parquet files have the unchanged texts."
)
