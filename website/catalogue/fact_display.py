"""Facts and rows of a record as page components: short text, the exact value on hover, the state and the source."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.presentation.record_lists import ListColumn, RecordDisplay, RecordList, find_currency
from threepoint.presentation.records import Fact, Record
from threepoint.standard.value_states import STATE_BY_CODE
from website.common.components import FactLine, FactList, FactValue, PageTable, TableColumn, TableEntry
from website.common.record_urls import build_record_url, build_url

# An empty cell of these types means "not reported"; an empty text or id may mean that there is none.
EXPECTED_COLUMN_TYPES = ("money", "date", "timestamp")
NUMERIC_COLUMN_TYPES = ("money", "integer", "number", "share")
MAX_TABLE_ROWS = 100
MAX_CELL_CHARS = 160  # the rest of a longer text is in a fold
MAX_UNFOLDED_CHARS = 4_000  # the record's JSON and CSV have the whole text
MAX_NAME_CHARS = 24  # of an award or contract
FIELD_NAME_PATTERN = re.compile(r"`?\b[a-z0-9]+(?:_[a-z0-9]+)+\b`?")
RANDOM_ID_PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")  # start of a UUID; its first eight characters identify it
# Kind of the record that the id in a column identifies.
KIND_BY_ID_COLUMN = {"award_id": "award", "superseded_by": "award", "repeats_award": "award", "contract_id": "contract",
         "org_id": "organisation", "entry_id": "pipeline_entry", "spend_id": "spend", "sale_id": "sale",
         "buyer_org_id": "organisation", "procuring_org_id": "organisation", "payer_org_id": "organisation",
         "payee_org_id": "organisation", "supplier_org_id": "organisation", "customer_org_id": "organisation",
         "body_org_id": "organisation", "parent_ocid": "contracting_process", "framework_ocid": "contracting_process",
         "ocid": "contracting_process", "scheme_id": "scheme"}  # fmt: skip
# Search facets of each list of sales: of this organisation, then of the other side.
SALE_FACETS_BY_LIST = {"bought": ("buyer", "supplier"), "sold": ("supplier", "buyer")}
SUMMED_LISTS = ("payments", "paid", "was paid", "bought", "sold")
ORGANISATION_LISTS = ("suppliers", "buyer", "bodies", "parties")  # the name is the link


def _format_meaning(fact: Fact, label: str) -> str:
    """Return the meaning of a field without codes, and without what its label or the reason for a gap already says."""
    meaning = fact.meaning.partition(";")[0] if fact.value is None and fact.reason else fact.meaning
    if fact.type == "boolean":
        meaning = re.sub(r"^true\b", "yes", meaning)
    words = FIELD_NAME_PATTERN.sub(lambda match: formatting.format_field_name(match[0].strip("`")), meaning)
    return "" if words.casefold() == label.casefold() else words.removeprefix(f"{label}: ")


def _format_money_pair(value: Any, currency: str | None) -> tuple[str, str]:
    """Return a short amount, and the exact one if it differs."""
    short, exact = formatting.format_money(value, currency), formatting.format_exact_money(value, currency)
    return short, "" if exact == short else exact


class RecordValues:
    """The values of one record as page components."""

    def __init__(self, record: Record) -> None:
        self.record, self.shown = record, RecordDisplay(record)
        self.urls: dict[str, str] = {row["notice_id"]: row["url"] or "" for row in record.rows.get("notices", [])}

    @cached_property
    def lists(self) -> tuple[RecordList, ...]:
        """The record's lists that have rows."""
        return tuple(self.shown.lists())

    def facts(self, facts: list[Fact], cite: Callable[[str], str] = lambda _: "") -> FactList:
        """Return facts as a list; `cite` returns the URL at which a fact, given by name, can be cited."""
        return FactList(tuple(self._line(fact, cite(fact.name)) for fact in facts))

    def _line(self, fact: Fact, cite_url: str) -> FactLine:
        label = formatting.format_field_name(fact.name)
        return FactLine(
            formatting.capitalise_text(label), self.display_value(fact), _format_meaning(fact, label), cite_url
        )

    def display_whole_value(self, fact: Fact) -> str:
        """Return a fact's exact value as text, or the reason why it has none."""
        if fact.value is None:
            return fact.why_not
        short, exact = self._short(fact)
        return exact or short

    def display_value(self, fact: Fact) -> FactValue:
        """Return a fact's value, or the reason why it has none, with its state and source."""
        state = STATE_BY_CODE[fact.state].words
        source: dict[str, Any] = {"source": self._source(fact), "href": self._href(fact), "date": fact.source_date}
        if fact.state in ("not_reported", "not_yet_due"):
            source = {}
        if fact.value is None:
            return FactValue(state=state, why=fact.reason, **source)
        text, exact = self._short(fact)
        return FactValue(text, state if fact.known else "", exact, detail=fact.remark, **source)

    def _source(self, fact: Fact) -> str:
        """Return the source of a fact; a notice with a long id by its number in the list of notices."""
        number = self.shown.number(fact.source) or fact.source
        return _("notice %s") % number if number and fact.source in self.urls else number

    def _href(self, fact: Fact) -> str:
        return self.urls.get(fact.source) or ("#notices" if fact.source in self.urls else "")

    def _short(self, fact: Fact) -> tuple[str, str]:
        """Return the shown text, and the exact figure if that text is shortened."""
        if fact.type == "money":
            currency = self.shown.currency(fact.name)
            return _format_money_pair(fact.value, currency)
        text = formatting.format_date(fact.value) if fact.type in ("date", "timestamp") else self.shown.value(fact)
        return text, ""

    def table(self, record_list: RecordList) -> PageTable:
        """Return one of the record's lists as a table; ids of other records are links."""
        hide_org_id = record_list.name in ORGANISATION_LISTS
        columns = [column for column in record_list.columns if not (hide_org_id and column.name == "org_id")]
        if record_list.name == "notices":
            columns.sort(key=lambda column: column.name == "notice_id")
        headings = tuple(
            TableColumn(formatting.capitalise_text(column.heading), numeric=column.type in NUMERIC_COLUMN_TYPES)
            for column in columns
        )
        shown_rows = record_list.rows[:MAX_TABLE_ROWS]
        rows = tuple(tuple(self._entry(record_list, column, row) for column in columns) for row in shown_rows)
        caption = formatting.capitalise_text(record_list.heading)
        return PageTable(caption, headings, rows, note=self._left_out(record_list), hide_caption=True)

    def _left_out(self, record_list: RecordList) -> str:
        row_count, stated = len(record_list.rows), record_list.stated
        totals = format_totals_note(record_list.rows) if record_list.name in SUMMED_LISTS else ""
        cut = _("Showing the first %(shown)d of %(all)d.") % {"shown": MAX_TABLE_ROWS, "all": row_count}
        repeats = _("Published %d times; identical ones are shown once.") % stated if stated > row_count else ""
        return " ".join(part for part in (totals, cut if row_count > MAX_TABLE_ROWS else "", repeats) if part)

    def _entry(self, record_list: RecordList, column: ListColumn, row: dict[str, Any]) -> TableEntry:
        value, currency = row.get(column.name), find_currency(record_list.table, column.name, row)
        if value is None:
            return TableEntry(state=_("not reported")) if column.type in EXPECTED_COLUMN_TYPES else TableEntry("–")
        text, exact = self.shown.text(column.name, value, column.type, column.unit, currency), ""
        if column.type == "money":
            text, exact = _format_money_pair(value, currency)
        if column.type in ("date", "timestamp"):
            text = text.replace(" ", "\u00a0")  # so that a date in a table is not broken over two lines
        if column.type == "id":
            text, exact = format_part_name(text, self.record.id)
        link = self._link(record_list, column, row)
        if link or len(text) <= MAX_CELL_CHARS:
            return TableEntry(text[:MAX_UNFOLDED_CHARS], exact, link)
        return fold_long_text(text, MAX_CELL_CHARS)

    def _link(self, record_list: RecordList, column: ListColumn, row: dict[str, Any]) -> str:
        if record_list.name in ORGANISATION_LISTS and column.name == "name" and row.get("org_id"):
            return build_record_url("organisation", row["org_id"])
        if (record_list.name, column.name) in (("notices", "words"), ("documents", "document")):
            return row.get("url") or ""
        if record_list.name == "related" and column.name == "identifier":
            return build_record_url("contracting_process", row["identifier"]) if row["is_loaded"] else ""
        if row.get("other_org_id"):
            return self._other_side(record_list, column, row["other_org_id"])
        kind, value = KIND_BY_ID_COLUMN.get(column.name, ""), row.get(column.name)
        if column.name == "subject_id" and value:
            kind = "contract" if "/contracts/" in value else "award" if "/awards/" in value else ""
        has_no_links = record_list.name in ("identifiers", "names", "roles")
        if has_no_links or not (kind and value) or value == self.record.id:
            return ""
        return build_record_url(kind, str(value))

    def _other_side(self, record_list: RecordList, column: ListColumn, other: str) -> str:
        """Return the link from a total to the other organisation, or to the sales that it adds up."""
        if column.name == "lines" and record_list.name in SALE_FACETS_BY_LIST:
            own_facet, other_facet = SALE_FACETS_BY_LIST[record_list.name]
            query = {"kind": "sale", own_facet: self.record.id, other_facet: other, "all": "1", "order": "newest"}
            return build_url("search", query)
        return build_record_url("organisation", other) if column.name == "other" else ""


