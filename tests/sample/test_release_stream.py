"""The stream: how many, which bytes, in what order."""

import hashlib
import json
from itertools import pairwise

import pytest

from threepoint.sample import generate_processes, generate_releases, generate_truths

FIRST_200 = "b19c66fe3c246dcb5789838b80794156536e65e05060bc6b8805d3a0c8503733"


def test_the_first_releases_are_the_same_bytes_everywhere():
    """Anyone may change the world; whoever does changes this line, and every figure that was measured on it."""
    assert hashlib.sha256(b"\n".join(generate_releases(200, seed=7))).hexdigest() == FIRST_200


def test_another_seed_is_another_world():
    assert set(generate_releases(50, seed=7)).isdisjoint(generate_releases(50, seed=8))


@pytest.mark.parametrize("count", [0, 1, 2, 199, 1500])
def test_there_are_exactly_as_many_releases_as_asked_for(count):
    assert len(list(generate_releases(count, seed=3))) == count
    assert sum(told["releases"] for told in generate_truths(count, seed=3)) == count


def test_a_larger_world_begins_with_the_smaller_one(processes):
    smaller = list(generate_processes(700, seed=7))
    assert smaller[:-1] == processes[: len(smaller) - 1]


def test_the_last_process_may_be_cut_short_and_its_truth_with_it(processes):
    """Its first notice alone: no award, no contract, nothing that only later notices told."""
    place = next(place for place, process in enumerate(processes) if len(process.releases) > 3)
    before = sum(len(process.releases) for process in processes[:place])
    *_, last = generate_processes(before + 1, seed=7)
    assert last.ocid == processes[place].ocid
    assert last.releases == processes[place].releases[:1]
    assert (last.truth["releases"], last.truth["awards"], last.truth["contracts"]) == (1, [], [])


def test_the_stream_and_the_processes_hold_the_same_releases(processes):
    assert sorted(generate_releases(5000, seed=7)) == sorted(
        release for process in processes for release in process.releases
    )


def test_a_window_is_in_order_of_date_and_mixes_its_processes():
    found = [json.loads(release) for release in generate_releases(1000, seed=7)]
    days = [release["date"][:10] for release in found]
    assert days == sorted(days)
    assert sum(one["ocid"] == next_["ocid"] for one, next_ in pairwise(found)) < 50


def test_notice_numbers_are_never_used_twice(processes):
    ids = [json.loads(release)["id"] for process in processes for release in process.releases]
    assert len(set(ids)) == len(ids) == 5000


def test_each_release_of_a_process_has_a_day_of_its_own(processes):
    """So that sorting by the date's text, by its moment or by its day all agree."""
    for process in processes:
        days = [json.loads(release)["date"][:10] for release in process.releases]
        assert days == sorted(set(days))


def test_the_world_is_as_large_as_the_benchmarks_expect(processes):
    sizes = [len(release) + 1 for process in processes for release in process.releases]
    assert 4.2 < len(sizes) / len(processes) < 4.6
    assert 2760 * 0.92 < sum(sizes) / len(sizes) < 2760 * 1.08
