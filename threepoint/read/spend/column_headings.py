"""Which field a column of payments is: told from the letters of its heading, since spellings differ by publisher and month.

The names are those of 284 files of NHS bodies (64 header lines) and of HM Treasury's guidance on publishing payments.
"""

from difflib import SequenceMatcher
from functools import lru_cache

from threepoint.read.csv_tables import normalise_heading

# Field, and the letters of the headings that name it, the commonest first. '' is known and not read.
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
amount             | amount apamount amountinsterling amountgbp
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
_IGNORED_HEADINGS = {"negative"}  # a compilation's own sign of the amount, which the amount has already
_FIELD_BY_HEADING = {
    name: field.strip()
    for field, names in (row.split("|") for row in _FIELD_HEADING_LINES.strip().splitlines())
    for name in names.split()
}
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

MIN_LIKENESS, MIN_FUZZY_LETTERS = 0.85, 8  # how like a known name a misspelt one must be, and of how many letters


@lru_cache(maxsize=10_000)
def find_field(heading: str) -> str | None:
    """The field that a heading names, '' for one not to be read, None for one that is not known or empty.

    A heading of eight letters or more may be misspelt (Expsense Area, Suppklier): the known name most like it counts.
    """
    name = normalise_heading(heading)
    if name in _FIELD_BY_HEADING or name in _IGNORED_HEADINGS:
        return _FIELD_BY_HEADING.get(name, "")
    near = [known for known in _FIELD_BY_HEADING if len(name) >= MIN_FUZZY_LETTERS and abs(len(known) - len(name)) <= 1]
    best = max(near, key=lambda known: _measure_likeness(name, known), default="")
    return _FIELD_BY_HEADING[best] if best and _measure_likeness(name, best) >= MIN_LIKENESS else None


def _measure_likeness(one: str, other: str) -> float:
    """From 0 to 1, which is for the same letters in any order: typing swaps letters more often than it changes them."""
    return 1.0 if sorted(one) == sorted(other) else SequenceMatcher(None, one, other).ratio()


def is_heading_row(cells: list[str]) -> bool:
    """Whether a row heads payments: an amount, what it was for or to whom, and three telling columns in all."""
    found = set(map(find_field, cells))
    return "amount" in found and bool(found & _SUBJECT_FIELDS) and len(found & _IDENTIFYING_FIELDS) >= 3
