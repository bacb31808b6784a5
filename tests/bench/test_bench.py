"""The benchmark itself: it runs, it measures what it says, and what it compares is comparable."""

import json
import sys
from dataclasses import replace

import pytest
from ocdsmerge.rules import get_merge_rules

from bench import __main__, child, contest, files, ingest, jobs
from tests.agreement import merging
from threepoint import sample


def test_everybody_in_the_contest_has_a_name_of_their_own_and_comes_after_what_they_need():
    names = [one.name for one in contest.ENTRANTS]
    assert len(set(names)) == len(names)
    assert [
        one.after for one in contest.ENTRANTS if one.after and one.after not in names[: names.index(one.name)]
    ] == []
    assert [one.name for one in contest.ENTRANTS if (one.most is None) != (one.why == "")] == []


@pytest.mark.parametrize(
    ("releases", "left_out"),
    [
        (300_000, {}),
        (
            300_001,
            {"both": "sum", "ocdsmerge": "memory", "flatten_compiled": "memory", "flatten_releases": "time"},
        ),
    ],
)
def test_who_is_left_out_follows_from_the_size(releases, left_out):
    assert contest.left_out(releases) == left_out


def test_ocdsmerge_is_given_the_rules_of_the_agreement_tests():
    assert jobs.RULES == merging.RULES


def test_ocdskit_is_given_the_schema_from_which_those_rules_follow():
    rules = get_merge_rules(json.loads(contest.SCHEMA.read_text(encoding="utf-8")))
    assert {path: rules[path] for path in jobs.RULES} == jobs.RULES


# ------------------------------------------------------------------------------------------------ a process's cost


def python(code):
    return [sys.executable, "-c", code]


def test_a_process_is_measured_whole():
    cost = child.run(python("import time; x = bytearray(60_000_000); print(sum(range(3_000_000)))"))
    assert cost.cpu > 0.01
    assert cost.memory > 60_000_000
    assert cost.said == "4499998500000\n"


def test_a_process_that_ends_badly_stops_the_benchmark_unless_it_may():
    assert not child.run(python("raise SystemExit(7)"), may_fail=True).ended
    assert child.run(python("raise SystemExit(7)"), well=(0, 7)).ended
    with pytest.raises(SystemExit, match="ended with 7"):
        child.run(python("raise SystemExit(7)"))


def test_a_process_reads_and_writes_files_as_a_shell_would_have_it(tmp_path):
    (tmp_path / "in").write_text("abc")
    code = "import sys; print(sys.stdin.read().upper(), end='')"
    cost = child.run(python(code), reads=tmp_path / "in", writes=tmp_path / "out")
    assert ((tmp_path / "out").read_text(), cost.said) == ("ABC", "")


def test_of_much_that_is_printed_only_the_beginning_is_held():
    assert len(child.run(python("print('x' * 3_000_000)")).said) == child.MOST_SAID


# ------------------------------------------------------------------------------------------------ prepared files


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "releases.jsonl"
    path.write_bytes(b"".join(one + b"\n" for one in sample.releases(250, 7)))
    return path


def releases_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_package_holds_all_lines_in_their_order(lines):
    package = lines.with_name("package.json")
    assert files.package(lines, package) == {"releases": 250}
    assert json.loads(package.read_text(encoding="utf-8"))["releases"] == releases_of(lines)


def test_an_empty_package_is_valid_json(tmp_path):
    (tmp_path / "none.jsonl").touch()
    assert files.package(tmp_path / "none.jsonl", tmp_path / "none.json") == {"releases": 0}
    assert json.loads((tmp_path / "none.json").read_text())["releases"] == []


def test_small_work_is_on_the_first_releases_of_one_process(lines, tmp_path):
    assert files.write_small(lines, tmp_path / "small.jsonl") == {"releases": files.SMALL}
    small = releases_of(tmp_path / "small.jsonl")
    ocid = files.read_ocid(tmp_path / "small.jsonl")
    assert small == [one for one in releases_of(lines) if one["ocid"] == ocid][: files.SMALL]


def test_a_world_without_a_process_of_four_releases_stops_the_benchmark(tmp_path):
    (tmp_path / "three.jsonl").write_bytes(b'{"ocid": "a"}\n' * 3 + b'{"ocid": "b"}\n' * 3)
    with pytest.raises(SystemExit, match=r"no process of .* has 4 releases"):
        files.write_small(tmp_path / "three.jsonl", tmp_path / "small.jsonl")


# ------------------------------------------------------------------------------------------------ a round


def entrant(name, code, **more):
    return contest.Entrant(name, name, lambda _: python(code), **more)


def test_who_needs_the_output_of_one_that_failed_is_not_run(tmp_path):
    three = [
        entrant("first", "raise SystemExit(1)"),
        entrant("second", "", after="first"),
        entrant("third", "", after="second"),
        entrant("fourth", ""),
    ]
    costs = {}
    ingest.one_round(contest.Place(tmp_path, 1), three, costs, may_fail=True)
    assert {name: [cost.ended for cost in ran] for name, ran in costs.items()} == {"first": [False], "fourth": [True]}
    assert ingest.told(costs)["first"]["failed"]


def test_small_work_is_repeated_and_what_it_reads_is_made_each_time(tmp_path):
    path = tmp_path / "file"
    once = entrant(
        "once",
        f"import pathlib; pathlib.Path({str(path)!r}).unlink()",
        before=lambda _: [python(f"import pathlib; pathlib.Path({str(path)!r}).touch()")],
        times=3,
    )
    costs = {}
    ingest.one_round(contest.Place(tmp_path, 1), [once], costs, may_fail=False)
    assert [cost.ended for cost in costs["once"]] == [True] * 3


def test_one_that_may_end_with_1_must_give_an_answer_all_the_same(tmp_path):
    with pytest.raises(SystemExit, match="shy gave no answer"):
        ingest.one_turn(entrant("shy", "raise SystemExit(1)", well=(0, 1)), contest.Place(tmp_path, 1), may_fail=False)


def test_a_run_stops_when_two_found_another_number_of_processes():
    said = lambda count: [child.Cost(1, 1, json.dumps({"processes": count}))]  # noqa: E731  # short for a table
    ingest.agree({"merge": said(3), "ocdskit": said(3)})
    with pytest.raises(SystemExit, match="how many processes"):
        ingest.agree({"merge": said(3), "ocdskit": said(4)})


@pytest.mark.slow
def test_a_small_world_is_measured_from_end_to_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ingest, "warm_up", str)  # the small world warms nothing up
    monkeypatch.setattr(ingest, "ENTRANTS", [replace(one, times=1) for one in contest.ENTRANTS])  # once is enough here
    found = json.loads(json.dumps(ingest.measure(200, 1, 1, tmp_path)))
    costs = found["costs"]
    assert {name: len(cost["cpu"]) for name, cost in costs.items()} == dict.fromkeys(contest.LABELS, 1)
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
    assert [label for label in contest.LABELS.values() if label not in shown] == []
