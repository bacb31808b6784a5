"""CSV and Parquet out and in again give all tables, equal; what a package says of itself; packages that are not whole."""

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
    """A store with one release, built; the release's file stands beside it."""
    store = load_package(tmp_path_factory.mktemp("small"), RELEASE)
    pipeline.build(store, AS_OF)
    return store


def assert_comes_back(store: Path, folder: Path, form: str, **wishes: bool) -> None:
    """All tables are equal after a store has read what another published, and so is what it publishes then."""
    api.publish_tables(folder / "one", form, store, **wishes)
    loaded = pipeline.load(folder / "again", [folder / "one"])
    assert (loaded.problems, loaded.files, loaded.passed_over) == ([], 0, {})
    assert read_rows(folder / "again") == read_rows(store)
    api.publish_tables(folder / "two", form, folder / "again", **wishes)
    assert read_tree(folder / "one") == read_tree(folder / "two")


@pytest.mark.parametrize(
    ("store", "form", "wishes"),
    [
        ("synthetic_store", "csv", {}), ("small_store", "csv", {"guard": False}), ("small_store", "parquet", {}),
        *pick_size([], [("published_store", "csv", {}), ("published_store", "parquet", {}), ("synthetic_store", "parquet", {})]),
    ],
)  # fmt: skip
def test_all_tables_come_back(request, tmp_path, store, form, wishes):
    assert_comes_back(request.getfixturevalue(store), tmp_path, form, **wishes)


def test_what_was_read_from_a_package_answers_as_before(synthetic_store, tmp_path):
    api.publish_tables(tmp_path / "out", "csv", synthetic_store)
    pipeline.load(tmp_path / "again", [tmp_path / "out"])
    wanted = read_rows(synthetic_store)["contract"][0][0]
    assert api.show(wanted, tmp_path / "again") == api.show(wanted, synthetic_store)
    told, before = api.status(tmp_path / "again"), api.status(synthetic_store)
    assert told["standard"] == before["standard"]
    assert told["groups"]["synthetic"]["releases"] == before["groups"]["synthetic"]["releases"] == 600
    assert told["package"]["of"] == before["snapshot"]


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
def test_any_row_comes_back_from_csv(tmp_path_factory, drawn, guard):
    folder = tmp_path_factory.mktemp("odd")
    found = create_arrow_table(ODD, sorted(drawn))
    (folder / ODD.name).mkdir()
    pq.write_table(found, folder / ODD.name / "part-0000.parquet")
    assert data_package.write_table_file(folder, ODD, folder / "odd.csv", "csv", guard=guard) == len(drawn)
    with duckdb_engine.open_connection(folder / "scratch") as connection:
        data_package._read_csv(connection, ODD, folder / "odd.csv", "read", guarded=guard)
        duckdb_engine.write_sorted_parquet(connection, ODD, "read", folder / "again.parquet")
    again = pq.read_table(folder / "again.parquet").cast(pa.schema(found.schema))
    assert sorted(again.to_pylist(), key=repr) == sorted(found.to_pylist(), key=repr)


