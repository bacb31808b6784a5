"""A build on Spark gives the rows that a build on DuckDB gives, in every table."""

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

# Compiling code for each of some hundred small queries takes Spark longer than running them.
FAST = (
    "--master local[1] --conf spark.sql.shuffle.partitions=1 --conf spark.sql.adaptive.enabled=false"
    " --conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
)


@pytest.fixture(scope="module")
def installed():
    """Skips where Spark cannot run; fails there if REQUIRE_SPARK is 1."""
    missing = [name for name, found in (("java", shutil.which("java")), ("pyspark", find_spec("pyspark"))) if not found]
    if missing:
        message = f"no {' and no '.join(missing)} here; see docs/how-to/build-on-spark.md"
        if os.environ.get("REQUIRE_SPARK") == "1":
            pytest.fail(message)
        pytest.skip(message)


def run_build(root, **environment):
    """Build the store on Spark, as a person would."""
    command = [
        sys.executable,
        "-m",
        "threepoint",
        "--store",
        str(root),
        "build",
        "--engine",
        "spark",
        "--as-of",
        str(AS_OF),
    ]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


def load_changes(root):
    """Load releases of which one takes a value back, and then the same notices with other words in them."""
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
def test_spark_and_duckdb_make_equal_tables(tmp_path, request):
    root = tmp_path / "store"
    threepoint.make_sample(tmp_path / "world", releases=pick_size(60, 2000), seed=7)
    threepoint.load([tmp_path / "world"], root)
    if FULL_SIZE:
        threepoint.load([request.getfixturevalue("shared")], root)
    load_changes(root)
    sample_records.build(root)
    by_duckdb = shutil.copytree(root / "current", tmp_path / "by-duckdb")
    done = run_build(root, PYSPARK_SUBMIT_ARGS=FAST)
    assert done.returncode == 0, done.stderr
    by_spark = root / "current"
    filled = 0
    with duckdb_engine.open_read_connection() as connection:
        for name, table in STORED_TABLES.items():
            for view, snapshot in (("one", by_duckdb), ("other", by_spark)):
                duckdb_engine.create_table_view(connection, view, table, snapshot_tables.list_files(snapshot, name))
            assert duckdb_engine.query_rows(connection, "DESCRIBE one") == duckdb_engine.query_rows(
                connection, "DESCRIBE other"
            ), name
            assert not duckdb_engine.has_different_rows(connection, "one", "other"), name
            filled += duckdb_engine.count_rows(connection, "one") > 0
    assert filled >= 40
    assert list((root / "scratch").iterdir()) == []
    assert threepoint.show(sample_records.DEAL, root).title == "Case management system"


def test_a_build_without_spark_says_what_to_do_and_keeps_the_snapshot(tmp_path):
    root = sample_records.build(tmp_path / "store")
    before = (root / "current").resolve()
    done = run_build(root, PATH=str(tmp_path), JAVA_HOME="")
    assert done.returncode == 1
    assert ("it needs Java" if find_spec("pyspark") else "run `make spark`") in done.stderr
    assert (root / "current").resolve() == before
