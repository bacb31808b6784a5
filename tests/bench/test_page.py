"""The page of measurements and its charts hold what was measured and nothing else."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import chart, kept, page, targets
from bench.chart import Chart, Scale, Series, drawn

SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_holds_the_results_and_nothing_else():
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.filled(text, kept.results()).splitlines() == text.splitlines()


# ------------------------------------------------------------------------------------------------ charts


def points_of(svg):
    """{(line, releases): (figure, x, y)} as a chart has them."""
    found = {}
    for line in ET.fromstring(svg).findall(f"{SVG}g"):
        for mark in line.iter(f"{SVG}g"):
            if size := mark.get("data-size"):
                place = re.findall(r"[\d.]+", mark.find(f"{SVG}path").get("transform"))
                found[line.get("data-series"), int(size)] = (float(mark.get("data-value")), *map(float, place))
    return found


def cells_of(text, name):
    """{(line, releases): cell} of the table between the page's markers."""
    between = text.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- end of {name} -->")[0]
    head, _, *rows = [line.strip("| ").split(" | ") for line in between.splitlines()]
    sizes = [int(cell.removesuffix(" releases").replace(",", "")) for cell in head[1:]]
    return {(row[0], size): cell for row in rows for size, cell in zip(sizes, row[1:], strict=True)}


@pytest.mark.parametrize("name", page.CHARTS)
def test_a_chart_is_the_one_that_the_results_give(name):
    assert page.CHARTS[name].read_text(encoding="utf-8") == drawn(page.charts(kept.results())[name])


@pytest.mark.parametrize("name", page.CHARTS)
def test_a_chart_and_the_table_below_it_say_the_same(name):
    points = points_of(page.CHARTS[name].read_text(encoding="utf-8"))
    cells = cells_of(page.PAGE.read_text(encoding="utf-8"), name)
    told = page.charts(kept.results())[name].told
    assert {key: told(value) for key, (value, *_) in points.items()} == {
        key: cell for key, cell in cells.items() if cell != "–"
    }
    assert points


def test_a_chart_shows_what_the_result_files_hold():
    found = {}
    for size, result in kept.results().items():
        costs = result["costs"]
        if not any(costs[name].get("failed") for name in ("load", "build")):
            found["Three Point: load and build", size] = median(costs["load"]["cpu"]) + median(costs["build"]["cpu"])
        found["orjson: parsing alone", size] = median(costs["orjson"]["cpu"])
    points = points_of(page.CHARTS["cpu"].read_text(encoding="utf-8"))
    assert {key: points[key][0] for key in found} == pytest.approx(found)
    held = {size: max(result["costs"]["load"]["memory"]) for size, result in kept.results().items()}
    points = points_of(page.CHARTS["memory"].read_text(encoding="utf-8"))
    assert {size: points["Three Point: load", size][0] for size in held} == held


def example(points, **more):
    lines = [Series(f"line {number}", one) for number, one in enumerate(points)]
    told = {"title": "A <title>", "description": "A & description", "told": str, "tick": str}
    return Chart(series=lines, **told | more)


def test_every_mark_stands_where_its_figures_belong():
    points = points_of(drawn(example([{10_000: 3.0, 100_000: 30.0, 1_000_000: 300.0}, {10_000: 1.0}])))
    xs, ys = ({key: place[axis] for key, place in points.items()} for axis in (1, 2))
    assert (xs["line 0", 10_000], xs["line 0", 1_000_000]) == (chart.LEFT, chart.RIGHT)
    assert ys["line 1", 10_000] == chart.BOTTOM
    steps = [ys["line 0", 10_000] - ys["line 0", 100_000], ys["line 0", 100_000] - ys["line 0", 1_000_000]]
    assert steps[0] == pytest.approx(steps[1], abs=0.2)
    assert steps[0] > 0


@pytest.mark.parametrize("name", page.CHARTS)
def test_the_names_of_lines_fit_beside_the_plot(name):
    texts = ET.fromstring(page.CHARTS[name].read_text(encoding="utf-8")).iter(f"{SVG}text")
    wide = 7.3  # a character at 13 pixels, at most on average
    ends = [int(text.get("x")) + wide * len(text.text) for text in texts if text.get("x") == str(chart.LABELS_AT)]
    assert max(ends) <= chart.WIDTH
    assert len(ends) == len(page.CPU_LINES)


