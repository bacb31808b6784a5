"""One figure from one snapshot, in a form whose sha256 anyone can calculate again.

The canonical form is a JSON object of the fields of `CitedFigure`: names in alphabetical order, no spaces between parts,
non-ASCII characters unescaped, in UTF-8, without a line break at the end. Each value is text, true, false or null, so all
programs write it alike.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from threepoint.presentation import formatting
from threepoint.presentation.records import Fact, Record
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.value_states import STATE_BY_CODE
from website.catalogue.fact_display import RecordValues
from website.common import snapshot_access

CANONICAL_FORM_VERSION = "1"  # must change when the fields change
# A difference in any of these makes another figure.
COMPARED_FIELDS = ("value", "unit", "currency", "basis", "state", "detail", "due_on")
SHORT_HASH_DIGITS = 20  # of the hash in a URL: 80 bits, so that no two collide by chance

# For each amount, the fact that gives its basis. The basis of other amounts is not published.
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
    """A fact of a record, with its value or the state of its gap.

    `value` is exact: money as 14200000.00, days as 2026-03-10, times in UTC; null if there is none. `text` is the value as
    shown on the page. `basis` of an amount is net, gross or the price base. Days are in ISO 8601 format.
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
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """The sha256 of the canonical form, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def label(self) -> str:
        """Name of the fact on a page."""
        return formatting.format_field_name(self.fact)

    @property
    def state_words(self) -> str:
        return STATE_BY_CODE[self.state].words if self.state in STATE_BY_CODE else self.state

    @property
    def source_day(self) -> date | None:
        return date.fromisoformat(self.source_date) if self.source_date else None

    def differs(self, other: "CitedFigure") -> bool:
        """Return true if the figures differ in more than their source."""
        return any(getattr(self, name) != getattr(other, name) for name in COMPARED_FIELDS)


def parse_cited_figure(canonical: str) -> CitedFigure:
    """Return the figure of a canonical form; raise TypeError or ValueError if it is not one."""
    return CitedFigure(**json.loads(canonical))


def make_cited_figure(snapshot: snapshot_access.Snapshot, record: Record, name: str) -> CitedFigure:
    """Return the fact `name` of a record; raise KeyError if the record has no such fact."""
    fact, values = record.facts[name], RecordValues(record)
    return CitedFigure(
        form=CANONICAL_FORM_VERSION, snapshot=snapshot.name, as_of=snapshot.as_of.isoformat(), kind=record.kind, id=record.id,
        title=record.title, publisher=record.publisher, synthetic=record.synthetic, fact=name,
        value=format_exact_value(fact.value), text=values.display_whole_value(fact), unit=SDES_TABLES[record.kind].field(name).unit,
        currency=values.shown.currency(name) if fact.type == "money" else None, basis=_find_amount_basis(record, fact),
        state=fact.state, detail=fact.detail, due_on=fact.due_on.isoformat() if fact.due_on else None,
        source=fact.source, source_date=fact.source_date.isoformat() if fact.source_date else None,
        source_url=values.urls.get(fact.source, ""),
    )  # fmt: skip


def format_exact_value(value: Any) -> str | None:
    """Return a value as exact text; None for no value."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def _find_amount_basis(record: Record, fact: Fact) -> str | None:
    """Return net or gross of VAT, or the price base, of an amount; None if it is not published or the fact is no amount."""
    if fact.type != "money":
        return None
    if "gross" in fact.name:
        return "gross"
    basis_fact = BASIS_FACTS_BY_KIND.get(record.kind, {}).get(fact.name)
    return format_exact_value(record.value(basis_fact)) if basis_fact else None
