"""Facts and lists to show for a record, with each value as text.

The terminal and the site show the same content in different layouts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from threepoint.presentation import formatting
from threepoint.presentation.records import Fact, Record
from threepoint.standard.code_lists import KPI_RATINGS
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.value_states import STATE_BY_CODE

KIND_LABELS = {"contracting_process": "contracting process", "scheme": "major project", "spend": "payment",
         "pipeline_entry": "plan to buy"}  # fmt: skip
SYNTHETIC_WARNING = "Synthetic data: nothing here is real."
MAX_SHOWN_ID_CHARS = 20  # a notice with a longer id is shown by its number in the list of notices

Row = dict[str, Any]


@dataclass(frozen=True)
class ListDefinition:
    """A kind of list: its heading, the table of the standard that defines its rows, and the columns to show."""

    heading: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ListColumn:
    """A column of a list. `type` and `unit` are those of its values."""

    name: str
    heading: str
    type: str
    unit: str


@dataclass(frozen=True)
class RecordList:
    """A list of a record, without empty columns. `stated` is the number of rows before equal ones are combined."""

    name: str
    heading: str
    table: str
    columns: tuple[ListColumn, ...]
    rows: list[Row]
    stated: int


PAYMENT_SUM_COLUMNS = ("other", "kind", "period", "lines", "amount", "without_amount", "duplicates", "amount_once")
SALE_SUM_COLUMNS = tuple(name for name in PAYMENT_SUM_COLUMNS if name != "kind")  # all sales are of one kind
LIST_DEFINITIONS: dict[str, ListDefinition] = {
    "cpv": ListDefinition("CPV codes", "process_cpv", ("cpv", "description", "is_main")),
    "awards": ListDefinition("Awards", "award", ("award_id", "date", "status", "value_net", "superseded_by")),
    "earlier": ListDefinition("Earlier awards that this one repeats", "award", ("award_id", "date", "status", "value_net")),
    "contracts": ListDefinition("Contracts", "contract", (
        "contract_id", "status", "value_net_first", "value_net", "end_first", "end_current")),
    "lots": ListDefinition("Lots", "lot", (
        "lot_id", "title", "status", "estimate_net", "start_date", "end_date", "duration_days", "final_stage_bids", "bid_count_basis")),
    "bids": ListDefinition("Bids", "bid_statistic", ("measure", "lot_id", "value", "currency")),
    "suppliers": ListDefinition("Suppliers", "award_supplier", ("name", "org_id", "current")),
    "buyer": ListDefinition("Buyer", "organisation", ("name", "org_id")),
    "changes": ListDefinition("Changes", "change", (
        "date", "subject_id", "type", "before", "after", "reason")),
    "parties": ListDefinition("Others involved", "party_role", ("name", "org_id", "role")),
    "related": ListDefinition("Related procurements", "related_process", (
        "relationship", "scheme", "identifier", "title", "uri", "is_loaded")),
    "documents": ListDefinition("Documents", "document", ("document", "document_type", "date_published")),
    "notices": ListDefinition("Notices", "notice", ("number", "notice_id", "words", "date")),
    "revisions": ListDefinition("Changed without a new notice", "revised_field", (
        "release_id", "revision", "table", "object_id", "field", "old_value", "new_value")),
    "withheld": ListDefinition("Withheld", "withheld_information", ("field", "detail", "availability_date", "rationale")),
    "kpis": ListDefinition("Key performance indicators (KPIs)", "kpi", ("code", "title", "unit", "target_text", "results", "rated")),
    "observations": ListDefinition("Results of KPIs", "observation", ("kpi", "period_end", "measure_text", "rating")),
    "milestones": ListDefinition("Milestones", "milestone", (
        "title", "due_first", "due_current", "met_date", "status", "stated_in")),
    "failures": ListDefinition("Failures", "failure_event", ("decision_date", "category", "description")),
    "payments": ListDefinition("Payments", "spend", ("date", "payee_name", "amount", "spend_id")),
    "years": ListDefinition("Yearly reports", "scheme_year", (
        "report_year", "rated", "cost", "end_mid", "price_base", "title")),
    "identifiers": ListDefinition("Identifiers", "scheme_identifier", ("identifier", "kind", "match_method")),
    "names": ListDefinition("Names", "organisation_name", ("name", "processes")),
    "roles": ListDefinition("Roles", "party_role", ("role", "processes")),
    "paid": ListDefinition("Paid to", "payment_total", PAYMENT_SUM_COLUMNS),
    "was paid": ListDefinition("Was paid by", "payment_total", PAYMENT_SUM_COLUMNS),
    "bought": ListDefinition("Bought on G-Cloud from", "payment_total", SALE_SUM_COLUMNS),
    "sold": ListDefinition("Sold on G-Cloud to", "payment_total", SALE_SUM_COLUMNS),
    "plans": ListDefinition("Plans to buy", "pipeline_entry", ("entry_id", "title", "approach", "total", "years_total")),
    "values": ListDefinition("Value by year", "pipeline_value", ("fy", "amount")),
    "codes": ListDefinition("CPV codes", "pipeline_cpv", ("code", "full_code", "name")),
    "bodies": ListDefinition("Organisations", "organisation", ("name", "org_id")),
    "alike": ListDefinition("Identical lines", "spend", (
        "spend_id", "sale_id", "payee_name", "supplier_name", "date", "month", "amount")),
}  # fmt: skip
COLUMN_HEADINGS = {"payee_name": "paid to", "spend_id": "payment",
         "value_net": "value", "value_net_first": "first value", "estimate_net": "estimate", "end_first": "first end",
         "end_current": "end", "award_id": "award", "contract_id": "contract", "lot_id": "lot", "other": "who",
         "without_amount": "lines without an amount", "duplicates": "possible duplicates", "amount_once": "amount without them",
         "number": "", "measure": "counted", "processes": "procurements", "document_type": "kind", "date_published": "published",
         "kpi": "KPI", "type": "what", "duration_days": "days", "is_loaded": "loaded here", "uri": "URL",
         "current": "", "subject_id": "of", "is_main": "main", "words": "notice", "notice_id": "notice id",
         "cost": "whole-life cost", "end_mid": "end", "price_base": "prices"}  # fmt: skip


# Columns with the currency of an amount, if it is not in `currency`.
CURRENCY_COLUMN_BY_AMOUNT = {"budget_amount": "budget_currency", "value_net_first": "currency_first", "value_gross_first": "currency_first",
              "penalty_value": "penalty_currency", "min_value": "min_value_currency", "max_value": "max_value_currency"}  # fmt: skip


def find_currency(table: str, name: str, row: Mapping[str, Any]) -> str | None:
    """Return the currency of an amount, or None if not stated. Tables without a currency column are in pounds."""
    column = CURRENCY_COLUMN_BY_AMOUNT.get(name, "currency")
    return row.get(column) if column in SDES_TABLES[table].names else "GBP"


def select_shown_facts(record: Record) -> list[Fact]:
    """Return Core and Important facts, and Useful facts with a value, without the ids at the top of the record."""
    shown_ids = (record.id, *record.id.split("/", maxsplit=2)[::2]) if "/" in record.id else (record.id,)
    facts = [fact for fact in record.facts.values() if fact.type != "id" or fact.value not in shown_ids]
    facts = [fact for fact in facts if fact.level != "Useful" or fact.value not in (None, "", False)]
    return [fact for fact in facts if fact.name not in USUAL_VALUES or fact.value != USUAL_VALUES[fact.name]]


USUAL_VALUES = {"same_id_in_notice": 1}  # of facts that are shown only if they have another value


# Fields with their own formatter.
_FORMATTER_BY_FIELD: dict[str, Callable[[Any], str]] = {
    "department": formatting.format_department,
    "fy_variance": formatting.format_percent,
}


class RecordDisplay:
    """A record prepared for display: its lists and formatted values. Notices with long ids are shown by number."""

    def __init__(self, record: Record) -> None:
        self.record = record
        notices = [dict(row, number=str(number)) for number, row in enumerate(record.rows.get("notices", []), 1)]
        self.numbers: dict[str, str] = {row["notice_id"]: row["number"] for row in notices}
        kpis = {row["kpi_id"]: row["title"] or row["code"] for row in record.rows.get("kpis", [])}
        self.rows: dict[str, list[Row]] = {
            **record.rows,
            "notices": notices,
            "documents": [
                row
                | {
                    "document": row["title"]
                    or formatting.format_code("document_type", row["document_type"] or "document")
                }
                for row in record.rows.get("documents", [])
            ],
            "parties": [row | {"name": row["name"] or row["org_id"]} for row in record.rows.get("parties", [])],
            "bids": [row | {"lot_id": row["lot_id"] or None} for row in record.rows.get("bids", [])],
            "milestones": _combine_milestones(record.rows.get("milestones", [])),
            **{
                name: [_add_period(row) for row in record.rows.get(name, [])]
                for name, definition in LIST_DEFINITIONS.items()
                if definition.columns in (PAYMENT_SUM_COLUMNS, SALE_SUM_COLUMNS)
            },
            "years": [_format_year_row(row) for row in record.rows.get("years", [])],
            "changes": [self._change(row) for row in record.rows.get("changes", [])],
            "revisions": [
                row | {"field": formatting.format_field_name(row["field"])} for row in record.rows.get("revisions", [])
            ],
            "observations": [row | {"kpi": kpis.get(row["kpi_id"])} for row in record.rows.get("observations", [])],
        }

    def lists(self) -> Iterator[RecordList]:
        """Yield each list that has rows, in the order of a page."""
        for name, definition in LIST_DEFINITIONS.items():
            rows = self.rows.get(name, [])
            if rows:
                value_types = {field.name: (field.type, field.unit) for field in SDES_TABLES[definition.table].fields}
                names = [column for column in definition.columns if any(_has_content(column, row) for row in rows)]
                columns = tuple(
                    ListColumn(
                        column,
                        COLUMN_HEADINGS.get(column, formatting.format_field_name(column)),
                        *value_types.get(column, ("text", "")),
                    )
                    for column in names
                )
                yield RecordList(name, definition.heading, definition.table, columns, rows, len(self.record.rows[name]))

    def source(self, fact: Fact) -> str:
        """Return the notice that a fact is from; a notice with a long id by its number in the list of notices."""
        number = self.number(fact.source)
        return f"notice {number}" if number else fact.source

    def number(self, notice: str) -> str:
        """Return the number of a notice with a long id in the list of notices; empty text for other sources."""
        return self.numbers.get(notice, "") if len(notice) > MAX_SHOWN_ID_CHARS else ""

    def value(self, fact: Fact) -> str:
        """Return the value of a fact as text; a buyer by its name."""
        if fact.name == "buyer_org_id" and self.record.rows.get("buyer"):
            return self.record.rows["buyer"][0]["name"] or str(fact.value)
        return self.text(
            fact.name,
            fact.value,
            fact.type,
            SDES_TABLES[self.record.kind].field(fact.name).unit,
            self.currency(fact.name),
        )

    def currency(self, name: str) -> str | None:
        """Return the currency of an amount of the record."""
        return find_currency(self.record.kind, name, {key: fact.value for key, fact in self.record.facts.items()})

    def text(self, name: str, value: Any, kind: str, unit: str = "", currency: str | None = None) -> str:
        """Return a value as text; a code by its label."""
        if name == "rating" and value in KPI_RATINGS:  # the publisher's own rating, not a label of ours
            return KPI_RATINGS[value]
        if name in _FORMATTER_BY_FIELD and value not in (None, ""):
            return _FORMATTER_BY_FIELD[name](value)
        if name == "current":
            return "" if value else "named in an earlier notice only"
        if kind == "code" and value is not None:
            return (
                STATE_BY_CODE[value].words
                if name.endswith("_state") and value in STATE_BY_CODE
                else formatting.format_code(name, value)
            )
        if kind in ("date", "timestamp"):
            return formatting.format_short_date(value)
        return formatting.format_field_value(value, kind, currency, unit)

    def _change(self, row: Row) -> Row:
        """Return a change with texts of its amount and end date before and after."""
        texts: Row = {"subject_id": None if row["subject_id"] == self.record.id else row["subject_id"]}
        for name, when in (("before", "old"), ("after", "new")):
            value, end = row[f"{when}_value"], row[f"{when}_end"]
            currency = row["old_currency" if when == "old" else "currency"]
            amount = "" if value is None else formatting.format_exact_money(value, currency)
            amount += " with VAT" if amount and row["with_vat"] else ""
            texts[name] = ", ".join(part for part in (amount, formatting.format_short_date(end)) if part) or "–"
        return row | texts


def _format_year_row(row: Row) -> Row:
    """Return a yearly report with texts of its rating (with rater and scale) and its cost, or why there is none."""
    scale, rater = (
        formatting.format_code("rating_scale", row["rating_scale"] or ""),
        formatting.format_code("rater", row["rater"] or ""),
    )
    rated_by = ", ".join(part for part in (rater, scale) if part)
    rated = (
        f"{row['rating']} ({rated_by})"
        if row["rating"] and rated_by
        else row["rating"] or STATE_BY_CODE[row["rating_state"]].words
    )
    cost = (
        STATE_BY_CODE[row["wlc_state"]].words
        if row["wlc_mid"] is None
        else formatting.format_exact_money(row["wlc_mid"])
    )
    return row | {"rated": rated, "cost": cost}


def _add_period(row: Row) -> Row:
    """Return a total with the months of its first and last line."""
    first, last = (f"{day:%b %Y}" if day else "" for day in (row["since"], row["until"]))
    return row | {"period": first if first == last else f"{first} to {last}"}


def _has_content(name: str, row: Row) -> bool:
    """Return True if a cell is worth showing. A current supplier, or a sum of all lines, needs no remark."""
    if name in ("without_amount", "duplicates", "amount_once"):
        return bool(row["duplicates" if name == "amount_once" else name])
    return row.get(name) is False if name == "current" else row.get(name) is not None


def _combine_milestones(rows: list[Row]) -> list[Row]:
    """Combine a milestone in the plan with its twin in the progress reports, if their values agree."""
    by_id = {row["milestone_id"]: row for row in rows}
    combined = []
    for row in rows:
        twin = by_id.get(row["twin"])
        if twin is None or not _is_same_milestone(row, twin):
            combined.append(row)
        elif row["stated_in"] == "progress":
            combined.append(_merge_milestone(row, twin))
    return combined


def _is_same_milestone(first: Row, second: Row) -> bool:
    names = ("due_first", "due_current", "met_date", "type", "payment_value")
    return all(None in (first[name], second[name]) or first[name] == second[name] for name in names)


def _merge_milestone(progress: Row, plan: Row) -> Row:
    merged = {name: plan[name] if value is None else value for name, value in progress.items()}
    planned, now = (
        formatting.format_code("status", plan["status"] or ""),
        formatting.format_code("status", merged["status"] or ""),
    )
    status = now if planned in ("", now) else f"{now} (in the plan: {planned})"
    return merged | {"status": status or None, "stated_in": "plan and progress"}
