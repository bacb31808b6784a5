"""Match headings of payment columns to fields, ignoring spelling differences between publishers and months.

The headings are those of 284 files of NHS bodies (64 header lines) and of HM Treasury's guidance on publishing payments.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from threepoint.read.csv_tables import normalise_heading

# Field | normalised headings that name it, the commonest first.
_FIELD_HEADING_LINES = """
payer_family       | departmentfamily department deptfamily departmentofhealth
payer_name         | entity ccg organisationname organisation entityname entuty
payer_code         | orgcode
date               | date datepaid dateofpayment paymentdate data
transaction_date   | transactiondate
expense_type       | expensetype expensestype expense 9anlevel9accountname
expense_area       | expensearea expensesarea costcentrename
supplier_name      | supplier suppliername suppkuer
transaction_number | transactionnumber transaction transactionreference transactionno invoicenumber
transaction_type   | transactiontype
their_reference    | theirreference
amount             | amount apamount
amount_net         | netamount
amount_gbp         | amountinsterling amountgbp
amount_foreign     | foreignamount foreigncurrencyamount amountinforeigncurrency currencyamount amountincurrency originalamount
currency           | currency currencycode
irrecoverable_vat  | irrecoverablevat irrecoverablevatamount amountofirrecoverablevat
description        | description
supplier_postcode  | supplierpostcode postcode
supplier_type      | suppliertype
supplier_vat       | vatregistrationnumber
contract_number    | contractnumber
project_code       | projectcode
item_text          | itemtext
month              | month
year               | financialyear accountingyear
period             | period financialperiod
published_in       | file
"""
_IGNORED_HEADINGS = {"negative"}  # a compilation's column for the amount's sign, which the amount already has
_FIELD_BY_HEADING = {
    name: field.strip()
    for field, names in (row.split("|") for row in _FIELD_HEADING_LINES.strip().splitlines())
    for name in names.split()
}
# A heading's words that name its currency; the other words name the field.
_CURRENCY_BY_WORD = {"£": "gbp", "gbp": "gbp", "sterling": "gbp", "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur",
                     "us$": "usd", "usd": "usd"}  # fmt: skip
_HEADING_WORD_PATTERN = re.compile(r"us\$|[a-z0-9]+|[£€$]")
_IDENTIFYING_FIELDS = {
    "date",
    "expense_type",
    "expense_area",
    "supplier_name",
    "transaction_number",
    "payer_family",
    "payer_name",
}
_SUBJECT_FIELDS = {"expense_type", "expense_area", "supplier_name"}

MIN_LIKENESS, MIN_FUZZY_LETTERS = 0.85, 8  # a misspelt heading must be this similar and this long


@lru_cache(maxsize=10_000)
def find_field(heading: str) -> str | None:
    """Return the field that a heading names, '' for a heading that is not read, None for an unknown or empty heading.

    A heading of eight letters or more may be misspelt (Expsense Area, Suppklier): the most similar known heading is used.
    An amount whose heading gives its currency is `amount_` and the currency's code.
    """
    if "amount" in heading.lower() and (words := _HEADING_WORD_PATTERN.findall(heading.lower())):
        currencies = {_CURRENCY_BY_WORD[word] for word in words if word in _CURRENCY_BY_WORD}
        rest = "".join(word for word in words if word not in _CURRENCY_BY_WORD and word != "in")
        if "$" in rest or len(currencies) > 1:
            return None  # the currency is not clear
        if currencies and _FIELD_BY_HEADING.get(rest) in ("amount", "amount_net"):
            return f"amount_{currencies.pop()}"
    name = normalise_heading(heading)
    if name in _FIELD_BY_HEADING or name in _IGNORED_HEADINGS:
        return _FIELD_BY_HEADING.get(name, "")
    candidates = [
        candidate
        for candidate in _FIELD_BY_HEADING
        if len(name) >= MIN_FUZZY_LETTERS and abs(len(candidate) - len(name)) <= 1
    ]
    best = max(candidates, key=lambda candidate: _measure_likeness(name, candidate), default="")
    return _FIELD_BY_HEADING[best] if best and _measure_likeness(name, best) >= MIN_LIKENESS else None


def _measure_likeness(first: str, second: str) -> float:
    """Return the similarity from 0 to 1; the same letters in any order are 1, because typing mostly swaps letters."""
    return 1.0 if sorted(first) == sorted(second) else SequenceMatcher(None, first, second).ratio()


def is_heading_row(cells: list[str]) -> bool:
    """Return True for headings of payments: an amount, its purpose or payee, and at least three identifying columns."""
    fields = set(map(find_field, cells))
    return (
        any(field and field.startswith("amount") for field in fields)
        and bool(fields & _SUBJECT_FIELDS)
        and len(fields & _IDENTIFYING_FIELDS) >= 3
    )
