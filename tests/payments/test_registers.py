"""Registers of codes: read by their headings, codes kept as text, and none of them needed for a build."""

import csv

from tests.merge.release_factory import build
from tests.payments import reference_rows
from tests.payments.list_files import PLAN
from tests.payments.reference_rows import write_csv
from tests.read.read_helpers import read_file
from threepoint import pipeline

CPV = ["code", "numericCode", "parent", "version", "type", "name"]


def test_every_entry_of_the_registers_is_held(built, shared):
    folder = shared / "data" / "registers"
    with (folder / "organisation-abbreviations.tsv").open(encoding="utf-8", newline="") as file:
        short = len(list(csv.reader(file, delimiter="\t"))) - 1
    rows = built.ask("SELECT register, sum(copies) AS n FROM register_entry GROUP BY ALL ORDER BY ALL")
    assert {row["register"]: int(row["n"]) for row in rows} == {
        "country": len(reference_rows.read_rows(folder / "countries.csv")), "cpv": 9454,
        "gb_gor": len(reference_rows.read_rows(folder / "government-organisations.csv")), "gb_gor_short": short,
        "region": len(reference_rows.read_rows(folder / "regions.csv")),
    }  # fmt: skip


def test_codes_keep_the_zeros_they_begin_with(built):
    found = built.ask("SELECT * FROM register_entry WHERE register = 'cpv' AND code = '03100000'")
    assert [(row["name"], row["parent_code"], row["kind"]) for row in found] == [
        ("Agricultural and horticultural products", "03000000", "supplies"),
    ]  # fmt: skip
    assert built.ask("SELECT count(*) AS n FROM register_entry WHERE register = 'cpv' AND length(code) <> 8") == [
        {"n": 0}
    ]


def test_entries_belong_to_others_of_their_register(built):
    lost = built.ask(
        "SELECT e.code FROM register_entry e LEFT JOIN register_entry p ON p.register = e.register AND p.code = e.parent_code"
        " WHERE e.register = 'cpv' AND e.parent_code IS NOT NULL AND p.code IS NULL"
    )
    assert lost == []


def test_a_code_that_lacks_its_last_digit_is_told_where_only_one_begins_so(built, shared):
    codes = [row["code"][:8] for row in reference_rows.read_rows(shared / "data" / "registers" / "cpv-2008.csv")]
    rows = built.ask("SELECT DISTINCT code, is_whole, full_code FROM pipeline_cpv")
    assert len(rows) > 300
    for row in rows:
        begins = [code for code in codes if code.startswith(row["code"])]
        assert row["full_code"] == (begins[0] if len(begins) == 1 else None), row
    assert len([row for row in rows if not row["is_whole"] and row["full_code"]]) > 100


def test_without_a_register_plans_have_their_codes_and_no_words(tmp_path):
    (tmp_path / "plans.csv").write_bytes(write_csv(PLAN))
    pipeline.load(tmp_path / "store", [tmp_path / "plans.csv"])
    rows = build(tmp_path / "store").ask("SELECT code, full_code, name FROM pipeline_cpv ORDER BY code")
    assert [tuple(row.values()) for row in rows] == [("30200000", None, None), ("3021300", None, None)]


def test_of_two_copies_the_one_last_changed_stands(tmp_path):
    heads = "GB-GOR,Name,Type,GOVUK URL,URL,Updated\n"
    for name, title, when in (
        ("a", "New", "2025-07-30T14:24:11Z"),
        ("b", "Old", "2017-01-01T00:00:00Z"),
        ("c", "None", ""),
    ):
        (tmp_path / f"{name}.csv").write_text(f"{heads}D1,{title} {name},Department,,,{when}\n", encoding="utf-8")
    pipeline.load(tmp_path / "store", [tmp_path / f"{name}.csv" for name in "abc"])
    rows = build(tmp_path / "store").ask("SELECT name, copies FROM register_entry")
    assert rows == [{"name": "New a", "copies": 3}]


def test_the_vocabulary_before_2008_stands_apart():
    found = read_file(
        write_csv(CPV, ["03000000-1", "3000000", "", "2", "1", "New"], ["01000000-7", "1000000", "", "1", "1", "Old"])
    )
    assert found.column("register_entry", "register") == ["cpv", "cpv_1"]


def test_an_entry_without_a_code_is_passed_over_and_counted():
    found = read_file(write_csv(CPV, ["", "", "", "2", "1", "Nothing"], ["03000000-1", "3000000", "", "2", "1", "New"]))
    assert (found.kinds, len(found.rows["register_entry"])) == (["entry without a code"], 1)


def test_a_list_of_codes_that_is_no_register_is_passed_over_as_one():
    assert read_file(b"Code,Title,Description\ntender,Tender,x\n").kinds == ["code list"]