@pytest.mark.slow
def test_frictionless_finds_nothing_wrong(request, tmp_path):
    store = request.getfixturevalue(pick_size("small_store", "published_store"))
    api.publish_tables(tmp_path / "out", "csv", store)
    done = subprocess.run(
        [FRICTIONLESS, "validate", "datapackage.json", "--json"],
        cwd=tmp_path / "out", capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert [error for task in told["tasks"] for error in task["errors"]] == []
    assert (told["valid"], told["stats"]["tasks"], told["stats"]["warnings"]) == (True, len(read_rows(store)), 0)


def test_the_key_of_every_table_tells_its_rows(published_store):
    for path in [
        published_store / "current" / name for name in SDES_TABLES if (published_store / "current" / name).is_dir()
    ]:
        keys = pq.read_table(path, columns=list(SDES_TABLES[path.name].key)).to_pylist()
        assert len({tuple(key.items()) for key in keys}) == len(keys), path.name


def test_a_cell_that_looks_like_a_formula_is_guarded_in_csv_only(tmp_path):
    bait = {**RELEASE, "tender": {"id": "1", "title": "=HYPERLINK(\"http://example.org\")", "description": "'quoted'",
                                  "value": {"amount": -5, "currency": "GBP"}}}  # fmt: skip
    store = load_package(tmp_path, bait)
    pipeline.build(store, AS_OF)
    for name, form, wishes in (("safe", "csv", {}), ("exact", "csv", {"guard": False}), ("flat", "parquet", {})):
        api.publish_tables(tmp_path / name, form, store, **wishes)
    found = {}
    for name in ("safe", "exact"):
        with (tmp_path / name / "contracting_process.csv").open(encoding="utf-8", newline="") as handle:
            (row,) = csv.DictReader(handle)
        found[name] = [row["title"], row["description"], row["estimate_net"]]
    assert found["safe"] == ['\'=HYPERLINK("http://example.org")', "''quoted'", "-5.00"]
    assert found["exact"] == ['=HYPERLINK("http://example.org")', "'quoted'", "-5.00"]
    (row,) = pq.read_table(tmp_path / "flat" / "contracting_process.parquet").to_pylist()
    assert [row["title"], row["description"]] == found["exact"][:2]


def test_a_package_says_what_it_is(synthetic_store, tmp_path):
    done = api.publish_tables(tmp_path / "out", "csv", synthetic_store)
    told = json.loads((tmp_path / "out/datapackage.json").read_text(encoding="utf-8"))
    said_too = told["x-sdes"]
    manifest = json.loads((synthetic_store / "current/manifest.json").read_text())
    assert told["name"] == "sdes-tables-csv"
    assert "synthetic" in told["title"]
    assert said_too["synthetic"].startswith("nothing in it is real")
    assert "licenses" not in told  # nothing in it is under the Open Government Licence
    told_of_it = {name: value for name, value in manifest.items() if name not in ("basis", "layout")}
    assert said_too["manifest"] == {"snapshot": (synthetic_store / "current").resolve().name, **told_of_it}
    assert (manifest["as_of"], manifest["standard_version"]) == ("2026-06-30", "1.0.0")
    assert [source["title"] for source in told["sources"]] == ["Three Point synthetic data (not real)"]
    assert said_too["left_out"]["quarantined_parts"] == 0
    assert [resource["name"] for resource in told["resources"]] == list(done.counts)
    assert done.counts == {name: len(found) for name, found in read_rows(synthetic_store).items()}
    first = (tmp_path / "out/organisation.csv").read_bytes()
    assert first.startswith(b"org_id,name,legal_name,")
    assert first.count(b"\r\n") == done.counts["organisation"] + 1


# ------------------------------------------------------------------------------------------ a store and a package


def test_a_store_holds_a_history_or_a_package_and_never_both(small, tmp_path, capsys):
    api.publish_tables(tmp_path / "out", "csv", small)
    code, out, _ = run_command(capsys, "load", tmp_path / "out", "--store", small, "--json")
    why = f"{small} holds a history, and {tmp_path / 'out'} is a package of tables"
    what_to_do = "load it alone, into a store of its own: --store FOLDER"
    assert (code, json.loads(out)["problems"]) == (1, [f"{why}; {what_to_do}"])
    assert run_command(capsys, "load", tmp_path / "out", "--store", tmp_path / "again")[0] == 0
    code, out, err = run_command(capsys, "load", small.parent / "in.json", "--store", tmp_path / "again")
    assert (code, out) == (1, "")
    assert "holds a package of tables; load published files into another store" in err
    code, _, err = run_command(capsys, "build", "--store", tmp_path / "again")
    assert (code, "there is nothing to build" in err) == (1, True)
    code, _, err = run_command(capsys, "sample", "--as", "tables", "--releases", 5, "--store", tmp_path / "again")
    assert (code, "holds a package of tables" in err) == (1, True)
    assert read_rows(tmp_path / "again") == read_rows(small)


def test_a_package_loaded_again_changes_nothing(small, tmp_path, capsys):
    api.publish_tables(tmp_path / "out", "parquet", small)
    code, out, _ = run_command(capsys, "load", tmp_path / "out", "--store", tmp_path / "again")
    assert (code, "it is the snapshot now" in " ".join(out.split())) == (0, True)
    name = (tmp_path / "again/current").readlink()
    code, out, _ = run_command(
        capsys, "load", tmp_path / "out/datapackage.json", "--store", tmp_path / "again", "--json"
    )
    told = json.loads(out)
    assert (code, told["held"], told["tables"], told["files"]) == (0, 1, {}, 0)
    assert (tmp_path / "again/current").readlink() == name


def test_a_package_in_an_archive_is_recognised(small, tmp_path):
    api.publish_tables(tmp_path / "out", "csv", small)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "out")
    loaded = pipeline.load(tmp_path / "again", [Path(archive)])
    assert (loaded.quarantined, loaded.rows, loaded.passed_over["package of tables"]) == ([], {}, 1)


def test_among_other_files_a_package_is_left_and_said(small, tmp_path):
    (tmp_path / "both").mkdir()
    api.publish_tables(tmp_path / "both/package", "csv", small)
    shutil.copy(small.parent / "in.json", tmp_path / "both")
    loaded = pipeline.load(tmp_path / "again", [tmp_path / "both"])
    assert (loaded.rows["release"], loaded.passed_over) == (1, {})
    (problem,) = loaded.problems
    assert "both/package is a package of tables; load it alone" in problem


