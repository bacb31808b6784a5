"""A record's compiled release is what ocdsmerge makes of the same releases."""

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

# ocdsmerge warns of two objects with one id; what it does with them is what we are to do.
pytestmark = pytest.mark.filterwarnings("ignore::ocdsmerge.exceptions.DuplicateIdValueWarning")


def merge_by_ocdsmerge(releases: list[dict[str, Any]], rules: Any) -> dict[str, Any]:
    """What ocdsmerge makes of them, in the order given."""
    made = CompiledRelease(merge_rules=rules)
    for release in releases:
        made.append(release)
    return drop_empty(made.asdict())


def drop_empty(value: Any) -> Any:
    """Without objects and lists that hold nothing: ocdsmerge keeps some that a null emptied, and drops others."""
    if isinstance(value, dict):
        held = {name: drop_empty(entry) for name, entry in value.items()}
        return {name: entry for name, entry in held.items() if entry not in ({}, [], None)}
    if isinstance(value, list):
        return [held for held in map(drop_empty, value) if held not in ({}, [])]
    return value


def merge_by_us(releases: list[dict[str, Any]]) -> dict[str, Any]:
    made = compile_release(releases)
    assert made.pop("tag") == ["compiled"]
    assert made.pop("id") == f"{releases[-1]['ocid']}-{releases[-1]['date']}"
    assert made.pop("date") == releases[-1]["date"]
    return drop_empty(made)


def test_our_rules_are_the_standards():
    whole = {path for path, rule in RULES.items() if rule == "wholeListMerge"}
    words = {path for path in whole if path[-1] in ("roles", "relationship")}  # lists of words are always replaced
    assert whole - words == WHOLE_LIST_PATHS
    assert {path[0] for path, rule in RULES.items() if rule == "omitWhenMerged"} == UNMERGED_FIELDS


def test_all_published_processes_merge_as_ocdsmerge_merges_them(shared, published_store, tmp_path):
    schema = json.loads((shared / "data/ocds/schema/release-schema-1.1.json").read_text())
    rules = get_merge_rules(schema)
    layout, several = StorePaths(published_store), 0
    with sorted_history.sort_history(layout, history.read_committed_batches(layout), tmp_path / "sorted") as held:
        for _, found in groupby(held.releases(), lambda one: (one.release["publisher"], one.release["ocid"])):
            releases = [build_release(one.release, one.rows) for one in found if one.release["kind"] == "release"]
            if releases:
                several += len(releases) > 1
                theirs = merge_by_ocdsmerge(releases, rules)
                assert merge_by_us(releases) == {name: theirs[name] for name in theirs if name not in UNMERGED_FIELDS}
    assert several == 42
    assert not Path(tmp_path / "sorted").exists()


@given(st.lists(RELEASE, min_size=1, max_size=5))
def test_random_releases_merge_as_ocdsmerge_merges_them(releases):
    releases = [{**release, "id": str(number), "ocid": "ocds-213czf-1"} for number, release in enumerate(releases)]
    before = json.dumps(releases)
    theirs = merge_by_ocdsmerge(releases, RULES)
    assert merge_by_us(releases) == {name: theirs[name] for name in theirs if name not in UNMERGED_FIELDS}
    assert json.dumps(releases) == before


def test_an_empty_list_of_words_takes_the_words_back():
    head = {"ocid": "ocds-213czf-1", "date": "2026-01-01T10:00:00Z", "tag": ["tender"]}
    related = [[{"id": "2", "relationship": ["framework"]}], [{"id": "2", "relationship": []}]]
    releases = [{**head, "id": str(number), "relatedProcesses": found} for number, found in enumerate(related)]
    assert (
        merge_by_us(releases)["relatedProcesses"]
        == merge_by_ocdsmerge(releases, RULES)["relatedProcesses"]
        == [{"id": "2"}]
    )
