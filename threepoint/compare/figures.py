"""The few figures of a thing that a comparison shows, each with its state: from a contract, a process or a scheme."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from threepoint.standard import words
from threepoint.standard.codes import STAGES, TECHNOLOGY_CPV, WORDS
from threepoint.standard.records import Fact, Record
from threepoint.standard.states import NotScored
from threepoint.standard.words import exact_money

UNTOLD = NotScored("not_reported", "not reported")
VOID = ("cancelled", "unsuccessful")  # statuses of awards that came to nothing
FLOOR = "no notified change: under 10% needs no notice"


@dataclass(frozen=True)
class Figure:
    """A value, or the reason why there is none; `source` and `on` say where it was published, `note` what to know.

    `basis` is what an amount includes or whose prices it is in, and `currency` its currency, where they differ from the
    thing's other amounts.
    """

    value: Any = None
    missing: NotScored | None = None
    source: str = ""
    on: date | None = None
    note: str = ""
    basis: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Figures:
    """What is compared of one thing. Money is in `currency` on `basis` (net, gross, unknown, or a price base)."""

    what: str
    who: str
    first: Figure
    now: Figure
    final: Figure
    end_first: Figure
    end_now: Figure
    kpis: Figure
    rating: Figure
    basis: str | None
    currency: str | None
    type: "Type | None"
    phase: str | None
    changes: int
    floor: bool  # small changes need no notice
    notes: list[str] = field(default_factory=list)
    growth: "Growth | None" = None  # where first and now are not what growth is told from


@dataclass(frozen=True)
class Type:
    """What kind of thing it is, by a code, with the code in words."""

    code: str
    words: str


@dataclass(frozen=True)
class Growth:
    """First and last amounts on one basis, and what to know of them; no amounts where there is no such pair."""

    first: Decimal | None
    last: Decimal | None
    note: str


def figure(fact: Fact | None) -> Figure:
    """The figure of a fact, with the fact's state where there is no value."""
    if fact is None:
        return Figure(missing=NotScored("not_applicable", ""))
    if fact.known and fact.value is not None:
        return Figure(fact.value, source=fact.source, on=fact.source_date)
    return Figure(missing=NotScored(fact.state, fact.why_not), source=fact.source, on=fact.source_date)


def of(record: Record) -> Figures:
    """The figures of a contract, a process (its contracts, else its awards, taken together) or a scheme."""
    return COMPARED[record.kind](record)


def _who(record: Record) -> str:
    buyer = ", ".join(row["name"] or "" for row in record.rows.get("buyer", []))
    current = [row for row in record.rows.get("suppliers", []) if row.get("current", True)]
    suppliers = [row["name"] or "name not published" for row in current]
    named = ", ".join(suppliers[:3]) + (f" and {len(suppliers) - 3} more" if len(suppliers) > 3 else "")
    return " with ".join(part for part in (buyer, named) if part) or "not reported"


def _money(record: Record, net: str, gross: str) -> Figure:
    found, with_vat = figure(record.facts[net]), record.facts[gross]
    if found.value is not None or with_vat.value is None:
        return found
    return replace(figure(with_vat), basis="gross")


def _contract(record: Record) -> Figures:
    process = (record.rows.get("process") or [{}])[0]
    known = not record.value("amendment_only")
    return Figures(
        what=record.title, who=_who(record),
        first=_first_money(record) if known else _no_baseline(),
        now=_money(record, "value_net", "value_gross"), final=figure(record.facts["value_final"]),
        end_first=figure(record.facts["end_first"]) if known else _no_baseline(),
        end_now=figure(record.facts["end_current"]), kpis=_kpis(record), rating=Figure(),
        basis=record.value("vat_basis"), currency=record.value("currency"), type=_type(process),
        phase=WORDS["phase"].get(record.value("phase")), changes=record.value("changes") or 0, floor=True, notes=_value_notes(record.facts),
    )  # fmt: skip


