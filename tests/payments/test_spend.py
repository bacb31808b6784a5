"""Payments over £25,000: every line kept, sums as in the files, repeats marked, dates read as each file writes them."""

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


def read_days(found, name="date"):
    return [
        None if n is None else (date(1970, 1, 1) + timedelta(days=n)).isoformat()
        for n in found.column("spend_line", name)
    ]


def read_sums(built, where):
    return built.ask(
        "SELECT sum(lines) AS lines, sum(duplicates) AS duplicates, sum(amount) AS amount, sum(amount_once) AS once,"
        f" sum(credits) AS credits, sum(without_amount + without_date) AS lost FROM payment_total WHERE kind = '25k' AND {where}"
    )[0]


def test_the_nhs_payments_are_kept_whole(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "spend" / NHS)
    keys = [(line["org_code"], line["transactionnumber"], line["amount"]) for line in lines]
    amounts = [reference_rows.to_pence(line["amount"]) for line in lines]
    once = dict(zip(keys, amounts, strict=True))
    assert read_sums(built, "publisher <> 'HM Treasury'") == {
        "lines": 3974, "duplicates": 212, "amount": sum(amounts), "once": sum(once.values()),
        "credits": len([amount for amount in amounts if amount < 0]), "lost": 0,
    }  # fmt: skip
    assert reference_rows.count_repeats(keys) == 212


def test_the_treasury_payments_are_kept_whole(built, shared):
    lines = reference_rows.read_treasury(shared / "data" / "spend")
    keys = [(line["entity"], line["transaction_number"], line["amount_gbp"]) for line in lines]
    once = {key: reference_rows.to_pence(key[2]) for key in keys}
    amounts = [reference_rows.to_pence(line["amount_gbp"]) for line in lines]
    assert read_sums(built, "publisher = 'HM Treasury'") == {
        "lines": 272, "duplicates": 8, "amount": sum(amounts), "once": sum(once.values()), "credits": 0, "lost": 0,
    }  # fmt: skip
    assert sum(amounts) == Decimal("17274927.62") + Decimal("14204796.49") + Decimal("24210088.95")  # as the files say
    unnumbered = built.ask("SELECT count(*) AS n FROM spend WHERE publisher = 'HM Treasury' AND transaction_no IS NULL")
    assert unnumbered == [{"n": 79}]


def test_each_marked_payment_names_one_with_its_payer_number_and_amount(built):
    odd = built.ask(
        "SELECT s.spend_id FROM spend s LEFT JOIN spend f ON s.duplicate_of = f.spend_id WHERE s.possible_duplicate AND"
        " (f.possible_duplicate OR f.amount <> s.amount OR f.payer_org_id <> s.payer_org_id"
        " OR f.transaction_no IS DISTINCT FROM s.transaction_no)"
    )
    assert odd == []


def test_british_and_american_files_of_one_compilation_are_each_read_as_meant(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "spend" / NHS)
    american = {line["file"] for line in lines if "/" in line["date"] and int(line["date"].split("/")[1]) > 12}
    assert len(american) == 55
    months = {"August": 8, "July": 7}
    for name in ("EPSH 05 - August.csv", "HOME 05 - August.pdf.csv", "HOME 04 - July.pdf.csv"):
        wanted = [line for line in lines if line["file"] == name]
        rows = [str(number) for number, line in enumerate(lines, start=2) if line["file"] == name]
        found = built.ask(
            "SELECT DISTINCT month(date) AS month FROM spend WHERE publisher <> 'HM Treasury' AND feed = '25k'"
            f" AND row_number IN ({', '.join(rows)})"
        )
        assert [row["month"] for row in found] == [months[name.split(" - ")[1].split(".")[0]]]
        assert len(rows) == len(wanted) > 0
    told_by_others = built.ask("SELECT count(*) AS n FROM spend WHERE date_state = 'derived' AND feed = '25k'")
    assert told_by_others == [{"n": 15}]


def test_payers_and_payees_are_bodies_of_the_snapshot(built, shared):
    lost = built.ask(
        "SELECT count(*) AS n FROM spend LEFT JOIN organisation p ON payer_org_id = p.org_id"
        " LEFT JOIN organisation s ON payee_org_id = s.org_id"
        " WHERE feed = '25k' AND (p.org_id IS NULL OR (payee_name IS NOT NULL AND s.org_id IS NULL))"
    )
    assert lost == [{"n": 0}]
    nameless = [
        line for line in reference_rows.read_rows(shared / "data" / "spend" / NHS) if not line["supplier"].strip()
    ]
    assert (
        built.ask("SELECT count(*) AS n FROM spend WHERE payee_name IS NULL AND feed = '25k'")
        == [{"n": len(nameless)}]
        == [{"n": 2}]
    )


