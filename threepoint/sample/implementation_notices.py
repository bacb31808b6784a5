"""Notices of a contract in force: payments, performance, changes, the end. They carry only what is new."""

from threepoint.sample import ground_truth
from threepoint.sample.dates import iso, last_second, midnight
from threepoint.sample.lot_outcomes import Change, Deal
from threepoint.sample.money import gross_of, pounds
from threepoint.sample.notice_builder import Json, Tale
from threepoint.sample.notice_parts import name_of
from threepoint.sample.vocabulary import KPIS, RAN_ITS_COURSE, RATING_NAMES


def deal_of(tale: Tale) -> tuple[Deal, Json]:
    """The deal that this notice is about, and its truth so far."""
    place = tale.step.deal
    return tale.story.deals[place], tale.truth["contracts"][place]


def about(tale: Tale, kind: str, notice_type: str, text: str) -> Json:
    """A contract by its ids, and this notice's document."""
    deal, told = deal_of(tale)
    return {"id": deal.local, "awardID": told["award_id"], "documents": [tale.document(kind, notice_type, text)]}


def only(tale: Tale, contract: Json) -> Json:
    """The contract, and of the tender no more than its name."""
    return {"tender": name_of(tale), "contracts": [contract]}


def payments(tale: Tale) -> Json:
    """UK8: what was paid in a quarter."""
    deal, told = deal_of(tale)
    quarters = max(1, (deal.over - deal.start) // 91)
    parts = tale.dice.between(1, 3)
    given = about(tale, "implementationNotice", "UK8", "Contract payment notice")
    transactions = [payment(tale, told, deal.final // quarters // parts) for _ in range(parts)]
    return only(tale, {**given, "implementation": {"transactions": transactions}})


def payment(tale: Tale, told: Json, share: int) -> Json:
    amount = share * tale.dice.between(850, 1150) // 1000
    told["payments"] += 1
    tale.paid[tale.step.deal] += amount
    told["paid"] = pounds(tale.paid[tale.step.deal])
    return {
        "id": str(told["payments"]),
        "date": midnight(tale.step.day - tale.dice.between(10, 90)),
        "value": {"amount": pounds(amount), "currency": tale.story.currency},
        "payer": tale.buyer,
        "payee": tale.suppliers(tale.story.deals[tale.step.deal])[0],
    }


def performance(tale: Tale) -> Json:
    """UK9: each agreed indicator rated, milestones met and missed, and failures."""
    deal, told = deal_of(tale)
    given = about(tale, "implementationNotice", "UK9", "Contract performance notice")
    implementation: Json = {"metrics": [metric(tale, deal, told, place) for place in range(len(deal.kpis))]}
    if deal.milestones:
        implementation["milestones"] = [reached(tale, deal, told, place) for place in range(len(deal.milestones))]
    if tale.dice.chance(0.1):
        implementation["performanceFailures"] = [failure(tale, deal, told)]
    return only(tale, {**given, "implementation": implementation})


def metric(tale: Tale, deal: Deal, told: Json, place: int) -> Json:
    title, unit, target, _ = KPIS[deal.kpis[place]]
    rating = rated(tale, deal)
    told["ratings"][rating] += 1
    tale.observations += 1
    observation: Json = {
        "id": str(tale.observations),
        "period": {"startDate": midnight(tale.step.day - 364), "endDate": last_second(tale.step.day - 28)},
        "measureClassification": {"scheme": "UK_KPI_RATING", "id": rating, "description": RATING_NAMES[rating]},
    }
    if rating == "other":
        observation["notes"] = "The measure was changed during the period (synthetic)."
    else:
        observation["measure"] = int(target * SHORTFALL[rating]) / 10
        observation["unit"] = {"name": unit}
    return {"id": f"kpi-{place + 1}", "title": title, "observations": [observation]}


SHORTFALL = {"met": 10, "slightlyBelow": 9.7, "below": 9.1, "significantlyBelow": 7.6}  # tenths of the target


def rated(tale: Tale, deal: Deal) -> str:
    if tale.dice.random() < deal.quality:
        return "met"
    return tale.dice.pick(("slightlyBelow",) * 5 + ("below",) * 3 + ("significantlyBelow", "other"))


def reached(tale: Tale, deal: Deal, told: Json, place: int) -> Json:
    milestone, day = deal.milestones[place], tale.step.day
    given = {"id": str(place + 1), "title": milestone.title, "type": "delivery", "dueDate": last_second(milestone.due)}
    if milestone.met < day:
        told["milestones"][place]["met"] = iso(milestone.met)
        return {**given, "status": "met", "dateMet": midnight(milestone.met)}
    return {**given, "status": "notMet" if milestone.due < day else "scheduled"}


def failure(tale: Tale, deal: Deal, told: Json) -> Json:
    """A breach or a poor showing under section 71(5)."""
    told["failures"] += 1
    amount = deal.value * tale.dice.between(2, 30) // 1000
    return {
        "id": str(told["failures"]),
        "period": {"startDate": midnight(tale.step.day - 200), "endDate": last_second(tale.step.day - 60)},
        "category": "Service levels",
        "events": tale.dice.between(1, 6),
        "requirement": "Availability of the service (synthetic)",
        "description": "The service was unavailable for longer than the contract allows (synthetic).",
        "decisionDate": midnight(tale.step.day - 40),
        "penaltyType": tale.dice.pick(("contracted", "imposed", "negotiated")),
        "penaltyValue": {"amount": pounds(amount), "currency": tale.story.currency},
        "suppliers": tale.suppliers(deal),
    }


def change(tale: Tale) -> Json:
    """UK10: an amendment, and of value and end only the one that changed."""
    deal, told = deal_of(tale)
    new, old = deal.changes[tale.step.item], before(deal, tale.step.item)
    code, name, text = new.ground
    given = about(tale, "contractNotice", "UK10", "Contract change notice")
    changed = {**new_value(tale, deal, new, old), **new_end(tale, deal, new, old)}
    amendment = {
        "id": tale.notice,
        "date": midnight(new.day),
        "description": f"{text} (synthetic)",
        "rationale": name,
        "rationaleClassifications": [{"scheme": "UK_MODIFICATION_GROUND", "id": code, "description": name}],
        **changed,
    }
    ground_truth.changed(told, new, tale.notice)
    return only(tale, {**given, "amendments": [amendment], **changed})


def before(deal: Deal, item: int) -> Change:
    """The state that a change starts from."""
    return deal.changes[item - 1] if item else Change(deal.start, deal.value, deal.end, deal.changes[0].ground)


def new_value(tale: Tale, deal: Deal, new: Change, old: Change) -> Json:
    """The new value: withheld like the first, or with VAT taken for without now and then."""
    field = f"contracts/{deal.local}/value"
    if new.value == old.value:
        return {}
    if deal.flaws.value == "withheld":
        tale.hide(field, "Contract value")
        return {}
    tale.put_right(field)
    if tale.dice.chance(0.03):
        gross = gross_of(new.value, "standard")
        tale.get_wrong(f"{field}/amount", pounds(gross), pounds(new.value))
        return {"value": tale.value(gross)}
    return {"value": tale.value(new.value)}


def new_end(tale: Tale, deal: Deal, new: Change, old: Change) -> Json:
    if new.end == old.end:
        return {}
    tale.put_right(f"contracts/{deal.local}/period/endDate")
    return {"period": {"endDate": last_second(new.end)}}


def termination(tale: Tale) -> Json:
    """UK11: every ending has one, early or in due course."""
    deal, told = deal_of(tale)
    code, name = deal.early or RAN_ITS_COURSE
    told.update(final_value=pounds(deal.final), ended=iso(deal.over), ended_early=bool(deal.early))
    implementation: Json = {"endDate": last_second(deal.over)}
    if deal.flaws.value == "withheld":
        tale.hide(f"contracts/{deal.local}/implementation/finalValue", "Final value")
    else:
        implementation["finalValue"] = tale.value(deal.final)
    given = about(tale, "contractTerminationNotice", "UK11", "Contract termination notice")
    reasons = [{"scheme": "UK_TERMINATION_REASON", "id": code, "description": name}]
    ended = {"status": "terminated", "terminationRationaleClassifications": reasons, "implementation": implementation}
    return only(tale, {**given, **ended})
