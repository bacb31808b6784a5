"""Registers of codes: recognised by their headings, codes kept as text, and none needed for a build."""

import csv

from tests.merge.release_factory import build
from tests.payments import reference_rows
from tests.payments.list_files import PLAN
from tests.payments.reference_rows import write_csv
from tests.read.read_helpers import read_file
from threepoint import pipeline

CPV_HEADINGS = ["code", "numericCode", "parent", "version", "type", "name"]


def test_every_register_entry_is_read(built, shared):
    folder = shared / "data" / "registers"
    with (folder / "organisation-abbreviations.tsv").open(encoding="utf-8", newline="") as file:
        abbreviation_count = len(list(csv.reader(file, delimiter="\t"))) - 1
    rows = built.ask("SELECT register, sum(copies) AS n FROM register_entry GROUP BY ALL ORDER BY ALL")
    assert {row["register"]: int(row["n"]) for row in rows} == {
        "country": len(reference_rows.read_rows(folder / "countries.csv")), "cpv": 9454,
        "gb_gor": len(reference_rows.read_rows(folder / "government-organisations.csv")), "gb_gor_short": abbreviation_count,
        "region": len(reference_rows.read_rows(folder / "regions.csv")),
    }  # fmt: skip


def test_codes_keep_leading_zeros(built):
    rows = built.ask("SELECT * FROM register_entry WHERE register = 'cpv' AND code = '03100000'")
    assert [(row["name"], row["parent_code"], row["kind"]) for row in rows] == [
        ("Agricultural and horticultural products", "03000000", "supplies"),
    ]  # fmt: skip
    assert built.ask("SELECT count(*) AS n FROM register_entry WHERE register = 'cpv' AND length(code) <> 8") == [
        {"n": 0}
    ]


def test_parent_codes_are_in_the_same_register(built):
    orphans = built.ask(
        "SELECT e.code FROM register_entry e LEFT JOIN register_entry p ON p.register = e.register AND p.code = e.parent_code"
        " WHERE e.register = 'cpv' AND e.parent_code IS NOT NULL AND p.code IS NULL"
    )
    assert orphans == []


def test_short_code_is_completed_if_unambiguous(built, shared):
    codes = [row["code"][:8] for row in reference_rows.read_rows(shared / "data" / "registers" / "cpv-2008.csv")]
    rows = built.ask("SELECT DISTINCT code, is_whole, full_code FROM pipeline_cpv")
    assert len(rows) > 300
    for row in rows:
        full_codes = [code for code in codes if code.startswith(row["code"])]
        assert row["full_code"] == (full_codes[0] if len(full_codes) == 1 else None), row
    assert len([row for row in rows if not row["is_whole"] and row["full_code"]]) > 100


def test_plan_without_register_has_codes_without_names(tmp_path):
    (tmp_path / "plans.csv").write_bytes(write_csv(PLAN))
    pipeline.load(tmp_path / "store", [tmp_path / "plans.csv"])
    rows = build(tmp_path / "store").ask("SELECT code, full_code, name FROM pipeline_cpv ORDER BY code")
    assert [tuple(row.values()) for row in rows] == [("30200000", None, None), ("3021300", None, None)]


def test_latest_copy_of_an_entry_wins(tmp_path):
    headings = "GB-GOR,Name,Type,GOVUK URL,URL,Updated\n"
    for name, title, updated in (
        ("a", "New", "2025-07-30T14:24:11Z"),
        ("b", "Old", "2017-01-01T00:00:00Z"),
        ("c", "None", ""),
    ):
        (tmp_path / f"{name}.csv").write_text(f"{headings}D1,{title} {name},Department,,,{updated}\n", encoding="utf-8")
    pipeline.load(tmp_path / "store", [tmp_path / f"{name}.csv" for name in "abc"])
    rows = build(tmp_path / "store").ask("SELECT name, copies FROM register_entry")
    assert rows == [{"name": "New a", "copies": 3}]


def test_older_cpv_version_is_a_separate_register():
    result = read_file(
        write_csv(
            CPV_HEADINGS, ["03000000-1", "3000000", "", "2", "1", "New"], ["01000000-7", "1000000", "", "1", "1", "Old"]
        )
    )
    assert result.column("register_entry", "register") == ["cpv", "cpv_1"]


def test_entry_without_code_is_skipped():
    result = read_file(
        write_csv(CPV_HEADINGS, ["", "", "", "2", "1", "Nothing"], ["03000000-1", "3000000", "", "2", "1", "New"])
    )
    assert (result.kinds, len(result.rows["register_entry"])) == (["entry without a code"], 1)


def test_code_list_is_skipped():
    assert read_file(b"Code,Title,Description\ntender,Tender,x\n").kinds == ["code list"]
