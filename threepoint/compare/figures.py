"""The few figures of a thing that a comparison shows: from a contract, a process, an award or a scheme."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from threepoint.compare.cells import Cell, make_cell, make_gap
from threepoint.compare.typed_values import Note, Rating, Reason, Stage, Type, Who
from threepoint.presentation.records import Fact, Record
from threepoint.standard.amounts import Amount
from threepoint.standard.code_lists import TECHNOLOGY_CPV, WORDS

Row = dict[str, Any]
VOID = ("cancelled", "unsuccessful")  # statuses of awards that came to nothing
DOES_NOT_APPLY = make_gap("not_applicable", Reason.DOES_NOT_APPLY)
NO_BASELINE = make_gap("not_reported", Reason.NO_BASELINE)
NOT_REPORTED = make_gap("not_reported", Reason.NOT_REPORTED)


@dataclass(frozen=True)
class Pair:
    """First and last amounts on one basis, with a published note; no amounts where there is no such pair."""

    first: Decimal | None
    last: Decimal | None
    note: str


@dataclass(frozen=True)
class Figures:
    """What is compared of one thing. `basis` (net, gross, unknown, or a price base) and `currency` are those of its amounts."""

    who: Who
    first: Cell
    now: Cell
    final: Cell
    end_first: Cell
    end_now: Cell
    kpis: Cell | None  # None for what has no KPIs by its kind
    rating: Cell | None
    basis: str | None
    currency: str | None
    type: Type | None
    stage: Stage | Note | None
    changes: int
    floor: bool  # small changes need no notice
    notes: tuple[Note, ...] = ()
    growth: Pair | None = None  # where growth is not that from first to now

    def basis_of(self, cell: Cell) -> str | None:
        """The basis of one of its amounts, else of all of them."""
        return cell.value.basis if isinstance(cell.value, Amount) else self.basis


def _who(record: Record) -> Who:
    current = [row for row in record.rows.get("suppliers", []) if row.get("current", True)]
    buyers = tuple(row["name"] or "" for row in record.rows.get("buyer", []))
    return Who(buyers, tuple(row["name"] for row in current))


def _amount(fact: Fact, currency: str | None, basis: str | None) -> Cell:
    return make_cell(fact, Amount(fact.value, currency, basis) if fact.value is not None else None)


def _net_or_gross(record: Record, net: str, gross: str, currency: str | None, basis: str | None) -> Cell:
    """An amount without VAT; where only the one with VAT was published, that."""
    found, with_vat = _amount(record.facts[net], currency, basis), record.facts[gross]
    return found if found.value is not None or with_vat.value is None else _amount(with_vat, currency, "gross")


def _contract(record: Record) -> Figures:
    process = (record.rows.get("process") or [{}])[0]
    known, currency, basis = not record.value("amendment_only"), record.value("currency"), record.value("vat_basis")
    return Figures(
        who=_who(record), first=_first_amount(record) if known else NO_BASELINE,
        now=_net_or_gross(record, "value_net", "value_gross", currency, basis),
        final=_amount(record.facts["value_final"], currency, basis),
        end_first=make_cell(record.facts["end_first"]) if known else NO_BASELINE,
        end_now=make_cell(record.facts["end_current"]), kpis=_kpis(record), rating=None, basis=basis, currency=currency,
        type=_type(process), stage=_contract_stage(record.value("phase")), changes=record.value("changes") or 0, floor=True,
        notes=_value_notes(record.facts),
    )  # fmt: skip


def _first_amount(record: Record) -> Cell:
    basis = record.value("vat_basis")
    if basis == "gross" and record.value("value_net_first") is not None:  # the net value was taken back since
        basis = "unknown" if record.value("value_gross_first") is None else "net"
    currency = record.value("currency_first") or record.value("currency")
    return _net_or_gross(record, "value_net_first", "value_gross_first", currency, basis)


def _contract_stage(phase: str | None) -> Stage | None:
    """Where a contract stands; one in delivery is where a process in delivery is."""
    if phase == "in_delivery":
        return Stage("stage", "contract")
    return Stage("phase", phase) if phase in WORDS["phase"] else None


def _value_notes(facts: dict[str, Fact]) -> tuple[Note, ...]:
    told = {"nominal_value": Reason.NOMINAL_VALUE, "is_ceiling": Reason.CEILING_VALUE}
    return tuple(Note(reason) for name, reason in told.items() if facts[name].value)


def _kpis(record: Record) -> Cell:
    rated = [row["rating"] for row in record.rows.get("observations", []) if row["rating"]]
    fact = record.facts["kpis_rated"]
    if not rated:
        return make_cell(fact)
    other = rated.count("other")
    remark = Note(Reason.RATED_OTHER, number=other) if other else None
    notices = (fact.source,) if fact.source else ()
    met = Note(Reason.KPIS_RATED, number=rated.count("met"), of=len(rated) - other)
    return Cell(met, remark=remark, notices=notices)


def _type(process: Row) -> Type | None:
    """The main CPV code with its words: as published, else those of its group."""
    code: str = process.get("cpv_main") or ""
    groups = [words for start, words in TECHNOLOGY_CPV.items() if code.startswith(start)]
    return Type(code, process.get("cpv_text") or (groups[0] if groups else "")) if code else None


def _process(record: Record) -> Figures:
    contracts = record.rows["contracts"]
    kind, published = ("contract", contracts) if contracts else ("award", record.rows["awards"])
    rows = [row for row in published if not row.get("superseded_award")]
    begun = [row for row in published if not row.get("repeats_award")]  # what a correction replaced came first
    counted, counted_first = _counted(rows), _counted(begun)
    amount = "value_gross" if all(_only_gross(row) for row in counted) else "value_net"
    sums = _Sums(record, kind, _same(counted, "currency"), _same(counted, "vat_basis"))
    ends = ("end_first", "end_current") if contracts else ("end_date_first", "end_date")
    stage = record.value("stage")
    return Figures(
        who=_who(record), first=sums.of(counted_first, f"{amount}_first") if counted_first else _unusable(begun, record),
        now=sums.of(counted, amount) if counted else _unusable(rows, record), final=sums.of(counted, "value_final"),
        end_first=_latest(begun, ends[0], record), end_now=_latest(rows, ends[1], record), kpis=_process_kpis(contracts),
        rating=None, basis=sums.basis, currency=sums.currency, type=_type(_own_process(record)),
        stage=Stage("stage", stage) if stage in WORDS["stage"] else None, changes=_changes(record), floor=bool(contracts),
        notes=_process_notes(record, rows, counted, kind),
    )  # fmt: skip


def _counted(rows: list[Row]) -> list[Row]:
    """The rows that stand in a sum: no nominal value, no framework's ceiling, and no award that came to nothing."""
    return [row for row in rows if not row["nominal_value"] and not row["is_ceiling"] and not _void(row)]


