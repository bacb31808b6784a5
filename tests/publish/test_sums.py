"""SHA256SUMS: `sha256sum -c` accepts every package as it was written, and sees when a file was changed."""

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
    done = subprocess.run(
        [program, "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_the_sums_of_all_files_are_true(small_store, tmp_path, form):
    FORMS[form](tmp_path / "out", small_store)
    there = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    )
    assert check_sums(tmp_path / "out") == (0, [f"{name}: OK" for name in there if name != "SHA256SUMS"])


def test_a_changed_file_is_seen(small_store, tmp_path):
    api.publish_ocds(tmp_path / "out", small_store)
    (tmp_path / "out" / "manifest.json").write_text("{}")
    code, lines = check_sums(tmp_path / "out")
    assert (code, "manifest.json: FAILED" in lines) == (1, True)


def test_a_package_with_sums_is_read_back_without_a_word_about_them(small_store, tmp_path):
    api.publish_tables(tmp_path / "out", "parquet", small_store)
    loaded = pipeline.load(tmp_path / "again", [tmp_path / "out"])
    assert (loaded.passed_over, loaded.problems) == ({}, [])
    assert AS_OF.isoformat() in (tmp_path / "again" / "current" / "manifest.json").read_text()
