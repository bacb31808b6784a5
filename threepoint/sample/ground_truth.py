"""The truth that results are compared with: plain JSON objects, money in pounds without VAT, dates as ISO days.

A process:     ocid, title, cpv, route, framework_ocid, currency, vat, scheme, buyer, bids (by lot), awards, contracts,
               withheld, missing, wrong, releases
An award:      id, date, value, suppliers, superseded_by
A flaw:        field, release; also ground for a withheld field, given_by (the later release that gives it) for a
               missing field, and published, right and corrected_by for a wrong one. A field is section/id/path, or
               tender/path, or bids/statistics/measure/lot
A contract:    id, award_id, suppliers, first_value, last_value, final_value, first_end, last_end, ended, ended_early,
               changes, kpis, ratings, failures, milestones, payments, paid
The truth includes facts that are not published, such as a withheld value or a missing end date. It excludes facts that
lie in the future or that no release reports.
"""

from typing import Any

from threepoint.sample.dates import format_iso_date
from threepoint.sample.lot_outcomes import ContractChange, LotOutcome
from threepoint.sample.money import convert_to_pounds
from threepoint.sample.scenario import Scenario
from threepoint.sample.vocabulary import RATING_CODES

Json = dict[str, Any]


def describe_process(story: Scenario) -> Json:
    """Return the truth before the first notice. Notices add the awards and contracts that they report."""
    scheme = story.scheme
    scheme_truth = scheme and {
        "id": scheme.key,
        "title": scheme.title,
        "budget": convert_to_pounds(scheme.budget),
        "end": format_iso_date(scheme.end),
    }
    return {
        "ocid": story.ocid,
        "title": story.title,
        "cpv": story.cpv[0],
        "route": story.route,
        "framework_ocid": story.parent,
        "currency": story.currency,
        "vat": story.vat,
        "scheme": scheme_truth,
        "buyer": story.buyer.as_truth(),
        "bids": {lot.local: bids for lot, bids in zip(story.outcomes, story.bids, strict=False)},
        "awards": [],
        "contracts": [],
        "withheld": [],
        "missing": [],
        "wrong": [],
        "releases": 0,
    }


def describe_award(lot: LotOutcome, award_id: str, day: int | None) -> Json:
    """Return an award. An award that is first reported by a contract details notice has no date."""
    return {
        "id": award_id,
        "date": day and format_iso_date(day),
        "value": convert_to_pounds(lot.value),
        "suppliers": [body.as_truth() for body in lot.suppliers],
        "superseded_by": None,
    }


def describe_contract(story: Scenario, lot: LotOutcome, award_id: str) -> Json:
    """Return a contract as signed."""
    return {
        "id": f"{story.ocid}/contracts/{lot.local}",
        "award_id": award_id,
        "suppliers": [body.as_truth() for body in lot.suppliers],
        "first_value": convert_to_pounds(lot.value),
        "last_value": convert_to_pounds(lot.value),
        "final_value": None,
        "first_end": format_iso_date(lot.end),
        "last_end": format_iso_date(lot.end),
        "ended": None,
        "ended_early": False,
        "changes": [],
        "kpis": len(lot.kpis),
        "ratings": dict.fromkeys(RATING_CODES, 0),
        "failures": 0,
        "milestones": [{"title": each.title, "due": format_iso_date(each.due), "met": None} for each in lot.milestones],
        "payments": 0,
        "paid": 0,
    }


def record_change(contract: Json, change: ContractChange, notice: str) -> None:
    """Add a change that a notice reports, and update the contract's last value and end."""
    value, end = convert_to_pounds(change.value), format_iso_date(change.end)
    contract["changes"].append(
        {
            "release": notice,
            "date": format_iso_date(change.day),
            "ground": change.ground[0],
            "old_value": contract["last_value"],
            "new_value": value,
            "old_end": contract["last_end"],
            "new_end": end,
        }
    )
    contract["last_value"], contract["last_end"] = value, end
