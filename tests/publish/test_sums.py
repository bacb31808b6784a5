"""SHA256SUMS: `sha256sum -c` accepts every package as written, and detects changed files."""

import shutil
import subprocess

import pytest

from tests.merge.release_factory import AS_OF
from threepoint import api, pipeline

FORMS = {
    "csv": lambda out, store: api.publish_tables(out, "csv", store),
    "parquet": lambda out, store: api.publish_tables(out, "parquet", store), "ocds": api.publish_ocds,
    "oc4ids": api.publish_projects,
}  # fmt: skip


def check_sums(folder):
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum here")
    process = subprocess.run(
        [program, "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    return process.returncode, process.stdout.splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_checksums_match_all_files(small_store, tmp_path, form):
    FORMS[form](tmp_path / "out", small_store)
    names = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    )
    assert check_sums(tmp_path / "out") == (0, [f"{name}: OK" for name in names if name != "SHA256SUMS"])


def test_checksums_detect_changed_file(small_store, tmp_path):
    api.publish_ocds(tmp_path / "out", small_store)
    (tmp_path / "out" / "manifest.json").write_text("{}")
    code, lines = check_sums(tmp_path / "out")
    assert (code, "manifest.json: FAILED" in lines) == (1, True)


def test_load_package_ignores_checksum_file(small_store, tmp_path):
    api.publish_tables(tmp_path / "out", "parquet", small_store)
    loaded = pipeline.load(tmp_path / "again", [tmp_path / "out"])
    assert (loaded.skipped, loaded.problems) == ({}, [])
    assert AS_OF.isoformat() in (tmp_path / "again" / "current" / "manifest.json").read_text()
