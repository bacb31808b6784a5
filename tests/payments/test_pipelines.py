"""Procurement pipelines: 36 columns without headings; contacts are left out, and zeros are read as missing amounts."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from tests.payments.list_files import PLAN
from tests.payments.reference_rows import to_pence, write_csv
from tests.read.read_helpers import read_file
from threepoint.read.procurement_pipelines import (
    AMOUNT_COLUMN_BY_YEAR,
    DATE_COLUMN_BY_FIELD,
    TEXT_COLUMN_BY_FIELD,
    TOTAL_COLUMN,
)


@pytest.fixture(scope="module")
def lines(shared):
    with Path(shared / "data" / "gcloud" / "govt_contract_pipelines_out.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.reader(file))


def read_cell(line, number):
    return line[number - 1]


def test_pipeline_totals_equal_the_file(built, lines):
    (totals,) = built.ask(
        "SELECT count(*) AS plans, sum(total) AS total, sum(years_total) AS years, sum(years) AS n FROM pipeline_entry"
    )
    values = [to_pence(read_cell(line, column)) for line in lines for column in AMOUNT_COLUMN_BY_YEAR.values()]
    assert totals == {
        "plans": 671, "total": sum(to_pence(read_cell(line, TOTAL_COLUMN)) for line in lines), "years": sum(values),
        "n": len([value for value in values if value]),
    }  # fmt: skip
    assert built.ask("SELECT count(*) AS n FROM pipeline_value") == [{"n": totals["n"]}]


def test_plan_with_only_zero_amounts_has_no_value(built, lines):
    zero_lines = [
        line
        for line in lines
        if not any(to_pence(read_cell(line, column)) for column in (*AMOUNT_COLUMN_BY_YEAR.values(), TOTAL_COLUMN))
    ]
    assert len(zero_lines) == 46
    assert built.ask("SELECT count(*) AS n FROM dq_result WHERE check_id = 'info-plan-value'") == [{"n": 46}]
    assert built.ask("SELECT count(*) AS n FROM pipeline_entry WHERE total = 0 OR years_total = 0") == [{"n": 0}]


def test_dates_and_codes_equal_the_file(built, lines):
    def read_dates(column):
        cells = [read_cell(line, column) for line in lines]
        return [datetime.strptime(cell, "%d %b %y %H:%M").date() if cell else None for cell in cells]  # noqa: DTZ007  # the file has no zone

    rows = built.ask("SELECT * FROM pipeline_entry ORDER BY row_number")
    for name in ("start", "approach", "published", "created"):
        assert [row[name] for row in rows] == read_dates(DATE_COLUMN_BY_FIELD[name])
    codes = built.ask("SELECT row_number, code, is_whole FROM pipeline_cpv JOIN pipeline_entry USING (entry_id)")
    assert {(row["row_number"], row["code"], row["is_whole"]) for row in codes} == {
        (number, code, len(code) == 8)
        for number, line in enumerate(lines, 1)
        for code in read_cell(line, 28).split("|")
    }


def test_evidence_for_column_names(lines):
    """Check the evidence in docs/reference/procurement-pipelines.md."""
    cells_by_field = {
        name: [read_cell(line, column) for line in lines] for name, column in DATE_COLUMN_BY_FIELD.items()
    }

    def parse_day(text):
        return datetime.strptime(text, "%d %b %y %H:%M")  # noqa: DTZ007  # the file has no zone

    pairs = [
        (parse_day(approach), parse_day(start))
        for approach, start in zip(cells_by_field["approach"], cells_by_field["start"], strict=True)
        if start
    ]
    assert (len(pairs), len([1 for approach, start in pairs if approach <= start])) == (579, 520)
    assert all(
        parse_day(published) >= parse_day(created)
        for published, created in zip(cells_by_field["published"], cells_by_field["created"], strict=True)
    )
    assert all(read_cell(line, 29) in read_cell(line, 36) for line in lines)
    replacing = [line for line in lines if read_cell(line, TEXT_COLUMN_BY_FIELD["replaces"])]
    assert len(replacing) == 291
    assert all(int(read_cell(line, 31)) <= int(read_cell(line, 30)) < int(read_cell(line, 29)) for line in replacing)
    assert len([line for line in lines if read_cell(line, 32) == read_cell(line, 34)]) == 670
    assert {len(read_cell(line, 28).split("|")[-1]) for line in lines} == {7}
    assert {len(code) for line in lines for code in read_cell(line, 28).split("|")[:-1]} == {8}


def test_first_year_with_value_is_mostly_the_start_year(lines):
    equal_count = line_count = 0
    for line in lines:
        first_year = next(
            (year for year, column in AMOUNT_COLUMN_BY_YEAR.items() if to_pence(read_cell(line, column))), None
        )
        if first_year and read_cell(line, DATE_COLUMN_BY_FIELD["start"]):
            start = datetime.strptime(read_cell(line, DATE_COLUMN_BY_FIELD["start"]), "%d %b %y %H:%M")  # noqa: DTZ007  # the file has no zone
            line_count += 1
            equal_count += int(first_year[:4]) == start.year - (start.month < 4)
    assert (equal_count, line_count) == (384, 548)


def test_contacts_are_not_read():
    result = read_file(write_csv(PLAN, PLAN))
    assert len(result.rows["pipeline_entry"]) == 2
    assert "jane" not in str(result.rows)
    assert 24 not in {*TEXT_COLUMN_BY_FIELD.values(), *DATE_COLUMN_BY_FIELD.values(), *AMOUNT_COLUMN_BY_YEAR.values()}


def test_every_column_except_contact_is_read_once():
    columns = [
        *TEXT_COLUMN_BY_FIELD.values(),
        *DATE_COLUMN_BY_FIELD.values(),
        *AMOUNT_COLUMN_BY_YEAR.values(),
        TOTAL_COLUMN,
        28,
    ]
    assert sorted(columns) == [number for number in range(1, 37) if number != 24]


def test_row_of_wrong_width_is_quarantined_alone():
    result = read_file(write_csv(PLAN, PLAN, PLAN[:-1], PLAN))
    assert (len(result.rows["pipeline_entry"]), [part.reason for part in result.quarantined]) == (
        3, ["row 3: 35 cells instead of 36"],
    )  # fmt: skip


def test_invalid_date_or_amount_is_kept_with_reason():
    result = read_file(write_csv(PLAN, [*PLAN[:8], "lots", *PLAN[9:13], "plenty", *PLAN[14:18], "spring", *PLAN[19:]]))
    assert result.column("pipeline_entry", "total_state") == ["observed", "invalid"]
    assert result.column("pipeline_entry", "start_text") == [None, "spring"]
    assert result.column("pipeline_value", "amount_text") == [None, None, None, "lots", None, None]


@pytest.mark.parametrize("change", [{5: "Soon"}, {0: "one"}, {28: "x"}, {35: "http://example.invalid"}])
def test_other_file_of_36_columns_is_skipped(change):
    row = [change.get(place, cell) for place, cell in enumerate(PLAN)]
    assert read_file(write_csv(row, row)).kinds == ["table of another kind"]
