"""Checks that are made by the dozen: every date of a field, every amount of a field; and those that want many values."""

import pytest

from threepoint.check import CHECKS_BY_ID
from threepoint.check.date_and_amount_checks import MAX_REALISTIC_AMOUNT
from threepoint.standard.sdes import SDES_TABLES

DATES = [check for name, check in CHECKS_BY_ID.items() if name.startswith("date-")]
NEGATIVE = [check for name, check in CHECKS_BY_ID.items() if name.startswith("money-") and name.endswith("-negative")]
ABSURDLY = [check for name, check in CHECKS_BY_ID.items() if name.startswith("money-") and name.endswith("-absurd")]


def read_id(check):
    return check.id


def draw_rows(subject, column, values, **others):
    """One row a value: {subject: drawing}, with a name for each row, and other columns the same in every row."""
    *_, key = SDES_TABLES[subject].key
    same = {"ocid": "p", **others} if "ocid" in SDES_TABLES[subject].names and key != "ocid" else others
    heads = " | ".join([key, column, *same])
    lines = [" | ".join([name, value, *same.values()]) for name, value in values.items()]
    return {"contracting_process": "ocid\np", subject: "\n".join([heads, *lines])}


def make_address(subject, name):
    return f"p/lots/{name}" if subject == "lot" else name


def read_lines(answer, check):
    """What one check said; the rows are drawn so that other checks may speak too."""
    return [(who, what) for check_id, who, what in answer.lines if check_id == check.id]


@pytest.mark.parametrize("check", DATES, ids=read_id)
@pytest.mark.quirk("Q1.28")
def test_a_date_lies_in_1990_to_2050(ask, check):
    (field,) = check.fields
    days = {"early": "1989-12-31", "first": "1990-01-01", "last": "2050-12-31", "late": "2051-01-01", "none": ""}
    answer = ask(check.subject, draw_rows(check.subject, field, days))
    words = check.meaning.removesuffix(" lies in the years 1990 to 2050.")
    assert read_lines(answer, check) == [
        (
            make_address(check.subject, "early"),
            f"{words} is given as 31 December 1989, which is not in the years 1990 to 2050.",
        ),
        (
            make_address(check.subject, "late"),
            f"{words} is given as 1 January 2051, which is not in the years 1990 to 2050.",
        ),
    ]
    assert answer.counts[check.id][1] == 2


@pytest.mark.parametrize("check", NEGATIVE, ids=read_id)
def test_an_amount_is_not_below_zero(ask, check):
    (field,) = check.fields
    answer = ask(check.subject, draw_rows(check.subject, field, {"a": "0", "b": "-0.01", "c": ""}, currency="GBP"))
    words = check.meaning.removesuffix(" is not below zero.")
    assert read_lines(answer, check) == [(make_address(check.subject, "b"), f"{words} is below zero (-£0.01).")]
    assert answer.counts[check.id] == (2, 1)


@pytest.mark.parametrize("check", ABSURDLY, ids=read_id)
def test_an_amount_is_not_absurd(ask, check):
    (field,) = check.fields
    amounts = {
        "good": str(MAX_REALISTIC_AMOUNT),
        "more": f"{MAX_REALISTIC_AMOUNT}.01",
        "less": f"-{MAX_REALISTIC_AMOUNT + 1}",
        "none": "",
    }
    answer = ask(check.subject, draw_rows(check.subject, field, amounts, currency="GBP"))
    assert [who for who, _ in read_lines(answer, check)] == [
        make_address(check.subject, name) for name in ("less", "more")
    ]
    assert read_lines(answer, check)[1][1].endswith(
        " is £4,000,000,000.01. Anything beyond £4,000,000,000 is taken for an error."
    )
    assert answer.counts[check.id] == (3, 2)


@pytest.mark.parametrize("check", [check for check in ABSURDLY if check.subject in ("award", "contract")], ids=read_id)
@pytest.mark.quirk("Q1.20")
def test_a_ceiling_may_be_of_any_size(ask, check):
    (field,) = check.fields
    drawn = draw_rows(check.subject, field, {"ceiling": "51000000000"}, currency="GBP", is_ceiling="true")
    answer = ask(check.subject, drawn)
    assert (read_lines(answer, check), answer.counts[check.id]) == ([], (0, 0))


def test_a_framework_may_be_estimated_at_any_size(ask):
    rows = (
        "ocid | estimate_net | is_framework | currency\nyes | 51000000000 | true | GBP\nno | 51000000000 | false | GBP"
    )
    answer = ask("contracting_process", {"contracting_process": rows})
    assert [(check, who) for check, who, _ in answer.lines] == [("money-process-estimate-net-absurd", "no")]


def draw_titles(publisher, same, others):
    """Rows of a publisher: some with the same title, each of the others with its own."""
    return [f"{publisher} | {title}" for title in ["same"] * same + [str(n) for n in range(others)]]


def test_few_processes_share_their_title(ask):
    rows = ["publisher | title", *draw_titles("Good", 9, 91), *draw_titles("Wrong", 10, 90), *draw_titles("Few", 99, 0)]
    answer = ask("dataset", {"contracting_process": "\n".join(rows)})
    assert answer.lines == [("dat-title", "Wrong", "Of 100 titles, 10 stand on more than one process: 10% or more.")]
    assert answer.counts["dat-title"] == (2, 1)


REPEATS = {
    "dat-estimate-repeats": ("contracting_process", "estimate_net", "estimates"),
    "dat-award-value-repeats": ("award", "value_net", "values of awards"),
    "dat-contract-value-repeats": ("contract", "value_net", "values of contracts"),
}


@pytest.mark.parametrize("check_id", REPEATS)
def test_three_amounts_are_not_a_tenth_of_all(ask, check_id):
    table, column, words = REPEATS[check_id]
    publishers = {"Good": "3 3 3 2", "Wrong": "4 3 3 2", "Few": "99"}
    process, rows = ["ocid | publisher"], [f"ocid | {column} | currency"]
    for publisher, times in publishers.items():
        repeated = [f"{amount} | GBP" for amount, n in enumerate(map(int, times.split())) for _ in range(n)]
        single = [f"{1000 + n} | GBP" for n in range(100 - len(repeated) if publisher != "Few" else 0)]
        process.append(f"{publisher} | {publisher}")
        rows += [f"{publisher} | {line}" for line in repeated + single]
    if table == "contracting_process":
        drawings = {table: "\n".join(["publisher" + rows[0][4:], *rows[1:]])}
    else:
        drawings = {"contracting_process": "\n".join(process), table: "\n".join(rows)}
    answer = ask("dataset", drawings)
    what = f"The three most frequent {words} make up 10 of 100: 10% or more."
    assert answer.lines == [(check_id, "Wrong", what)]
    assert answer.counts[check_id] == (2, 1)


def test_the_same_number_of_another_currency_is_another_amount(ask):
    rows = [f"P | {n} | {currency}" for n in range(50) for currency in ("GBP", "EUR")]
    answer = ask("dataset", {"contracting_process": "\n".join(["publisher | estimate_net | currency", *rows])})
    assert (answer.lines, answer.counts["dat-estimate-repeats"]) == ([], (1, 0))
