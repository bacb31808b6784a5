"""Other tools report no errors in our OCDS that they do not report in the published releases too."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.publish.patched_schemas import count_errors, make_package_validator, make_validator
from tests.size import FULL_SIZE
from threepoint import api

COVE = Path(sys.executable).with_name("libcoveocds")  # AGPL: run it as a separate process, never import it


@pytest.fixture(scope="module")
def ocds(shared) -> Path:
    return shared / "data" / "ocds"


@pytest.fixture(scope="module")
def published(ocds) -> list[dict]:
    """All UK releases, as published."""
    return [json.loads(line) for line in (ocds / "uk-releases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def out(published_store, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("uk") / "out"
    api.publish_ocds(out, published_store, group="uk")
    return out


def read_packages(out: Path, form: str) -> list[dict]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((out / form).iterdir())]


def make_key(release: dict) -> tuple:
    return release["ocid"], datetime.fromisoformat(release["date"]).astimezone(UTC)


def run_cove(package: dict, ocds: Path, folder: Path) -> Counter:
    """Count libcoveocds's structural errors. It reads the schema from a local zip file and no extensions."""
    file = folder / "package.json"
    file.write_text(json.dumps({**package, "extensions": []}))
    options = ["--standard-zip", ocds / "schema" / "standard-1.1.zip", "-d", "-e", "-s", "1.1", "-o", folder / "cove"]
    process = subprocess.run([COVE, *map(str, options), file], capture_output=True, text=True, check=True, timeout=300)
    results = json.loads(process.stdout)
    assert results["count"] == len(package["releases"])
    errors: Counter = Counter()
    for error in results["validation_errors"]:
        _, number, *path = error["path"].split("/")
        release = package["releases"][int(number)]
        errors[(error["type"], make_key(release), "/".join(path))] += 1
    return errors


@pytest.mark.slow
@pytest.mark.skipif(not FULL_SIZE, reason="libcoveocds takes half a minute; set FULL_SIZE=1")
def test_libcoveocds_reports_no_new_errors(ocds, published, out, tmp_path):
    shell = {"uri": "urn:uuid:0", "version": "1.1", "publishedDate": "2026-01-01T00:00:00Z", "publisher": {"name": "x"}}
    before = run_cove({**shell, "releases": published}, ocds, tmp_path)
    missing_ids = {error for error in before if error[0] == "required" and error[2] == ""}
    assert sum(before[error] for error in missing_ids) == 91  # 90 releases without an id, one without initiationType
    after = sum((run_cove(package, ocds, tmp_path) for package in read_packages(out, "releases")), Counter())
    assert after - before == Counter()
    assert Counter(kind for kind, *_ in after.elements()) == {"uri": 3, "uniqueItems": 2}


def test_patched_schema_reports_no_new_errors(ocds, published, out):
    validator = make_validator(ocds)
    before: dict[tuple, Counter] = {}
    for release in published:
        before[make_key(release)] = before.get(make_key(release), Counter()) + count_errors(validator, release)
    after, number = Counter(), 0
    for package in read_packages(out, "releases"):
        for release in package["releases"]:
            errors = count_errors(validator, release)
            assert errors - before[make_key(release)] == Counter(), release["id"]
            after, number = after + errors, number + 1
    assert number == 614
    assert after == {("Format", "tender/documents/1/url"): 2, ("Format", "awards/0/documents/1/url"): 1,
                     ("Enum", "tender/status"): 1, ("Enum", "awards/0/status"): 1}  # fmt: skip


def test_record_packages_have_only_errors_of_releases(ocds, out):
    validator = make_package_validator(ocds)
    package_errors: Counter = Counter()
    for package in read_packages(out, "records"):
        assert {"uri", "version", "publisher", "publishedDate", "records", "extensions", "license"} <= set(package)
        package_errors += Counter(
            {(kind, path.split("/", 2)[-1]): count for (kind, path), count in count_errors(validator, package).items()}
        )
    errors: Counter = Counter()
    for (kind, path), count in package_errors.items():
        errors[(kind, re.sub(r"^(compiledRelease|releases/\d+)/?", "", path))] += count
    # Each error occurs twice: in a release and in its compiled release. One process, of which only a compiled release was
    # published, has no initiationType and no tender id.
    assert errors == {("Format", "tender/documents/1/url"): 4, ("Format", "awards/0/documents/1/url"): 2,
                    ("Enum", "tender/status"): 2, ("Enum", "awards/0/status"): 2,
                    ("Required", ""): 1, ("Required", "tender"): 1}  # fmt: skip