def format_totals_note(rows: list[dict[str, Any]]) -> str:
    """Return the total of payments, sales or their totals, and what it leaves out; empty for one row or several currencies."""
    known = [row for row in rows if row["amount"] is not None]
    currencies = {row["currency"] for row in known}
    if len(rows) < 2 or len(currencies) != 1:
        return ""
    (currency,) = currencies
    lines = sum(row.get("lines", 1) for row in rows)
    without = sum(row.get("without_amount", row["amount"] is None) for row in rows)
    duplicates = sum(row.get("duplicates", row.get("possible_duplicate") or False) for row in rows)
    total = {"sum": formatting.format_money(sum(row["amount"] for row in known), currency), "lines": f"{lines:,}"}
    parts = [_("Total: %(sum)s in %(lines)s lines") % total]
    if duplicates:
        deduplicated = sum(_read_deduplicated_amount(row) for row in known)
        words = ngettext(
            "%(sum)s without %(n)s possible duplicate", "%(sum)s without %(n)s possible duplicates", duplicates
        )
        parts.append(words % {"sum": formatting.format_money(deduplicated, currency), "n": f"{duplicates:,}"})
    if without:
        words = ngettext(
            "leaving out %(n)s line without an amount", "leaving out %(n)s lines without an amount", without
        )
        parts.append(words % {"n": f"{without:,}"})
    return f"{', '.join(parts)}."


