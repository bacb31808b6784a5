"""CSV and Parquet packages: round trips give equal tables, descriptors are correct, and incomplete packages are rejected."""

import csv
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.command_line import run_command
from tests.pipeline.sample_store import read_rows, read_tree
from tests.publish.publish_stores import RELEASE, load_package
from tests.size import pick_size
from threepoint import api, pipeline
from threepoint.errors import UserError
from threepoint.standard.definition import define_table
from threepoint.standard.sdes import SDES_TABLES
from threepoint.store import data_package, duckdb_engine
from threepoint.store.arrow_columns import create_arrow_table

AS_OF = date(2026, 10, 1)
FRICTIONLESS = Path(sys.executable).with_name("frictionless")


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A built store with one release; the release's file is next to it."""
    store = load_package(tmp_path_factory.mktemp("small"), RELEASE)
    pipeline.build(store, AS_OF)
    return store


def assert_round_trip(store: Path, folder: Path, form: str, **options: bool) -> None:
    """Publish a store, load the package, and check that the tables and their next publication are equal."""
    api.publish_tables(folder / "one", form, store, **options)
    loaded = pipeline.load(folder / "again", [folder / "one"])
    assert (loaded.problems, loaded.files, loaded.skipped) == ([], 0, {})
    assert read_rows(folder / "again") == read_rows(store)
    api.publish_tables(folder / "two", form, folder / "again", **options)
    assert read_tree(folder / "one") == read_tree(folder / "two")


@pytest.mark.parametrize(
    ("store", "form", "options"),
    [
        ("synthetic_store", "csv", {}), ("small_store", "csv", {"guard": False}), ("small_store", "parquet", {}),
        *pick_size([], [("published_store", "csv", {}), ("published_store", "parquet", {}), ("synthetic_store", "parquet", {})]),
    ],
)  # fmt: skip
def test_round_trip_all_tables(request, tmp_path, store, form, options):
    assert_round_trip(request.getfixturevalue(store), tmp_path, form, **options)


def test_load_package_gives_same_answers(synthetic_store, tmp_path):
    api.publish_tables(tmp_path / "out", "csv", synthetic_store)
    pipeline.load(tmp_path / "again", [tmp_path / "out"])
    contract_id = read_rows(synthetic_store)["contract"][0][0]
    assert api.show(contract_id, tmp_path / "again") == api.show(contract_id, synthetic_store)
    after, before = api.status(tmp_path / "again"), api.status(synthetic_store)
    assert after["standard"] == before["standard"]
    assert after["groups"]["synthetic"]["releases"] == before["groups"]["synthetic"]["releases"] == 600
    assert after["package"]["of"] == before["snapshot"]


ODD = define_table("odd", "Every type.", "id", "\n".join(f"{kind} | {kind} | ours | x" for kind in (
    "id", "text", "code", "list", "any", "integer", "number", "money", "boolean", "date", "timestamp")))  # fmt: skip
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
                  st.sampled_from(["", "=1+1", "'=1", "-x", "+", "@", "\t", "\r", "\r\n", "\n", '"', ",", "\x00", "'"]))  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.text(max_size=3), TEXTS, TEXTS, TEXTS, TEXTS, st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
        st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        st.one_of(st.none(), st.integers(-(10**18) + 1, 10**18 - 1)),
        st.one_of(st.none(), st.booleans()),
        st.one_of(st.none(), st.integers(-700_000, 2_900_000)),
        st.one_of(st.none(), st.integers(-(62 * 10**15), 253 * 10**15)),
    ),
    max_size=5,
    unique_by=lambda row: row[0],
)  # fmt: skip


