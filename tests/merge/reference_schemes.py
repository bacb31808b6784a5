"""The merge of major projects once more, slow and plain: row by row, without an engine."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from tests.merge.portfolio_factory import EPOCH, load_rows
from threepoint.standard.tables_projects import GMPP_YEAR


def find_root(gmpp_id):
    upper = gmpp_id.upper()
    return "DOH_" + upper[3:] if upper.startswith("DH_") else upper


def link_rows(rows):
    """{scheme_key: (scheme_id, match_method)}, worked out row by row."""
    groups = defaultdict(set)
    for row in rows:
        if row["gmpp_id"]:
            groups[find_root(row["gmpp_id"])].add((row["report_year"], row["gmpp_id"]))
    crowded = {root for root, found in groups.items() if len({year for year, _ in found}) < len(found)}
    root = {row["gmpp_id"]: row["gmpp_id"] if find_root(row["gmpp_id"]) in crowded else find_root(row["gmpp_id"])
            for row in rows if row["gmpp_id"]}  # fmt: skip
    sharing = Counter(root.values())
    links = {
        key: (f"sdes-gmpp-{own}", "gmpp_id" if key == own or sharing[own] == 1 else "gmpp_id_reissued")
        for key, own in root.items()
    }
    taken = {(root[row["gmpp_id"]], row["report_year"]) for row in rows if row["gmpp_id"]}
    for column, method in (("name_key", "name_equal"), ("name_core", "name_core_equal")):
        joined = join_names([row for row in rows if row["scheme_key"] not in links], rows, root, taken, column)
        links |= {key: (f"sdes-gmpp-{own}", method) for key, own in joined.items()}
        taken |= {(joined[row["scheme_key"]], row["report_year"]) for row in rows if row["scheme_key"] in joined}
    alone = {row["scheme_key"] for row in rows} - links.keys()
    return links | {key: (f"sdes-gmpp-{key.replace(' ', '-')}", "name_only") for key in alone}


def join_names(loose, rows, root, taken, column):
    owners, said, issued, years = defaultdict(set), defaultdict(set), {}, defaultdict(set)
    for row in rows:
        if row["gmpp_id"] and row[column] is not None:
            owners[row[column]].add(root[row["gmpp_id"]])
        if row["gmpp_id"] and row["joined_on"] is not None:
            own = root[row["gmpp_id"]]
            issued[own] = min(issued.get(own, row["joined_on"]), row["joined_on"])
    for row in loose:
        said[row["scheme_key"]] |= {row[column]} - {None}
        years[row["scheme_key"]].add((row["report_year"], row["snapshot_date"]))
    wanted = {}
    for key, words in said.items():
        if len(words) == 1 and len(owners[next(iter(words))]) == 1:
            wanted[key] = next(iter(owners[next(iter(words))]))
    claims = Counter((own, year) for key, own in wanted.items() for year, _ in years[key])
    return {
        key: own
        for key, own in wanted.items()
        if all(
            (own, year) not in taken and claims[own, year] == 1 and issued.get(own, day) <= day
            for year, day in years[key]
        )
    }


def make_day(number):
    return None if number is None else EPOCH + timedelta(number)


def make_money(pence):
    return None if pence is None else Decimal(pence) / 100


def merge_plainly(rows):
    """(schemes, changes) as the merge must give them: {scheme_id: figures}, {(scheme_id, year): old and new}."""
    once = {}
    for row in sorted(rows, key=lambda row: (row["source_id"], row["row_number"])):
        once.setdefault((row["scheme_key"], row["report_year"]), row)
    links = link_rows(list(once.values()))
    histories = defaultdict(list)
    for row in once.values():
        histories[links[row["scheme_key"]][0]].append(row)
    found, changes = {}, {}
    for scheme_id, history in histories.items():
        history.sort(key=lambda row: row["report_year"])
        assert len({row["report_year"] for row in history}) == len(history)
        steps = list_steps(history)
        changes |= {(scheme_id, year): step for year, step in steps.items()}
        found[scheme_id] = find_figures(history) | {"rebaselines": len(steps)}
    return found, changes


def find_figures(history):
    costs = [row for row in history if row["wlc_mid"]]
    ends = [row for row in history if row["end_mid"] is not None]
    same = [row for row in costs if row["price_base"] == costs[0]["price_base"]]
    last = history[-1]
    return {
        "first_year": history[0]["report_year"], "last_year": last["report_year"], "title": last["name"],
        "baseline_wlc": make_money(costs[0]["wlc_mid"]) if costs else None,
        "baseline_wlc_on": make_day(costs[0]["snapshot_date"]) if costs else None,
        "forecast_wlc": make_money(costs[-1]["wlc_mid"]) if costs else None,
        "forecast_wlc_on": make_day(costs[-1]["snapshot_date"]) if costs else None,
        "comparable_wlc": make_money(same[-1]["wlc_mid"]) if costs else None,
        "comparable_wlc_on": make_day(same[-1]["snapshot_date"]) if costs else None,
        "comparable_state": compare_plainly(costs, same), "baseline_end": make_day(ends[0]["end_mid"]) if ends else None,
        "forecast_end": make_day(ends[-1]["end_mid"]) if ends else None,
        "baseline_wlc state": find_first_state(history, costs, "wlc"),
        "forecast_wlc state": "observed" if costs and costs[-1] is last else find_missing_state(last, "wlc"),
        "baseline_end state": find_first_state(history, ends, "end"),
        "forecast_end state": "observed" if ends and ends[-1] is last else find_missing_state(last, "end"),
    }  # fmt: skip


def compare_plainly(costs, same):
    if not costs:
        return "not_reported"
    if len(same) == 1:
        return "not_applicable"
    return "observed" if same[-1] is costs[-1] else "derived"


def find_missing_state(row, figure):
    return "not_reported" if row[f"{figure}_state"] == "observed" else row[f"{figure}_state"]


def find_first_state(history, given_, figure):
    if not given_:
        return find_missing_state(history[-1], figure)
    return "observed" if given_[0] is history[0] else "derived"


def list_steps(history):
    """{year: (old cost, new cost, old end, new end)} for each year that changed one of the two."""
    steps = defaultdict(lambda: [None] * 4)
    costs = [row for row in history if row["wlc_mid"]]
    for before, row in pairwise(costs):
        old, new = before["wlc_mid"], row["wlc_mid"]
        rounded = (old % 10**8 == 0 or new % 10**8 == 0) and abs(old - new) <= 10**8 // 2
        if before["price_base"] == row["price_base"] and old != new and not rounded:
            steps[row["report_year"]][:2] = [make_money(old), make_money(new)]
    ends = [row for row in history if row["end_mid"] is not None]
    for before, row in pairwise(ends):
        if before["end_mid"] != row["end_mid"]:
            steps[row["report_year"]][2:] = [make_day(before["end_mid"]), make_day(row["end_mid"])]
    return {year: tuple(step) for year, step in steps.items()}


def read_merged(made):
    """What `plain` gives, from the tables of the merge."""
    states = {(row["key"], row["field"]): row["state"] for row in made["field_state"]}
    judged = ("baseline_wlc", "forecast_wlc", "baseline_end", "forecast_end")
    found = {
        scheme["scheme_id"]: scheme | {f"{field} state": states[scheme["scheme_id"], field] for field in judged}
        for scheme in made["scheme"]
    }
    changes = {
        (row["subject_id"], int(row["notice_id"][-4:])): (
            row["old_value"], row["new_value"], row["old_end"], row["new_end"],
        )
        for row in made["change"]
    }  # fmt: skip
    return found, changes


def assert_agrees_with_twin(engine, rows):
    expected, expected_changes = merge_plainly([dict(zip(GMPP_YEAR.names, row, strict=True)) for row in rows])
    found, changes = read_merged(load_rows(engine, rows))
    names = next(iter(expected.values()), {})
    assert {key: {name: scheme[name] for name in names} for key, scheme in found.items()} == expected
    assert changes == expected_changes
