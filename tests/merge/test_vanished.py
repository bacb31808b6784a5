"""Notices that a newer version of their file no longer holds, and what is not taken for one."""

import json

import pytest

from tests.merge.world import build, load, money, release
from tests.pipeline import world
from threepoint import pipeline
from threepoint.store import history
from threepoint.store.layout import Layout

FILE = "notices.jsonl"


def notice(number, day=None, **more):
    ocid = f"ocds-h6vhtk-0f{number:04d}"
    return release(ocid, f"2026-03-{day or number:02d}", "UK7", id=f"{number:06d}-2026",
                   **{"contracts": [{"id": "1", "value": money(number)}], **more})  # fmt: skip


def compiled(number, day=None, net=5):
    made = release(
        f"ocds-h6vhtk-0f{number:04d}", f"2026-03-{day or number:02d}", contracts=[{"id": "1", "value": money(net)}]
    )
    return {**made, "tag": ["compiled"]}


ALL = [notice(number) for number in range(1, 9)]


def without(*numbers):
    return [one for number, one in enumerate(ALL, 1) if number not in numbers]


def gone(tmp_path, *loads):
    """The numbers of the notices that are told as vanished, after these loads: (name of the file, releases)."""
    root = tmp_path / "store"
    for name, releases in loads:
        load(root, list(releases), name)
    rows = build(root).ask("SELECT * FROM vanished_notice ORDER BY ocid")
    return [int(row["ocid"][-4:]) for row in rows], rows


def test_a_notice_that_the_newest_version_leaves_out_is_told(tmp_path):
    numbers, (row,) = gone(tmp_path, (FILE, ALL), (FILE, without(4)))
    assert numbers == [4]
    assert (row["release_id"], row["kind"], row["publisher"], row["publisher_group"]) == (
        "000004-2026", "release", "Find a Tender", "uk")  # fmt: skip
    sources = pipeline_sources(tmp_path)
    assert (row["last_source_id"], row["newest_source_id"]) == tuple(sources)


def pipeline_sources(tmp_path):
    return [source.sha256 for entry in history.entries(Layout(tmp_path / "store")) for source in entry.sources]


def test_the_last_version_that_held_it_is_named(tmp_path):
    numbers, (row,) = gone(
        tmp_path, (FILE, ALL), (FILE, [*ALL, notice(9)]), (FILE, [*without(4), notice(9), notice(10)])
    )
    sources = pipeline_sources(tmp_path)
    assert (numbers, row["last_source_id"], row["newest_source_id"]) == ([4], sources[1], sources[2])


def test_what_comes_back_is_no_longer_told(tmp_path):
    assert gone(tmp_path, (FILE, ALL), (FILE, without(4)), (FILE, [*ALL, notice(9)]))[0] == []


@pytest.mark.parametrize(
    "loads",
    [
        [(FILE, ALL), ("other.jsonl", without(4))],
        [(FILE, ALL[:6]), (FILE, [*ALL[2:], notice(9)])],
        [(FILE, ALL), (FILE, ALL[:5])],
        [(FILE, ALL), (FILE, [*without(4), notice(4, contracts=[{"id": "1", "value": money(99)}])])],
        [(FILE, ALL), (FILE, without(4)), ("elsewhere.jsonl", [notice(4), notice(20)])],
        [(FILE, ALL), (FILE, [notice(11, 1), notice(12, 8)])],
        [(FILE, ALL), (FILE, without(2, 3, 4, 5, 6))],
        [(FILE, [notice(n) for n in range(1, 21)]), (FILE, [notice(n) for n in (17, 19, 20, 25)])],
        [(FILE, [compiled(n) for n in range(1, 9)]), (FILE, [compiled(n) for n in range(1, 8)]), ("else.jsonl", [compiled(8)])],
        [(FILE, ALL)],
    ],
    ids=["another name", "a feed that rolls on", "cut short", "an edit", "moved to another file", "only the name is the same",
         "more is gone than stays", "more is gone, by its beginning", "a process that moved", "one version"],
)  # fmt: skip
def test_what_is_not_told_as_vanished(tmp_path, loads):
    assert gone(tmp_path, *loads)[0] == []


def test_a_notice_that_could_not_be_read_has_not_vanished(tmp_path):
    root = tmp_path / "store"
    load(root, ALL, FILE)
    newer = tmp_path / FILE
    newer.write_text("".join(json.dumps(one) + "\n" for one in [*without(4), {**notice(4), "date": "no date"}]))
    assert len(pipeline.load(root, [newer]).quarantined) == 1
    assert build(root).ask("SELECT * FROM vanished_notice") == []


def test_a_notice_without_an_id_that_was_edited_has_not_vanished(tmp_path):
    nameless = [{name: value for name, value in one.items() if name != "id"} for one in ALL]
    edited = [*nameless[:3], {**nameless[3], "language": "cy"}, *nameless[4:]]
    assert gone(tmp_path, (FILE, nameless), (FILE, edited))[0] == []


def test_a_process_that_a_merged_package_leaves_out_is_told_once(tmp_path):
    """A compiled release changes with each version: what counts is that the process is there."""
    first = [compiled(number) for number in range(1, 9)]
    second = [compiled(number, net=6) for number in range(1, 9) if number != 8]
    numbers, (row,) = gone(tmp_path, (FILE, first), (FILE, second))
    assert (numbers, row["kind"]) == ([8], "compiled")


def test_processes_at_the_beginning_of_a_merged_package_roll_off(tmp_path):
    first = [compiled(number) for number in range(1, 9)]
    assert gone(tmp_path, (FILE, first), (FILE, [compiled(number, net=6) for number in range(3, 10)]))[0] == []


def test_a_release_that_is_given_again_is_noted_once_a_file(tmp_path):
    root = tmp_path / "store"
    load(root, ALL[:2], "a.jsonl")
    done = load(root, [*ALL[:2], *ALL[:1]], "b.jsonl")
    layout = Layout(root)
    (path,) = history.files(layout, history.entries(layout))["sighting"]
    assert world.read([path], "source_id") == [pipeline_sources(tmp_path)[1]] * 3
    assert done.passed_over == {"release already held": 3}
    assert done.rows == {}


def test_a_history_from_before_sightings_tells_nothing(tmp_path):
    root = tmp_path / "store"
    load(root, ALL, FILE)
    load(root, without(4), FILE)
    layout = Layout(root)
    for path in history.files(layout, history.entries(layout))["sighting"]:
        log = next(one for one in layout.log.glob("*.json") if "sighting" in one.read_text())
        told = json.loads(log.read_text())
        del told["files"]["sighting"]
        log.write_text(json.dumps(told))
        path.unlink()
    assert build(root).ask("SELECT * FROM vanished_notice") == []
