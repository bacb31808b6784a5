"""A record as a person reads it: lines and tables for the terminal. Nothing is printed here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from threepoint.standard import words
from threepoint.standard.codes import RATINGS
from threepoint.standard.records import Fact, Record
from threepoint.standard.sdes import SDES
from threepoint.standard.states import STATES

KINDS = {"contracting_process": "contracting process", "scheme": "major project"}
SYNTHETIC = "Synthetic data: nothing here is real."


def columns(*headings: str, show_header: bool = True) -> Table:
    """A table without lines; what is too long for its column is folded, never cut."""
    table = Table(box=None, pad_edge=False, show_header=show_header)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def record(found: Record, width: int) -> Iterator[Text | Table]:
    """The record of one thing: its title, each figure with its state, source and date, and what hangs below it.

    `width` is that of the terminal in characters: on a narrow one, state and source stand after the value.
    """
    yield Text(found.title or found.id, style="bold")
    yield Text(f"{KINDS.get(found.kind, found.kind)} · {found.id} · {found.publisher}")
    if found.synthetic:
        yield Text(SYNTHETIC, style="italic")
    yield Text(f"Coverage of this record: {found.grade or 'nothing due'}" + (f" ({found.cap})" if found.cap else ""))
    page = _Page(found, narrow=width < WIDE)
    yield page.facts()
    yield from page.below()


def _worth_showing(found: Record) -> list[Fact]:
    """Core and Important fields, and others where they say something; not the address, which stands at the top."""
    address = (found.id, *found.id.split("/", maxsplit=2)[::2]) if "/" in found.id else (found.id,)
    facts = [fact for fact in found.facts.values() if fact.type != "id" or fact.value not in address]
    return [fact for fact in facts if fact.level != "Useful" or fact.value not in (None, "", False)]


@dataclass(frozen=True)
class _List:
    """What hangs below a thing: its heading, the table of the standard its rows are of, and the columns shown."""

    heading: str
    table: str
    columns: tuple[str, ...]


SUMS = ("other", "kind", "lines", "amount", "without_amount", "duplicates", "amount_once")
LISTS: dict[str, _List] = {
    "cpv": _List("CPV codes", "process_cpv", ("cpv", "description", "is_main")),
    "awards": _List("Awards", "award", ("award_id", "date", "status", "value_net", "superseded_by")),
    "earlier": _List("Earlier awards that this one repeats", "award", ("award_id", "date", "status", "value_net")),
    "contracts": _List("Contracts", "contract", (
        "contract_id", "status", "value_net_first", "value_net", "end_first", "end_current")),
    "suppliers": _List("Suppliers", "award_supplier", ("name", "org_id", "current")),
    "buyer": _List("Buyer", "organisation", ("name", "org_id")),
    "changes": _List("Changes", "change", (
        "date", "subject_id", "type", "before", "after", "reason")),
    "notices": _List("Notices", "notice", ("number", "notice_id", "words", "date")),
    "withheld": _List("Withheld", "withheld_information", ("field", "detail", "availability_date", "rationale")),
    "kpis": _List("KPIs", "kpi", ("code", "title", "unit", "target_text", "results", "rated")),
    "observations": _List("Results of KPIs", "observation", ("kpi", "period_end", "measure_text", "rating")),
    "milestones": _List("Milestones", "milestone", (
        "title", "due_first", "due_current", "met_date", "status", "stated_in")),
    "failures": _List("Failures", "failure_event", ("decision_date", "category", "description")),
    "years": _List("Years", "scheme_year", (
        "report_year", "rated", "cost", "end_mid", "price_base", "title")),
    "identifiers": _List("Identifiers", "scheme_identifier", ("identifier", "kind", "match_method")),
    "names": _List("Names", "organisation_name", ("name", "processes")),
    "roles": _List("Roles", "party_role", ("role", "processes")),
    "paid": _List("Paid to", "payment_total", SUMS),
    "was paid": _List("Was paid by", "payment_total", SUMS),
    "bought": _List("Bought from", "payment_total", SUMS),
    "sold": _List("Sold to", "payment_total", SUMS),
    "plans": _List("Plans to buy", "pipeline_entry", ("entry_id", "title", "approach", "total", "years_total")),
    "values": _List("Value by year", "pipeline_value", ("fy", "amount")),
    "codes": _List("CPV codes", "pipeline_cpv", ("code", "full_code", "name")),
    "bodies": _List("Organisations", "organisation", ("name", "org_id")),
    "alike": _List("Lines that say the same", "spend", (
        "spend_id", "sale_id", "payee_name", "supplier_name", "date", "month", "amount")),
}  # fmt: skip
HEADS = {"number": "", "kpi": "KPI", "type": "what",
         "current": "", "subject_id": "of", "is_main": "main", "words": "notice", "notice_id": "id",
         "cost": "whole-life cost", "end_mid": "end", "price_base": "prices"}  # fmt: skip
UNBROKEN = ("money", "date", "timestamp", "integer", "number")  # types whose values are never folded
WHOLE = ("before", "after", "rated", "cost")  # made of such values
WIDE = 110  # characters of a terminal from which each fact has four columns
MOST_ROWS, MOST_TEXT = 50, 80  # of a list, and characters of a cell
LONG_ID = 20  # characters; a longer id of a notice is told by its number in the list of notices


class _Page:
    """A record being printed: addresses below it are shortened, and notices with long ids are told by number."""

    def __init__(self, found: Record, *, narrow: bool) -> None:
        self.found, self.narrow = found, narrow
        self.home = found.id.split("/", maxsplit=1)[0]
        notices = [dict(row, number=str(number)) for number, row in enumerate(found.rows.get("notices", []), 1)]
        self.notices = {row["notice_id"]: row["number"] for row in notices}
        kpis = {row["kpi_id"]: row["title"] or row["code"] for row in found.rows.get("kpis", [])}
        self.rows = {
            **found.rows,
            "notices": notices,
            "milestones": _together(found.rows.get("milestones", [])),
            "years": [_year(row) for row in found.rows.get("years", [])],
            "changes": [self._change(row) for row in found.rows.get("changes", [])],
            "observations": [row | {"kpi": kpis.get(row["kpi_id"])} for row in found.rows.get("observations", [])],
        }

    def facts(self) -> Table:
        """A line for each fact."""
        table = columns(*[""] * (2 if self.narrow else 4), show_header=False)
        for column in (table.columns[0], *table.columns[2:]):
            column.no_wrap = True
        for fact in _worth_showing(self.found):
            state, origin = STATES[fact.state].words if fact.known else "", self.origin(fact)
            cells = [self.said(fact), state, origin]
            behind = " · ".join(part for part in (state, origin) if part)
            told = [f"{cells[0]}  [{behind}]" if behind else cells[0]] if self.narrow else cells
            table.add_row(words.field(fact.name), *[Text(cell) for cell in told])
        return table

    def said(self, fact: Fact) -> str:
        """The value of a fact in words, with what to know of it; a dash and the reason where there is none."""
        if not fact.known and fact.value is None:
            return f"– {fact.why_not}"
        shown = self._value(fact)
        if not fact.known:
            return f"{shown} ({fact.why_not})"
        told = fact.detail and not (fact.source and fact.source in fact.detail)  # the source has a column of its own
        return f"{shown} ({fact.detail})" if told else shown

    def _value(self, fact: Fact) -> str:
        if fact.name == "buyer_org_id" and self.found.rows.get("buyer"):
            return self.found.rows["buyer"][0]["name"] or str(fact.value)
        return self._text(fact.name, fact.value, fact.type, SDES[self.found.kind].field(fact.name).unit, 120)

    def origin(self, fact: Fact) -> str:
        """The notice and date that a fact is from; nothing where nothing was found."""
        if fact.state in ("not_reported", "not_yet_due"):
            return ""
        source = fact.source
        if len(source) > LONG_ID and source in self.notices:
            source = f"notice {self.notices[source]}"
        return " · ".join(part for part in (source, words.short_day(fact.source_date)) if part)

    def _change(self, row: dict[str, Any]) -> dict[str, Any]:
        """A change with what stood before and after: its amounts, its ends, or both."""
        said: dict[str, Any] = {"subject_id": None if row["subject_id"] == self.found.id else row["subject_id"]}
        for name, when in (("before", "old"), ("after", "new")):
            value, end = row[f"{when}_value"], row[f"{when}_end"]
            amount = "" if value is None else words.exact_money(value, row["currency"])
            said[name] = ", ".join(part for part in (amount, words.short_day(end)) if part) or "–"
        return row | said

    def _text(self, name: str, value: Any, kind: str, unit: str, most: int, currency: str | None = None) -> str:
        if name == "rating" and value in RATINGS:  # the publisher's own word, never one of ours
            return RATINGS[value]
        if name == "current":
            return "" if value else "named in an earlier notice only"
        if kind == "id" and value is not None:
            return self.address(str(value))
        if kind == "code" and value is not None:
            return STATES[value].words if name.endswith("_state") and value in STATES else words.code(name, value)
        if kind in ("date", "timestamp"):
            return words.short_day(value)
        shown = words.text(value, kind, currency or self.found.value("currency") or "GBP", unit)
        return shown if len(shown) <= most else shown[: most - 1] + "…"

    def address(self, ident: str) -> str:
        """An address below this record's process without what all have in common; any other id whole."""
        return ident.replace(self.home, "…") if "/" in ident and ident.startswith(f"{self.home}/") else ident

    def below(self) -> Iterator[Text | Table]:
        """Each list of what hangs below the record, with its number of rows."""
        shortened = False
        for name, shown in LISTS.items():
            rows = self.rows.get(name, [])
            if rows:
                yield from self._list(shown, rows, len(self.found.rows[name]))
                shortened |= any(
                    self.address(str(row.get(c))) != str(row.get(c)) for row in rows for c in shown.columns
                )
        if shortened:
            yield Text(f"\n… in an address stands for {self.home}")

    def _list(self, shown: _List, rows: list[dict[str, Any]], stated: int) -> Iterator[Text | Table]:
        names = [name for name in shown.columns if any(_tells(name, row.get(name)) for row in rows)]
        if self.narrow and shown.table == "scheme_year":
            names.remove("title")  # the years' titles take more room than they tell
        times = f", stated {stated:,} times" if stated > len(rows) else ""
        yield Text(f"\n{shown.heading} ({len(rows):,}{times})")
        table = columns(*[HEADS.get(name, words.field(name)) for name in names])
        kinds = {field.name: (field.type, field.unit) for field in SDES[shown.table].fields}
        for name, column in zip(names, table.columns, strict=True):
            column.no_wrap = kinds.get(name, ("", ""))[0] in UNBROKEN or name in WHOLE
        for row in rows[:MOST_ROWS]:
            cells = [(name, row.get(name), *kinds.get(name, ("text", ""))) for name in names]
            table.add_row(*[self._text(*cell, MOST_TEXT, row.get("currency")) for cell in cells])
        yield table
        if len(rows) > MOST_ROWS:
            yield Text(f"… and {len(rows) - MOST_ROWS:,} more; use --json for all")


