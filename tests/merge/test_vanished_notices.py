"""Vanished notices: notices that a newer version of their file no longer contains, and cases that do not count."""

import json

import pytest

from tests.merge.release_factory import build, load, make_money, make_release
from tests.pipeline import sample_store
from threepoint import pipeline
from threepoint.store import history
from threepoint.store.store_paths import StorePaths

FILE, OTHER = "notices.jsonl", "other.jsonl"
CASE = "ocds-h6vhtk-00"  # each case replaces the last two digits by its number


def make_notice(number, day=None, **more):
    return make_release(f"{CASE}{number:04d}", f"2026-03-{day or number:02d}", "UK7", id=f"{number:06d}-2026",
                   **{"contracts": [{"id": "1", "value": make_money(number)}], **more})  # fmt: skip


def make_compiled(number, net=5):
    contracts = [{"id": "1", "value": make_money(net)}]
    return {**make_release(f"{CASE}{number:04d}", f"2026-03-{number:02d}", contracts=contracts), "tag": ["compiled"]}


def leave_out(*numbers):
    return [notice for number, notice in enumerate(ALL, 1) if number not in numbers]


ALL = [make_notice(number) for number in range(1, 9)]
COMPILED = [make_compiled(number) for number in range(1, 9)]
NAMELESS = [{name: value for name, value in notice.items() if name != "id"} for notice in ALL]
EDITED = make_notice(4, contracts=[{"id": "1", "value": make_money(99)}])
# By name: the files in the order of loading, and the numbers of the notices that have vanished after it.
CASES = {
    "left out": ([(FILE, ALL), (FILE, leave_out(4))], [4]),
    "left out by the third": (
        [(FILE, ALL), (FILE, [*ALL, make_notice(9)]), (FILE, [*leave_out(4), make_notice(9), make_notice(10)])], [4]),
    "came back": ([(FILE, ALL), (FILE, leave_out(4)), (FILE, [*ALL, make_notice(9)])], []),
    "another name": ([(FILE, ALL), (OTHER, leave_out(4))], []),
    "a feed that rolls on": ([(FILE, ALL[:6]), (FILE, [*ALL[2:], make_notice(9)])], []),
    "cut short": ([(FILE, ALL), (FILE, ALL[:5])], []),
    "an edit": ([(FILE, ALL), (FILE, [*leave_out(4), EDITED])], []),
    "an edit without an id": ([(FILE, NAMELESS), (FILE, [*NAMELESS[:3], {**NAMELESS[3], "language": "cy"}, *NAMELESS[4:]])], []),
    "moved to another file": ([(FILE, ALL), (FILE, leave_out(4)), (OTHER, [make_notice(4), make_notice(20)])], []),
    "only the name is the same": ([(FILE, ALL), (FILE, [make_notice(11, 1), make_notice(12, 8)])], []),
    "more is gone than stays": ([(FILE, ALL), (FILE, leave_out(2, 3, 4, 5, 6))], []),
    "more is gone, by its beginning": (
        [(FILE, [make_notice(n) for n in range(1, 21)]), (FILE, [make_notice(n) for n in (17, 19, 20, 25)])], []),
    "one version": ([(FILE, ALL)], []),
    # A compiled release changes with each version: only the presence of the process counts.
    "a process": ([(FILE, COMPILED), (FILE, [make_compiled(n, net=6) for n in range(1, 8)])], [8]),
    "a process that moved": ([(FILE, COMPILED), (FILE, COMPILED[:7]), (OTHER, COMPILED[7:])], []),
    "processes that roll off": ([(FILE, COMPILED), (FILE, [make_compiled(n, net=6) for n in range(3, 10)])], []),
}  # fmt: skip


@pytest.fixture(scope="module")
def vanished(tmp_path_factory):
    """Return the vanished notices and the loaded files of each case; all cases are in one store."""
    root, sources = tmp_path_factory.mktemp("vanished") / "store", {}
    for number, (case, (loads, _)) in enumerate(CASES.items(), 1):
        loaded_count = len(list_sources(root))
        for name, releases in loads:
            case_releases = json.loads(json.dumps(releases).replace(CASE, f"{CASE[:-2]}{number:02d}"))
            load(root, case_releases, f"{number}-{name}")
        sources[case] = list_sources(root)[loaded_count:]
    rows = build(root).ask("SELECT * FROM vanished_notice ORDER BY ocid")
    rows_by_case = {case: [row for row in rows if int(row["ocid"][12:14]) == n] for n, case in enumerate(CASES, 1)}
    return rows_by_case, sources


def list_sources(root):
    return [source.sha256 for entry in history.read_committed_batches(StorePaths(root)) for source in entry.sources]


@pytest.mark.parametrize("case", CASES)
def test_vanished_notices_case(vanished, case):
    assert [int(row["ocid"][-4:]) for row in vanished[0][case]] == CASES[case][1]


def test_vanished_notice_names_its_publisher_and_files(vanished):
    rows_by_case, sources = vanished
    (row,), (later,) = rows_by_case["left out"], rows_by_case["left out by the third"]
    assert (row["release_id"], row["kind"], row["publisher"], row["publisher_group"]) == (
        "000004-2026", "release", "Find a Tender", "uk")  # fmt: skip
    assert [row["last_source_id"], row["newest_source_id"]] == sources["left out"]
    assert [later["last_source_id"], later["newest_source_id"]] == sources["left out by the third"][1:]
    assert rows_by_case["a process"][0]["kind"] == "compiled"


def test_vanished_notices_unreadable_notice(tmp_path):
    root = tmp_path / "store"
    load(root, ALL, FILE)
    newer = tmp_path / FILE
    newer.write_text(
        "".join(json.dumps(notice) + "\n" for notice in [*leave_out(4), {**make_notice(4), "date": "no date"}])
    )
    assert len(pipeline.load(root, [newer]).quarantined) == 1
    assert build(root).ask("SELECT * FROM vanished_notice") == []


def test_sightings_record_each_repeated_release(tmp_path):
    root = tmp_path / "store"
    load(root, ALL[:2], "a.jsonl")
    result = load(root, [*ALL[:2], *ALL[:1]], "b.jsonl")
    layout = StorePaths(root)
    (path,) = history.list_history_files(layout, history.read_committed_batches(layout))["sighting"]
    assert sample_store.read_column([path], "source_id") == [list_sources(root)[1]] * 3
    assert (result.skipped, result.rows) == ({"release already loaded": 3}, {})


def test_vanished_notices_history_without_sightings(tmp_path):
    root = tmp_path / "store"
    load(root, ALL, FILE)
    load(root, leave_out(4), FILE)
    layout = StorePaths(root)
    for path in history.list_history_files(layout, history.read_committed_batches(layout))["sighting"]:
        log = next(candidate for candidate in layout.log.glob("*.json") if "sighting" in candidate.read_text())
        batch = json.loads(log.read_text())
        del batch["files"]["sighting"]
        log.write_text(json.dumps(batch))
        path.unlink()
    assert build(root).ask("SELECT * FROM vanished_notice") == []
