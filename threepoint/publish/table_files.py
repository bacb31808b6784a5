"""The tables of a snapshot as CSV or Parquet files, with a Frictionless descriptor that says what they are and are not."""

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

# Tables of lines that publishers list one by one: their group, what is counted, and which lines are meant.
LIST_COUNTS_BY_TABLE = {
    "spend": ("payments", "payments", "feed = '25k'"),
    "sale": ("sales", "sales", "true"),
    "pipeline_entry": ("pipelines", "plans", "true"),
}
INTERNAL_MANIFEST_KEYS = ("package", "basis", "layout")  # of the manifest: how this store keeps the snapshot
MEDIA_TYPE_BY_FORMAT = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
EXCLUSION_NOTES = (*licences.NEVER_STORED_NOTES, "street addresses", "the history: a snapshot is what became of it")
# RFC 4180, as the descriptor says it.
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
    """Writes the current snapshot of the store at `root` to the new folder `out`, as `form`: csv or parquet.

    `guard` puts an apostrophe before each text of a CSV file that a spreadsheet would take for a formula.
    """
    layout = StorePaths(root)
    source = snapshots.get_current_folder(layout)
    manifest = snapshots.read_manifest(source, int(SDES_VERSION.split(".", maxsplit=1)[0]))
    done = Publication(form, out, sources=_list_sources(source, manifest), left_out=_describe_exclusions(manifest))
    guarded = guard and form == "csv"
    with output_folder.create_folder(out) as made:
        resources = []
        names = [name for name in SDES_TABLES if name in manifest["tables"]]
        for number, name in enumerate(names):
            tell(name, number, len(names))
            resources.append(_write_resource(source, made, name, form, done, guard=guarded))
        done.details = _build_details(source.name, manifest, form, guarded=guarded)
        output_folder.write_json(made / DESCRIPTOR_FILE_NAME, _build_descriptor(done, resources))
        (made / "README.md").write_text(_build_readme(done), encoding="utf-8")
        output_folder.write_checksums(made, done.files)
    return done


def _write_resource(
    source: Path, made: Path, name: str, form: str, done: Publication, *, guard: bool
) -> dict[str, Any]:
    table, path = SDES_TABLES[name], made / f"{name}.{form}"
    done.counts[name] = data_package.write_table_file(source, table, path, form, guard=guard)
    told = output_folder.describe_file(made, path)
    done.files.append(told)
    resource: dict[str, Any] = {
        "name": name,
        "path": told.path,
        "type": "table",
        "format": form,
        "mediatype": MEDIA_TYPE_BY_FORMAT[form],
        "bytes": told.bytes,
        "hash": f"sha256:{told.sha256}",
    }
    if form == "csv":
        resource |= {"encoding": "utf-8", "dialect": CSV_DIALECT}
    return resource | {"schema": make_frictionless_schema(table)}


def _list_sources(source: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Who published what the snapshot is made of, with their licences."""
    if "package" in manifest:
        told: list[dict[str, Any]] = manifest["package"]["sources"]
        return told
    found = snapshot_tables.query_tables(
        source,
        ["notice"],
        "SELECT publisher, publisher_group, count(*) AS notices, count(DISTINCT ocid) AS processes FROM notice"
        " GROUP BY ALL ORDER BY ALL",
    )
    made = [
        licences.describe_source(row.pop("publisher") or UNNAMED_PUBLISHER, row.pop("publisher_group"), **row)
        for row in found
    ]
    years = snapshot_tables.query_tables(source, ["scheme_year"], "SELECT count(*) AS n FROM scheme_year")[0]["n"]
    made += [licences.describe_source(PORTFOLIO_PUBLISHER, "projects", project_years=years)] if years else []
    for table, (group, counted, where) in LIST_COUNTS_BY_TABLE.items():
        sql = f"SELECT publisher, count(*) AS {counted} FROM {table} WHERE {where} GROUP BY ALL ORDER BY ALL"  # names of ours
        rows = snapshot_tables.query_tables(source, [table], sql) if table in manifest["tables"] else []
        made += [licences.describe_source(row.pop("publisher") or UNNAMED_PUBLISHER, group, **row) for row in rows]
    return made


def _describe_exclusions(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        "never_held": list(EXCLUSION_NOTES),
        "quarantined_parts": manifest["quarantined"],
        "passed_over": manifest.get("passed_over", {}),
    }


def _build_details(name: str, manifest: dict[str, Any], form: str, *, guarded: bool) -> dict[str, Any]:
    own = {key: value for key, value in manifest.items() if key not in INTERNAL_MANIFEST_KEYS}
    kept = {"snapshot": name} | own  # a snapshot read from a package keeps the name of the one that was published
    return {"format": form, "guarded": guarded, "manifest": kept}


def _build_descriptor(done: Publication, resources: list[dict[str, Any]]) -> dict[str, Any]:
    manifest = done.details["manifest"]
    told: dict[str, Any] = {
        "$schema": PROFILE_URL,
        "name": PACKAGE_NAME_BY_FORMAT[done.format],
        "title": f"SDES tables as of {manifest['as_of']}" + (" (synthetic: not real)" if done.synthetic else ""),
        "description": _describe_tables(done),
        "version": manifest["standard_version"],
    }
    if "attribution" in done.labels():
        told["licenses"] = [licences.OGL_LICENCE]
    said = {**done.details, **done.labels(), "left_out": done.left_out}
    return told | {"sources": done.sources, EXTENSION_KEY: said, "resources": resources}


def _describe_tables(done: Publication) -> str:
    manifest = done.details["manifest"]
    return (
        f"The tables of snapshot {manifest['snapshot']}, which follows SDES {manifest['standard_version']}, made by Three Point"
        f" {manifest['code_version']}. States such as 'not yet due' are told for {manifest['as_of']}."
    )


def _build_readme(done: Publication) -> str:
    lines = [f"# SDES tables as of {done.details['manifest']['as_of']}", "", _describe_tables(done), ""]
    if done.synthetic:
        lines += ["**Some or all of it is synthetic: the sources below say which. Nothing synthetic is real.**", ""]
    lines += [
        f"- {name}.{done.format}: {count:,} rows. {SDES_TABLES[name].meaning}" for name, count in done.counts.items()
    ]
    lines += [
        "",
        f"`{DESCRIPTOR_FILE_NAME}` says the same to programs, with each column, each key and each file's sha256.",
    ]
    lines += [f"`sha256sum -c {CHECKSUMS_FILE_NAME}` tells whether every file has come whole.", ""]
    if done.format == "csv":
        lines += [
            'CSV as in RFC 4180, in UTF-8. An empty cell is a value that is not there, `""` an empty text.',
            *([_GUARD_NOTE] if done.details["guarded"] else []),
            "",
        ]
    lines += ["## Sources", ""]
    lines += [f"- {source['title']}: {source['licence']}" for source in done.sources]
    lines += ["", ATTRIBUTION_TEXTS["data"], "", "## Left out", ""]
    lines += [f"- {line}" for line in done.left_out["never_held"]]
    lines += [f"- {done.left_out['quarantined_parts']:,} parts of files that could not be read"]
    lines += [f"- passed over: {count:,} × {kind}" for kind, count in done.left_out["passed_over"].items()]
    return "\n".join(lines) + "\n"


_GUARD_NOTE = (
    f"A text that a spreadsheet would take for a formula has an apostrophe ({FORMULA_GUARD}) before it, and so has one that begins with"
    " an apostrophe: take the first one off. The Parquet files have the texts as they are."
)
