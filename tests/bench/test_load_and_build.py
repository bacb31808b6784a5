"""Tests that the benchmark compares like with like: the same merge rules and the same number of processes."""

import json
from dataclasses import replace

import pytest
from ocdsmerge.rules import get_merge_rules

from bench import __main__, contenders, load_and_build, peer_jobs, process_cost
from tests.agreement import ocdsmerge_rules
from tests.size import FULL_SIZE


def test_merge_rules_equal_those_of_the_agreement_tests():
    assert peer_jobs.MERGE_RULE_BY_PATH == ocdsmerge_rules.RULES


def test_merge_rules_follow_from_the_schema_for_ocdskit():
    rules = get_merge_rules(json.loads(contenders.RELEASE_SCHEMA_PATH.read_text(encoding="utf-8")))
    assert {path: rules[path] for path in peer_jobs.MERGE_RULE_BY_PATH} == peer_jobs.MERGE_RULE_BY_PATH


def make_costs(process_count):
    return [process_cost.ProcessCost(1, 1, json.dumps({"processes": process_count}))]


def test_check_counts_agree_stops_on_different_numbers_of_processes():
    load_and_build.check_counts_agree({"merge": make_costs(3), "ocdskit": make_costs(3)})
    with pytest.raises(SystemExit, match="the commands disagree on how many processes there are"):
        load_and_build.check_counts_agree({"merge": make_costs(3), "ocdskit": make_costs(4)})


@pytest.mark.slow
@pytest.mark.skipif(not FULL_SIZE, reason="every program of the benchmark runs, which takes a minute; set FULL_SIZE=1")
def test_measure_contenders_measures_every_command_on_a_small_world(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(load_and_build, "warm_up_contenders", str)  # no need to warm up
    monkeypatch.setattr(load_and_build, "CONTENDERS", [replace(each, times=1) for each in contenders.CONTENDERS])
    costs = json.loads(json.dumps(load_and_build.measure_contenders(200, 1, 1, tmp_path)))["costs"]
    assert {name: len(cost["cpu"]) for name, cost in costs.items()} == dict.fromkeys(contenders.LABEL_BY_CONTENDER, 1)
    assert [name for name, cost in costs.items() if "failed" in cost] == []
    counts = {name: cost["output"][0] for name, cost in costs.items() if "output" in cost}
    reading = ("lines", "load", "load_package", "filled", "cardinal", "flatten_releases")
    assert {name: counts[name]["releases"] for name in reading} == dict.fromkeys(reading, 200)
    assert costs["both"]["output"] == [{"notices": 200}]
    process_count = counts["merge"]["processes"]
    compiling = ("merge", "ocdsmerge", "ocdskit", "flatten_compiled")
    assert {name: counts[name]["processes"] for name in compiling} == dict.fromkeys(compiling, process_count)
    assert process_count > 1
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "README.md", "releases.jsonl", "truth.jsonl",
    ]  # fmt: skip
    __main__.print_figures(costs)
    output = capsys.readouterr().out
    assert [label for label in contenders.LABEL_BY_CONTENDER.values() if label not in output] == []
