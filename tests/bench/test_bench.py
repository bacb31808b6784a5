"""The benchmark itself: it runs, it measures what it says, and its page holds no figure that it did not measure."""

import importlib
import json
import sys

import pytest

from bench import child, ingest, page, where
from tests.agreement import merging


def test_the_page_holds_the_results_and_nothing_else():
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.filled(text, page.results()).splitlines() == text.splitlines()


@pytest.mark.parametrize(("label", "module", "name", "method"), where.PARTS)
def test_every_part_of_a_load_that_is_clocked_is_there(label, module, name, method):
    held = getattr(importlib.import_module(module), name)
    assert callable(getattr(held, method) if method else held)


def test_ocdsmerge_is_given_the_rules_of_the_agreement_tests():
    from bench.jobs import RULES

    assert RULES == merging.RULES


def test_a_process_is_measured_whole():
    cost = child.run([sys.executable, "-c", "import time; x = bytearray(60_000_000); print(sum(range(3_000_000)))"])
    assert cost.cpu > 0.01
    assert cost.memory > 60_000_000
    assert cost.said == "4499998500000\n"


def test_a_process_that_ends_badly_stops_the_benchmark_unless_it_may():
    assert not child.run([sys.executable, "-c", "raise SystemExit(7)"], may_fail=True).ended
    with pytest.raises(SystemExit, match="ended with 7"):
        child.run([sys.executable, "-c", "raise SystemExit(7)"])


@pytest.mark.slow
def test_a_small_world_is_measured_from_end_to_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ingest, "WARM_UP", 40)
    found = json.loads(json.dumps(ingest.measure(60, 1, 1, tmp_path)))
    assert {name: len(cost["cpu"]) for name, cost in found["costs"].items()} == {
        "lines": 1, "orjson": 1, "load": 1, "build": 1, "merge": 1, "both": 1, "ocdsmerge": 1,
    }  # fmt: skip
    merged, theirs = (found["costs"][name]["said"][0]["processes"] for name in ("merge", "ocdsmerge"))
    assert merged == theirs > 1
    assert [label for label, *_ in where.PARTS] == [label for label, _ in found["parts"]][:-1]
    assert all(spent > 0 for _, spent in found["parts"])
    assert {"releases", "m_contract", where.WRITING} <= {label for label, _ in found["steps"]}
    assert list(tmp_path.glob("store*")) == []


def test_a_build_that_did_not_finish_is_a_target_missed():
    held = results(8, 3, 1)
    held[1_000_000]["costs"]["build"]["failed"] = True
    assert page.targets(held)[-1][2:] == ("did not finish; 999 MB by then", "**missed**")


def results(both, merge, load):
    """Results in which all that matters is given."""
    cost = lambda cpu, memory=1, **more: {"cpu": [cpu], "memory": [memory], **more}  # noqa: E731  # short for a table
    small = {"orjson": cost(2), "both": cost(both), "merge": cost(merge), "ocdsmerge": cost(40, said=[{"merging": 30}])}
    return {100_000: {"costs": small}, 1_000_000: {"costs": {"load": cost(1, load), "build": cost(1, 999_000_000)}}}


@pytest.mark.parametrize(
    ("both", "merge", "load", "verdicts"),
    [
        (8, 3, 1_000_000_000, ["met, and the better one too", "met", "met", "met", "met"]),
        (12, 4, 1_000_000_001, ["met", "met", "**missed**", "**missed**", "met"]),
        (12.1, 4.1, 1, ["**missed**", "**missed**", "**missed**", "met", "met"]),
    ],
)
def test_a_target_is_met_or_missed_and_said_so(both, merge, load, verdicts):
    assert [row[-1] for row in page.targets(results(both, merge, load))] == verdicts