@given(ROWS, st.booleans())
def test_csv_round_trip_any_row(tmp_path_factory, rows, guard):
    folder = tmp_path_factory.mktemp("odd")
    table = create_arrow_table(ODD, sorted(rows))
    (folder / ODD.name).mkdir()
    pq.write_table(table, folder / ODD.name / "part-0000.parquet")
    assert data_package.write_table_file(folder, ODD, folder / "odd.csv", "csv", guard=guard) == len(rows)
    with duckdb_engine.open_connection(folder / "scratch") as connection:
        data_package._read_csv(connection, ODD, folder / "odd.csv", "read", guarded=guard)
        duckdb_engine.write_sorted_parquet(connection, ODD, "read", folder / "again.parquet")
    again = pq.read_table(folder / "again.parquet").cast(pa.schema(table.schema))
    assert sorted(again.to_pylist(), key=repr) == sorted(table.to_pylist(), key=repr)


@pytest.mark.slow
def test_frictionless_validates_package(request, tmp_path):
    store = request.getfixturevalue(pick_size("small_store", "published_store"))
    api.publish_tables(tmp_path / "out", "csv", store)
    process = subprocess.run(
        [FRICTIONLESS, "validate", "datapackage.json", "--json"],
        cwd=tmp_path / "out", capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    report = json.loads(process.stdout)
    assert [error for task in report["tasks"] for error in task["errors"]] == []
    assert (report["valid"], report["stats"]["tasks"], report["stats"]["warnings"]) == (True, len(read_rows(store)), 0)


def test_table_keys_are_unique(published_store):
    for path in [
        published_store / "current" / name for name in SDES_TABLES if (published_store / "current" / name).is_dir()
    ]:
        keys = pq.read_table(path, columns=list(SDES_TABLES[path.name].key)).to_pylist()
        assert len({tuple(key.items()) for key in keys}) == len(keys), path.name


def test_publish_tables_guards_formulas_in_csv_only(tmp_path):
    release = {**RELEASE, "tender": {"id": "1", "title": "=HYPERLINK(\"http://example.org\")", "description": "'quoted'",
                                  "value": {"amount": -5, "currency": "GBP"}}}  # fmt: skip
    store = load_package(tmp_path, release)
    pipeline.build(store, AS_OF)
    for name, form, options in (("safe", "csv", {}), ("exact", "csv", {"guard": False}), ("flat", "parquet", {})):
        api.publish_tables(tmp_path / name, form, store, **options)
    cells = {}
    for name in ("safe", "exact"):
        with (tmp_path / name / "contracting_process.csv").open(encoding="utf-8", newline="") as handle:
            (row,) = csv.DictReader(handle)
        cells[name] = [row["title"], row["description"], row["estimate_net"]]
    assert cells["safe"] == ['\'=HYPERLINK("http://example.org")', "''quoted'", "-5.00"]
    assert cells["exact"] == ['=HYPERLINK("http://example.org")', "'quoted'", "-5.00"]
    (row,) = pq.read_table(tmp_path / "flat" / "contracting_process.parquet").to_pylist()
    assert [row["title"], row["description"]] == cells["exact"][:2]


def test_publish_tables_descriptor_describes_package(synthetic_store, tmp_path):
    publication = api.publish_tables(tmp_path / "out", "csv", synthetic_store)
    descriptor = json.loads((tmp_path / "out/datapackage.json").read_text(encoding="utf-8"))
    extension = descriptor["x-sdes"]
    manifest = json.loads((synthetic_store / "current/manifest.json").read_text())
    assert descriptor["name"] == "sdes-tables-csv"
    assert "synthetic" in descriptor["title"]
    assert extension["synthetic"].startswith("nothing in it is real")
    assert "licenses" not in descriptor  # synthetic data is not under the Open Government Licence
    public = {name: value for name, value in manifest.items() if name not in ("basis", "layout")}
    assert extension["manifest"] == {"snapshot": (synthetic_store / "current").resolve().name, **public}
    assert (manifest["as_of"], manifest["standard_version"]) == ("2026-06-30", "1.0.0")
    assert [source["title"] for source in descriptor["sources"]] == ["Three Point synthetic data (not real)"]
    assert extension["left_out"]["quarantined_parts"] == 0
    assert [resource["name"] for resource in descriptor["resources"]] == list(publication.counts)
    assert publication.counts == {name: len(rows) for name, rows in read_rows(synthetic_store).items()}
    content = (tmp_path / "out/organisation.csv").read_bytes()
    assert content.startswith(b"org_id,name,legal_name,")
    assert content.count(b"\r\n") == publication.counts["organisation"] + 1


# ------------------------------------------------------------------------------------------ loading packages


def test_load_rejects_package_and_history_in_one_store(small, tmp_path, capsys):
    api.publish_tables(tmp_path / "out", "csv", small)
    code, out, _ = run_command(capsys, "load", tmp_path / "out", "--store", small, "--json")
    why = f"{small} contains a history, and {tmp_path / 'out'} is a package of tables"
    what_to_do = "load it alone, into a store of its own: --store FOLDER"
    assert (code, json.loads(out)["problems"]) == (1, [f"{why}; {what_to_do}"])
    assert run_command(capsys, "load", tmp_path / "out", "--store", tmp_path / "again")[0] == 0
    code, out, err = run_command(capsys, "load", small.parent / "in.json", "--store", tmp_path / "again")
    assert (code, out) == (1, "")
    assert "contains a package of tables; load published files into another store" in err
    code, _, err = run_command(capsys, "build", "--store", tmp_path / "again")
    assert (code, "there is nothing to build" in err) == (1, True)
    code, _, err = run_command(capsys, "sample", "--as", "tables", "--releases", 5, "--store", tmp_path / "again")
    assert (code, "contains a package of tables" in err) == (1, True)
    assert read_rows(tmp_path / "again") == read_rows(small)


def test_load_package_again_changes_nothing(small, tmp_path, capsys):
    api.publish_tables(tmp_path / "out", "parquet", small)
    code, out, _ = run_command(capsys, "load", tmp_path / "out", "--store", tmp_path / "again")
    assert (code, "It is now the snapshot" in " ".join(out.split())) == (0, True)
    name = (tmp_path / "again/current").readlink()
    code, out, _ = run_command(
        capsys, "load", tmp_path / "out/datapackage.json", "--store", tmp_path / "again", "--json"
    )
    output = json.loads(out)
    assert (code, output["already_loaded"], output["tables"], output["files"]) == (0, 1, {}, 0)
    assert (tmp_path / "again/current").readlink() == name


def test_load_skips_package_in_archive(small, tmp_path):
    api.publish_tables(tmp_path / "out", "csv", small)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "out")
    loaded = pipeline.load(tmp_path / "again", [Path(archive)])
    assert (loaded.quarantined, loaded.rows, loaded.skipped["package of tables"]) == ([], {}, 1)


