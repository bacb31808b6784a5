"""`threepoint publish ocds`: the files it writes, its messages and its exit codes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import run_command
from tests.publish.publish_stores import RELEASE, load_package
from threepoint import api, pipeline
from threepoint.errors import NothingLoadedError, UserError


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_publish_ocds_release_unchanged(tmp_path):
    store = load_package(tmp_path, RELEASE)
    publication = api.publish_ocds(tmp_path / "out", store)
    package = read_json(tmp_path / "out/releases/000001.json")
    assert package.pop("extensions")
    assert package == {
        "uri": package["uri"], "version": "1.1", "publishedDate": "2026-01-02T03:04:05Z",
        "publisher": {"name": "Find a Tender"},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "republished": {
            "by": "Three Point",
            "note": "written from a history of published releases; manifest.json lists what is left out",
        },
        "releases": [RELEASE],
    }  # fmt: skip
    assert read_json(tmp_path / "out/records/000001.json")["records"] == [
        {
            "ocid": RELEASE["ocid"], "releases": [RELEASE],
            "compiledRelease": RELEASE | {"id": "ocds-h6vhtk-000001-2026-01-02T03:04:05Z", "tag": ["compiled"]},
        }
    ]  # fmt: skip
    assert publication.counts == {
        "records": 1, "releases": 1, "releases_with_derived_id": 0, "release_packages": 1, "record_packages": 1
    }  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "SHA256SUMS", "manifest.json", "records", "releases",
    ]  # fmt: skip


def test_publish_ocds_derives_missing_id(tmp_path):
    store = load_package(tmp_path, {name: value for name, value in RELEASE.items() if name != "id"})
    publication = api.publish_ocds(tmp_path / "out", store, forms=["releases"])
    (release,) = read_json(tmp_path / "out/releases/000001.json")["releases"]
    assert release["id"].startswith("ocds-h6vhtk-000001-")
    assert len(release["id"]) == len("ocds-h6vhtk-000001-") + 12
    assert publication.counts["releases_with_derived_id"] == 1


def test_publish_ocds_counts_left_out_values(tmp_path):
    release = {**RELEASE, "id": "2", "tender": {"id": "1", "value": {"amount": "a lot"}},
              "parties": [{"id": "p", "address": {"streetAddress": "1 High Street", "locality": "Leeds"},
                           "contactPoint": {"email": "someone@example.org"}}]}  # fmt: skip
    store = load_package(tmp_path, RELEASE, release)
    publication = api.publish_ocds(tmp_path / "out", store)
    assert (publication.left_out["values_not_read"], publication.left_out["quarantined_parts"]) == (1, 0)
    text = "".join(path.read_text() for path in (tmp_path / "out").rglob("0*.json"))
    assert "Leeds" in text
    assert [word for word in ("High Street", "someone", "contactPoint", "a lot") if word in text] == []
    assert read_json(tmp_path / "out/manifest.json")["left_out"] == json.loads(json.dumps(publication.left_out))


def test_publish_ocds_one_publisher_and_date_per_package(tmp_path, capsys):
    other = {**RELEASE, "ocid": "ocds-zzzzzz-1"}
    store = load_package(tmp_path, RELEASE, other, package={"publisher": {"name": "Ville de Lyon"}})
    code, out, _ = run_command(
        capsys, "publish", "ocds", tmp_path / "out", "--store", store, "--only", "releases", "--published", "2026-05-06"
    )
    assert code == 0
    packages = [read_json(path) for path in sorted((tmp_path / "out/releases").iterdir())]
    assert [(p["publisher"]["name"], "license" in p, p["publishedDate"]) for p in packages] == [
        ("Find a Tender", True, "2026-05-06T00:00:00Z"), ("Ville de Lyon", False, "2026-05-06T00:00:00Z")
    ]  # fmt: skip
    assert not (tmp_path / "out" / "records").exists()
    assert "from Ville de Lyon: licence as its publisher says; not known here" in out
    assert len({package["uri"] for package in packages}) == 2


def test_publish_ocds_single_group(tmp_path, capsys):
    store = load_package(tmp_path, RELEASE, {**RELEASE, "ocid": "ocds-zzzzzz-1"})
    code, out, _ = run_command(capsys, "publish", "ocds", tmp_path / "out", "--store", store, "--group", "uk", "--json")
    output = json.loads(out)
    assert (code, output["counts"]["releases"], output["format"]) == (0, 1, "ocds")
    assert [source["title"] for source in output["sources"]] == ["Find a Tender"]
    with pytest.raises(NothingLoadedError, match="has no releases of group synthetic"):
        api.publish_ocds(tmp_path / "none", store, group="synthetic")
    with pytest.raises(UserError, match="moon is not a group of publishers"):
        api.publish_ocds(tmp_path / "none", store, group="moon")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", "out", "store"]


def test_publish_ocds_labels_synthetic_packages(tmp_path, capsys):
    pipeline.load_sample(tmp_path / "store", 40, 7)
    _, out, _ = run_command(capsys, "publish", "ocds", tmp_path / "out", "--store", tmp_path / "store")
    assert out.splitlines()[-1] == "Synthetic data: nothing here is real."
    packages = [read_json(path) for path in (tmp_path / "out").rglob("0*.json")]
    assert len(packages) == 2
    for package in [*packages, read_json(tmp_path / "out/manifest.json")]:
        assert "nothing in it is real" in (package.get("republished") or package)["synthetic"]


def test_publish_ocds_rejects_folder_with_files(tmp_path, capsys):
    store = load_package(tmp_path, RELEASE)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    code, out, err = run_command(capsys, "publish", "ocds", tmp_path / "out", "--store", store)
    assert (code, out) == (1, "")
    assert err == (f"threepoint: {tmp_path / 'out'} is not empty; give the name of a new folder, or remove it first\n")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    assert run_command(capsys, "publish", "ocds", tmp_path / "no" / "out", "--store", store)[0] == 1


def test_publish_ocds_exit_codes_empty_store_and_unknown_form(tmp_path, capsys, store_dir):
    code, _, err = run_command(capsys, "publish", "ocds", tmp_path / "out")
    assert (code, err.startswith("threepoint: ")) == (5, True)
    assert "run `threepoint load FILE…` first" in err
    assert not (tmp_path / "out").exists()
    assert run_command(capsys, "publish", "ocds", tmp_path / "out", "--only", "rumours")[0] == 2


def test_write_ocds_packages_respects_size(tmp_path):
    from threepoint.publish import ocds

    pipeline.load_sample(tmp_path / "store", 100, 7)
    ocds.write_ocds_packages(tmp_path / "store", tmp_path / "out", ocds.OcdsPublishOptions(size=30))
    numbers = [len(read_json(path)["releases"]) for path in sorted((tmp_path / "out/releases").iterdir())]
    assert numbers == [30, 30, 30, 10]
    assert sum(len(read_json(path)["records"]) for path in (tmp_path / "out/records").iterdir()) == 24


@pytest.mark.parametrize("form", ["ocds", "csv", "parquet"])
def test_publish_full_disk_reports_error_and_leaves_nothing(synthetic_store, tmp_path, form):
    shutil.copytree(synthetic_store, tmp_path / "store", symlinks=True)
    # A limit on the size of files replaces a full disk: the same call fails in the same way.
    # -B: without it, Python would write truncated compiled modules under this limit.
    program = f"{sys.executable} -B -m threepoint"
    command = f"ulimit -f 8; {program} publish {form} {tmp_path / 'out'} --store {tmp_path / 'store'}"
    process = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.startswith("threepoint: ")
    assert "check the disk's space" in process.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]
