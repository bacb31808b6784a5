"""Output of `threepoint show`: labels of codes, milestones, suppliers, sources and ids."""

import json
import subprocess
import sys

import pytest

from tests.merge.release_factory import (
    AT,
    CONTRACTS_FINDER,
    World,
    load_and_build,
    make_money,
    make_party,
    make_release,
    write_portfolio,
)
from threepoint import cli, pipeline, terminal

WORLD = World()
DEAL = WORLD.add(
    make_release(AT, "2026-01-10", "UK6", id="000123-2026", parties=[make_party("s", "Alpha Ltd", "GB-COH-01111111")],
            awards=[{"id": "1", "value": make_money(1000, 1200), "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}],
            tender={"title": "Licences"}),
    make_release(AT, "2026-02-10", "UK7", id="000456-2026", parties=[make_party("s", "Beta Ltd", "GB-COH-02222222")],
            awards=[{"id": "1", "suppliers": [{"id": "s", "name": "Beta Ltd"}]}],
            contracts=[{"id": "1", "awardID": "1", "title": "Licences", "value": make_money(gross=1200),
                        "period": {"startDate": "2026-03-01", "endDate": "2027-02-28"},
                        "milestones": [
                            {"id": "a", "title": "Design", "dueDate": "2026-04-01T00:00:00Z", "status": "scheduled"},
                            {"id": "b", "title": "Build", "dueDate": "2026-05-01T00:00:00Z", "status": "scheduled"},
                            {"id": "c", "title": "Only planned", "dueDate": "2026-06-01T00:00:00Z", "status": "scheduled"},
                            {"id": "d", "title": "Same number", "dueDate": "2026-07-01T00:00:00Z", "status": "scheduled"}]}]),
    make_release(AT, "2026-05-10", "UK9", id="000789-2026",
            contracts=[{"id": "1", "implementation": {"milestones": [
                {"id": "a", "title": "Design", "dueDate": "2026-04-01T00:00:00Z", "dateMet": "2026-04-02T00:00:00Z", "status": "met"},
                {"id": "b", "title": "Build", "dueDate": "2026-08-01T00:00:00Z", "status": "notMet"},
                {"id": "d", "title": "Another thing", "dueDate": "2026-07-01T00:00:00Z", "status": "met"},
                {"id": "e", "title": "Only reported", "dueDate": "2026-09-01T00:00:00Z", "status": "met"}]}}]),
)  # fmt: skip
WITHHELD = WORLD.add(
    make_release(AT, "2026-01-10", "UK7", id="000999-2026", contracts=[{"id": "1", "title": "Secret"}], withheldInformation=[
        {"id": "w", "field": "contracts/value", "rationaleClassifications": [{"id": "UK-PA23-s94-1b"}]}]),
    make_release(AT, "2026-03-10", "UK9", id="001000-2026", contracts=[{"id": "1", "status": "active"}]),
)  # fmt: skip
LONG_ID = CONTRACTS_FINDER.format(99)
WORLD.add(
    *(make_release(LONG_ID, f"2026-03-1{n}", id=f"7522f71d-1b46-41f9-87e7-749c8fe28f96-83300{n}", parties=[make_party("s", "Alpha Ltd")],
              awards=[{"id": f"{LONG_ID}-{n}", "date": "2026-01-31", "value": make_money(n * 1000), "status": "active",
                       "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}])
      for n in (1, 2))
)  # fmt: skip
for release in WORLD.releases:
    for document in release.get("tender", {}).get("documents", []):
        document["id"] = release["id"]
GMPP = "CO_0001_2021-Q1"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("show") / "store"
    for year in (2025, 2026):
        file = root.parent / f"gmpp-{year}.csv"
        file.write_text(
            write_portfolio(year, (GMPP, "Identity Checks", "100", "31/03/2027", "Amber")), encoding="utf-8"
        )
        pipeline.load(root, [file])
    return load_and_build(root, WORLD.releases).root


@pytest.fixture
def show(store, capsys, monkeypatch):
    """Return a function that runs `show` for an id and returns the lines that it prints."""

    def run_show(identifier, width=200, *options):
        monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", width)
        monkeypatch.setattr(sys, "argv", ["threepoint", "show", identifier, "--store", str(store), *options])
        with pytest.raises(SystemExit):
            cli.main()
        return [line.rstrip() for line in capsys.readouterr().out.splitlines()]

    return run_show


def read_section(lines, heading):
    """Return the heading of a list, and the cells of its rows."""
    start = next(n for n, line in enumerate(lines) if line.startswith(heading))
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    return lines[start], [[cell for cell in line.split("  ") if cell.strip()] for line in lines[start + 2 : end]]


def read_fact(lines, name):
    """Return the cells in the line of a fact."""
    return [
        cell.strip()
        for cell in next(line for line in lines if line.startswith(f"{name}  ")).split("  ")
        if cell.strip()
    ]


def test_suppliers_of_earlier_notices_are_last_and_marked(show):
    heading, rows = read_section(show(f"{DEAL}/awards/1"), "Suppliers")
    assert heading == "Suppliers (2)"
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Beta Ltd", "GB-COH-02222222"],
        ["Alpha Ltd", "GB-COH-01111111", "named in an earlier notice only"],
    ]


def test_equal_milestones_of_plan_and_progress_share_a_line(show):
    heading, rows = read_section(show(f"{DEAL}/contracts/1"), "Milestones")
    assert heading == "Milestones (7, stated 8 times)"
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Design", "1 Apr 2026", "1 Apr 2026", "2 Apr 2026", "met (in the plan: scheduled)", "plan and progress"],
        ["Build", "1 May 2026", "1 May 2026", "scheduled", "plan"],
        ["Only planned", "1 Jun 2026", "1 Jun 2026", "scheduled", "plan"],
        ["Same number", "1 Jul 2026", "1 Jul 2026", "scheduled", "plan"],
        ["Another thing", "1 Jul 2026", "1 Jul 2026", "met", "progress"],
        ["Build", "1 Aug 2026", "1 Aug 2026", "not met", "progress"],
        ["Only reported", "1 Sep 2026", "1 Sep 2026", "met", "progress"],
    ]


def test_json_has_all_milestones_with_their_twins(show):
    rows = json.loads("\n".join(show(f"{DEAL}/contracts/1", 200, "--json")))["rows"]["milestones"]
    assert len(rows) == 8
    twins = {row["milestone_id"]: row["twin"] for row in rows}
    assert sorted(row["title"] for row in rows if row["twin"]) == ["Build", "Build", "Design", "Design"]
    assert all(twins[twin] == own for own, twin in twins.items() if twin)


def test_codes_have_labels(show):
    lines = show(f"{DEAL}/contracts/1")
    assert read_fact(lines, "phase")[1] == "in delivery"
    assert read_fact(lines, "VAT basis")[1] == "with VAT"
    assert read_fact(lines, "KPI duty")[1] == "none: £5m with VAT or less"


def test_money_has_commas_and_years_do_not(show):
    lines = show(GMPP)
    assert read_fact(lines, "first year")[1] == "2025"
    _, rows = read_section(lines, "Yearly reports")
    assert [row[0].strip() for row in rows] == ["2025", "2026"]
    assert "£100,000,000" in [cell.strip() for cell in rows[0]]


def test_missing_values_show_the_reason(show):
    lines = show(f"{DEAL}/contracts/1")
    assert read_fact(lines, "date signed") == ["date signed", "– not reported"]
    assert read_fact(lines, "days the end date moved") == [
        "days the end date moved", "0 (changes under 10% need no notice)", "no notified change", "000456-2026 · 10 Feb 2026"
    ]  # fmt: skip
    lines = show(GMPP)
    assert lines[1].startswith("major project · ")
    assert read_fact(lines, "main CPV code") == [
        "main CPV code",
        "– not reported: the portfolio does not publish CPV codes",
    ]
    assert read_fact(lines, "title") == ["title", "Identity Checks", "published", "GMPP 2026 · 31 Mar 2026"]


def test_narrow_terminal_shows_state_and_source_after_value(show):
    lines = show(GMPP, 80)
    assert read_fact(lines, "latest end") == ["latest end", "31 Mar 2027", "[published · GMPP 2026 · 31 Mar 2026]"]
    assert read_fact(lines, "main CPV code") == ["main CPV code", "– not reported: the portfolio does not publish CPV"]
    _, rows = read_section(lines, "Yearly reports")
    assert [[cell.strip() for cell in row] for row in rows] == [
        [str(year), f"Amber ({rater}, three-point)", "£100,000,000", "31 Mar 2027", "nominal"]
        for year, rater in ((2025, "IPA"), (2026, "NISTA"))
    ]
    assert max(len(line) for line in lines[3:]) <= 80


def test_amounts_with_vat_and_withheld_amounts_name_their_notice(show):
    assert read_fact(show(f"{DEAL}/contracts/1"), "gross value")[-1] == "000456-2026 · 10 Feb 2026"
    assert read_fact(show(f"{WITHHELD}/contracts/1"), "net value") == [
        "net value", "– withheld (s.94(1)(b))", "000999-2026 · 10 Jan 2026"
    ]  # fmt: skip


@pytest.mark.parametrize("width", [80, 120, 200])
def test_ids_are_not_cut_and_amounts_not_folded(show, width):
    lines = show(LONG_ID, width)
    assert read_fact(lines, "notices")[1].startswith("2")
    _, notices = read_section(lines, "Notices")
    assert [row[1].strip() for row in notices] == [f"7522f71d-1b46-41f9-87e7-749c8fe28f96-83300{n}" for n in (1, 2)]
    _, awards = read_section(lines, "Awards")
    assert [[cell.strip() for cell in row] for row in awards] == [
        ["…/awards/…-1", "31 Jan 2026", "active", "£1,000", "…/awards/…-2"],
        ["…/awards/…-2", "31 Jan 2026", "active", "£2,000"],
    ]
    assert lines[-1] == f"… in an id means {LONG_ID}"
    assert max(len(line) for line in lines[4:-1]) <= width


def test_notice_with_long_id_is_shown_by_number(show):
    assert read_fact(show(f"{LONG_ID}/awards/{LONG_ID}-2"), "net value")[-1] == "notice 2 · 12 Mar 2026"


def test_show_imports_no_engine(store):
    # DuckDB, Arrow and numpy take longer to import than a record takes to read.
    program = (
        "import sys; from threepoint.cli import main\n"
        "try: main()\n"
        "finally: print([name for name in ('duckdb', 'pyarrow', 'numpy', 'ibis', 'tantivy') if name in sys.modules])"
    )
    process = subprocess.run(
        [sys.executable, "-c", program, "show", DEAL, "--store", str(store)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert process.stdout.splitlines()[-1] == "[]", process.stderr
