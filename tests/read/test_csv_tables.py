"""Text tables with misplaced quotation marks: each row is read or quarantined, whatever table it is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payments.list_files import PLAN, SALE, SALE_HEADS, SPEND, SPEND_HEADS
from tests.payments.reference_rows import write_csv
from tests.read.gmpp_factory import PLAIN, write_drawing
from tests.read.read_helpers import read_file
from threepoint.read.csv_tables import CsvTable

OPEN_QUOTE = "row {0}: line {0} opens a quotation mark that is not closed before the next row; correct the line, or ask the publisher to"


def write_payments(*suppliers: str) -> bytes:
    """Return a list of payments of £1, £2, and so on; suppliers are written without quoting."""
    lines = [f"HMT,HMT,30/04/2020,IT,IT,{supplier},{at},{at}.00" for at, supplier in enumerate(suppliers, 1)]
    return "\r\n".join([",".join(SPEND_HEADS), *lines, ""]).encode()


def read_payments(data: bytes) -> tuple[list[int], list[str]]:
    """Return the amounts read, in pounds, and the reasons for quarantine."""
    result = read_file(data)
    return [amount // 100 for amount in result.column("spend_line", "amount")], [
        part.reason for part in result.quarantined
    ]


def test_unclosed_quote_hides_no_payment():
    suppliers = [f"Payee {at}" for at in range(1, 21)]
    suppliers[1] = '"Birch Ltd'
    result = read_file(write_payments(*suppliers))
    assert result.column("spend_line", "transaction_number") == [str(at) for at in range(1, 21) if at != 2]
    assert result.column("spend_line", "row_number") == [2, *range(4, 22)]
    assert [part.reason for part in result.quarantined] == [OPEN_QUOTE.format(3)]


@pytest.mark.parametrize(
    ("suppliers", "amounts", "damaged_rows"),
    [
        (["A", '"B', "C", '"D, Ltd"', "E"], [1, 3, 4, 5], [3]),
        (["A", '"B', '"C Ltd"', "D"], [1, 3, 4], [3]),
        (["A", '"B', 'C"', "D"], [1, 3, 4], [3]),  # the row that they make has the right number of cells
        (["A", '"B', "C", '"D', "E"], [1, 3, 5], [3, 5]),
        (["A", '"B', "C", '"D\r\nLtd"', "E"], [1, 3, 4, 5], [3]),
        (["A", '"B" Ltd', 'C "the best"', '5" disks'], [1, 2, 3, 4], []),
    ],
)  # fmt: skip
def test_misplaced_quote_loses_only_its_own_row(suppliers, amounts, damaged_rows):
    assert read_payments(write_payments(*suppliers)) == (amounts, [OPEN_QUOTE.format(row) for row in damaged_rows])


def test_unclosed_quote_in_last_row_is_quarantined():
    assert read_payments(write_payments("A", "B", '"C')) == (
        [1, 2], ["row 4: line 4 has 6 cells, most rows have 8: a quotation mark is misplaced here or above"],
    )  # fmt: skip


def test_last_row_of_a_file_cut_short_is_quarantined():
    data = write_payments("A", "B", "C")
    assert read_payments(data[:-2])[0] == [1, 2, 3]
    reason = "the last line has 6 cells and no end, most rows have 8: the file may be cut short; ask the publisher for the file again"
    assert read_payments(data[:-10]) == ([1, 2], [f"row 4: {reason}"])


def test_missing_closing_quote_in_quoted_table_loses_only_its_own_row():
    rows = [f'"HMT","HMT","30/04/2020","IT","IT","Payee {at}","{at}","{at}.00"' for at in range(1, 5)]
    for damaged in (rows[1].replace('2.00"', "2.00"), rows[1].replace('Payee 2"', "Payee 2")):
        data = "\n".join([",".join(SPEND_HEADS), rows[0], damaged, *rows[2:], ""]).encode()
        amounts, reasons = read_payments(data)
        assert (amounts, [reason[:6] for reason in reasons]) == ([1, 3, 4], ["row 3:"])


def test_parts_of_a_damaged_row_are_quarantined():
    data = write_payments("A", '"B said "no" and\r\nleft"', "C")
    assert read_payments(data) == (
        [1, 3],
        [
            "row 3: line 3 has 6 cells, most rows have 8: a quotation mark is misplaced here or above",
            "row 4: line 4 has 3 cells, most rows have 8: a quotation mark is misplaced here or above",
        ],
    )


def test_unclosed_quote_before_many_rows_hides_none():
    suppliers = ["A", '"B', *["C"] * 10_000]
    assert read_payments(write_payments(*suppliers)) == ([1, *range(3, 10_003)], [OPEN_QUOTE.format(3)])


def test_line_breaks_in_quoted_cells_are_read():
    description = (
        "Licences, support, and training, for:\n\nLeeds, York, Bath, Hull, Ely, Wells, Ripon, Truro\n(one, two)"
    )
    row = [*SPEND[:7], "25000.50", description]
    result = read_file(write_csv([*SPEND_HEADS, "Description"], row, row))
    assert result.column("spend_line", "description") == [" ".join(description.split())] * 2
    assert (result.column("spend_line", "row_number"), result.quarantined) == ([2, 3], [])


@pytest.mark.parametrize(
    ("rows", "table", "cell"),
    [
        ([SPEND_HEADS, *[SPEND] * 11], "spend_line", "Alpha Ltd"),
        ([SALE_HEADS, *[SALE] * 11], "sale", "Home Office"),
        ([PLAN] * 12, "pipeline_entry", "Laptops"),
        (
            [["code", "numericCode", "name"], *[[f"030000{at}-1", "3000000", "Seeds"] for at in range(10, 21)]],
            "register_entry",
            "Seeds",
        ),
        ([["Abbreviation", "Government organisation"], *[["HMT", "D15"]] * 11], "register_entry", "D15"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_unclosed_quote_in_any_table_loses_only_its_own_row(rows, table, cell, delimiter):
    lines = write_csv(*rows, delimiter=delimiter).decode().splitlines()
    lines[2] = lines[2].replace(cell, f'"{cell}', 1)
    result = read_file("\n".join([*lines, ""]).encode())
    assert result.column(table, "row_number") == [1, 2, *range(4, 13)][table != "pipeline_entry" :]
    assert [part.reason[:14] for part in result.quarantined] == ["row 3: line 3 "]


def test_unclosed_quote_in_major_projects_loses_only_its_own_row():
    lines = write_drawing(PLAIN).decode().splitlines()
    data = "\n".join([lines[0], lines[1].replace("Alpha", '"Alpha'), *lines[2:], ""]).encode()
    result = read_file(data)
    assert result.column("gmpp_year", "name") == ["Universal 2"]
    assert [part.reason[:14] for part in result.quarantined] == ["row 2: line 2 "]


@pytest.mark.parametrize("damage", ['"Red', "Red,", ""])
def test_damaged_row_of_transposed_major_projects_is_quarantined_alone(damage):
    """Its cells may belong to other projects, so that no project has a rating."""
    lines = write_drawing(PLAIN, transposed=True).decode().splitlines()
    assert lines[3] == "IPA RAG rating,Amber/Green,RED"
    lines[3] = lines[3].replace("Amber/Green", damage) if damage else "IPA RAG rating,RED"
    result = read_file("\n".join([*lines, ""]).encode())
    assert result.column("gmpp_year", "name") == ["Alpha", "Universal 2"]
    assert result.column("gmpp_year", "rating") == [None, None]
    assert result.column("gmpp_year", "wlc_mid") == [123_456_000_000, None]
    assert [part.reason[:6] for part in result.quarantined] == ["row 4:"]


def test_damaged_headings_are_reported():
    lines = write_payments("A", "B").decode().splitlines()
    data = "\n".join([lines[0].replace("Supplier", '"Supplier'), *lines[1:], ""]).encode()
    assert [part.reason for part in read_file(data).quarantined] == [
        f"{OPEN_QUOTE.format(1)}; this table is not recognised, perhaps for that reason"
    ]


def test_rows_above_the_headings_are_noted_or_quarantined():
    titles = [["Payments", *[""] * 7], ["Department:", "HMT", "Month:", "April", *[""] * 4]]
    result = read_file(write_csv(*titles, SPEND, SPEND_HEADS, SPEND))
    assert result.column("spend_line", "row_number") == [5]
    assert [part.reason for part in result.quarantined] == ["row 3: it is above the headings; move it below them"]
    assert result.notes == ["rows above the headings skipped: 2"]


def test_text_of_quotes_is_read_in_linear_time():
    text = "a,b,c\n" * 3 + 'a","b\n' * 40_000
    assert len(list(CsvTable(text).each())) == 40_003


@given(st.integers(1, 8), st.data())
def test_stray_quote_anywhere_loses_at_most_two_rows(count, data):
    text = write_payments(*["Payee, Ltd" if at % 2 else "Payee" for at in range(count)]).decode()
    text = text.replace("Payee, Ltd", '"Payee, Ltd"')
    at = data.draw(st.integers(text.index("\n") + 1, len(text)))
    result = read_file((text[:at] + '"' + text[at:]).encode())
    assert len(result.rows["spend_line"]) >= count - 2
    numbers = [
        *result.column("spend_line", "row_number"),
        *[int(part.reason.split()[1][:-1]) for part in result.quarantined],
    ]
    assert sorted(numbers) == list(range(2, count + 2 + (len(numbers) > count)))