def _first_money(record: Record) -> Figure:
    first, basis = _money(record, "value_net_first", "value_gross_first"), record.value("vat_basis")
    if basis == "gross" and record.value("value_net_first") is not None:  # the net value was taken back since
        basis = "unknown" if record.value("value_gross_first") is None else "net"
    return replace(first, currency=record.value("currency_first"), basis=first.basis or basis)


def _no_baseline() -> Figure:
    return Figure(missing=NotScored("not_reported", "not reported: first seen in a change notice"))


def _value_notes(facts: dict[str, Fact]) -> list[str]:
    notes = []
    if facts["nominal_value"].value:
        notes.append("the published value is 0, 0.01 or 1, which only fills the form: it stands in no sum")
    if facts["is_ceiling"].value:
        notes.append("the value is a framework's ceiling, never spend")
    return notes


def _kpis(record: Record) -> Figure:
    rated = [row["rating"] for row in record.rows.get("observations", []) if row["rating"]]
    if not rated:
        return figure(record.facts["kpis_rated"])
    met = sum(rating == "met" for rating in rated)
    other = sum(rating == "other" for rating in rated)
    counted = len(rated) - other
    note = f"{other} more rated Other, which is counted apart" if other else ""
    return Figure(f"{met} of {counted} rated Good by the buyer", source=record.facts["kpis_rated"].source, note=note)


def _type(process: dict[str, Any]) -> Type | None:
    """The main CPV code with its words: as published, else those of its group."""
    code: str = process.get("cpv_main") or ""
    groups = [words for start, words in TECHNOLOGY_CPV.items() if code.startswith(start)]
    said = process.get("cpv_text") or (groups[0] if groups else "")
    return Type(code, f"{code} {said}".strip()) if code else None


def _process(record: Record) -> Figures:
    contracts = record.rows["contracts"]
    kind, published = ("contract", contracts) if contracts else ("award", record.rows["awards"])
    rows = [row for row in published if not row.get("superseded_award")]
    begun = [row for row in published if not row.get("repeats_award")]  # what a correction replaced came first
    counted, counted_first = _counted(rows), _counted(begun)
    amount = "value_gross" if all(_only_gross(row) for row in counted) else "value_net"
    first = _sum(counted_first, f"{amount}_first", record, kind) if counted_first else _unusable(begun)
    now = _sum(counted, amount, record, kind) if counted else _unusable(rows)
    gap = Figure(missing=_missing_for(record))
    ends = ("end_first", "end_current") if contracts else ("end_date_first", "end_date")
    return Figures(
        what=record.title, who=_who(record), first=first or gap, now=now or gap,
        final=_sum(counted, "value_final", record, kind),
        end_first=_latest(begun, ends[0], record), end_now=_latest(rows, ends[1], record), kpis=_process_kpis(contracts),
        rating=Figure(), basis=_same(counted, "vat_basis"), currency=_same(counted, "currency"),
        type=_type(_own_process(record)), phase=STAGES.get(record.value("stage") or ""),
        changes=_changes(record), floor=bool(contracts),
        notes=_process_notes(record, rows, counted, kind),
    )  # fmt: skip


def _counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that stand in a sum: no nominal value, no framework's ceiling, and no award that came to nothing."""
    return [row for row in rows if not row["nominal_value"] and not row["is_ceiling"] and not _void(row)]


def _void(row: dict[str, Any]) -> bool:
    return "contract_id" not in row and row["status"] in VOID


def _changes(record: Record) -> int:
    """How many published changes differ in value or end; a notice that repeats an award as it was changes nothing."""
    return len([row for row in record.rows["changes"] if _differs(row, "value") or _differs(row, "end")])


def _differs(change: dict[str, Any], what: str) -> bool:
    return bool(change[f"old_{what}"] != change[f"new_{what}"])


