"""Notices of a contract in force: payments, performance, changes, the end. They carry only what is new."""

from threepoint.sample import ground_truth
from threepoint.sample.dates import format_iso_date, format_last_second, format_midnight
from threepoint.sample.lot_outcomes import ContractChange, LotOutcome
from threepoint.sample.money import add_vat, convert_to_pounds
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.notice_parts import build_tender_identity
from threepoint.sample.vocabulary import COMPLETION_REASON, KPI_DEFINITIONS, RATING_NAMES


def get_outcome_and_truth(tale: NoticeBuilder) -> tuple[LotOutcome, Json]:
    """The deal that this notice is about, and its truth so far."""
    place = tale.step.deal
    return tale.story.deals[place], tale.truth["contracts"][place]


def build_contract_stub(tale: NoticeBuilder, kind: str, notice_type: str, text: str) -> Json:
    """A contract by its ids, and this notice's document."""
    deal, told = get_outcome_and_truth(tale)
    return {"id": deal.local, "awardID": told["award_id"], "documents": [tale.document(kind, notice_type, text)]}


def build_sections(tale: NoticeBuilder, contract: Json) -> Json:
    """The contract, and of the tender no more than its name."""
    return {"tender": build_tender_identity(tale), "contracts": [contract]}


def build_payment_notice(tale: NoticeBuilder) -> Json:
    """UK8: what was paid in a quarter."""
    deal, told = get_outcome_and_truth(tale)
    quarters = max(1, (deal.over - deal.start) // 91)
    parts = tale.dice.between(1, 3)
    given = build_contract_stub(tale, "implementationNotice", "UK8", "Contract payment notice")
    transactions = [build_payment(tale, told, deal.final // quarters // parts) for _ in range(parts)]
    return build_sections(tale, {**given, "implementation": {"transactions": transactions}})


def build_payment(tale: NoticeBuilder, told: Json, share: int) -> Json:
    amount = share * tale.dice.between(850, 1150) // 1000
    told["payments"] += 1
    tale.paid[tale.step.deal] += amount
    told["paid"] = convert_to_pounds(tale.paid[tale.step.deal])
    return {
        "id": str(told["payments"]),
        "date": format_midnight(tale.step.day - tale.dice.between(10, 90)),
        "value": {"amount": convert_to_pounds(amount), "currency": tale.story.currency},
        "payer": tale.buyer,
        "payee": tale.suppliers(tale.story.deals[tale.step.deal])[0],
    }


def build_performance_notice(tale: NoticeBuilder) -> Json:
    """UK9: each agreed indicator rated, milestones met and missed, and failures."""
    deal, told = get_outcome_and_truth(tale)
    given = build_contract_stub(tale, "implementationNotice", "UK9", "Contract performance notice")
    implementation: Json = {"metrics": [build_metric(tale, deal, told, place) for place in range(len(deal.kpis))]}
    if deal.milestones:
        implementation["milestones"] = [
            build_milestone_result(tale, deal, told, place) for place in range(len(deal.milestones))
        ]
    if tale.dice.chance(0.1):
        implementation["performanceFailures"] = [build_failure(tale, deal, told)]
    return build_sections(tale, {**given, "implementation": implementation})


def build_metric(tale: NoticeBuilder, deal: LotOutcome, told: Json, place: int) -> Json:
    title, unit, target, _ = KPI_DEFINITIONS[deal.kpis[place]]
    rating = draw_rating(tale, deal)
    told["ratings"][rating] += 1
    tale.observations += 1
    observation: Json = {
        "id": str(tale.observations),
        "period": {
            "startDate": format_midnight(tale.step.day - 364),
            "endDate": format_last_second(tale.step.day - 28),
        },
        "measureClassification": {"scheme": "UK_KPI_RATING", "id": rating, "description": RATING_NAMES[rating]},
    }
    if rating == "other":
        observation["notes"] = "The measure was changed during the period (synthetic)."
    else:
        observation["measure"] = int(target * TARGET_TENTHS_BY_RATING[rating]) / 10
        observation["unit"] = {"name": unit}
    return {"id": f"kpi-{place + 1}", "title": title, "observations": [observation]}


TARGET_TENTHS_BY_RATING = {
    "met": 10,
    "slightlyBelow": 9.7,
    "below": 9.1,
    "significantlyBelow": 7.6,
}  # tenths of the target


def draw_rating(tale: NoticeBuilder, deal: LotOutcome) -> str:
    if tale.dice.random() < deal.quality:
        return "met"
    return tale.dice.pick(("slightlyBelow",) * 5 + ("below",) * 3 + ("significantlyBelow", "other"))


def build_milestone_result(tale: NoticeBuilder, deal: LotOutcome, told: Json, place: int) -> Json:
    milestone, day = deal.milestones[place], tale.step.day
    given = {
        "id": str(place + 1),
        "title": milestone.title,
        "type": "delivery",
        "dueDate": format_last_second(milestone.due),
    }
    if milestone.met < day:
        told["milestones"][place]["met"] = format_iso_date(milestone.met)
        return {**given, "status": "met", "dateMet": format_midnight(milestone.met)}
    return {**given, "status": "notMet" if milestone.due < day else "scheduled"}


def build_failure(tale: NoticeBuilder, deal: LotOutcome, told: Json) -> Json:
    """A breach or a poor showing under section 71(5)."""
    told["failures"] += 1
    amount = deal.value * tale.dice.between(2, 30) // 1000
    return {
        "id": str(told["failures"]),
        "period": {
            "startDate": format_midnight(tale.step.day - 200),
            "endDate": format_last_second(tale.step.day - 60),
        },
        "category": "Service levels",
        "events": tale.dice.between(1, 6),
        "requirement": "Availability of the service (synthetic)",
        "description": "The service was unavailable for longer than the contract allows (synthetic).",
        "decisionDate": format_midnight(tale.step.day - 40),
        "penaltyType": tale.dice.pick(("contracted", "imposed", "negotiated")),
        "penaltyValue": {"amount": convert_to_pounds(amount), "currency": tale.story.currency},
        "suppliers": tale.suppliers(deal),
    }


def build_change_notice(tale: NoticeBuilder) -> Json:
    """UK10: an amendment, and of value and end only the one that changed."""
    deal, told = get_outcome_and_truth(tale)
    new, old = deal.changes[tale.step.item], get_previous_state(deal, tale.step.item)
    code, name, text = new.ground
    given = build_contract_stub(tale, "contractNotice", "UK10", "Contract change notice")
    changed = {**build_new_value(tale, deal, new, old), **build_new_end(tale, deal, new, old)}
    amendment = {
        "id": tale.notice,
        "date": format_midnight(new.day),
        "description": f"{text} (synthetic)",
        "rationale": name,
        "rationaleClassifications": [{"scheme": "UK_MODIFICATION_GROUND", "id": code, "description": name}],
        **changed,
    }
    ground_truth.record_change(told, new, tale.notice)
    return build_sections(tale, {**given, "amendments": [amendment], **changed})


def get_previous_state(deal: LotOutcome, item: int) -> ContractChange:
    """The state that a change starts from."""
    return deal.changes[item - 1] if item else ContractChange(deal.start, deal.value, deal.end, deal.changes[0].ground)


def build_new_value(tale: NoticeBuilder, deal: LotOutcome, new: ContractChange, old: ContractChange) -> Json:
    """The new value: withheld like the first, or with VAT taken for without now and then."""
    field = f"contracts/{deal.local}/value"
    if new.value == old.value:
        return {}
    if deal.flaws.value == "withheld":
        tale.hide(field, "Contract value")
        return {}
    tale.put_right(field)
    if tale.dice.chance(0.03):
        gross = add_vat(new.value, "standard")
        tale.get_wrong(f"{field}/amount", convert_to_pounds(gross), convert_to_pounds(new.value))
        return {"value": tale.value(gross)}
    return {"value": tale.value(new.value)}


def build_new_end(tale: NoticeBuilder, deal: LotOutcome, new: ContractChange, old: ContractChange) -> Json:
    if new.end == old.end:
        return {}
    tale.put_right(f"contracts/{deal.local}/period/endDate")
    return {"period": {"endDate": format_last_second(new.end)}}


def build_termination_notice(tale: NoticeBuilder) -> Json:
    """UK11: every ending has one, early or in due course."""
    deal, told = get_outcome_and_truth(tale)
    code, name = deal.early or COMPLETION_REASON
    told.update(
        final_value=convert_to_pounds(deal.final), ended=format_iso_date(deal.over), ended_early=bool(deal.early)
    )
    implementation: Json = {"endDate": format_last_second(deal.over)}
    if deal.flaws.value == "withheld":
        tale.hide(f"contracts/{deal.local}/implementation/finalValue", "Final value")
    else:
        implementation["finalValue"] = tale.value(deal.final)
    given = build_contract_stub(tale, "contractTerminationNotice", "UK11", "Contract termination notice")
    reasons = [{"scheme": "UK_TERMINATION_REASON", "id": code, "description": name}]
    ended = {"status": "terminated", "terminationRationaleClassifications": reasons, "implementation": implementation}
    return build_sections(tale, {**given, **ended})