def test_load_reports_package_among_other_files(small, tmp_path):
    (tmp_path / "both").mkdir()
    api.publish_tables(tmp_path / "both/package", "csv", small)
    shutil.copy(small.parent / "in.json", tmp_path / "both")
    loaded = pipeline.load(tmp_path / "again", [tmp_path / "both"])
    assert (loaded.rows["release"], loaded.skipped) == (1, {})
    (problem,) = loaded.problems
    assert "both/package is a package of tables; load it alone" in problem


# ------------------------------------------------------------------------------------------ invalid packages


def change_descriptor(folder: Path, **changes: object) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text())
    for name, value in changes.items():
        descriptor[name] = value(descriptor[name]) if callable(value) else value
    path.write_text(json.dumps(descriptor, indent=1))


def assert_load_rejects(folder: Path, tmp_path: Path, *, problem: str) -> None:
    """Check that the load reports one problem and the store has no snapshot."""
    loaded = pipeline.load(tmp_path / "again", [folder])
    assert len(loaded.problems) == 1
    assert problem in loaded.problems[0]
    assert (loaded.tables, (tmp_path / "again/current").exists()) == ({}, False)
    assert list((tmp_path / "again/snapshots").iterdir()) == []


@pytest.fixture
def out(small, tmp_path) -> Path:
    api.publish_tables(tmp_path / "out", "csv", small)
    return tmp_path / "out"