def _void(row: Row) -> bool:
    return "contract_id" not in row and row["status"] in VOID


def _changes(record: Record) -> int:
    """How many published changes differ in value or end; a notice that repeats an award as it was changes nothing."""
    return len([row for row in record.rows["changes"] if _differs(row, "value") or _differs(row, "end")])


def _differs(change: Row, what: str) -> bool:
    return bool(change[f"old_{what}"] != change[f"new_{what}"])


def _own_process(record: Record) -> Row:
    code = record.value("cpv_main")
    told = [row["description"] for row in record.rows.get("cpv", []) if row["cpv"] == code]
    return {"cpv_main": code, "cpv_text": told[0] if told else None}


def _only_gross(row: Row) -> bool:
    return row["value_net"] is None and row["value_gross"] is not None


def _either(row: Row) -> Decimal:
    amount: Decimal = row["value_gross"] if _only_gross(row) else row["value_net"]
    return amount


def _same(rows: list[Row], name: str) -> str | None:
    found = {row[name] for row in rows if row[name]}
    return found.pop() if len(found) == 1 else "mixed" if found else None


def _missing(record: Record) -> Cell:
    """Why a process has no value: by its stage, or by what it withholds."""
    if record.value("stage") in ("planning", "tender"):
        return make_gap("not_yet_due", Reason.NOT_AWARDED)
    if record.value("stage") == "cancelled":
        return make_gap("not_applicable", Reason.CANCELLED)
    held = [row for row in record.rows["withheld"] if "value" in (row["field"] or "").lower()]
    return make_gap(held[0]["state"], Reason.WITHHELD, detail=held[0]["detail"]) if held else NOT_REPORTED


def _unusable(rows: list[Row], record: Record) -> Cell:
    """Why no amount can be shown: those published fill the form or are a framework's ceiling, or there is none."""
    if rows and all(row["nominal_value"] for row in rows):
        return make_gap("not_reported", Reason.FILLS_FORM, amounts=tuple(Amount(_either(row)) for row in rows))
    if rows and all(row["is_ceiling"] for row in rows):
        return make_gap("not_applicable", Reason.CEILING)
    return _missing(record)


@dataclass(frozen=True)
class _Sums:
    """Sums over the contracts or awards of a process."""

    record: Record
    kind: str
    currency: str | None
    basis: str | None

    def of(self, rows: list[Row], name: str) -> Cell:
        """The sum of a column, or why there is none."""
        values, first = [row.get(name) for row in rows], name.endswith("_first")
        stated = {row["currency_first" if first and self.kind == "contract" else "currency"] for row in rows}
        known = [value for value in values if value is not None]
        if known and len(known) == len(values):
            if len(stated) > 1:
                reason = Reason.NO_CURRENCY if None in stated else Reason.SEVERAL_CURRENCIES
                return make_gap("not_applicable", reason, kind=self.kind)
            total = Amount(sum(known, Decimal(0)), stated.pop() or self.currency, self.basis)
            remark = Note(Reason.TOGETHER, number=len(known), kind=self.kind) if len(known) > 1 else None
            return _sourced(Cell(total, remark=remark), rows, "first" if first else "value")
        if first and rows and all(row.get("amendment_only") for row in rows):
            return NO_BASELINE
        if known:
            told = {"number": len(known), "of": len(values), "kind": self.kind}
            return make_gap("not_reported", Reason.SOME_WITHOUT_VALUE, **told)
        return _missing(self.record)


