"""What others' tools say of our OCDS: nothing that they do not say of the published releases too."""

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

COVE = Path(sys.executable).with_name("libcoveocds")  # AGPL: a process of its own, never imported


@pytest.fixture(scope="module")
def ocds(shared) -> Path:
    return shared / "data" / "ocds"


@pytest.fixture(scope="module")
def published(ocds) -> list[dict]:
    """Every British release as it was published."""
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
    """libcoveocds's structural errors, as decision 29 says: the schema's zip as a plain path, extensions emptied."""
    file = folder / "package.json"
    file.write_text(json.dumps({**package, "extensions": []}))
    options = ["--standard-zip", ocds / "schema" / "standard-1.1.zip", "-d", "-e", "-s", "1.1", "-o", folder / "cove"]
    done = subprocess.run([COVE, *map(str, options), file], capture_output=True, text=True, check=True, timeout=300)
    told = json.loads(done.stdout)
    assert told["count"] == len(package["releases"])
    found: Counter = Counter()
    for error in told["validation_errors"]:
        _, number, *path = error["path"].split("/")
        release = package["releases"][int(number)]
        found[(error["type"], make_key(release), "/".join(path))] += 1
    return found


@pytest.mark.slow
@pytest.mark.skipif(not FULL_SIZE, reason="libcoveocds takes half a minute; set FULL_SIZE=1")
def test_libcoveocds_finds_nothing_that_the_published_releases_do_not_have(ocds, published, out, tmp_path):
    shell = {"uri": "urn:uuid:0", "version": "1.1", "publishedDate": "2026-01-01T00:00:00Z", "publisher": {"name": "x"}}
    before = run_cove({**shell, "releases": published}, ocds, tmp_path)
    missing_ids = {error for error in before if error[0] == "required" and error[2] == ""}
    assert sum(before[error] for error in missing_ids) == 91  # 90 releases without an id, one without initiationType
    after = sum((run_cove(package, ocds, tmp_path) for package in read_packages(out, "releases")), Counter())
    assert after - before == Counter()
    assert Counter(kind for kind, *_ in after.elements()) == {"uri": 3, "uniqueItems": 2}


def test_against_the_patched_schema_no_error_is_ours(ocds, published, out):
    judge = make_validator(ocds)
    before: dict[tuple, Counter] = {}
    for release in published:
        before[make_key(release)] = before.get(make_key(release), Counter()) + count_errors(judge, release)
    after, number = Counter(), 0
    for package in read_packages(out, "releases"):
        for release in package["releases"]:
            found = count_errors(judge, release)
            assert found - before[make_key(release)] == Counter(), release["id"]
            after, number = after + found, number + 1
    assert number == 614
    assert after == {("Format", "tender/documents/1/url"): 2, ("Format", "awards/0/documents/1/url"): 1,
                     ("Enum", "tender/status"): 1, ("Enum", "awards/0/status"): 1}  # fmt: skip


def test_record_packages_are_valid_but_for_what_the_releases_have(ocds, out):
    judge = make_package_validator(ocds)
    found: Counter = Counter()
    for package in read_packages(out, "records"):
        assert {"uri", "version", "publisher", "publishedDate", "records", "extensions", "license"} <= set(package)
        found += Counter(
            {(kind, path.split("/", 2)[-1]): n for (kind, path), n in count_errors(judge, package).items()}
        )
    told: Counter = Counter()
    for (kind, path), times in found.items():
        told[(kind, re.sub(r"^(compiledRelease|releases/\d+)/?", "", path))] += times
    # Each stands twice: in a release, and in what its process comes to. One process, of which only a compiled release was
    # published, has no initiationType and no tender id.
    assert told == {("Format", "tender/documents/1/url"): 4, ("Format", "awards/0/documents/1/url"): 2,
                    ("Enum", "tender/status"): 2, ("Enum", "awards/0/status"): 2,
                    ("Required", ""): 1, ("Required", "tender"): 1}  # fmt: skip