def _read_deduplicated_amount(row: dict[str, Any]) -> Any:
    if "amount_once" in row:
        return row["amount_once"] or 0
    return 0 if row["possible_duplicate"] else row["amount"]


def fold_long_text(text: str, most: int) -> TableEntry:
    """Return a text that shows at most `most` characters, cut at the end of a word; the rest is in a fold."""
    if len(text) <= most:
        return TableEntry(text)
    end = text.rfind(" ", 0, most)
    cut = end if end > 0 else most
    rest = text[cut:]
    return TableEntry(
        text[:cut], rest=rest if len(rest) <= MAX_UNFOLDED_CHARS else f"{rest[: MAX_UNFOLDED_CHARS - 1]}…"
    )


def format_part_name(address: str, within: str) -> tuple[str, str]:
    """Return the name of an award or contract in a list, and its whole name if that was cut; other ids unchanged.

    Publishers make local ids from the process's id (`ocds-…-1`) or from 36 random characters, which mean nothing to readers.
    """
    ocid, kind, local = next(
        (address.partition(kind) for kind in ("/awards/", "/contracts/") if kind in address), ("",) * 3
    )
    if not kind:
        return address.removeprefix(f"{within}/"), ""
    name = local.removeprefix(f"{ocid}-") or local
    short = (
        name[:8]
        if RANDOM_ID_PATTERN.match(name)
        else f"{name[:8]}…{name[-12:]}"
        if len(name) > MAX_NAME_CHARS
        else name
    )
    label = _("award %s") if kind == "/awards/" else _("contract %s")
    return label % short, "" if short == name else name
