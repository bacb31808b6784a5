"""Tests of the number, bytes and order of releases in the stream."""

import hashlib
import json
from itertools import pairwise

import pytest

from threepoint.sample import generate_processes, generate_releases, generate_truths

FIRST_200 = "b19c66fe3c246dcb5789838b80794156536e65e05060bc6b8805d3a0c8503733"


def test_generate_releases_gives_fixed_bytes():
    """A change to the world changes this hash, and every figure measured on the world."""
    assert hashlib.sha256(b"\n".join(generate_releases(200, seed=7))).hexdigest() == FIRST_200


def test_generate_releases_with_another_seed_shares_no_release():
    assert set(generate_releases(50, seed=7)).isdisjoint(generate_releases(50, seed=8))


@pytest.mark.parametrize("count", [0, 1, 2, 199, 1500])
def test_generate_releases_gives_the_requested_count(count):
    assert len(list(generate_releases(count, seed=3))) == count
    assert sum(truth["releases"] for truth in generate_truths(count, seed=3)) == count


def test_generate_processes_larger_world_begins_with_smaller_one(processes):
    smaller = list(generate_processes(700, seed=7))
    assert smaller[:-1] == processes[: len(smaller) - 1]


def test_generate_processes_shortens_the_last_process_and_its_truth(processes):
    """The last process has one notice, so its truth has no facts from later notices."""
    index = next(index for index, process in enumerate(processes) if len(process.releases) > 3)
    earlier_releases = sum(len(process.releases) for process in processes[:index])
    *_, last = generate_processes(earlier_releases + 1, seed=7)
    assert last.ocid == processes[index].ocid
    assert last.releases == processes[index].releases[:1]
    assert (last.truth["releases"], last.truth["awards"], last.truth["contracts"]) == (1, [], [])


def test_generate_releases_gives_the_releases_of_the_processes(processes):
    assert sorted(generate_releases(5000, seed=7)) == sorted(
        release for process in processes for release in process.releases
    )


def test_generate_releases_sorts_by_date_and_mixes_processes():
    releases = [json.loads(release) for release in generate_releases(1000, seed=7)]
    days = [release["date"][:10] for release in releases]
    assert days == sorted(days)
    assert sum(release["ocid"] == following["ocid"] for release, following in pairwise(releases)) < 50


def test_release_ids_are_unique(processes):
    ids = [json.loads(release)["id"] for process in processes for release in process.releases]
    assert len(set(ids)) == len(ids) == 5000


def test_releases_of_a_process_have_different_days(processes):
    """Sorting by the date's text, moment or day therefore gives the same order."""
    for process in processes:
        days = [json.loads(release)["date"][:10] for release in process.releases]
        assert days == sorted(set(days))


def test_world_size_matches_the_benchmarks(processes):
    sizes = [len(release) + 1 for process in processes for release in process.releases]
    assert 4.2 < len(sizes) / len(processes) < 4.6
    assert 2760 * 0.92 < sum(sizes) / len(sizes) < 2760 * 1.08
