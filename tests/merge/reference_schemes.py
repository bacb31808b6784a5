"""Reference implementation of the merge of major projects: slow and simple, row by row, without an engine."""

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
    """Return {scheme_key: (scheme_id, match_method)}, calculated row by row."""
    groups = defaultdict(set)
    for row in rows:
        if row["gmpp_id"]:
            groups[find_root(row["gmpp_id"])].add((row["report_year"], row["gmpp_id"]))
    ambiguous = {
        root_by_id for root_by_id, reports in groups.items() if len({year for year, _ in reports}) < len(reports)
    }
    root_by_id = {row["gmpp_id"]: row["gmpp_id"] if find_root(row["gmpp_id"]) in ambiguous else find_root(row["gmpp_id"])
            for row in rows if row["gmpp_id"]}  # fmt: skip
    key_counts = Counter(root_by_id.values())
    links = {
        key: (f"sdes-gmpp-{root}", "gmpp_id" if key == root or key_counts[root] == 1 else "gmpp_id_reissued")
        for key, root in root_by_id.items()
    }
    taken = {(root_by_id[row["gmpp_id"]], row["report_year"]) for row in rows if row["gmpp_id"]}
    for column, method in (("name_key", "name_equal"), ("name_core", "name_core_equal")):
        linked = join_names([row for row in rows if row["scheme_key"] not in links], rows, root_by_id, taken, column)
        links |= {key: (f"sdes-gmpp-{root}", method) for key, root in linked.items()}
        taken |= {(linked[row["scheme_key"]], row["report_year"]) for row in rows if row["scheme_key"] in linked}
    unlinked = {row["scheme_key"] for row in rows} - links.keys()
    return links | {key: (f"sdes-gmpp-{key.replace(' ', '-')}", "name_only") for key in unlinked}


def join_names(unlinked_rows, rows, root_by_id, taken, column):
    roots_by_name, names_by_key, issue_days, years = defaultdict(set), defaultdict(set), {}, defaultdict(set)
    for row in rows:
        if row["gmpp_id"] and row[column] is not None:
            roots_by_name[row[column]].add(root_by_id[row["gmpp_id"]])
        if row["gmpp_id"] and row["joined_on"] is not None:
            root = root_by_id[row["gmpp_id"]]
            issue_days[root] = min(issue_days.get(root, row["joined_on"]), row["joined_on"])
    for row in unlinked_rows:
        names_by_key[row["scheme_key"]] |= {row[column]} - {None}
        years[row["scheme_key"]].add((row["report_year"], row["snapshot_date"]))
    candidates = {}
    for key, names in names_by_key.items():
        if len(names) == 1 and len(roots_by_name[next(iter(names))]) == 1:
            candidates[key] = next(iter(roots_by_name[next(iter(names))]))
    claims = Counter((root, year) for key, root in candidates.items() for year, _ in years[key])
    return {
        key: root
        for key, root in candidates.items()
        if all(
            (root, year) not in taken and claims[root, year] == 1 and issue_days.get(root, day) <= day
            for year, day in years[key]
        )
    }


def make_day(number):
    return None if number is None else EPOCH + timedelta(number)


def make_money(pence):
    return None if pence is None else Decimal(pence) / 100


def merge_plainly(rows):
    """Return the expected (schemes, changes): {scheme_id: figures}, {(scheme_id, year): old and new values}."""
    distinct_rows = {}
    for row in sorted(rows, key=lambda row: (row["source_id"], row["row_number"])):
        distinct_rows.setdefault((row["scheme_key"], row["report_year"]), row)
    links = link_rows(list(distinct_rows.values()))
    histories = defaultdict(list)
    for row in distinct_rows.values():
        histories[links[row["scheme_key"]][0]].append(row)
    schemes, changes = {}, {}
    for scheme_id, history in histories.items():
        history.sort(key=lambda row: row["report_year"])
        assert len({row["report_year"] for row in history}) == len(history)
        steps = list_steps(history)
        changes |= {(scheme_id, year): step for year, step in steps.items()}
        schemes[scheme_id] = find_figures(history) | {"rebaselines": len(steps)}
    return schemes, changes