def _year(row: dict[str, Any]) -> dict[str, Any]:
    """A report on a project with its rating (who rated it, on which scale) and its cost, or why there is none."""
    scale, rater = words.code("rating_scale", row["rating_scale"] or ""), words.code("rater", row["rater"] or "")
    by = ", ".join(part for part in (rater, scale) if part)
    rated = f"{row['rating']} ({by})" if row["rating"] and by else row["rating"] or STATES[row["rating_state"]].words
    cost = STATES[row["wlc_state"]].words if row["wlc_mid"] is None else words.exact_money(row["wlc_mid"])
    return row | {"rated": rated, "cost": cost}


def _tells(name: str, value: Any) -> bool:
    """Whether a cell says anything: that a supplier is current goes without saying."""
    return value is False if name == "current" else value is not None


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Milestones, those that plan and progress state alike as one line; where they differ, one line each."""
    known = {row["milestone_id"]: row for row in rows}
    made = []
    for row in rows:
        twin = known.get(row["twin"])
        if twin is None or not _alike(row, twin):
            made.append(row)
        elif row["stated_in"] == "progress":
            made.append(_merged(row, twin))
    return made


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    names = ("due_first", "due_current", "met_date", "type", "payment_value")
    return all(None in (one[name], other[name]) or one[name] == other[name] for name in names)


def _merged(progress: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    both = {name: plan[name] if value is None else value for name, value in progress.items()}
    planned, now = words.code("status", plan["status"] or ""), words.code("status", both["status"] or "")
    told = now if planned in ("", now) else f"{now} (in the plan: {planned})"
    return both | {"status": told or None, "stated_in": "plan and progress"}
