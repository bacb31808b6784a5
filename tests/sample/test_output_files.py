"""Tests of the output files of a world."""

import json

import pytest

from threepoint import sample
from threepoint.errors import UserError


def read_rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_write_world_files_have_the_world_and_a_synthetic_notice(tmp_path):
    summary = sample.write_world(tmp_path / "new" / "folder", releases=400, seed=5)
    folder = tmp_path / "new" / "folder"
    assert {path.name for path in folder.iterdir()} == {"releases.jsonl", "truth.jsonl", "README.md"}
    assert (folder / "releases.jsonl").read_bytes() == b"".join(
        release + b"\n" for release in sample.generate_releases(400, seed=5)
    )
    assert read_rows(folder / "truth.jsonl") == list(sample.generate_truths(400, seed=5))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert [text in readme for text in ("Nothing here is real", "400 OCDS", "seed 5")] == [True] * 3
    assert summary.size == (folder / "releases.jsonl").stat().st_size


def test_write_world_summary_counts_the_truths(tmp_path):
    summary = sample.write_world(tmp_path, releases=600, seed=5)
    truths = read_rows(tmp_path / "truth.jsonl")
    contracts = [contract for truth in truths for contract in truth["contracts"]]
    assert (summary.seed, summary.releases, summary.processes) == (5, 600, len(truths))
    assert summary.contracts == len(contracts)
    assert summary.changes == sum(len(contract["changes"]) for contract in contracts) > 0
    assert summary.ratings == sum(sum(contract["ratings"].values()) for contract in contracts) > 0
    assert summary.withheld == sum(len(truth["withheld"]) for truth in truths) > 0
    assert summary.missing == sum(len(truth["missing"]) for truth in truths) > 0
    assert summary.wrong == sum(len(truth["wrong"]) for truth in truths) > 0


@pytest.mark.parametrize("seed", [0, 7, 2026])
def test_write_world_summary_names_three_contracts_to_compare(tmp_path, seed):
    summary = sample.write_world(tmp_path, releases=250, seed=seed)
    truths = {truth["ocid"]: truth for truth in read_rows(tmp_path / "truth.jsonl")}
    grown, withheld, unreported = (truths[ocid] for ocid in summary.ocids)
    assert [f"{ocid}/contracts/1" for ocid in summary.ocids] == list(summary.compare)
    assert {truth["cpv"] for truth in (grown, withheld, unreported)} == {"72210000"}
    contract = grown["contracts"][0]
    assert contract["last_value"] > 1.3 * contract["first_value"]
    assert contract["last_end"] > contract["first_end"]
    assert sum(contract["ratings"].values()) == 6
    assert {entry["ground"] for entry in withheld["withheld"]} == {"UK-PA23-s94-1b"}
    assert unreported["contracts"][0]["changes"] == []
    assert sum(unreported["contracts"][0]["ratings"].values()) == 0
    assert unreported["vat"] == "odd"


def test_write_world_keeps_the_former_world_when_interrupted(tmp_path):
    sample.write_world(tmp_path, releases=20, seed=5)
    former_files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample.write_world(tmp_path, releases=3000, seed=6, progress=stop)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == former_files


@pytest.mark.parametrize(("releases", "seed"), [(0, 7), (-1, 7), (10, -1)])
def test_write_world_refuses_no_releases_or_a_negative_seed(tmp_path, releases, seed):
    with pytest.raises(UserError, match="give 1 or more releases, and a seed of 0 or more"):
        sample.write_world(tmp_path / "out", releases=releases, seed=seed)
    assert list(tmp_path.iterdir()) == []