def _own_process(record: Record) -> dict[str, Any]:
    code = record.value("cpv_main")
    told = [row["description"] for row in record.rows.get("cpv", []) if row["cpv"] == code]
    return {"cpv_main": code, "cpv_text": told[0] if told else None}


def _only_gross(row: dict[str, Any]) -> bool:
    return row["value_net"] is None and row["value_gross"] is not None


def _same(rows: list[dict[str, Any]], name: str) -> str | None:
    found = {row[name] for row in rows if row[name]}
    return found.pop() if len(found) == 1 else "mixed" if found else None


def _missing_for(record: Record) -> NotScored:
    if record.value("stage") in ("planning", "tender"):
        return NotScored("not_yet_due", "not yet due: nothing has been awarded")
    if record.value("stage") == "cancelled":
        return NotScored("not_applicable", "does not apply: cancelled before award")
    held = [row for row in record.rows["withheld"] if "value" in (row["field"] or "").lower()]
    if held:
        return NotScored(held[0]["state"], f"withheld ({held[0]['detail']})")
    return NotScored("not_reported", "not reported")


def _unusable(rows: list[dict[str, Any]]) -> Figure | None:
    """Why no amount can be shown though amounts were published: they fill the form, or they are a framework's ceiling."""
    if rows and all(row["nominal_value"] for row in rows):
        said = ", ".join(sorted({f"{row['value_net']:f}".rstrip("0").rstrip(".") for row in rows}))
        return Figure(missing=NotScored("not_reported", f"not reported: the form says {said}, which only fills it"))
    if rows and all(row["is_ceiling"] for row in rows):
        return Figure(missing=NotScored("not_applicable", "a framework: its ceiling is no one's spend"))
    return None


def _sum(rows: list[dict[str, Any]], name: str, record: Record, kind: str) -> Figure:
    values = [row.get(name) for row in rows]
    stated = {row["currency_first" if name.endswith("_first") and kind == "contract" else "currency"] for row in rows}
    if values and None not in values and len(stated) > 1:
        why = "for some of which no currency is stated" if None in stated else "in several currencies"
        return Figure(missing=NotScored("not_applicable", f"not comparable: {kind}s {why}"))
    if not values or None in values:
        gap = _missing_for(record)
        told = sum(value is not None for value in values)
        if name.endswith("_first") and all(row.get("amendment_only") for row in rows) and rows:
            return _no_baseline()
        if told:
            why = f"not reported: {told} of {len(values)} {kind}s give a value"
            return Figure(missing=NotScored("not_reported", why))
        return Figure(missing=gap)
    note = f"{len(values)} {kind}s" if len(values) > 1 else ""
    total = sum((value for value in values if value is not None), Decimal(0))
    return _sourced(
        Figure(total, note=note, currency=stated.pop()), rows, "first" if name.endswith("_first") else "value"
    )


def _sourced(figure: Figure, rows: list[dict[str, Any]], which: str) -> Figure:
    """The figure with the notices that published its parts, and the day of the newest of them."""
    notices = dict.fromkeys(row.get(f"{which}_notice") or "" for row in rows)
    days = [row[f"{which}_on"].date() for row in rows if row.get(f"{which}_on")]
    return replace(figure, source=", ".join(notice for notice in notices if notice), on=max(days, default=None))


def _latest(rows: list[dict[str, Any]], name: str, record: Record) -> Figure:
    ends = [row[name] for row in rows if row.get(name)]
    if name == "end_first" and rows and all(row.get("amendment_only") for row in rows):
        return _no_baseline()
    return Figure(max(ends)) if ends else Figure(missing=_missing_for(record))


def _process_kpis(contracts: list[dict[str, Any]]) -> Figure:
    if not contracts:
        return Figure(missing=NotScored("not_applicable", "no contract notice, so no KPIs"))
    agreed, rated = sum(row["kpis"] or 0 for row in contracts), sum(row["kpis_rated"] or 0 for row in contracts)
    if not agreed and all(row["kpi_duty"] in ("below_5m", "exempt") for row in contracts):
        return Figure("none published; no duty to publish any")
    return Figure(f"{agreed} published, {rated} results rated")