def test_a_row_is_kept_whatever_its_cells_hold():
    found = read_file(write_csv(SPEND_HEADS, SPEND, [*SPEND[:2], "Easter", *SPEND[3:7], " 000,"]))
    assert found.column("spend_line", "amount") == [2500050, None]
    assert found.column("spend_line", "amount_text") == [None, "000,"]
    assert found.column("spend_line", "amount_state") == ["observed", "invalid"]
    assert (read_days(found), found.column("spend_line", "date_text")) == (["2020-04-30", None], [None, "Easter"])
    assert found.quarantined == []


def test_a_name_that_was_blacked_out_is_withheld_and_no_supplier(tmp_path):
    """Two such lines are two unknown payees, not one."""
    file = tmp_path / "list.csv"
    file.write_bytes(
        write_csv(SPEND_HEADS, *[[*SPEND[:5], name, *SPEND[6:]] for name in ("REDACTED", "Redacted", "", "Alpha Ltd")])
    )
    pipeline.load(tmp_path / "store", [file])
    made = build(tmp_path / "store")
    rows = made.ask("SELECT payee_name_state, payee_org_id FROM spend ORDER BY row_number")
    assert [row["payee_name_state"] for row in rows] == ["withheld_other", "withheld_other", "not_reported", "observed"]
    assert len({row["payee_org_id"] for row in rows}) == 4
    kinds = made.ask("SELECT match_method, count(*) AS n FROM organisation GROUP BY ALL ORDER BY ALL")
    assert [(row["match_method"], row["n"]) for row in kinds] == [("published_name", 2), ("withheld", 2)]


def test_sums_say_what_they_leave_out(tmp_path):
    file = tmp_path / "list.csv"
    cells = ["100.10", "100.10", " 000,", "(30)", ""]
    file.write_bytes(
        write_csv(
            SPEND_HEADS,
            *[[*SPEND[:2], "30/04/2020" if n else "soon", *SPEND[3:7], cell] for n, cell in enumerate(cells)],
        )
    )
    pipeline.load(tmp_path / "store", [file])
    (total,) = build(tmp_path / "store").ask("SELECT * FROM payment_total")
    assert total == {
        "kind": "25k", "publisher": "Barts", "currency": "GBP", "lines": 5, "without_amount": 2, "without_date": 1,
        "duplicates": 1, "credits": 1, "amount": Decimal("170.20"), "amount_once": Decimal("70.10"),
        "credit_amount": Decimal("-30.00"), "first_date": date(2020, 4, 30), "last_date": date(2020, 4, 30),
    }  # fmt: skip


