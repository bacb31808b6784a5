"""Find the rows of a list that add up other rows: totals and subtotals, in any column, above or below what they add up.

A row is a total if it adds up and lacks what payments have (a payee, a number, a date), or if it says that it is a total. A
payment whose amount happens to be a sum has those, so it is kept.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from threepoint.read.csv_tables import RowMaker, quarantine_row
from threepoint.read.read_result import QuarantinedPart, SkippedItem
from threepoint.read.table_cells import collapse_spaces, read_amount_cell

SKIPPED_TOTAL = SkippedItem("total in a list", "it adds up other rows of the list")
SKIPPED_STATED_TOTAL = SkippedItem("total in a list", "it says that it is a total")
UNEXPLAINED_AMOUNT_REASON = (
    "an amount without a payee, a number, a date or a purpose, which is not the sum of other rows; ask the publisher what it"
    " is"
)
MAX_GROUPINGS = 20  # sets of columns in which subtotals are looked for

# "Total", "Grand total:", "Sum of payments".
_LABEL_PATTERN = re.compile(
    r"((grand|sub|overall|monthly|report|page|final|net|gross)[ -]?)?(total|sum)s?"
    r"( (for|of|payments?|spend|spending|expenditure|amount|paid|invoices?)\b.*)?:?",
    re.IGNORECASE,
)
_LABEL_WORDS = ("total", "sum")
# "Alpha Ltd Total", as spreadsheets label a group, and "Subtotal IT". "Total IT" is a label too, but can be the name of a payee.
_GROUP_LABEL_PATTERN = re.compile(r"(.+?) (?:sub[ -]?)?total:?|sub[ -]?total:? (.+)", re.IGNORECASE)
_TOTAL_OF_PATTERN = re.compile(r"total:? (.+)", re.IGNORECASE)

ListCells = Mapping[str, str]
ListReader = Callable[[], Iterable[tuple[int, ListCells]]]


@dataclass(frozen=True)
class ListFields:
    """The fields of a kind of list: payees, numbers and descriptions of payments, dates, and what is said of the whole list.

    `amounts` are the fields of amounts and currencies; `amount` returns the cell of the amount.
    """

    payees: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[str]
    list_details: frozenset[str]
    amounts: frozenset[str]
    amount: Callable[[ListCells], str]


@dataclass
class TotalRows:
    """The rows that are not payments, by row number, and notes about totals that do not add up."""

    outcomes: dict[int, SkippedItem | QuarantinedPart] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def exclude_from(self, make_row: RowMaker) -> RowMaker:
        """Return `make_row`, except that it returns the outcome of a row that is not a payment."""

        def make_payment_row(number: int, cells: dict[str, str]) -> tuple[Any, ...] | SkippedItem | QuarantinedPart:
            return self.outcomes.get(number) or make_row(number, cells)

        return make_payment_row


@dataclass
class _Sum:
    pence: int = 0
    count: int = 0

    def add(self, pence: int) -> None:
        self.pence += pence
        self.count += 1


@dataclass
class _Candidate:
    """A row that may be a total: its amount, its texts without labels, and the number of rows that it has to add up."""

    number: int
    pence: int
    texts: dict[str, str]
    says_total: bool
    is_group_labelled: bool
    has_details: bool  # a date or a number, as payments have
    has_purpose: bool
    is_total: bool = False

    def compare(self, *sums: _Sum) -> None:
        """Mark the row as a total if its amount is one of the sums."""
        is_sure = not self.has_details and (self.says_total or self.is_group_labelled or not self.has_purpose)
        self.is_total |= any(total.pence == self.pence and total.count >= (1 if is_sure else 2) for total in sums)


def find_total_rows(read_list: ListReader, columns: Collection[str], fields: ListFields) -> TotalRows:
    """Return the totals of a list that has the fields `columns`. `read_list` is called once or twice."""
    identity = (fields.payees | fields.numbers) & set(columns)
    dates = fields.dates & set(columns)
    candidates: list[_Candidate] = []
    whole, block = _Sum(), _Sum()  # of all rows above; of those since the last total
    for number, cells in read_list():
        pence = read_amount_cell(fields.amount(cells)).value
        if pence is None:
            continue
        candidate = _find_candidate(number, pence, cells, fields, identity, dates)
        if candidate:
            candidate.compare(whole, block)
        if candidate and (candidate.is_total or not candidate.has_details):
            if candidates:
                candidates[-1].compare(block)  # that total may be above the rows that it adds up
            candidates.append(candidate)
            block = _Sum()
        else:
            whole.add(pence)
            block.add(pence)
    for candidate in candidates:
        candidate.compare(whole)
    if candidates:
        candidates[-1].compare(block)
        _compare_groups(candidates, read_list, fields)
    return _judge_candidates(candidates, whole)


def _find_candidate(
    number: int, pence: int, cells: ListCells, fields: ListFields, identity: frozenset[str], dates: frozenset[str]
) -> _Candidate | None:
    """Return the row as a candidate; None if it is a payment."""
    if any(_names_someone(cells.get(name, "")) for name in fields.payees):
        return None
    texts = {name: collapse_spaces(cell) for name, cell in cells.items() if cell.strip() and name not in fields.amounts}
    says_total = any(map(_LABEL_PATTERN.fullmatch, texts.values()))
    texts = {name: text for name, text in texts.items() if not _LABEL_PATTERN.fullmatch(text)}
    group_labels = {
        name: group for name, text in texts.items() if (group := _find_group(text, is_payee=name in fields.payees))
    }
    filled = set(texts) - set(group_labels)
    has_number, has_date = bool(filled & identity), bool(filled & dates)
    if filled & fields.payees or not (identity or dates):
        return None
    has_purpose = bool(filled - identity - dates - fields.list_details)
    if not (says_total or group_labels) and (has_number or (has_date and (has_purpose or not identity or not pence))):
        return None
    return _Candidate(
        number, pence, texts | group_labels, says_total, bool(group_labels), has_number or has_date, has_purpose
    )


def _names_someone(cell: str) -> bool:
    """Return True for a payee that cannot be a label. Most payments have one, so they need no closer look."""
    text = cell.strip().lower()
    return bool(text) and not any(word in text for word in _LABEL_WORDS)


def _find_group(text: str, *, is_payee: bool) -> str:
    """Return the group that a label names, such as `IT` in `Subtotal IT`; '' for other texts."""
    match = _GROUP_LABEL_PATTERN.fullmatch(text) or (None if is_payee else _TOTAL_OF_PATTERN.fullmatch(text))
    return next(filter(None, match.groups())) if match else ""


def _compare_groups(candidates: list[_Candidate], read_list: ListReader, fields: ListFields) -> None:
    """Compare each candidate with the sum of the rows that have its texts in the same columns, such as one payer's."""
    candidate_numbers = {candidate.number for candidate in candidates}
    sums: dict[tuple[str, ...], dict[tuple[str, ...], _Sum]] = {}
    left = [candidate for candidate in candidates if candidate.texts and not candidate.is_total]
    for candidate in left:
        names = tuple(candidate.texts)
        if names in sums or len(sums) < MAX_GROUPINGS:
            sums.setdefault(names, {})[tuple(candidate.texts.values())] = _Sum()
    for number, cells in read_list() if left else ():
        pence = read_amount_cell(fields.amount(cells)).value
        if pence is None or number in candidate_numbers:
            continue
        for names, sum_by_texts in sums.items():
            group = sum_by_texts.get(tuple(collapse_spaces(cells.get(name, "")) for name in names))
            if group:
                group.add(pence)
    for candidate in left:
        group = sums.get(tuple(candidate.texts), {}).get(tuple(candidate.texts.values()))
        candidate.compare(*([group] if group else []))


def _judge_candidates(candidates: list[_Candidate], whole: _Sum) -> TotalRows:
    """Return the totals, and the other candidates that are not payments either."""
    total_rows = TotalRows()
    for candidate in candidates:
        if candidate.is_total:
            total_rows.outcomes[candidate.number] = SKIPPED_TOTAL
        elif candidate.says_total and not candidate.has_details:
            total_rows.outcomes[candidate.number] = SKIPPED_STATED_TOTAL
            total_rows.notes.append(
                f"row {candidate.number} says that it is a total of {candidate.pence / 100:,.2f}, but no rows add up to"
                f" that; all rows add up to {whole.pence / 100:,.2f}"
            )
        elif not (candidate.has_details or candidate.has_purpose or candidate.is_group_labelled):
            total_rows.outcomes[candidate.number] = quarantine_row(candidate.number, UNEXPLAINED_AMOUNT_REASON)
    return total_rows