def test_load_package_rejects_changed_file(out, tmp_path):
    with (out / "notice.csv").open("ab") as handle:
        handle.write(b"x")
    assert_load_rejects(out, tmp_path, problem="its sha256 differs; ask for the package again")


def test_load_package_rejects_missing_file(out, tmp_path):
    (out / "notice.csv").unlink()
    assert_load_rejects(out, tmp_path, problem="notice.csv cannot be read (No such file or directory)")


def test_load_package_rejects_missing_table(out, tmp_path):
    change_descriptor(out, resources=lambda resources: resources[1:])
    assert_load_rejects(out, tmp_path, problem="this package is incomplete (organisation)")


def test_load_package_rejects_another_major_version(out, tmp_path):
    def change_version(extension):
        return {**extension, "manifest": {**extension["manifest"], "standard_version": "2.0.0"}}

    change_descriptor(out, **{"x-sdes": change_version})
    assert_load_rejects(out, tmp_path, problem="this package follows SDES 2.0.0")


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "a/../../b.csv", "..\\x.csv"])
def test_load_package_rejects_path_outside_folder(out, tmp_path, path):
    change_descriptor(out, resources=lambda resources: [{**resources[0], "path": path}, *resources[1:]])
    assert_load_rejects(out, tmp_path, problem="is outside the package's folder")


def test_load_package_rejects_link_outside_folder(out, tmp_path):
    (out / "notice.csv").rename(tmp_path / "elsewhere.csv")
    (out / "notice.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert_load_rejects(out, tmp_path, problem="is a link out of its folder")


def replace_file(out: Path, name: str, data: bytes, form: str = "csv") -> None:
    """Replace the content of a file, with its checksum and length in the descriptor."""
    import hashlib

    (out / f"{name}.{form}").write_bytes(data)
    checks = {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
    change_descriptor(
        out,
        resources=lambda resources: [
            {**resource, **checks} if resource["name"] == name else resource for resource in resources
        ],
    )


def test_load_package_rejects_other_columns(out, tmp_path):
    replace_file(out, "notice", b"a,b\r\n1,2\r\n")
    assert_load_rejects(
        out, tmp_path, problem="the columns of the table notice in this package differ from those of SDES now"
    )


@pytest.mark.parametrize("cell", ["yesterday", '"', "é".encode("cp1252").decode("latin-1")])
def test_load_package_rejects_unreadable_cells(out, tmp_path, cell):
    head = (out / "change.csv").read_bytes().split(b"\r\n")[0]
    replace_file(out, "change", head + b"\r\n" + (f"{cell}," * head.count(b",")).encode("latin-1") + b"\r\n")
    assert_load_rejects(out, tmp_path, problem="is not an SDES table")


def test_load_package_rejects_invalid_parquet(small, tmp_path):
    api.publish_tables(tmp_path / "out", "parquet", small)
    replace_file(tmp_path / "out", "notice", b"PAR1 and then nothing", "parquet")
    assert_load_rejects(tmp_path / "out", tmp_path, problem="notice.parquet is not an SDES table")


@pytest.mark.parametrize("text", ["{", '{"name": "sdes-tables-csv"}', '["sdes-tables-csv"]', '{"x-sdes": 1}'])
def test_load_reads_incomplete_descriptor_as_plain_file(tmp_path, text):
    (tmp_path / "one.json").write_text(text)
    loaded = pipeline.load(tmp_path / "again", [tmp_path / "one.json"])
    assert (loaded.problems, loaded.files) == ([], 1)


def test_load_package_rejects_incomplete_descriptor(out, tmp_path):
    change_descriptor(out, resources=[{"name": "notice"}])
    assert_load_rejects(out, tmp_path, problem="this package's descriptor is invalid")


def test_publish_tables_rejects_other_forms(small, tmp_path):
    with pytest.raises(UserError, match="published as csv or parquet, not as xlsx"):
        api.publish_tables(tmp_path / "out", "xlsx", small)