def test_a_sum_that_no_money_holds_is_left_empty(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(write_csv(SPEND_HEADS, *[[*SPEND[:6], str(n), "9000000000000000"] for n in range(2)]))
    pipeline.load(tmp_path / "store", [file])
    assert build(tmp_path / "store").ask("SELECT lines, amount FROM payment_total") == [{"lines": 2, "amount": None}]


def test_titles_above_and_headings_repeated_below_do_not_matter():
    page = write_csv(["Payments over £25,000", *[""] * 7], [""] * 8, SPEND_HEADS, SPEND, SPEND_HEADS, SPEND)
    found = read_file(page)
    assert (found.column("spend_line", "row_number"), found.notes) == (
        [4, 6], ["the headings stand 1 more times among the rows"],
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.quirk("Q1.46")
def test_a_list_in_any_encoding_is_read_alike(encoding):
    page = write_csv(SPEND_HEADS, [*SPEND[:5], "Café £ Ltd", *SPEND[6:]]).decode()
    found = read_file(page.encode(encoding))
    assert (found.column("spend_line", "supplier_name"), found.column("spend_line", "amount")) == (
        ["Café £ Ltd"],
        [2500050],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_with_any_end_of_line_is_read_alike(end):
    page = write_csv(SPEND_HEADS, [*SPEND[:3], "two\nlines", *SPEND[4:]]).decode().replace("\r\n", end)
    assert read_file(page.encode()).column("spend_line", "expense_type") == ["two lines"]


def test_a_quotation_mark_that_is_never_closed_costs_no_other_file_its_outcome():
    page = write_csv(SPEND_HEADS, SPEND) + b'"' + b"x" * 200_000 + b"\n" + write_csv(SPEND)
    found = read_file(page)
    assert (len(found.rows["spend_line"]), [part.reason[:6] for part in found.quarantined]) == (2, ["row 3:"])


def test_a_table_over_the_limit_is_quarantined():
    found = read_file(write_csv(SPEND_HEADS, *[SPEND] * 50), ReadLimits(line=1000))
    assert [part.reason for part in found.quarantined] == [
        "this table is longer than 1,000 bytes; split it and load the parts"
    ]


def test_a_sum_and_a_remark_below_a_list_are_passed_over():
    found = read_file(
        write_csv(
            SPEND_HEADS, SPEND, ["Total", *[""] * 6, "25000.50"], [*[""] * 7, "25000.50"], ["Source: ledger", *[""] * 7]
        )
    )
    assert (found.column("spend_line", "amount"), found.kinds) == (
        [2500050], ["sum below a list", "sum below a list", "remark in a list"],
    )  # fmt: skip


def test_a_file_that_does_not_say_who_paid_is_read_and_says_so():
    found = read_file(write_csv(SPEND_HEADS[2:], SPEND[2:]))
    assert [found.column("spend_line", name) for name in ("publisher", "payer_name", "payer_family")] == [
        [UNNAMED_PUBLISHER], [None], [None],
    ]  # fmt: skip


def test_a_column_that_is_not_known_is_left_out_with_its_cells():
    found = read_file(write_csv([*SPEND_HEADS, "Approved by", ""], [*SPEND, "Jane Doe", "x"]))
    assert found.notes == [
        "the column 'Approved by' is not known and was left out",
        "column 10 has no heading and was left out",
    ]
    assert "Jane Doe" not in str(found.rows)


def make_treasury(*entries, **metadata):
    return encode({"metadata": {"publisher": "HM Treasury", "currency": "GBP"} | metadata, "data": list(entries)})


ENTRY = {"department_family": "HM Treasury", "entity": "DMO", "date": "2025-01-09", "expense_type": "Rent",
         "supplier": "Refinitiv", "transaction_number": "None", "amount_gbp": 74039.61, "contract_number": None}  # fmt: skip


def test_json_payments_hold_their_amounts_to_the_penny():
    found = read_file(
        make_treasury(
            ENTRY, ENTRY | {"amount_gbp": 0.285}, ENTRY | {"amount_gbp": "see note"}, ENTRY | {"amount_gbp": None}
        )
    )
    assert found.column("spend_line", "amount") == [7403961, 28, None, None]
    assert found.column("spend_line", "amount_state") == ["observed", "observed", "invalid", "not_reported"]
    assert found.column("spend_line", "transaction_number") == [None] * 4
    assert found.column("spend_line", "publisher") == ["HM Treasury"] * 4


def test_an_entry_that_is_no_object_is_quarantined_and_the_others_are_read():
    found = read_file(make_treasury(ENTRY, 7, ENTRY))
    assert (len(found.rows["spend_line"]), [part.reason for part in found.quarantined]) == (
        2, ["entry 2: a JSON object belongs here"],
    )  # fmt: skip


def test_who_answers_questions_is_not_read():
    found = read_file(make_treasury(ENTRY | {"approver": "Jane Doe"}, contact_info={"name": "Jane Doe"}))
    assert "Jane Doe" not in str(found.rows)
    assert found.notes == ["the name 'approver' is not known and was left out"]


@settings(max_examples=bound_examples(60))
@given(
    st.permutations(range(len(SPEND_HEADS))),
    st.sampled_from([str.upper, str.lower, str.title, lambda head: f" {head} "]),
)
@pytest.mark.quirk("Q1.46")
def test_order_case_and_spaces_of_headings_do_not_matter(order, form):
    heads = [form(SPEND_HEADS[at]) for at in order]
    other = [*SPEND[:6], "78", "(1,000)"]
    moved = write_csv(heads, *[[line[at] for at in order] for line in (SPEND, other)])
    assert read_file(moved).rows["spend_line"] == read_file(write_csv(SPEND_HEADS, SPEND, other)).rows["spend_line"]


CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=bound_examples(60))
@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=4))
def test_any_row_under_the_headings_has_one_outcome(lines):
    found = read_file(write_csv(SPEND_HEADS, SPEND, *lines))
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    outcomes = len(found.rows["spend_line"]) + len(found.passed_over) + len(found.quarantined)
    assert outcomes == 1 + len(filled)
