"""A build on Spark gives the same rows in every table as a build on DuckDB."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

import threepoint
from tests.merge.release_factory import AS_OF, load, make_money, make_release
from tests.size import FULL_SIZE, pick_size
from tests.website import sample_records
from threepoint.standard.tables_states import STORED_TABLES
from threepoint.store import duckdb_engine, snapshot_tables

# For hundreds of small queries, compiling code takes Spark longer than running them.
FAST = (
    "--master local[1] --conf spark.sql.shuffle.partitions=1 --conf spark.sql.adaptive.enabled=false"
    " --conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
)


@pytest.fixture(scope="module")
def installed():
    """Skip the test if Spark cannot run; fail instead if REQUIRE_SPARK is 1."""
    missing = [name for name, path in (("java", shutil.which("java")), ("pyspark", find_spec("pyspark"))) if not path]
    if missing:
        message = f"no {' and no '.join(missing)} here; see docs/how-to/build-on-spark.md"
        if os.environ.get("REQUIRE_SPARK") == "1":
            pytest.fail(message)
        pytest.skip(message)


def run_build(root, **environment):
    """Build the store on Spark with the command line."""
    arguments = ["--store", str(root), "build", "--engine", "spark", "--as-of", str(AS_OF)]
    command = [sys.executable, "-m", "threepoint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


def load_changes(root):
    """Load releases of which one removes a value, and then the same notices with other texts."""
    ocid, period = "ocds-h6vhtk-0abf00", {"endDate": "2026-05-01T12:00:00Z"}
    for number, title in enumerate(("North", "South")):
        tender = {
            "lots": [{"id": "1", "title": title, "value": make_money(5 + number)}],
            "tenderPeriod": period,
            "title": "Staff",
        }
        first = make_release(ocid, "2026-01-10", "UK4", id="1", tender=tender)
        period = {"endDate": "2026-06-01T12:00:00Z"}
        load(root, [first, make_release(ocid, "2026-02-10", "UK4", id="2", tender={"lots": [{"id": "1", "title": None}]})],
             f"changes-{number}.jsonl")  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_spark_and_duckdb_build_equal_tables(tmp_path, request):
    root = tmp_path / "store"
    threepoint.make_sample(tmp_path / "world", releases=pick_size(60, 2000), seed=7)
    threepoint.load([tmp_path / "world"], root)
    if FULL_SIZE:
        threepoint.load([request.getfixturevalue("shared")], root)
    load_changes(root)
    sample_records.build(root)
    duckdb_snapshot = shutil.copytree(root / "current", tmp_path / "by-duckdb")
    process = run_build(root, PYSPARK_SUBMIT_ARGS=FAST)
    assert process.returncode == 0, process.stderr
    spark_snapshot = root / "current"
    nonempty_tables = 0
    with duckdb_engine.open_read_connection() as connection:
        for name, table in STORED_TABLES.items():
            for view, snapshot in (("by_duckdb", duckdb_snapshot), ("by_spark", spark_snapshot)):
                duckdb_engine.create_table_view(connection, view, table, snapshot_tables.list_files(snapshot, name))
            assert duckdb_engine.query_rows(connection, "DESCRIBE by_duckdb") == duckdb_engine.query_rows(
                connection, "DESCRIBE by_spark"
            ), name
            assert not duckdb_engine.has_different_rows(connection, "by_duckdb", "by_spark"), name
            nonempty_tables += duckdb_engine.count_rows(connection, "by_duckdb") > 0
    assert nonempty_tables >= 40
    assert list((root / "scratch").iterdir()) == []
    assert threepoint.show(sample_records.DEAL, root).title == "Case management system"


def test_build_without_spark_gives_advice_and_keeps_snapshot(tmp_path):
    root = sample_records.build(tmp_path / "store")
    before = (root / "current").resolve()
    process = run_build(root, PATH=str(tmp_path), JAVA_HOME="")
    assert process.returncode == 1
    assert ("check that Java 17 or 21" if find_spec("pyspark") else "run `make spark`") in process.stderr
    assert (root / "current").resolve() == before