@given(st.lists(st.floats(1e-3, 1e12), min_size=1, max_size=5), st.booleans())
def test_a_scale_keeps_figures_between_its_edges_and_gives_them_back(values, whole):
    scale = Scale(values, 100, 900, whole=whole)
    for value in values:
        assert 100 <= scale.at(value) <= 900
        assert scale.of(scale.at(value)) == pytest.approx(value, rel=0.01)


@given(st.lists(st.floats(chart.TOP, chart.BOTTOM), min_size=1, max_size=len(chart.MARKS)))
def test_names_of_lines_stand_apart_within_the_plot_and_in_order(wanted):
    placed = chart.apart(wanted)
    assert min(placed) >= chart.TOP - 0.1
    assert max(placed) <= chart.BOTTOM
    inside = sorted(placed)
    assert all(below - above >= chart.GAP - 0.2 for above, below in pairwise(inside))
    assert [wanted[one] for one in sorted(range(len(wanted)), key=lambda one: placed[one])] == sorted(wanted)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("screen", "lines"), [(chart.LIGHT, chart.LIGHT_LINES), (chart.DARK, chart.DARK_LINES)], ids=["light", "dark"]
)
def test_words_and_lines_can_be_read_on_light_and_dark(screen, lines):
    ground, words, _ = screen
    assert contrast(ground, words) >= 7
    assert min(contrast(ground, colour) for colour in lines) >= 4.5


def test_no_two_lines_look_alike_without_colour():
    assert len(set(zip(chart.DASHES, chart.MARKS, strict=True))) == len(chart.LIGHT_LINES) == len(chart.DARK_LINES)
    assert len(set(chart.MARKS)) == len(chart.MARKS)


def test_a_chart_tells_its_name_and_figures_to_those_who_cannot_see_it():
    root = ET.fromstring(drawn(example([{10: 1.5, 100: 2.5}])))
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert [named[name] for name in root.get("aria-labelledby").split()] == ["A <title>", "A & description"]
    marks = [mark.find(f"{SVG}title").text for mark in root.iter(f"{SVG}g") if mark.get("data-size")]
    assert marks == ["line 0, 10 releases: 1.5", "line 0, 100 releases: 2.5"]
    assert "line 0: 2.5" in [text.text for text in root.iter(f"{SVG}text")]


def test_a_line_that_ends_early_says_where():
    texts = [text.text for text in ET.fromstring(drawn(example([{10: 1.0, 100: 2.0}, {10: 5.0}]))).iter(f"{SVG}text")]
    assert {"line 0: 2.0", "line 1: 5.0 at 10"} <= set(texts)


@pytest.mark.parametrize(("points", "why"), [([{}], "nothing measured"), ([{1: 1.0}] * 8, "cannot be told apart")])
def test_what_cannot_be_drawn_is_refused(points, why):
    with pytest.raises(ValueError, match=why):
        drawn(example(points))


# ------------------------------------------------------------------------------------------------ who is absent


def measured(**costs):
    told = {name: {"cpu": [cpu], "memory": [memory]} for name, (cpu, memory) in costs.items()}
    return {"left_out": {}, "costs": told}


def test_who_is_left_out_is_told_with_the_reason_and_what_it_follows_from():
    small = measured(ocdsmerge=(42, 1_400_000_000), flatten_releases=(300, 1))
    large = measured() | {"left_out": {"ocdsmerge": "memory", "both": "sum", "flatten_releases": "time"}}
    held = {100_000: small, 1_000_000: large}
    left_out = "\n".join(page.absent(1_000_000, held)).splitlines()[:3]
    memory = "What it holds in memory grows with the releases: 1,400 MB at 100,000 releases and so about 14 GB here."
    time = "It takes 300 CPU seconds at 100,000 releases and so about 50 minutes here."
    assert left_out == [
        f"- Left out: ocdsmerge compiling them. {memory}",
        "- Left out: load and build in one process. It is load and then build, which are measured one by one.",
        f"- Left out: flatten-tool on every release. {time}",
    ]


def test_who_could_not_run_and_who_is_still_to_be_measured_are_told_apart():
    found = measured(**{name: (1, 1) for name in page.LABELS if name not in ("flatten_compiled", "check")})
    found["costs"]["ocdskit"]["failed"] = True
    assert "\n".join(page.absent(5, {5: found})).splitlines() == [
        "- Not run: flatten-tool on what `ocdskit compile` gave. It needs what `ocdskit compile` would have given.",
        "- Not measured yet at this size: `threepoint check`.",
    ]


def test_results_older_than_what_they_measure_are_told_as_such():
    found = {"measured": "2026-01-02", "note": "before it was faster", "costs": {}}
    assert page.target_table({100: found, 200: {"costs": {}}}).splitlines()[-1] == (
        "100 releases: measured on 2026-01-02, before it was faster."
    )


