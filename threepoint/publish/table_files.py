"""The tables of a snapshot as CSV or Parquet files, with a Frictionless descriptor that says what they are and are not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from threepoint.publish import licences, output_folder
from threepoint.publish.manifest import Published
from threepoint.standard.data_package import DESCRIPTOR, GUARD, NAMES, PROFILE, SAID, SUMS
from threepoint.standard.publishers import NO_NAME, PORTFOLIO
from threepoint.standard.schema_export import frictionless
from threepoint.standard.sdes import ATTRIBUTION, SDES, VERSION
from threepoint.store import data_package, snapshot_tables, snapshots
from threepoint.store.store_paths import Layout

# Tables of lines that publishers list one by one: their group, what is counted, and which lines are meant.
LISTS = {
    "spend": ("payments", "payments", "feed = '25k'"),
    "sale": ("sales", "sales", "true"),
    "pipeline_entry": ("pipelines", "plans", "true"),
}
INSIDE = ("package", "basis", "layout")  # of the manifest: how this store keeps the snapshot
MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
LEFT_OUT = (*licences.NEVER_HELD, "street addresses", "the history: a snapshot is what became of it")
# RFC 4180, as the descriptor says it.
DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}

Tell = Callable[[str, int, int], None]


def publish(root: Path, out: Path, form: str, *, guard: bool = True, tell: Tell = lambda *_: None) -> Published:
    """Writes the current snapshot of the store at `root` to the new folder `out`, as `form`: csv or parquet.

    `guard` puts an apostrophe before each text of a CSV file that a spreadsheet would take for a formula.
    """
    layout = Layout(root)
    source = snapshots.current(layout)
    manifest = snapshots.manifest(source, int(VERSION.split(".", maxsplit=1)[0]))
    done = Published(form, out, sources=_sources(source, manifest), left_out=_left_out(manifest))
    guarded = guard and form == "csv"
    with output_folder.fresh(out) as made:
        resources = []
        names = [name for name in SDES if name in manifest["tables"]]
        for number, name in enumerate(names):
            tell(name, number, len(names))
            resources.append(_resource(source, made, name, form, done, guard=guarded))
        done.details = _details(source.name, manifest, form, guarded=guarded)
        output_folder.write_json(made / DESCRIPTOR, _descriptor(done, resources))
        (made / "README.md").write_text(_readme(done), encoding="utf-8")
        output_folder.write_sums(made, done.files)
    return done


def _resource(source: Path, made: Path, name: str, form: str, done: Published, *, guard: bool) -> dict[str, Any]:
    table, path = SDES[name], made / f"{name}.{form}"
    done.counts[name] = data_package.write_table(source, table, path, form, guard=guard)
    told = output_folder.told_of(made, path)
    done.files.append(told)
    resource: dict[str, Any] = {
        "name": name,
        "path": told.path,
        "type": "table",
        "format": form,
        "mediatype": MEDIA[form],
        "bytes": told.bytes,
        "hash": f"sha256:{told.sha256}",
    }
    if form == "csv":
        resource |= {"encoding": "utf-8", "dialect": DIALECT}
    return resource | {"schema": frictionless(table)}


def _sources(source: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
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
    made = [licences.source(row.pop("publisher") or NO_NAME, row.pop("publisher_group"), **row) for row in found]
    years = snapshot_tables.query_tables(source, ["scheme_year"], "SELECT count(*) AS n FROM scheme_year")[0]["n"]
    made += [licences.source(PORTFOLIO, "projects", project_years=years)] if years else []
    for table, (group, counted, where) in LISTS.items():
        sql = f"SELECT publisher, count(*) AS {counted} FROM {table} WHERE {where} GROUP BY ALL ORDER BY ALL"  # names of ours
        rows = snapshot_tables.query_tables(source, [table], sql) if table in manifest["tables"] else []
        made += [licences.source(row.pop("publisher") or NO_NAME, group, **row) for row in rows]
    return made


def _left_out(manifest: dict[str, Any]) -> dict[str, Any]:
    return {
        "never_held": list(LEFT_OUT),
        "quarantined_parts": manifest["quarantined"],
        "passed_over": manifest.get("passed_over", {}),
    }


def _details(name: str, manifest: dict[str, Any], form: str, *, guarded: bool) -> dict[str, Any]:
    own = {key: value for key, value in manifest.items() if key not in INSIDE}
    kept = {"snapshot": name} | own  # a snapshot read from a package keeps the name of the one that was published
    return {"format": form, "guarded": guarded, "manifest": kept}


def _descriptor(done: Published, resources: list[dict[str, Any]]) -> dict[str, Any]:
    manifest = done.details["manifest"]
    told: dict[str, Any] = {
        "$schema": PROFILE,
        "name": NAMES[done.format],
        "title": f"SDES tables as of {manifest['as_of']}" + (" (synthetic: not real)" if done.synthetic else ""),
        "description": _about(done),
        "version": manifest["standard_version"],
    }
    if "attribution" in done.labels():
        told["licenses"] = [licences.OGL]
    said = {**done.details, **done.labels(), "left_out": done.left_out}
    return told | {"sources": done.sources, SAID: said, "resources": resources}


def _about(done: Published) -> str:
    manifest = done.details["manifest"]
    return (
        f"The tables of snapshot {manifest['snapshot']}, which follows SDES {manifest['standard_version']}, made by Three Point"
        f" {manifest['code_version']}. States such as 'not yet due' are told for {manifest['as_of']}."
    )


def _readme(done: Published) -> str:
    lines = [f"# SDES tables as of {done.details['manifest']['as_of']}", "", _about(done), ""]
    if done.synthetic:
        lines += ["**Some or all of it is synthetic: the sources below say which. Nothing synthetic is real.**", ""]
    lines += [f"- {name}.{done.format}: {count:,} rows. {SDES[name].meaning}" for name, count in done.counts.items()]
    lines += ["", f"`{DESCRIPTOR}` says the same to programs, with each column, each key and each file's sha256."]
    lines += [f"`sha256sum -c {SUMS}` tells whether every file has come whole.", ""]
    if done.format == "csv":
        lines += [
            'CSV as in RFC 4180, in UTF-8. An empty cell is a value that is not there, `""` an empty text.',
            *([_GUARDED] if done.details["guarded"] else []),
            "",
        ]
    lines += ["## Sources", ""]
    lines += [f"- {source['title']}: {source['licence']}" for source in done.sources]
    lines += ["", ATTRIBUTION["data"], "", "## Left out", ""]
    lines += [f"- {line}" for line in done.left_out["never_held"]]
    lines += [f"- {done.left_out['quarantined_parts']:,} parts of files that could not be read"]
    lines += [f"- passed over: {count:,} × {kind}" for kind, count in done.left_out["passed_over"].items()]
    return "\n".join(lines) + "\n"


_GUARDED = (
    f"A text that a spreadsheet would take for a formula has an apostrophe ({GUARD}) before it, and so has one that begins with"
    " an apostrophe: take the first one off. The Parquet files have the texts as they are."
)
