"""`threepoint publish ocds`: what it writes, what it says, and how it ends."""

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


def test_a_release_is_written_as_it_was_said(tmp_path):
    store = load_package(tmp_path, RELEASE)
    done = api.publish_ocds(tmp_path / "out", store)
    package = read_json(tmp_path / "out/releases/000001.json")
    assert package.pop("extensions")
    assert package == {
        "uri": package["uri"], "version": "1.1", "publishedDate": "2026-01-02T03:04:05Z",
        "publisher": {"name": "Find a Tender"},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "republished": {
            "by": "Three Point",
            "note": "written out of a history of published releases; what is left out is told in manifest.json",
        },
        "releases": [RELEASE],
    }  # fmt: skip
    assert read_json(tmp_path / "out/records/000001.json")["records"] == [
        {
            "ocid": RELEASE["ocid"], "releases": [RELEASE],
            "compiledRelease": RELEASE | {"id": "ocds-h6vhtk-000001-2026-01-02T03:04:05Z", "tag": ["compiled"]},
        }
    ]  # fmt: skip
    assert done.counts == {
        "records": 1, "releases": 1, "releases_with_derived_id": 0, "release_packages": 1, "record_packages": 1
    }  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "SHA256SUMS", "manifest.json", "records", "releases",
    ]  # fmt: skip


def test_a_release_without_an_id_gets_the_one_of_the_standard(tmp_path):
    store = load_package(tmp_path, {name: value for name, value in RELEASE.items() if name != "id"})
    done = api.publish_ocds(tmp_path / "out", store, forms=["releases"])
    (release,) = read_json(tmp_path / "out/releases/000001.json")["releases"]
    assert release["id"].startswith("ocds-h6vhtk-000001-")
    assert len(release["id"]) == len("ocds-h6vhtk-000001-") + 12
    assert done.counts["releases_with_derived_id"] == 1


def test_what_is_left_out_is_counted(tmp_path):
    spoilt = {**RELEASE, "id": "2", "tender": {"id": "1", "value": {"amount": "a lot"}},
              "parties": [{"id": "p", "address": {"streetAddress": "1 High Street", "locality": "Leeds"},
                           "contactPoint": {"email": "someone@example.org"}}]}  # fmt: skip
    store = load_package(tmp_path, RELEASE, spoilt)
    done = api.publish_ocds(tmp_path / "out", store)
    assert (done.left_out["values_not_read"], done.left_out["quarantined_parts"]) == (1, 0)
    text = "".join(path.read_text() for path in (tmp_path / "out").rglob("0*.json"))
    assert "Leeds" in text
    assert [word for word in ("High Street", "someone", "contactPoint", "a lot") if word in text] == []
    assert read_json(tmp_path / "out/manifest.json")["left_out"] == json.loads(json.dumps(done.left_out))


def test_packages_are_of_one_publisher_each_and_dated_as_asked(tmp_path, capsys):
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


def test_a_group_can_be_had_alone(tmp_path, capsys):
    store = load_package(tmp_path, RELEASE, {**RELEASE, "ocid": "ocds-zzzzzz-1"})
    code, out, _ = run_command(capsys, "publish", "ocds", tmp_path / "out", "--store", store, "--group", "uk", "--json")
    told = json.loads(out)
    assert (code, told["counts"]["releases"], told["format"]) == (0, 1, "ocds")
    assert [source["title"] for source in told["sources"]] == ["Find a Tender"]
    with pytest.raises(NothingLoadedError, match="holds no release of group synthetic"):
        api.publish_ocds(tmp_path / "none", store, group="synthetic")
    with pytest.raises(UserError, match="moon is not a group of publishers"):
        api.publish_ocds(tmp_path / "none", store, group="moon")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", "out", "store"]


def test_synthetic_data_says_so_in_every_package(tmp_path, capsys):
    pipeline.load_sample(tmp_path / "store", 40, 7)
    _, out, _ = run_command(capsys, "publish", "ocds", tmp_path / "out", "--store", tmp_path / "store")
    assert out.splitlines()[-1] == "Synthetic data: nothing here is real."
    packages = [read_json(path) for path in (tmp_path / "out").rglob("0*.json")]
    assert len(packages) == 2
    for package in [*packages, read_json(tmp_path / "out/manifest.json")]:
        assert "nothing in it is real" in (package.get("republished") or package)["synthetic"]


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    store = load_package(tmp_path, RELEASE)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    code, out, err = run_command(capsys, "publish", "ocds", tmp_path / "out", "--store", store)
    assert (code, out) == (1, "")
    assert err == (f"threepoint: {tmp_path / 'out'} is not empty; give the name of a new folder, or remove it first\n")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    assert run_command(capsys, "publish", "ocds", tmp_path / "no" / "out", "--store", store)[0] == 1


def test_an_empty_store_ends_with_5_and_an_unknown_form_with_2(tmp_path, capsys, store_dir):
    code, _, err = run_command(capsys, "publish", "ocds", tmp_path / "out")
    assert (code, err.startswith("threepoint: ")) == (5, True)
    assert "run `threepoint load FILE…` first" in err
    assert not (tmp_path / "out").exists()
    assert run_command(capsys, "publish", "ocds", tmp_path / "out", "--only", "rumours")[0] == 2


def test_packages_hold_so_many_releases_and_no_more(tmp_path):
    from threepoint.publish import ocds

    pipeline.load_sample(tmp_path / "store", 100, 7)
    ocds.write_ocds_packages(tmp_path / "store", tmp_path / "out", ocds.OcdsPublishOptions(size=30))
    numbers = [len(read_json(path)["releases"]) for path in sorted((tmp_path / "out/releases").iterdir())]
    assert numbers == [30, 30, 30, 10]
    assert sum(len(read_json(path)["records"]) for path in (tmp_path / "out/records").iterdir()) == 24


@pytest.mark.parametrize("form", ["ocds", "csv", "parquet"])
def test_a_full_disk_is_said_and_leaves_nothing(synthetic_store, tmp_path, form):
    shutil.copytree(synthetic_store, tmp_path / "store", symlinks=True)
    # A limit on the size of a file stands in for the disk: the same call fails in the same way.
    # -B: under it, Python would leave compiled modules that are cut short.
    program = f"{sys.executable} -B -m threepoint"
    command = f"ulimit -f 8; {program} publish {form} {tmp_path / 'out'} --store {tmp_path / 'store'}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("threepoint: ")
    assert "check the disk's space" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]
