"""Compiled releases equal those that ocdsmerge makes from the same releases."""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocdsmerge import CompiledRelease
from ocdsmerge.rules import get_merge_rules

from tests.agreement.ocdsmerge_rules import RULES
from tests.agreement.random_releases import RELEASE
from threepoint.publish.compiled_release import UNMERGED_FIELDS, WHOLE_LIST_PATHS, compile_release
from threepoint.publish.ocds_release import build_release
from threepoint.store import history, sorted_history
from threepoint.store.store_paths import StorePaths

# ocdsmerge warns if two objects have the same id; we merge them as it does.
pytestmark = pytest.mark.filterwarnings("ignore::ocdsmerge.exceptions.DuplicateIdValueWarning")


def merge_by_ocdsmerge(releases: list[dict[str, Any]], rules: Any) -> dict[str, Any]:
    """Merge releases with ocdsmerge, in the order of the list."""
    compiled = CompiledRelease(merge_rules=rules)
    for release in releases:
        compiled.append(release)
    return drop_empty(compiled.asdict())


def drop_empty(value: Any) -> Any:
    """Remove empty objects and lists: ocdsmerge keeps some that a null emptied, and drops others."""
    if isinstance(value, dict):
        entries = {name: drop_empty(entry) for name, entry in value.items()}
        return {name: entry for name, entry in entries.items() if entry not in ({}, [], None)}
    if isinstance(value, list):
        return [entry for entry in map(drop_empty, value) if entry not in ({}, [])]
    return value


def merge_by_us(releases: list[dict[str, Any]]) -> dict[str, Any]:
    compiled = compile_release(releases)
    assert compiled.pop("tag") == ["compiled"]
    assert compiled.pop("id") == f"{releases[-1]['ocid']}-{releases[-1]['date']}"
    assert compiled.pop("date") == releases[-1]["date"]
    return drop_empty(compiled)


def test_whole_list_paths_equal_standard():
    whole_lists = {path for path, rule in RULES.items() if rule == "wholeListMerge"}
    # Lists of words are always replaced, so WHOLE_LIST_PATHS does not have them.
    word_lists = {path for path in whole_lists if path[-1] in ("roles", "relationship")}
    assert whole_lists - word_lists == WHOLE_LIST_PATHS
    assert {path[0] for path, rule in RULES.items() if rule == "omitWhenMerged"} == UNMERGED_FIELDS


def test_compile_release_equals_ocdsmerge_published_data(shared, published_store, tmp_path):
    schema = json.loads((shared / "data/ocds/schema/release-schema-1.1.json").read_text())
    rules = get_merge_rules(schema)
    paths, processes_with_several = StorePaths(published_store), 0
    committed = history.read_committed_batches(paths)
    with sorted_history.sort_history(paths, committed, tmp_path / "sorted") as sorted_releases:
        all_rows = sorted_releases.releases()
        for _, process in groupby(all_rows, lambda row: (row.release["publisher"], row.release["ocid"])):
            releases = [build_release(row.release, row.rows) for row in process if row.release["kind"] == "release"]
            if releases:
                processes_with_several += len(releases) > 1
                theirs = merge_by_ocdsmerge(releases, rules)
                assert merge_by_us(releases) == {name: theirs[name] for name in theirs if name not in UNMERGED_FIELDS}
    assert processes_with_several == 42
    assert not Path(tmp_path / "sorted").exists()


@given(st.lists(RELEASE, min_size=1, max_size=5))
def test_compile_release_equals_ocdsmerge_random_releases(releases):
    releases = [{**release, "id": str(number), "ocid": "ocds-213czf-1"} for number, release in enumerate(releases)]
    before = json.dumps(releases)
    theirs = merge_by_ocdsmerge(releases, RULES)
    assert merge_by_us(releases) == {name: theirs[name] for name in theirs if name not in UNMERGED_FIELDS}
    assert json.dumps(releases) == before


def test_compile_release_empty_list_removes_words():
    head = {"ocid": "ocds-213czf-1", "date": "2026-01-01T10:00:00Z", "tag": ["tender"]}
    related = [[{"id": "2", "relationship": ["framework"]}], [{"id": "2", "relationship": []}]]
    releases = [{**head, "id": str(number), "relatedProcesses": processes} for number, processes in enumerate(related)]
    assert (
        merge_by_us(releases)["relatedProcesses"]
        == merge_by_ocdsmerge(releases, RULES)["relatedProcesses"]
        == [{"id": "2"}]
    )
