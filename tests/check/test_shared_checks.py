"""Checks that are generated for every date and every amount, and checks that need many rows."""

import pytest

from threepoint.check import CHECKS_BY_ID
from threepoint.check.shared_checks import MAX_REALISTIC_AMOUNT
from threepoint.standard.sdes import SDES_TABLES

DATES = [check for name, check in CHECKS_BY_ID.items() if name.startswith("date-")]
NEGATIVE = [check for name, check in CHECKS_BY_ID.items() if name.startswith("money-") and name.endswith("-negative")]
ABSURDLY = [check for name, check in CHECKS_BY_ID.items() if name.startswith("money-") and name.endswith("-absurd")]


def read_id(check):
    return check.id


def draw_rows(subject, column, values, **others):
    """Return {subject: drawing} with one named row per value, and the other columns equal in every row."""
    *_, key = SDES_TABLES[subject].key
    common = {"ocid": "p", **others} if "ocid" in SDES_TABLES[subject].names and key != "ocid" else others
    header = " | ".join([key, column, *common])
    lines = [" | ".join([name, value, *common.values()]) for name, value in values.items()]
    return {"contracting_process": "ocid\np", subject: "\n".join([header, *lines])}


def make_address(subject, name):
    return f"p/lots/{name}" if subject == "lot" else name


def read_lines(answer, check):
    """Return the failures of one check; other checks may fail on the drawn rows too."""
    return [(subject, message) for check_id, subject, message in answer.lines if check_id == check.id]


@pytest.mark.parametrize("check", DATES, ids=read_id)
@pytest.mark.quirk("Q1.28")
def test_date_check_accepts_1990_to_2050(ask, check):
    (field,) = check.fields
    days = {"early": "1989-12-31", "first": "1990-01-01", "last": "2050-12-31", "late": "2051-01-01", "none": ""}
    answer = ask(check.subject, draw_rows(check.subject, field, days))
    label = check.meaning.removesuffix(" lies in the years 1990 to 2050.")
    assert read_lines(answer, check) == [
        (
            make_address(check.subject, "early"),
            f"{label} is given as 31 December 1989, which is not in the years 1990 to 2050.",
        ),
        (
            make_address(check.subject, "late"),
            f"{label} is given as 1 January 2051, which is not in the years 1990 to 2050.",
        ),
    ]
    assert answer.counts[check.id][1] == 2


@pytest.mark.parametrize("check", NEGATIVE, ids=read_id)
def test_amount_check_rejects_negative_amount(ask, check):
    (field,) = check.fields
    answer = ask(check.subject, draw_rows(check.subject, field, {"a": "0", "b": "-0.01", "c": ""}, currency="GBP"))
    label = check.meaning.removesuffix(" is not below zero.")
    assert read_lines(answer, check) == [(make_address(check.subject, "b"), f"{label} is below zero (-£0.01).")]
    assert answer.counts[check.id] == (2, 1)


@pytest.mark.parametrize("check", ABSURDLY, ids=read_id)
def test_amount_check_rejects_absurd_amount(ask, check):
    (field,) = check.fields
    amounts = {
        "good": str(MAX_REALISTIC_AMOUNT),
        "more": f"{MAX_REALISTIC_AMOUNT}.01",
        "less": f"-{MAX_REALISTIC_AMOUNT + 1}",
        "none": "",
    }
    answer = ask(check.subject, draw_rows(check.subject, field, amounts, currency="GBP"))
    assert [subject for subject, _ in read_lines(answer, check)] == [
        make_address(check.subject, name) for name in ("less", "more")
    ]
    assert read_lines(answer, check)[1][1].endswith(
        " is £4,000,000,000.01. Anything beyond £4,000,000,000 is treated as an error."
    )
    assert answer.counts[check.id] == (3, 2)


@pytest.mark.parametrize("check", [check for check in ABSURDLY if check.subject in ("award", "contract")], ids=read_id)
@pytest.mark.quirk("Q1.20")
def test_amount_check_accepts_any_ceiling(ask, check):
    (field,) = check.fields
    drawings = draw_rows(check.subject, field, {"ceiling": "51000000000"}, currency="GBP", is_ceiling="true")
    answer = ask(check.subject, drawings)
    assert (read_lines(answer, check), answer.counts[check.id]) == ([], (0, 0))


def test_amount_check_accepts_any_framework_estimate(ask):
    rows = (
        "ocid | estimate_net | is_framework | currency\nyes | 51000000000 | true | GBP\nno | 51000000000 | false | GBP"
    )
    answer = ask("contracting_process", {"contracting_process": rows})
    assert [(check_id, subject) for check_id, subject, _ in answer.lines] == [
        ("money-process-estimate-net-absurd", "no")
    ]


def draw_titles(publisher, shared_count, other_count):
    """Return rows of a publisher: some with the same title, each of the others with its own."""
    return [f"{publisher} | {title}" for title in ["same"] * shared_count + [str(n) for n in range(other_count)]]


def test_title_check_reports_shared_titles(ask):
    rows = ["publisher | title", *draw_titles("Good", 9, 91), *draw_titles("Wrong", 10, 90), *draw_titles("Few", 99, 0)]
    answer = ask("dataset", {"contracting_process": "\n".join(rows)})
    assert answer.lines == [("dat-title", "Wrong", "Of 100 titles, 10 occur on more than one process: 10% or more.")]
    assert answer.counts["dat-title"] == (2, 1)


REPEATS = {
    "dat-estimate-repeats": ("contracting_process", "estimate_net", "estimates"),
    "dat-award-value-repeats": ("award", "value_net", "values of awards"),
    "dat-contract-value-repeats": ("contract", "value_net", "values of contracts"),
}


@pytest.mark.parametrize("check_id", REPEATS)
def test_repetition_check_reports_three_frequent_amounts(ask, check_id):
    table, column, label = REPEATS[check_id]
    publishers = {"Good": "3 3 3 2", "Wrong": "4 3 3 2", "Few": "99"}
    process_lines, rows = ["ocid | publisher"], [f"ocid | {column} | currency"]
    for publisher, repeats in publishers.items():
        repeated = [f"{amount} | GBP" for amount, count in enumerate(map(int, repeats.split())) for _ in range(count)]
        single = [f"{1000 + number} | GBP" for number in range(100 - len(repeated) if publisher != "Few" else 0)]
        process_lines.append(f"{publisher} | {publisher}")
        rows += [f"{publisher} | {line}" for line in repeated + single]
    if table == "contracting_process":
        drawings = {table: "\n".join(["publisher" + rows[0][4:], *rows[1:]])}
    else:
        drawings = {"contracting_process": "\n".join(process_lines), table: "\n".join(rows)}
    answer = ask("dataset", drawings)
    message = f"The three most frequent {label} make up 10 of 100: 10% or more."
    assert answer.lines == [(check_id, "Wrong", message)]
    assert answer.counts[check_id] == (2, 1)


def test_repetition_check_separates_currencies(ask):
    rows = [f"P | {n} | {currency}" for n in range(50) for currency in ("GBP", "EUR")]
    answer = ask("dataset", {"contracting_process": "\n".join(["publisher | estimate_net | currency", *rows])})
    assert (answer.lines, answer.counts["dat-estimate-repeats"]) == ([], (1, 0))
