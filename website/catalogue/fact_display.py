"""Facts and rows of a record as parts of a page: short in text, exact on hover, each with its state and source."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from threepoint.presentation import formatting
from threepoint.presentation.record_lists import ListColumn as Told
from threepoint.presentation.record_lists import RecordDisplay, RecordList, find_currency
from threepoint.presentation.records import Fact, Record
from threepoint.standard.field_states import STATE_BY_CODE
from website.common.components import FactLine, FactList, FactValue, PageTable, TableColumn, TableEntry
from website.common.record_urls import build_record_url, build_url

EXPECTED_COLUMN_TYPES = (
    "money",
    "date",
    "timestamp",
)  # types of columns whose gaps are gaps; no text or id may mean that there is none
NUMERIC_COLUMN_TYPES = ("money", "integer", "number", "share")
MAX_TABLE_ROWS = 100  # of a list on a page
MAX_CELL_CHARS = 160  # characters of a cell; the rest unfolds
MAX_UNFOLDED_CHARS = 4_000  # characters that unfold; the record's data has all of them
MAX_NAME_CHARS = 24  # characters of the name of an award or contract
RANDOM_ID_PATTERN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-"
)  # begins an id of 36 characters, which its first eight tell apart
# Columns that hold the address of another thing, and its kind.
KIND_BY_ID_COLUMN = {"award_id": "award", "superseded_by": "award", "repeats_award": "award", "contract_id": "contract",
         "org_id": "organisation", "entry_id": "pipeline_entry", "spend_id": "spend", "sale_id": "sale",
         "buyer_org_id": "organisation", "procuring_org_id": "organisation", "payer_org_id": "organisation",
         "payee_org_id": "organisation", "supplier_org_id": "organisation", "customer_org_id": "organisation",
         "body_org_id": "organisation", "parent_ocid": "contracting_process", "framework_ocid": "contracting_process",
         "ocid": "contracting_process", "scheme_id": "scheme"}  # fmt: skip
SALE_FACETS_BY_LIST = {
    "bought": ("buyer", "supplier"),
    "sold": ("supplier", "buyer"),
}  # lists of sales: facets of this side and the other
SUMMED_LISTS = ("payments", "paid", "was paid", "bought", "sold")
ORGANISATION_LISTS = ("suppliers", "buyer", "bodies", "parties")  # lists of organisations: the name is the link


class RecordValues:
    """The values of one record, ready for a page."""

    def __init__(self, found: Record) -> None:
        self.found, self.shown = found, RecordDisplay(found)
        self.urls: dict[str, str] = {row["notice_id"]: row["url"] or "" for row in found.rows.get("notices", [])}

    @cached_property
    def lists(self) -> tuple[RecordList, ...]:
        """The lists below the record that have rows."""
        return tuple(self.shown.lists())

    def facts(self, some: list[Fact], cite: Callable[[str], str] = lambda _: "") -> FactList:
        """Facts as a list, each with what it means in a fold; `cite` gives the address at which one is cited."""
        return FactList(
            tuple(
                FactLine(
                    formatting.capitalise_text(formatting.format_field_name(one.name)),
                    self.said(one),
                    one.meaning,
                    cite(one.name),
                )
                for one in some
            )
        )

    def full(self, fact: Fact) -> str:
        """A fact's value in full words; where there is none, why."""
        if fact.value is None:
            return fact.why_not
        short, exact = self._short(fact)
        return exact or short

    def said(self, fact: Fact) -> FactValue:
        """A fact's value with its state and source; where there is none, why."""
        told = STATE_BY_CODE[fact.state].words
        source: dict[str, Any] = {"source": self._source(fact), "href": self._href(fact), "date": fact.source_date}
        if fact.state in ("not_reported", "not_yet_due"):
            source = {}
        if fact.value is None:
            return FactValue(state=told, why=fact.reason, **source)
        text, exact = self._short(fact)
        return FactValue(text, told if fact.known else "", exact, detail=fact.remark, **source)

    def _source(self, fact: Fact) -> str:
        """Where a fact is from; a notice by its number in the list of notices where its id is long."""
        number = self.shown.number(fact.source) or fact.source
        return _("notice %s") % number if number and fact.source in self.urls else number

    def _href(self, fact: Fact) -> str:
        return self.urls.get(fact.source) or ("#notices" if fact.source in self.urls else "")

    def _short(self, fact: Fact) -> tuple[str, str]:
        """(what is shown, the full figure where that is short)."""
        if fact.type == "money":
            currency = self.shown.currency(fact.name)
            return formatting.format_money(fact.value, currency), formatting.format_exact_money(fact.value, currency)
        text = formatting.format_date(fact.value) if fact.type in ("date", "timestamp") else self.shown.value(fact)
        return text, ""

    def table(self, one: RecordList) -> PageTable:
        """A list below the record as a table; addresses of other things are links."""
        named = one.name in ORGANISATION_LISTS
        told = [column for column in one.columns if not (named and column.name == "org_id")]
        if one.name == "notices":
            told = [column for column in told if column.name != "notice_id"] + [
                c for c in told if c.name == "notice_id"
            ]
        columns = tuple(
            TableColumn(formatting.capitalise_text(column.heading), numeric=column.type in NUMERIC_COLUMN_TYPES)
            for column in told
        )
        rows = tuple(tuple(self._entry(one, column, row) for column in told) for row in one.rows[:MAX_TABLE_ROWS])
        return PageTable(
            formatting.capitalise_text(one.heading), columns, rows, note=self._left_out(one), hide_caption=True
        )

    def _left_out(self, one: RecordList) -> str:
        times = _("Stated %d times; alike ones stand once.") % one.stated if one.stated > len(one.rows) else ""
        cut = _("The first %(shown)d of %(all)d.") % {"shown": MAX_TABLE_ROWS, "all": len(one.rows)}
        together = format_totals_note(one.rows) if one.name in SUMMED_LISTS else ""
        return " ".join(part for part in (together, cut if len(one.rows) > MAX_TABLE_ROWS else "", times) if part)

    def _entry(self, one: RecordList, column: Told, row: dict[str, Any]) -> TableEntry:
        value, currency = row.get(column.name), find_currency(one.table, column.name, row)
        if value is None:
            return TableEntry(state=_("not reported")) if column.type in EXPECTED_COLUMN_TYPES else TableEntry("–")
        text, exact = self.shown.text(column.name, value, column.type, column.unit, currency), ""
        if column.type == "money":
            text, exact = formatting.format_money(value, currency), text
        if column.type in ("date", "timestamp"):
            text = text.replace(" ", "\u00a0")  # a date in a table stays in one line
        if column.type == "id":
            text, exact = format_part_name(text, self.found.id)
        link = self._link(one, column, row)
        if link or len(text) <= MAX_CELL_CHARS:
            return TableEntry(text[:MAX_UNFOLDED_CHARS], exact, link)
        return fold_long_text(text, MAX_CELL_CHARS)

    def _link(self, one: RecordList, column: Told, row: dict[str, Any]) -> str:
        if one.name in ORGANISATION_LISTS and column.name == "name" and row.get("org_id"):
            return build_record_url("organisation", row["org_id"])
        if (one.name, column.name) in (("notices", "words"), ("documents", "document")):
            return row.get("url") or ""
        if one.name == "related" and column.name == "identifier":
            return build_record_url("contracting_process", row["identifier"]) if row["held"] else ""
        if row.get("other_org_id"):
            return self._other_side(one, column, row["other_org_id"])
        kind, value = KIND_BY_ID_COLUMN.get(column.name, ""), row.get(column.name)
        if column.name == "subject_id" and value:
            kind = "contract" if "/contracts/" in value else "award" if "/awards/" in value else ""
        if one.name in ("identifiers", "names", "roles") or not (kind and value) or value == self.found.id:
            return ""
        return build_record_url(kind, str(value))

    def _other_side(self, one: RecordList, column: Told, other: str) -> str:
        """From a sum, where whom it is with is read, and where the sales are that it is of."""
        if column.name == "lines" and one.name in SALE_FACETS_BY_LIST:
            mine, theirs = SALE_FACETS_BY_LIST[one.name]
            asked = {"kind": "sale", mine: self.found.id, theirs: other, "all": "1", "order": "newest"}
            return build_url("search", asked)
        return build_record_url("organisation", other) if column.name == "other" else ""