# ------------------------------------------------------------------------------------------ packages that are not whole


def spoil(folder: Path, **changes: object) -> None:
    path = folder / "datapackage.json"
    told = json.loads(path.read_text())
    for name, value in changes.items():
        told[name] = value(told[name]) if callable(value) else value
    path.write_text(json.dumps(told, indent=1))


def assert_refused(folder: Path, tmp_path: Path, *, because: str) -> None:
    """The load tells of one problem, and the store has no snapshot."""
    loaded = pipeline.load(tmp_path / "again", [folder])
    assert len(loaded.problems) == 1
    assert because in loaded.problems[0]
    assert (loaded.tables, (tmp_path / "again/current").exists()) == ({}, False)
    assert list((tmp_path / "again/snapshots").iterdir()) == []


@pytest.fixture
def out(small, tmp_path) -> Path:
    api.publish_tables(tmp_path / "out", "csv", small)
    return tmp_path / "out"


def test_a_changed_file_is_refused(out, tmp_path):
    with (out / "notice.csv").open("ab") as handle:
        handle.write(b"x")
    assert_refused(out, tmp_path, because="its sha256 differs; ask for the package again")


def test_a_missing_file_is_refused(out, tmp_path):
    (out / "notice.csv").unlink()
    assert_refused(out, tmp_path, because="notice.csv cannot be read (No such file or directory)")


def test_a_table_left_out_is_missed(out, tmp_path):
    spoil(out, resources=lambda found: found[1:])
    assert_refused(out, tmp_path, because="this package is not whole (organisation)")


def test_a_package_of_another_major_version_is_refused(out, tmp_path):
    spoil(out, **{"x-sdes": lambda said: {**said, "manifest": {**said["manifest"], "standard_version": "2.0.0"}}})
    assert_refused(out, tmp_path, because="this package follows SDES 2.0.0")


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "a/../../b.csv", "..\\x.csv"])
def test_a_path_out_of_the_folder_is_refused(out, tmp_path, path):
    spoil(out, resources=lambda found: [{**found[0], "path": path}, *found[1:]])
    assert_refused(out, tmp_path, because="is not below its folder")


def test_a_link_out_of_the_folder_is_refused(out, tmp_path):
    (out / "notice.csv").rename(tmp_path / "elsewhere.csv")
    (out / "notice.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert_refused(out, tmp_path, because="is a link out of its folder")


def reseal(out: Path, name: str, data: bytes, form: str = "csv") -> None:
    """A file with other content, and a descriptor that agrees with it."""
    import hashlib

    (out / f"{name}.{form}").write_bytes(data)
    seal = {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
    spoil(out, resources=lambda found: [{**one, **seal} if one["name"] == name else one for one in found])


def test_a_table_with_other_columns_is_refused(out, tmp_path):
    reseal(out, "notice", b"a,b\r\n1,2\r\n")
    assert_refused(out, tmp_path, because="the table notice of this package has other columns than SDES has now")


@pytest.mark.parametrize("cell", ["yesterday", '"', "é".encode("cp1252").decode("latin-1")])
def test_a_table_whose_cells_cannot_be_read_is_refused(out, tmp_path, cell):
    head = (out / "change.csv").read_bytes().split(b"\r\n")[0]
    reseal(out, "change", head + b"\r\n" + (f"{cell}," * head.count(b",")).encode("latin-1") + b"\r\n")
    assert_refused(out, tmp_path, because="is not a table of SDES")


def test_parquet_that_is_none_is_refused(small, tmp_path):
    api.publish_tables(tmp_path / "out", "parquet", small)
    reseal(tmp_path / "out", "notice", b"PAR1 and then nothing", "parquet")
    assert_refused(tmp_path / "out", tmp_path, because="notice.parquet is not a table of SDES")


@pytest.mark.parametrize("text", ["{", '{"name": "sdes-tables-csv"}', '["sdes-tables-csv"]', '{"x-sdes": 1}'])
def test_what_only_looks_like_a_descriptor_is_read_like_any_file(tmp_path, text):
    (tmp_path / "one.json").write_text(text)
    loaded = pipeline.load(tmp_path / "again", [tmp_path / "one.json"])
    assert (loaded.problems, loaded.files) == ([], 1)


def test_a_descriptor_that_is_not_whole_is_told(out, tmp_path):
    spoil(out, resources=[{"name": "notice"}])
    assert_refused(out, tmp_path, because="this package's descriptor is not whole")


def test_only_csv_and_parquet_are_forms_of_tables(small, tmp_path):
    with pytest.raises(UserError, match="published as csv or parquet, not as xlsx"):
        api.publish_tables(tmp_path / "out", "xlsx", small)
