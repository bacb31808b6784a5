"""Extraction of the figures that a comparison shows from a contract, process, award or scheme."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from threepoint.compare.cells import ComparisonCell, make_cell, make_gap
from threepoint.compare.typed_values import Classification, Note, NoteReason, Parties, ProjectRating, Stage
from threepoint.presentation.records import Fact, Record
from threepoint.standard.amounts import Amount
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.code_lists import CODE_LABELS, STAGES_WITHOUT_RESULT, TECHNOLOGY_CPV_PREFIXES

Row = dict[str, Any]
DOES_NOT_APPLY_CELL = make_gap("not_applicable", NoteReason.DOES_NOT_APPLY)
NO_BASELINE_CELL = make_gap("not_reported", NoteReason.NO_BASELINE)
NOT_REPORTED_CELL = make_gap("not_reported", NoteReason.NOT_REPORTED)


@dataclass(frozen=True)
class AmountPair:
    """First and last amount on one basis, with a published note. Both are None if there is no such pair."""

    first: Decimal | None
    last: Decimal | None
    note: str


@dataclass(frozen=True)
class ComparedFigures:
    """Figures of one record. `basis` (net, gross, unknown or a price base) and `currency` are those of its amounts."""

    who: Parties
    first: ComparisonCell
    now: ComparisonCell
    final: ComparisonCell
    end_first: ComparisonCell
    end_now: ComparisonCell
    kpis: ComparisonCell | None  # None for kinds of record without KPIs
    rating: ComparisonCell | None
    basis: str | None
    currency: str | None
    type: Classification | None
    stage: Stage | Note | None
    changes: int
    floor: bool  # small changes need no notice
    value_changes: int = 0
    end_changes: int = 0
    notes: tuple[Note, ...] = ()
    growth: AmountPair | None = None  # if growth is not from `first` to `now`

    def basis_of(self, cell: ComparisonCell) -> str | None:
        """Return the basis of the amount in a cell, otherwise of all amounts."""
        return cell.value.basis if isinstance(cell.value, Amount) else self.basis


def _name_parties(record: Record) -> Parties:
    current = [row for row in record.rows.get("suppliers", []) if row.get("current", True)]
    buyers = tuple(row["name"] or "" for row in record.rows.get("buyer", []))
    return Parties(buyers, tuple(row["name"] for row in current))


def _make_amount_cell(fact: Fact, currency: str | None, basis: str | None) -> ComparisonCell:
    return make_cell(fact, Amount(fact.value, currency, basis) if fact.value is not None else None)


def _make_net_or_gross_cell(
    record: Record, net: str, gross: str, currency: str | None, basis: str | None
) -> ComparisonCell:
    """Return the amount without VAT, or the amount with VAT if only that is published."""
    net_cell, with_vat = _make_amount_cell(record.facts[net], currency, basis), record.facts[gross]
    if net_cell.value is not None or with_vat.value is None:
        return net_cell
    return _make_amount_cell(with_vat, currency, "gross")


def _extract_contract_figures(record: Record) -> ComparedFigures:
    process = (record.rows.get("process") or [{}])[0]
    has_baseline, currency, basis = (
        not record.value("amendment_only"),
        record.value("currency"),
        record.value("vat_basis"),
    )
    return ComparedFigures(
        who=_name_parties(record), first=_make_first_amount_cell(record) if has_baseline else NO_BASELINE_CELL,
        now=_make_net_or_gross_cell(record, "value_net", "value_gross", currency, basis),
        final=_make_amount_cell(record.facts["value_final"], currency, basis),
        end_first=make_cell(record.facts["end_first"]) if has_baseline else NO_BASELINE_CELL,
        end_now=make_cell(record.facts["end_current"]), kpis=_make_kpi_cell(record), rating=None, basis=basis, currency=currency,
        type=_make_classification(process), stage=_make_contract_stage(record.value("phase")),
        changes=record.value("changes") or 0, floor=True,
        notes=_list_value_notes(record.facts), growth=_make_gross_pair(record) if has_baseline else None,
    )  # fmt: skip


def _make_first_amount_cell(record: Record) -> ComparisonCell:
    basis = record.value("vat_basis")
    if basis == "gross" and record.value("value_net_first") is not None:  # a later notice removed the net value
        basis = "unknown" if record.value("value_gross_first") is None else "net"
    currency = record.value("currency_first") or record.value("currency")
    return _make_net_or_gross_cell(record, "value_net_first", "value_gross_first", currency, basis)


def _make_gross_pair(record: Record) -> AmountPair | None:
    """Return the first and the last amount with VAT if the last amount without VAT is not known."""
    first, last = record.value("value_gross_first"), record.value("value_gross")
    same_currency = record.value("currency_first") == record.value("currency")
    if record.value("value_net") is not None or None in (first, last) or not same_currency:
        return None
    return AmountPair(first, last, "with VAT")


def _make_contract_stage(phase: str | None) -> Stage | None:
    """Return the stage of a contract. One in delivery has the stage of a process in delivery, so that they compare."""
    if phase == "in_delivery":
        return Stage("stage", "contract")
    return Stage("phase", phase) if phase in CODE_LABELS["phase"] else None


def _list_value_notes(facts: dict[str, Fact]) -> tuple[Note, ...]:
    reasons = {"nominal_value": NoteReason.NOMINAL_VALUE, "is_ceiling": NoteReason.CEILING_VALUE}
    return tuple(Note(reason) for name, reason in reasons.items() if facts[name].value)


def _make_kpi_cell(record: Record) -> ComparisonCell:
    ratings = [row["rating"] for row in record.rows.get("observations", []) if row["rating"]]
    fact = record.facts["kpis_rated"]
    if not ratings:
        return make_cell(fact)
    other = ratings.count("other")
    remark = Note(NoteReason.RATED_OTHER, number=other) if other else None
    notices = (fact.source,) if fact.source else ()
    met = Note(NoteReason.KPIS_RATED, number=ratings.count("met"), of=len(ratings) - other)
    return ComparisonCell(met, remark=remark, notices=notices)


def _make_classification(process: Row) -> Classification | None:
    """Return the main CPV code with its published text, otherwise with the text of its group."""
    code: str = process.get("cpv_main") or ""
    groups = [text for prefix, text in TECHNOLOGY_CPV_PREFIXES.items() if code.startswith(prefix)]
    return Classification(code, process.get("cpv_text") or (groups[0] if groups else "")) if code else None


def _extract_process_figures(record: Record) -> ComparedFigures:
    contracts = record.rows["contracts"]
    kind, published = ("contract", contracts) if contracts else ("award", record.rows["awards"])
    rows = [row for row in published if not row[f"superseded_{kind}"]]
    original = [row for row in published if not row[f"repeats_{kind}"]]  # with those that a newer notice corrects
    counted, counted_first = _filter_summable_rows(rows), _filter_summable_rows(original)
    amount = "value_gross" if all(_has_only_gross(row) for row in counted) else "value_net"
    sums = _ProcessSums(record, kind, _get_common_value(counted, "currency"), _get_common_value(counted, "vat_basis"))
    ends = ("end_first", "end_current") if contracts else ("end_date_first", "end_date")
    stage = record.value("stage")
    return ComparedFigures(
        who=_name_parties(record),
        first=sums.of(counted_first, f"{amount}_first") if counted_first else _make_unusable_amount_cell(original, record),
        now=sums.of(counted, amount) if counted else _make_unusable_amount_cell(rows, record), final=sums.of(counted, "value_final"),
        end_first=_make_latest_end_cell(original, ends[0], record), end_now=_make_latest_end_cell(rows, ends[1], record),
        kpis=_make_process_kpi_cell(contracts),
        rating=None, basis=sums.basis, currency=sums.currency, type=_make_classification(_read_main_cpv(record)),
        stage=Stage("stage", stage) if stage in CODE_LABELS["stage"] else None, changes=_count_changes(record), floor=bool(contracts),
        notes=_list_process_notes(record, rows, counted, kind),
    )  # fmt: skip


def _filter_summable_rows(rows: list[Row]) -> list[Row]:
    """Return rows to include in sums: no nominal values, no framework ceilings, and no void awards or contracts."""
    return [row for row in rows if not (row["nominal_value"] or row["is_ceiling"] or row["is_void"])]


def _count_changes(record: Record) -> int:
    """Count changes of value or end. A notice that repeats an award unchanged is not one."""
    return len([row for row in record.rows["changes"] if _has_changed(row, "value") or _has_changed(row, "end")])


def _has_changed(change: Row, field: str) -> bool:
    currency_changed = field == "value" and change["old_currency"] != change["currency"]
    return bool(change[f"old_{field}"] != change[f"new_{field}"]) or currency_changed


def _read_main_cpv(record: Record) -> Row:
    code = record.value("cpv_main")
    texts = [row["description"] for row in record.rows.get("cpv", []) if row["cpv"] == code]
    return {"cpv_main": code, "cpv_text": texts[0] if texts else None}


def _has_only_gross(row: Row) -> bool:
    return row["value_net"] is None and row["value_gross"] is not None


def _pick_net_or_gross(row: Row) -> Decimal:
    amount: Decimal = row["value_gross"] if _has_only_gross(row) else row["value_net"]
    return amount


def _get_common_value(rows: list[Row], name: str) -> str | None:
    values = {row[name] for row in rows if row[name]}
    return values.pop() if len(values) == 1 else "mixed" if values else None


def _make_missing_value_cell(record: Record) -> ComparisonCell:
    """Return why a process has no value: its stage, or information that it withholds."""
    if record.value("stage") in ("planning", "tender"):
        return make_gap("not_yet_due", NoteReason.NOT_AWARDED)
    if record.value("stage") in STAGES_WITHOUT_RESULT:
        return make_gap("not_applicable", NoteReason.CANCELLED)
    withheld = [row for row in record.rows["withheld"] if "value" in (row["field"] or "").lower()]
    if not withheld:
        return NOT_REPORTED_CELL
    return make_gap(withheld[0]["state"], NoteReason.WITHHELD, detail=withheld[0]["detail"])


def _make_unusable_amount_cell(rows: list[Row], record: Record) -> ComparisonCell:
    """Return why no amount can be shown: all are placeholders or framework ceilings, or there is none."""
    if rows and all(row["nominal_value"] for row in rows):
        return make_gap(
            "not_reported", NoteReason.PLACEHOLDER, amounts=tuple(Amount(_pick_net_or_gross(row)) for row in rows)
        )
    if rows and all(row["is_ceiling"] for row in rows):
        return make_gap("not_applicable", NoteReason.CEILING)
    return _make_missing_value_cell(record)


@dataclass(frozen=True)
class _ProcessSums:
    """Sums over the contracts or awards of a process."""

    record: Record
    kind: str
    currency: str | None
    basis: str | None

    def of(self, rows: list[Row], name: str) -> ComparisonCell:
        """Return the sum of a column, or why there is none."""
        values, is_first = [row.get(name) for row in rows], name.endswith("_first")
        currencies = {row["currency_first" if is_first and self.kind == "contract" else "currency"] for row in rows}
        known = [value for value in values if value is not None]
        if known and len(known) == len(values):
            if len(currencies) > 1:
                reason = NoteReason.NO_CURRENCY if None in currencies else NoteReason.SEVERAL_CURRENCIES
                return make_gap("not_applicable", reason, kind=self.kind)
            total = Amount(sum(known, Decimal(0)), currencies.pop() or self.currency, self.basis)
            remark = Note(NoteReason.TOGETHER, number=len(known), kind=self.kind) if len(known) > 1 else None
            return _add_sources(ComparisonCell(total, remark=remark), rows, "first" if is_first else "value")
        if is_first and rows and all(row.get("amendment_only") for row in rows):
            return NO_BASELINE_CELL
        if known:
            counts = {"number": len(known), "of": len(values), "kind": self.kind}
            return make_gap("not_reported", NoteReason.SOME_WITHOUT_VALUE, **counts)
        return _make_missing_value_cell(self.record)


def _add_sources(cell: ComparisonCell, rows: list[Row], prefix: str) -> ComparisonCell:
    """Return the cell with the notices that published its parts, and the day of the newest of them."""
    notices = dict.fromkeys(row[f"{prefix}_notice"] for row in rows if row.get(f"{prefix}_notice"))
    days = [find_publication_day(row[f"{prefix}_on"]) for row in rows if row.get(f"{prefix}_on")]
    return replace(cell, notices=tuple(notices), on=max(days, default=None))


def _make_latest_end_cell(rows: list[Row], name: str, record: Record) -> ComparisonCell:
    ends = [row[name] for row in rows if row.get(name)]
    if name == "end_first" and rows and all(row.get("amendment_only") for row in rows):
        return NO_BASELINE_CELL
    return ComparisonCell(max(ends)) if ends else _make_missing_value_cell(record)


def _make_process_kpi_cell(contracts: list[Row]) -> ComparisonCell:
    if not contracts:
        return make_gap("not_applicable", NoteReason.NO_CONTRACT)
    agreed, rated = sum(row["kpis"] or 0 for row in contracts), sum(row["kpis_rated"] or 0 for row in contracts)
    if not agreed and all(row["kpi_duty"] in ("below_5m", "exempt") for row in contracts):
        return ComparisonCell(Note(NoteReason.NO_KPI_DUTY))
    return ComparisonCell(Note(NoteReason.KPIS_PUBLISHED, number=rated, of=agreed))


def _list_process_notes(record: Record, rows: list[Row], counted: list[Row], kind: str) -> tuple[Note, ...]:
    notes = []
    superseded = [row for row in record.rows["awards"] if row["superseded_award"]]
    if superseded:
        amounts = tuple(map(_read_net_amount, superseded))
        notes.append(Note(NoteReason.REPEATED, number=len(superseded), amounts=amounts))
    if len(counted) < len(rows):
        notes.append(Note(NoteReason.LEFT_OUT, kind, len(rows) - len(counted), len(rows)))
    return tuple(notes)


def _read_net_amount(row: Row) -> Amount | None:
    return None if row["value_net"] is None else Amount(row["value_net"], row["currency"])


def _extract_award_figures(record: Record) -> ComparedFigures:
    original = next((row for row in record.rows["earlier"] if row["award_id"] == record.value("repeats_award")), None)
    basis, currency = record.value("vat_basis"), record.value("currency")
    if original is None:
        first = _make_amount_cell(record.facts["value_net_first"], currency, basis)
        end_first = make_cell(record.facts["end_date_first"])
    else:  # the first values are those of the award that this one repeats
        amount = original["value_net_first"]
        first = _make_earlier_award_cell(
            original, amount if amount is None else Amount(amount, original["currency"] or currency, basis)
        )
        end_first = _make_earlier_award_cell(original, original["end_date_first"])
    return ComparedFigures(
        who=_name_parties(record), first=first, now=_make_amount_cell(record.facts["value_net"], currency, basis),
        final=DOES_NOT_APPLY_CELL,
        end_first=end_first, end_now=make_cell(record.facts["end_date"]), kpis=None, rating=None, basis=basis, currency=currency,
        type=_make_classification((record.rows.get("process") or [{}])[0]), stage=_make_award_stage(record.value("status")),
        changes=_count_changes(record), floor=False, notes=_list_value_notes(record.facts),
    )  # fmt: skip


def _make_earlier_award_cell(award: Row, value: Any) -> ComparisonCell:
    return NOT_REPORTED_CELL if value is None else _add_sources(ComparisonCell(value), [award], "first")


def _make_award_stage(status: str | None) -> Stage | None:
    return Stage("award_status", status) if status else None


def _extract_scheme_figures(record: Record) -> ComparedFigures:
    rating, year = record.value("assurance_rating"), record.value("last_year")
    project_rating = ProjectRating(
        rating, record.value("assurance_source") or "", record.value("assurance_scale") or "", year
    )
    category, base = record.value("gmpp_category"), record.value("forecast_price_base")
    has_two_reports = record.value("comparable_state") != "not_applicable"
    pair = AmountPair(
        first=record.value("baseline_wlc") if has_two_reports else None,
        last=record.value("comparable_wlc") if has_two_reports else None,
        note=record.value("comparable_note") or "",
    )
    return ComparedFigures(
        who=Parties(department=record.value("department")),
        first=_make_amount_cell(record.facts["baseline_wlc"], "GBP", record.value("baseline_price_base") or base),
        now=_make_amount_cell(record.facts["forecast_wlc"], "GBP", base), final=make_gap("not_applicable", NoteReason.NO_FINAL_COST),
        end_first=make_cell(record.facts["baseline_end"]), end_now=make_cell(record.facts["forecast_end"]), kpis=None,
        rating=ComparisonCell(project_rating) if rating else NOT_REPORTED_CELL, basis=base, currency="GBP",
        type=Classification(category) if category else None,
        stage=Note(NoteReason.IN_REPORTS, number=record.value("first_year"), of=year), changes=record.value("rebaselines") or 0,
        floor=False, growth=pair,
    )  # fmt: skip


_EXTRACTOR_BY_KIND = {
    "contract": _extract_contract_figures,
    "contracting_process": _extract_process_figures,
    "scheme": _extract_scheme_figures,
    "award": _extract_award_figures,
}
COMPARED_KINDS = frozenset(_EXTRACTOR_BY_KIND)


def extract_figures(record: Record) -> ComparedFigures:
    """Return the figures of a record of one of COMPARED_KINDS."""
    changes = record.rows.get("changes", [])
    counts = {name: len([row for row in changes if _has_changed(row, name)]) for name in ("value", "end")}
    figures = _EXTRACTOR_BY_KIND[record.kind](record)
    return replace(figures, value_changes=counts["value"], end_changes=counts["end"])