def format_totals_note(rows: list[dict[str, Any]]) -> str:
    """What payments or sales, or sums of them, come to together, and what that leaves out; empty for one, and across currencies."""
    known = [row for row in rows if row["amount"] is not None]
    currencies = {row["currency"] for row in known}
    if len(rows) < 2 or len(currencies) != 1:
        return ""
    (currency,) = currencies
    lines = sum(row.get("lines", 1) for row in rows)
    without = sum(row.get("without_amount", row["amount"] is None) for row in rows)
    alike = sum(row.get("duplicates", row.get("possible_duplicate") or False) for row in rows)
    told = {"sum": formatting.format_money(sum(row["amount"] for row in known), currency), "lines": f"{lines:,}"}
    said = [_("Together %(sum)s in %(lines)s lines") % told]
    if alike:
        once = sum(_read_deduplicated_amount(row) for row in known)
        said.append(
            _("%(sum)s without the %(n)s that look alike")
            % {"sum": formatting.format_money(once, currency), "n": f"{alike:,}"}
        )
    if without:
        said.append(_("%s without an amount are in no sum") % f"{without:,}")
    return f"{', '.join(said)}."


def _read_deduplicated_amount(row: dict[str, Any]) -> Any:
    """The amount of a line or a sum without what looks alike."""
    if "amount_once" in row:
        return row["amount_once"] or 0
    return 0 if row["possible_duplicate"] else row["amount"]


def fold_long_text(text: str, most: int) -> TableEntry:
    """A text of which at most so many characters stand in the open, up to the end of a word; the rest unfolds."""
    if len(text) <= most:
        return TableEntry(text)
    end = text.rfind(" ", 0, most)
    cut = end if end > 0 else most
    rest = text[cut:]
    return TableEntry(
        text[:cut], rest=rest if len(rest) <= MAX_UNFOLDED_CHARS else f"{rest[: MAX_UNFOLDED_CHARS - 1]}…"
    )


def format_part_name(address: str, within: str) -> tuple[str, str]:
    """(what an award or contract is called in a list, its whole name where that was cut); other addresses as they are.

    Publishers make local ids of the process's own (`ocds-…-1`) or of 36 random characters, which tell a reader nothing.
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
    told = _("award %s") if kind == "/awards/" else _("contract %s")
    return told % short, "" if short == name else name