def _sourced(cell: Cell, rows: list[Row], which: str) -> Cell:
    """The cell with the notices that published its parts, and the day of the newest of them."""
    notices = dict.fromkeys(row[f"{which}_notice"] for row in rows if row.get(f"{which}_notice"))
    days = [row[f"{which}_on"].date() for row in rows if row.get(f"{which}_on")]
    return replace(cell, notices=tuple(notices), on=max(days, default=None))


def _latest(rows: list[Row], name: str, record: Record) -> Cell:
    ends = [row[name] for row in rows if row.get(name)]
    if name == "end_first" and rows and all(row.get("amendment_only") for row in rows):
        return NO_BASELINE
    return Cell(max(ends)) if ends else _missing(record)


def _process_kpis(contracts: list[Row]) -> Cell:
    if not contracts:
        return make_gap("not_applicable", Reason.NO_CONTRACT)
    agreed, rated = sum(row["kpis"] or 0 for row in contracts), sum(row["kpis_rated"] or 0 for row in contracts)
    if not agreed and all(row["kpi_duty"] in ("below_5m", "exempt") for row in contracts):
        return Cell(Note(Reason.NO_KPI_DUTY))
    return Cell(Note(Reason.KPIS_PUBLISHED, number=rated, of=agreed))


def _process_notes(record: Record, rows: list[Row], counted: list[Row], kind: str) -> tuple[Note, ...]:
    notes = []
    old = [row for row in record.rows["awards"] if row["superseded_award"]]
    if old:
        notes.append(Note(Reason.REPEATED, number=len(old), amounts=tuple(map(_net, old))))
    if len(counted) < len(rows):
        notes.append(Note(Reason.LEFT_OUT, kind, len(rows) - len(counted), len(rows)))
    return tuple(notes)


def _net(row: Row) -> Amount | None:
    return None if row["value_net"] is None else Amount(row["value_net"], row["currency"])


def _award(record: Record) -> Figures:
    begun = next((row for row in record.rows["earlier"] if row["award_id"] == record.value("repeats_award")), None)
    basis, currency = record.value("vat_basis"), record.value("currency")
    if begun is None:
        first = _amount(record.facts["value_net_first"], currency, basis)
        end_first = make_cell(record.facts["end_date_first"])
    else:  # what was published first was published by the award that this one repeats
        amount = begun["value_net_first"]
        first = _begun(begun, amount if amount is None else Amount(amount, begun["currency"] or currency, basis))
        end_first = _begun(begun, begun["end_date_first"])
    return Figures(
        who=_who(record), first=first, now=_amount(record.facts["value_net"], currency, basis), final=DOES_NOT_APPLY,
        end_first=end_first, end_now=make_cell(record.facts["end_date"]), kpis=None, rating=None, basis=basis, currency=currency,
        type=_type((record.rows.get("process") or [{}])[0]), stage=_award_stage(record.value("status")),
        changes=_changes(record), floor=False, notes=_value_notes(record.facts),
    )  # fmt: skip


def _begun(begun: Row, value: Any) -> Cell:
    return NOT_REPORTED if value is None else _sourced(Cell(value), [begun], "first")


def _award_stage(status: str | None) -> Stage | None:
    return Stage("award_status", status) if status else None


def _scheme(record: Record) -> Figures:
    rating, year = record.value("assurance_rating"), record.value("last_year")
    given = Rating(rating, record.value("assurance_source") or "", record.value("assurance_scale") or "", year)
    category, base = record.value("gmpp_category"), record.value("forecast_price_base")
    pair = Pair(record.value("baseline_wlc"), record.value("comparable_wlc"), record.value("comparable_note") or "")
    return Figures(
        who=Who(department=record.value("department")),
        first=_amount(record.facts["baseline_wlc"], "GBP", record.value("baseline_price_base") or base),
        now=_amount(record.facts["forecast_wlc"], "GBP", base), final=make_gap("not_applicable", Reason.NO_OUTTURN),
        end_first=make_cell(record.facts["baseline_end"]), end_now=make_cell(record.facts["forecast_end"]), kpis=None,
        rating=Cell(given) if rating else NOT_REPORTED, basis=base, currency="GBP", type=Type(category) if category else None,
        stage=Note(Reason.IN_REPORTS, number=record.value("first_year"), of=year), changes=record.value("rebaselines") or 0,
        floor=False, growth=pair,
    )  # fmt: skip


COMPARED = {"contract": _contract, "contracting_process": _process, "scheme": _scheme, "award": _award}