def test_memory_below_what_the_meter_holds_is_told_as_such():
    found = measured(cardinal=(1, 20_000_000)) | {"least_memory": 20_000_000}
    assert page.most_memory(found, "cardinal") == "at most 20 MB"
    found["least_memory"] = 19_000_000
    assert page.most_memory(found, "cardinal") == "20 MB"


# ------------------------------------------------------------------------------------------------ targets


def results(both=8, merge=3, load=1):
    """Results in which all that matters is given."""
    cost = lambda cpu, memory=1, **more: {"cpu": [cpu], "memory": [memory], **more}  # noqa: E731  # short for a table
    small = {"orjson": cost(2), "both": cost(both), "merge": cost(merge), "ocdsmerge": cost(40, said=[{"merging": 30}])}
    large = {"load": cost(1, load), "build": cost(1, 999_000_000), "load_package": cost(1, 1_500_000_000)}
    return {100_000: {"costs": small}, 1_000_000: {"costs": large}}


@pytest.mark.parametrize(
    ("both", "merge", "load", "verdicts"),
    [
        (8, 3, 1_000_000_000, ["met, and the better one too", "met", "met", "met", "met", "met"]),
        (12, 4, 1_000_000_001, ["met", "met", "**missed**", "**missed**", "met", "met"]),
        (12.1, 4.1, 1, ["**missed**", "**missed**", "**missed**", "met", "met", "met"]),
    ],
)
def test_a_target_is_met_or_missed_and_said_so(both, merge, load, verdicts):
    judged = [row[-1] for row in targets.rows(results(both, merge, load)) if row[2] != targets.NOT_YET]
    assert judged == verdicts


def test_a_build_that_did_not_finish_is_a_target_missed():
    held = results()
    held[1_000_000]["costs"]["build"]["failed"] = True
    assert ("did not finish; 999 MB by then", "**missed**") in [row[2:] for row in targets.rows(held)]


def test_every_target_is_there_before_anything_was_measured():
    assert [row[2:] for row in targets.rows({})] == [(targets.NOT_YET, "")] * 10
    assert [row[:2] for row in targets.rows({})] == [row[:2] for row in targets.rows(results())]


def row_of(held, beginning):
    return next(row[2:] for row in targets.rows(held) if row[0].startswith(beginning))


@pytest.mark.parametrize(
    ("ours", "measured", "verdict"),
    [(10, "1/10.0", "met"), (10.1, "1/9.9", "**missed**"), (200, "2.0 times as much", "**missed**")],
)
def test_the_chain_of_peers_is_compared_with_load_and_build(ours, measured, verdict):
    costs = {"load": [ours / 2], "build": [ours / 2], "ocdskit": [60], "flatten_compiled": [40]}
    held = {10_000: {"costs": {name: {"cpu": cpu, "memory": [1]} for name, cpu in costs.items()}}}
    chain = "load and build, against `ocdskit compile` and flatten-tool on what it compiled"
    assert row_of(held, chain) == (f"{measured} (at 10,000 releases)", verdict)


@pytest.mark.parametrize(
    ("added", "differ", "measured", "verdict"),
    [
        (5, [], "10%, rows equal", "met"),
        (5.5, [], "11%, rows equal", "**missed**"),
        (1, ["notice"], "2%, rows differ in notice", "**missed**"),
    ],
)
def test_growth_must_be_cheap_and_give_equal_rows(added, differ, measured, verdict):
    spent = {"load": added, "build": 0, "whole_load": 30, "whole_build": 20}
    told = {"costs": {name: {"cpu": cpu} for name, cpu in spent.items()}, "compared": {"differ": differ}}
    held = {10_000: {"costs": {}, "growth": told}}
    not_yet = " (at 10,000 releases; not measured yet at 1,000,000)"
    assert row_of(held, "add 1%") == (measured + not_yet, verdict)
    assert row_of({1_000_000: {"costs": {}, "growth": told}}, "add 1%") == (measured, verdict)


@pytest.mark.parametrize(("cpu", "verdict"), [([0.9, 0.3, 0.1], "met"), ([0.31, 0.31, 0.1], "**missed**")])
def test_help_is_judged_by_the_median_of_its_runs(cpu, verdict):
    held = {10_000: {"costs": {"help": {"cpu": cpu, "memory": [1]}}}}
    assert row_of(held, "`threepoint --help`")[1] == verdict
