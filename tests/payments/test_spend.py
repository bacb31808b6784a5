"""Payments over £25,000: every line is kept, totals equal the files, duplicates are marked, dates follow each file's order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.merge.release_factory import build
from tests.payments import reference_rows
from tests.payments.list_files import SPEND, SPEND_HEADS
from tests.payments.reference_rows import write_csv
from tests.read.read_helpers import encode, read_file
from tests.size import bound_examples
from threepoint import pipeline
from threepoint.read.read_context import ReadLimits
from threepoint.standard.publishers import UNNAMED_PUBLISHER

NHS = "nhs_london_spend_over25k_2020-21_it_subset.csv"


def read_days(result, name="date"):
    return [
        None if days is None else (date(1970, 1, 1) + timedelta(days=days)).isoformat()
        for days in result.column("spend_line", name)
    ]


def read_sums(built, where):
    return built.ask(
        "SELECT sum(lines) AS lines, sum(duplicates) AS duplicates, sum(amount) AS amount, sum(amount_once) AS once,"
        f" sum(credits) AS credits, sum(without_amount + without_date) AS lost FROM payment_total WHERE kind = '25k' AND {where}"
    )[0]


def test_nhs_totals_equal_the_file(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "spend" / NHS)
    keys = [(line["org_code"], line["transactionnumber"], line["amount"]) for line in lines]
    amounts = [reference_rows.to_pence(line["amount"]) for line in lines]
    amount_by_key = dict(zip(keys, amounts, strict=True))
    assert read_sums(built, "publisher <> 'HM Treasury'") == {
        "lines": 3974, "duplicates": 212, "amount": sum(amounts), "once": sum(amount_by_key.values()),
        "credits": len([amount for amount in amounts if amount < 0]), "lost": 0,
    }  # fmt: skip
    assert reference_rows.count_repeats(keys) == 212


def test_treasury_totals_equal_the_files(built, shared):
    lines = reference_rows.read_treasury(shared / "data" / "spend")
    keys = [(line["entity"], line["transaction_number"], line["amount_gbp"]) for line in lines]
    amount_by_key = {key: reference_rows.to_pence(key[2]) for key in keys}
    amounts = [reference_rows.to_pence(line["amount_gbp"]) for line in lines]
    assert read_sums(built, "publisher = 'HM Treasury'") == {
        "lines": 272, "duplicates": 8, "amount": sum(amounts), "once": sum(amount_by_key.values()), "credits": 0, "lost": 0,
    }  # fmt: skip
    # The totals stated in the files.
    assert sum(amounts) == Decimal("17274927.62") + Decimal("14204796.49") + Decimal("24210088.95")
    unnumbered = built.ask("SELECT count(*) AS n FROM spend WHERE publisher = 'HM Treasury' AND transaction_no IS NULL")
    assert unnumbered == [{"n": 79}]


def test_possible_duplicate_has_equal_payer_number_and_amount(built):
    mismatches = built.ask(
        "SELECT s.spend_id FROM spend s LEFT JOIN spend f ON s.duplicate_of = f.spend_id WHERE s.possible_duplicate AND"
        " (f.possible_duplicate OR f.amount <> s.amount OR f.payer_org_id <> s.payer_org_id"
        " OR f.transaction_no IS DISTINCT FROM s.transaction_no)"
    )
    assert mismatches == []


def test_compilation_can_mix_british_and_american_dates(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "spend" / NHS)
    american = {line["file"] for line in lines if "/" in line["date"] and int(line["date"].split("/")[1]) > 12}
    assert len(american) == 55
    months = {"August": 8, "July": 7}
    for name in ("EPSH 05 - August.csv", "HOME 05 - August.pdf.csv", "HOME 04 - July.pdf.csv"):
        file_lines = [line for line in lines if line["file"] == name]
        row_numbers = [str(number) for number, line in enumerate(lines, start=2) if line["file"] == name]
        dates = built.ask(
            "SELECT DISTINCT month(date) AS month FROM spend WHERE publisher <> 'HM Treasury' AND feed = '25k'"
            f" AND row_number IN ({', '.join(row_numbers)})"
        )
        assert [row["month"] for row in dates] == [months[name.split(" - ")[1].split(".")[0]]]
        assert len(row_numbers) == len(file_lines) > 0
    ambiguous_dates = built.ask("SELECT count(*) AS n FROM spend WHERE date_state = 'derived' AND feed = '25k'")
    assert ambiguous_dates == [{"n": 15}]


def test_payers_and_payees_are_organisations(built, shared):
    unmatched = built.ask(
        "SELECT count(*) AS n FROM spend LEFT JOIN organisation p ON payer_org_id = p.org_id"
        " LEFT JOIN organisation s ON payee_org_id = s.org_id"
        " WHERE feed = '25k' AND (p.org_id IS NULL OR (payee_name IS NOT NULL AND s.org_id IS NULL))"
    )
    assert unmatched == [{"n": 0}]
    nameless = [
        line for line in reference_rows.read_rows(shared / "data" / "spend" / NHS) if not line["supplier"].strip()
    ]
    assert (
        built.ask("SELECT count(*) AS n FROM spend WHERE payee_name IS NULL AND feed = '25k'")
        == [{"n": len(nameless)}]
        == [{"n": 2}]
    )


def test_row_with_invalid_cells_is_kept():
    result = read_file(write_csv(SPEND_HEADS, SPEND, [*SPEND[:2], "Easter", *SPEND[3:7], " 000,"]))
    assert result.column("spend_line", "amount") == [2500050, None]
    assert result.column("spend_line", "amount_text") == [None, "000,"]
    assert result.column("spend_line", "amount_state") == ["observed", "invalid"]
    assert (read_days(result), result.column("spend_line", "date_text")) == (["2020-04-30", None], [None, "Easter"])
    assert result.quarantined == []


def test_redacted_names_are_withheld_and_not_merged(tmp_path):
    """Two redacted names are two unknown payees, not one."""
    file = tmp_path / "list.csv"
    file.write_bytes(
        write_csv(SPEND_HEADS, *[[*SPEND[:5], name, *SPEND[6:]] for name in ("REDACTED", "Redacted", "", "Alpha Ltd")])
    )
    pipeline.load(tmp_path / "store", [file])
    built = build(tmp_path / "store")
    rows = built.ask("SELECT payee_name_state, payee_org_id FROM spend ORDER BY row_number")
    assert [row["payee_name_state"] for row in rows] == ["withheld_other", "withheld_other", "not_reported", "observed"]
    assert len({row["payee_org_id"] for row in rows}) == 4
    kinds = built.ask("SELECT match_method, count(*) AS n FROM organisation GROUP BY ALL ORDER BY ALL")
    assert [(row["match_method"], row["n"]) for row in kinds] == [("published_name", 2), ("withheld", 2)]


NO_ONE = {
    # The reader leaves out Unknown, -, nan and #N/A.
    "placeholder": ["Individual", "Sundry supplier", "Private individual", "XXXXX", "See attached", "Unknown supplier",
                    "*INDIVIDUAL*", "Individual - care costs", "Various suppliers (see list)", "Foster carer", "Supplier 2", "???"],
    "withheld": ["CONFIDENTIAL", "Not disclosed", "Redacted - personal data", "Name removed", "Commercial in confidence"],
}  # fmt: skip
SOMEONE = ["Individual Solutions Ltd", "Confidential Shredding Ltd", "Sundry-Foods Ltd", "Unknown Pleasures Ltd",
           "See Tickets Ltd", "TBC Bank", "NA Consulting", "Test Valley Council", "Private Clinic Ltd",
           "AS Contract Services Ltd", "Multiple Sclerosis Society"]  # fmt: skip


def test_payees_that_are_no_one_are_not_merged(tmp_path):
    names = [*NO_ONE["placeholder"], *NO_ONE["withheld"], *SOMEONE]
    lines = [[SPEND[0], payer, *SPEND[2:5], name, *SPEND[6:]] for name in names for payer in ("Agency 0", "Agency 1")]
    file = tmp_path / "list.csv"
    file.write_bytes(write_csv(SPEND_HEADS, *lines))
    pipeline.load(tmp_path / "store", [file])
    rows = build(tmp_path / "store").ask(
        "SELECT payee_name, match_method, count(DISTINCT payee_org_id) AS n, min(payee_name_state) AS state"
        " FROM spend JOIN organisation ON org_id = payee_org_id GROUP BY ALL"
    )
    assert {row["payee_name"]: (row["match_method"], row["n"], row["state"]) for row in rows} == {
        **dict.fromkeys(NO_ONE["placeholder"], ("placeholder", 2, "observed")),
        **dict.fromkeys(NO_ONE["withheld"], ("withheld", 2, "withheld_other")),
        **dict.fromkeys(SOMEONE, ("published_name", 1, "observed")),
    }


def test_totals_count_missing_amounts_and_dates(tmp_path):
    file = tmp_path / "list.csv"
    cells = ["100.10", "100.10", " 000,", "(30)", ""]
    file.write_bytes(
        write_csv(
            SPEND_HEADS,
            *[[*SPEND[:2], "30/04/2020" if number else "soon", *SPEND[3:7], cell] for number, cell in enumerate(cells)],
        )
    )
    pipeline.load(tmp_path / "store", [file])
    (total,) = build(tmp_path / "store").ask("SELECT * FROM payment_total")
    assert total == {
        "kind": "25k", "publisher": "Barts", "currency": "GBP", "lines": 5, "without_amount": 2, "without_date": 1,
        "duplicates": 1, "credits": 1, "amount": Decimal("170.20"), "amount_once": Decimal("70.10"),
        "credit_amount": Decimal("-30.00"), "first_date": date(2020, 4, 30), "last_date": date(2020, 4, 30),
    }  # fmt: skip


def test_total_out_of_range_is_empty(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(write_csv(SPEND_HEADS, *[[*SPEND[:6], str(number), "9000000000000000"] for number in range(2)]))
    pipeline.load(tmp_path / "store", [file])
    assert build(tmp_path / "store").ask("SELECT lines, amount FROM payment_total") == [{"lines": 2, "amount": None}]


def test_titles_and_repeated_headings_are_skipped():
    data = write_csv(["Payments over £25,000", *[""] * 7], [""] * 8, SPEND_HEADS, SPEND, SPEND_HEADS, SPEND)
    result = read_file(data)
    assert (result.column("spend_line", "row_number"), result.notes) == (
        [4, 6], ["rows above the headings skipped: 1", "repeated heading rows skipped: 1"],
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.quirk("Q1.46")
def test_list_is_read_in_any_encoding(encoding):
    text = write_csv(SPEND_HEADS, [*SPEND[:5], "Café £ Ltd", *SPEND[6:]]).decode()
    result = read_file(text.encode(encoding))
    assert (result.column("spend_line", "supplier_name"), result.column("spend_line", "amount")) == (
        ["Café £ Ltd"],
        [2500050],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_list_is_read_with_any_line_end(end):
    text = write_csv(SPEND_HEADS, [*SPEND[:3], "two\nlines", *SPEND[4:]]).decode().replace("\r\n", end)
    assert read_file(text.encode()).column("spend_line", "expense_type") == ["two lines"]


def test_unclosed_quotation_mark_is_quarantined():
    data = write_csv(SPEND_HEADS, SPEND) + b'"' + b"x" * 200_000 + b"\n" + write_csv(SPEND)
    result = read_file(data)
    assert (len(result.rows["spend_line"]), [part.reason[:6] for part in result.quarantined]) == (2, ["row 3:"])


def test_table_over_limit_is_quarantined():
    result = read_file(write_csv(SPEND_HEADS, *[SPEND] * 50), ReadLimits(line=1000))
    assert [part.reason for part in result.quarantined] == [
        "this table is longer than 1,000 bytes; split it and load the parts"
    ]


def test_totals_and_remarks_are_skipped():
    result = read_file(
        write_csv(
            SPEND_HEADS, SPEND, ["Total", *[""] * 6, "25000.50"], [*[""] * 7, "25000.50"], ["Source: ledger", *[""] * 7]
        )
    )
    assert (result.column("spend_line", "amount"), result.kinds) == (
        [2500050], ["total in a list", "total in a list", "remark in a list"],
    )  # fmt: skip


def test_file_without_payer_has_unnamed_publisher():
    result = read_file(write_csv(SPEND_HEADS[2:], SPEND[2:]))
    assert [result.column("spend_line", name) for name in ("publisher", "payer_name", "payer_family")] == [
        [UNNAMED_PUBLISHER], [None], [None],
    ]  # fmt: skip


def test_unknown_column_is_left_out():
    result = read_file(write_csv([*SPEND_HEADS, "Approved by", ""], [*SPEND, "Jane Doe", "x"]))
    assert result.notes == [
        "the column 'Approved by' is not known and was left out",
        "column 10 has no heading and was left out",
    ]
    assert "Jane Doe" not in str(result.rows)


def make_treasury(*entries, **metadata):
    return encode({"metadata": {"publisher": "HM Treasury", "currency": "GBP"} | metadata, "data": list(entries)})


ENTRY = {"department_family": "HM Treasury", "entity": "DMO", "date": "2025-01-09", "expense_type": "Rent",
         "supplier": "Refinitiv", "transaction_number": "None", "amount_gbp": 74039.61, "contract_number": None}  # fmt: skip


def test_json_amounts_are_exact():
    result = read_file(
        make_treasury(
            ENTRY, ENTRY | {"amount_gbp": 0.285}, ENTRY | {"amount_gbp": "see note"}, ENTRY | {"amount_gbp": None}
        )
    )
    assert result.column("spend_line", "amount") == [7403961, 28, None, None]
    assert result.column("spend_line", "amount_state") == ["observed", "observed", "invalid", "not_reported"]
    assert result.column("spend_line", "transaction_number") == [None] * 4
    assert result.column("spend_line", "publisher") == ["HM Treasury"] * 4


def test_json_entry_of_wrong_type_is_quarantined_alone():
    result = read_file(make_treasury(ENTRY, 7, ENTRY))
    assert (len(result.rows["spend_line"]), [part.reason for part in result.quarantined]) == (
        2, ["entry 2: a JSON object belongs here"],
    )  # fmt: skip


def test_json_contacts_are_not_read():
    result = read_file(make_treasury(ENTRY | {"approver": "Jane Doe"}, contact_info={"name": "Jane Doe"}))
    assert "Jane Doe" not in str(result.rows)
    assert result.notes == ["the name 'approver' is not known and was left out"]


@settings(max_examples=bound_examples(60))
@given(
    st.permutations(range(len(SPEND_HEADS))),
    st.sampled_from([str.upper, str.lower, str.title, lambda head: f" {head} "]),
)
@pytest.mark.quirk("Q1.46")
def test_order_case_and_spaces_of_headings_do_not_matter(order, change_heading):
    headings = [change_heading(SPEND_HEADS[at]) for at in order]
    second_row = [*SPEND[:6], "78", "(1,000)"]
    reordered = write_csv(headings, *[[line[at] for at in order] for line in (SPEND, second_row)])
    assert (
        read_file(reordered).rows["spend_line"]
        == read_file(write_csv(SPEND_HEADS, SPEND, second_row)).rows["spend_line"]
    )


CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=bound_examples(60))
@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=4))
def test_every_row_has_one_outcome(lines):
    result = read_file(write_csv(SPEND_HEADS, SPEND, *lines))
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    outcomes = len(result.rows["spend_line"]) + len(result.skipped) + len(result.quarantined)
    assert outcomes == 1 + len(filled)