def _process_notes(record: Record, rows: list[dict[str, Any]], counted: list[dict[str, Any]], kind: str) -> list[str]:
    notes = []
    old = [row for row in record.rows["awards"] if row["superseded_award"]]
    if old:
        values = ", ".join(_exactly(row) for row in old)
        plural = "s" if len(old) > 1 else ""
        notes.append(
            f"{len(old)} earlier award{plural} ({values}) repeated by a newer notice under a new id: first published there,"
            " counted once"
        )
    if len(counted) < len(rows):
        notes.append(
            f"{len(rows) - len(counted)} of {len(rows)} {kind}s left out of the amounts: the value only fills the form (0,"
            " 0.01, 1), is a framework's ceiling, or the award was cancelled"
        )
    return notes


def _exactly(award: dict[str, Any]) -> str:
    value = award["value_net"]
    return "no value" if value is None else exact_money(value, award["currency"])


def _award(record: Record) -> Figures:
    begun = next((row for row in record.rows["earlier"] if row["award_id"] == record.value("repeats_award")), None)
    first = replace(_first_of(record, begun, "value_net_first"), currency=begun["currency"] if begun else None)
    return Figures(
        what=record.title, who=_who(record), first=first, now=figure(record.facts["value_net"]),
        final=Figure(missing=NotScored("not_applicable", "")), end_first=_first_of(record, begun, "end_date_first"),
        end_now=figure(record.facts["end_date"]), kpis=Figure(missing=NotScored("not_applicable", "")), rating=Figure(),
        basis=record.value("vat_basis"), currency=record.value("currency"),
        type=_type((record.rows.get("process") or [{}])[0]), phase=record.value("status"),
        changes=_changes(record), floor=False, notes=_value_notes(record.facts),
    )  # fmt: skip


def _first_of(record: Record, begun: dict[str, Any] | None, name: str) -> Figure:
    """What was published first: by the award that this one repeats, where there is one."""
    if begun is not None:
        return _sourced(Figure(begun[name]), [begun], "first") if begun[name] is not None else Figure(missing=UNTOLD)
    return figure(record.facts[name])


def _scheme(record: Record) -> Figures:
    rating = record.value("assurance_rating")
    scale = {"3pt": "three-point scale", "5pt": "five-point scale"}.get(record.value("assurance_scale") or "", "")
    rater = (record.value("assurance_source") or "").upper()
    year = record.value("last_year")
    told = (
        Figure(f"{rating} ({rater}, {scale})", source=f"report of {year}")
        if rating
        else Figure(missing=NotScored("not_reported", "not reported"))
    )
    category = record.value("gmpp_category")
    growth = Growth(record.value("baseline_wlc"), record.value("comparable_wlc"), record.value("comparable_note") or "")
    return Figures(
        what=record.title, who=words.department(record.value("department") or "not reported"), first=_priced(record, "baseline"),
        now=_priced(record, "forecast"), final=Figure(missing=NotScored("not_applicable", "the portfolio has no outturn")),
        end_first=figure(record.facts["baseline_end"]), end_now=figure(record.facts["forecast_end"]),
        kpis=Figure(missing=NotScored("not_applicable", "the portfolio publishes none")), rating=told,
        basis=record.value("forecast_price_base"), currency="GBP", type=Type(category, category) if category else None,
        phase=f"in reports {record.value('first_year')} to {year}", changes=record.value("rebaselines") or 0, floor=False,
        growth=growth,
    )  # fmt: skip


def _priced(record: Record, which: str) -> Figure:
    return replace(figure(record.facts[f"{which}_wlc"]), basis=record.value(f"{which}_price_base"))


COMPARED = {"contract": _contract, "contracting_process": _process, "scheme": _scheme, "award": _award}
