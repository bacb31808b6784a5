"""One figure as one snapshot tells it, in a form whose sha256 anyone can work out again.

The canonical form is a JSON object of the fields of `Cited`: names in alphabetical order, no spaces between parts, letters
that are not ASCII as they are, in UTF-8, without a line's end. Each value is text, true, false or null, so no two programs
write a number differently.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from threepoint.presentation import formatting
from threepoint.presentation.records import Fact, Record
from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.sdes import SDES_TABLES
from website.catalogue.fact_display import RecordValues
from website.common import snapshot_access

CANONICAL_FORM_VERSION = "1"  # of the canonical form; another one has other fields
COMPARED_FIELDS = ("value", "unit", "currency", "basis", "state", "detail", "due_on")  # what makes it another figure
SHORT_HASH_DIGITS = 20  # characters of the hash in an address: 80 bits, which no one meets by chance

# Amounts of which another fact of the record says what they are in, and which. Of others nobody says it.
BASIS_FACTS_BY_KIND = {
    "contracting_process": dict.fromkeys(("estimate_net", "estimate_net_first"), "vat_basis"),
    "contract": dict.fromkeys(("value_net", "value_net_first", "value_change"), "vat_basis"),
    "award": dict.fromkeys(("value_net", "value_net_first"), "vat_basis"),
    "spend": {"amount": "vat_basis"},
    "sale": {"amount": "vat_basis"},
    "scheme": dict.fromkeys(("baseline_wlc", "comparable_wlc"), "baseline_price_base")
    | dict.fromkeys(("forecast_wlc", "forecast_wlc_low", "forecast_wlc_high"), "forecast_price_base"),
    "scheme_year": dict.fromkeys(
        ("wlc_low", "wlc_mid", "wlc_high", "fy_baseline", "fy_forecast", "benefits_mid"), "price_base"
    ),
}


@dataclass(frozen=True)
class CitedFigure:
    """A fact of a thing, of a figure or of a gap.

    `value` is exact: money as 14200000.00, days as 2026-03-10, times in UTC; null where there is none. `text` is what a page
    said of it. `basis` tells of an amount whether it is net, gross or in the prices of a year. Days are ISO 8601.
    """

    form: str
    snapshot: str
    as_of: str
    kind: str
    id: str
    title: str
    publisher: str
    synthetic: bool
    fact: str
    value: str | None
    text: str
    unit: str
    currency: str | None
    basis: str | None
    state: str
    detail: str
    due_on: str | None
    source: str
    source_date: str | None
    source_url: str

    @property
    def canonical(self) -> str:
        """The canonical form."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """The sha256 of the canonical form, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def label(self) -> str:
        """What the fact is called on a page."""
        return formatting.format_field_name(self.fact)

    @property
    def state_words(self) -> str:
        """The state in words."""
        return STATE_BY_CODE[self.state].words if self.state in STATE_BY_CODE else self.state

    @property
    def source_day(self) -> date | None:
        """The day of its source."""
        return date.fromisoformat(self.source_date) if self.source_date else None

    def differs(self, other: "CitedFigure") -> bool:
        """Whether the other says something else; another source alone is no difference."""
        return any(getattr(self, name) != getattr(other, name) for name in COMPARED_FIELDS)


def parse_cited_figure(canonical: str) -> CitedFigure:
    """What a canonical form says. TypeError or ValueError where it is none."""
    return CitedFigure(**json.loads(canonical))


def make_cited_figure(snapshot: snapshot_access.Snapshot, found: Record, name: str) -> CitedFigure:
    """The fact `name` of a record; KeyError where it has none of that name."""
    fact, values = found.facts[name], RecordValues(found)
    return CitedFigure(
        form=CANONICAL_FORM_VERSION, snapshot=snapshot.name, as_of=snapshot.as_of.isoformat(), kind=found.kind, id=found.id,
        title=found.title, publisher=found.publisher, synthetic=found.synthetic, fact=name,
        value=format_exact_value(fact.value), text=values.full(fact), unit=SDES_TABLES[found.kind].field(name).unit,
        currency=values.shown.currency(name) if fact.type == "money" else None, basis=_find_amount_basis(found, fact),
        state=fact.state, detail=fact.detail, due_on=fact.due_on.isoformat() if fact.due_on else None,
        source=fact.source, source_date=fact.source_date.isoformat() if fact.source_date else None,
        source_url=values.urls.get(fact.source, ""),
    )  # fmt: skip


def format_exact_value(value: Any) -> str | None:
    """A value as text that loses nothing; None for none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def _find_amount_basis(found: Record, fact: Fact) -> str | None:
    """What an amount is in: net or gross of VAT as the record says, or the prices of a year; None for what is no amount."""
    if fact.type != "money":
        return None
    if "gross" in fact.name:
        return "gross"
    told = BASIS_FACTS_BY_KIND.get(found.kind, {}).get(fact.name)
    return format_exact_value(found.value(told)) if told else None
