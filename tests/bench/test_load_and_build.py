"""The benchmark compares what is comparable: the same merge rules, the same number of processes."""

import json
from dataclasses import replace

import pytest
from ocdsmerge.rules import get_merge_rules

from bench import __main__, contenders, load_and_build, peer_jobs, process_cost
from tests.agreement import ocdsmerge_rules
from tests.size import FULL_SIZE


def test_ocdsmerge_is_given_the_rules_of_the_agreement_tests():
    assert peer_jobs.MERGE_RULE_BY_PATH == ocdsmerge_rules.RULES


def test_ocdskit_is_given_the_schema_from_which_those_rules_follow():
    rules = get_merge_rules(json.loads(contenders.RELEASE_SCHEMA_PATH.read_text(encoding="utf-8")))
    assert {path: rules[path] for path in peer_jobs.MERGE_RULE_BY_PATH} == peer_jobs.MERGE_RULE_BY_PATH


def test_a_run_stops_when_two_found_another_number_of_processes():
    said = lambda count: [process_cost.ProcessCost(1, 1, json.dumps({"processes": count}))]  # noqa: E731  # short for a table
    load_and_build.check_counts_agree({"merge": said(3), "ocdskit": said(3)})
    with pytest.raises(SystemExit, match="how many processes"):
        load_and_build.check_counts_agree({"merge": said(3), "ocdskit": said(4)})


@pytest.mark.slow
@pytest.mark.skipif(not FULL_SIZE, reason="every program of the benchmark runs, which takes a minute; set FULL_SIZE=1")
def test_a_small_world_is_measured_from_end_to_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(load_and_build, "warm_up_contenders", str)  # the small world warms nothing up
    monkeypatch.setattr(
        load_and_build, "CONTENDERS", [replace(one, times=1) for one in contenders.CONTENDERS]
    )  # once is enough here
    found = json.loads(json.dumps(load_and_build.measure_contenders(200, 1, 1, tmp_path)))
    costs = found["costs"]
    assert {name: len(cost["cpu"]) for name, cost in costs.items()} == dict.fromkeys(contenders.LABEL_BY_CONTENDER, 1)
    assert [name for name, cost in costs.items() if "failed" in cost] == []
    said = {name: cost["said"][0] for name, cost in costs.items() if "said" in cost}
    reading = ("lines", "load", "load_package", "filled", "cardinal", "flatten_releases")
    assert {name: said[name]["releases"] for name in reading} == dict.fromkeys(reading, 200)
    assert costs["both"]["said"] == [{"notices": 200}]
    merged = said["merge"]["processes"]
    compiling = ("merge", "ocdsmerge", "ocdskit", "flatten_compiled")
    assert {name: said[name]["processes"] for name in compiling} == dict.fromkeys(compiling, merged)
    assert merged > 1
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "README.md", "releases.jsonl", "truth.jsonl",
    ]  # fmt: skip
    __main__.print_figures(costs)
    shown = capsys.readouterr().out
    assert [label for label in contenders.LABEL_BY_CONTENDER.values() if label not in shown] == []