def find_figures(history):
    costs = [row for row in history if row["wlc_mid"]]
    ends = [row for row in history if row["end_mid"] is not None]
    comparable = [row for row in costs if row["price_base"] == costs[0]["price_base"]]
    last_row = history[-1]
    return {
        "first_year": history[0]["report_year"], "last_year": last_row["report_year"], "title": last_row["name"],
        "baseline_wlc": make_money(costs[0]["wlc_mid"]) if costs else None,
        "baseline_wlc_on": make_day(costs[0]["snapshot_date"]) if costs else None,
        "forecast_wlc": make_money(costs[-1]["wlc_mid"]) if costs else None,
        "forecast_wlc_on": make_day(costs[-1]["snapshot_date"]) if costs else None,
        "comparable_wlc": make_money(comparable[-1]["wlc_mid"]) if costs else None,
        "comparable_wlc_on": make_day(comparable[-1]["snapshot_date"]) if costs else None,
        "comparable_state": compare_plainly(costs, comparable), "baseline_end": make_day(ends[0]["end_mid"]) if ends else None,
        "forecast_end": make_day(ends[-1]["end_mid"]) if ends else None,
        "baseline_wlc state": find_first_state(history, costs, "wlc"),
        "forecast_wlc state": "observed" if costs and costs[-1] is last_row else find_missing_state(last_row, "wlc"),
        "baseline_end state": find_first_state(history, ends, "end"),
        "forecast_end state": "observed" if ends and ends[-1] is last_row else find_missing_state(last_row, "end"),
    }  # fmt: skip


def compare_plainly(costs, comparable):
    if not costs:
        return "not_reported"
    if len(comparable) == 1:
        return "not_applicable"
    return "observed" if comparable[-1] is costs[-1] else "derived"


def find_missing_state(row, figure):
    return "not_reported" if row[f"{figure}_state"] == "observed" else row[f"{figure}_state"]


def find_first_state(history, given_rows, figure):
    if not given_rows:
        return find_missing_state(history[-1], figure)
    return "observed" if given_rows[0] is history[0] else "derived"


def list_steps(history):
    """Return {year: (old cost, new cost, old end, new end)} for each year that changed the cost or the end."""
    steps = defaultdict(lambda: [None] * 4)
    costs = [row for row in history if row["wlc_mid"]]
    for previous, row in pairwise(costs):
        old, new = previous["wlc_mid"], row["wlc_mid"]
        rounding_only = (old % 10**8 == 0 or new % 10**8 == 0) and abs(old - new) <= 10**8 // 2
        if previous["price_base"] == row["price_base"] and old != new and not rounding_only:
            steps[row["report_year"]][:2] = [make_money(old), make_money(new)]
    ends = [row for row in history if row["end_mid"] is not None]
    for previous, row in pairwise(ends):
        if previous["end_mid"] != row["end_mid"]:
            steps[row["report_year"]][2:] = [make_day(previous["end_mid"]), make_day(row["end_mid"])]
    return {year: tuple(step) for year, step in steps.items()}


def read_merged(tables):
    """Return the schemes and changes of the merge's tables in the form of `merge_plainly`."""
    states = {(row["key"], row["field"]): row["state"] for row in tables["field_state"]}
    judged = ("baseline_wlc", "forecast_wlc", "baseline_end", "forecast_end")
    schemes = {
        scheme["scheme_id"]: scheme | {f"{field} state": states[scheme["scheme_id"], field] for field in judged}
        for scheme in tables["scheme"]
    }
    changes = {
        (row["subject_id"], int(row["notice_id"][-4:])): (
            row["old_value"], row["new_value"], row["old_end"], row["new_end"],
        )
        for row in tables["change"]
    }  # fmt: skip
    return schemes, changes


def assert_agrees_with_twin(engine, rows):
    expected, expected_changes = merge_plainly([dict(zip(GMPP_YEAR.names, row, strict=True)) for row in rows])
    schemes, changes = read_merged(load_rows(engine, rows))
    names = next(iter(expected.values()), {})
    assert {key: {name: scheme[name] for name in names} for key, scheme in schemes.items()} == expected
    assert changes == expected_changes
