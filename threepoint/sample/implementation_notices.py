"""Notices of a contract in force: payments, performance, changes and the end. Each carries only what is new."""

from threepoint.sample import ground_truth
from threepoint.sample.dates import format_iso_date, format_last_second, format_midnight
from threepoint.sample.lot_outcomes import ContractChange, LotOutcome
from threepoint.sample.money import add_vat, convert_to_pounds
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.notice_parts import build_tender_identity
from threepoint.sample.vocabulary import COMPLETION_REASON, KPI_DEFINITIONS, RATING_NAMES


def get_outcome_and_truth(builder: NoticeBuilder) -> tuple[LotOutcome, Json]:
    """Return the lot that this notice is about, and its truth so far."""
    index = builder.step.lot_index
    return builder.story.outcomes[index], builder.truth["contracts"][index]


def build_contract_stub(builder: NoticeBuilder, kind: str, notice_type: str, text: str) -> Json:
    """Return a contract with only its ids and this notice's document."""
    lot, truth = get_outcome_and_truth(builder)
    return {"id": lot.local, "awardID": truth["award_id"], "documents": [builder.document(kind, notice_type, text)]}


def build_sections(builder: NoticeBuilder, contract: Json) -> Json:
    """Return the contract, and a tender that only names the procurement."""
    return {"tender": build_tender_identity(builder), "contracts": [contract]}


def build_payment_notice(builder: NoticeBuilder) -> Json:
    """UK8: payments of a quarter."""
    lot, truth = get_outcome_and_truth(builder)
    quarters = max(1, (lot.over - lot.start) // 91)
    parts = builder.dice.between(1, 3)
    contract = build_contract_stub(builder, "implementationNotice", "UK8", "Contract payment notice")
    transactions = [build_payment(builder, truth, lot.final // quarters // parts) for _ in range(parts)]
    return build_sections(builder, {**contract, "implementation": {"transactions": transactions}})


def build_payment(builder: NoticeBuilder, truth: Json, share: int) -> Json:
    amount = share * builder.dice.between(850, 1150) // 1000
    truth["payments"] += 1
    builder.paid[builder.step.lot_index] += amount
    truth["paid"] = convert_to_pounds(builder.paid[builder.step.lot_index])
    return {
        "id": str(truth["payments"]),
        "date": format_midnight(builder.step.day - builder.dice.between(10, 90)),
        "value": {"amount": convert_to_pounds(amount), "currency": builder.story.currency},
        "payer": builder.buyer,
        "payee": builder.suppliers(builder.story.outcomes[builder.step.lot_index])[0],
    }


def build_performance_notice(builder: NoticeBuilder) -> Json:
    """UK9: a rating for each agreed indicator, milestones met and missed, and failures."""
    lot, truth = get_outcome_and_truth(builder)
    contract = build_contract_stub(builder, "implementationNotice", "UK9", "Contract performance notice")
    implementation: Json = {"metrics": [build_metric(builder, lot, truth, index) for index in range(len(lot.kpis))]}
    if lot.milestones:
        implementation["milestones"] = [
            build_milestone_result(builder, lot, truth, index) for index in range(len(lot.milestones))
        ]
    if builder.dice.chance(0.1):
        implementation["performanceFailures"] = [build_failure(builder, lot, truth)]
    return build_sections(builder, {**contract, "implementation": implementation})


def build_metric(builder: NoticeBuilder, lot: LotOutcome, truth: Json, index: int) -> Json:
    title, unit, target, _ = KPI_DEFINITIONS[lot.kpis[index]]
    rating = draw_rating(builder, lot)
    truth["ratings"][rating] += 1
    builder.observations += 1
    observation: Json = {
        "id": str(builder.observations),
        "period": {
            "startDate": format_midnight(builder.step.day - 364),
            "endDate": format_last_second(builder.step.day - 28),
        },
        "measureClassification": {"scheme": "UK_KPI_RATING", "id": rating, "description": RATING_NAMES[rating]},
    }
    if rating == "other":
        observation["notes"] = "The measure was changed during the period (synthetic)."
    else:
        observation["measure"] = int(target * TARGET_TENTHS_BY_RATING[rating]) / 10
        observation["unit"] = {"name": unit}
    return {"id": f"kpi-{index + 1}", "title": title, "observations": [observation]}


TARGET_TENTHS_BY_RATING = {"met": 10, "slightlyBelow": 9.7, "below": 9.1, "significantlyBelow": 7.6}


def draw_rating(builder: NoticeBuilder, lot: LotOutcome) -> str:
    if builder.dice.random() < lot.quality:
        return "met"
    return builder.dice.pick(("slightlyBelow",) * 5 + ("below",) * 3 + ("significantlyBelow", "other"))


def build_milestone_result(builder: NoticeBuilder, lot: LotOutcome, truth: Json, index: int) -> Json:
    milestone, day = lot.milestones[index], builder.step.day
    result = {
        "id": str(index + 1),
        "title": milestone.title,
        "type": "delivery",
        "dueDate": format_last_second(milestone.due),
    }
    if milestone.met < day:
        truth["milestones"][index]["met"] = format_iso_date(milestone.met)
        return {**result, "status": "met", "dateMet": format_midnight(milestone.met)}
    return {**result, "status": "notMet" if milestone.due < day else "scheduled"}


def build_failure(builder: NoticeBuilder, lot: LotOutcome, truth: Json) -> Json:
    """Return a breach or poor performance under section 71(5) of the Procurement Act 2023."""
    truth["failures"] += 1
    amount = lot.value * builder.dice.between(2, 30) // 1000
    return {
        "id": str(truth["failures"]),
        "period": {
            "startDate": format_midnight(builder.step.day - 200),
            "endDate": format_last_second(builder.step.day - 60),
        },
        "category": "Service levels",
        "events": builder.dice.between(1, 6),
        "requirement": "Availability of the service (synthetic)",
        "description": "The service was unavailable for longer than the contract allows (synthetic).",
        "decisionDate": format_midnight(builder.step.day - 40),
        "penaltyType": builder.dice.pick(("contracted", "imposed", "negotiated")),
        "penaltyValue": {"amount": convert_to_pounds(amount), "currency": builder.story.currency},
        "suppliers": builder.suppliers(lot),
    }


def build_change_notice(builder: NoticeBuilder) -> Json:
    """UK10: an amendment, with the value and the end only if they change."""
    lot, truth = get_outcome_and_truth(builder)
    change, previous = lot.changes[builder.step.item], get_previous_state(lot, builder.step.item)
    code, name, text = change.ground
    contract = build_contract_stub(builder, "contractNotice", "UK10", "Contract change notice")
    changed = {**build_new_value(builder, lot, change, previous), **build_new_end(builder, lot, change, previous)}
    amendment = {
        "id": builder.notice,
        "date": format_midnight(change.day),
        "description": f"{text} (synthetic)",
        "rationale": name,
        "rationaleClassifications": [{"scheme": "UK_MODIFICATION_GROUND", "id": code, "description": name}],
        **changed,
    }
    ground_truth.record_change(truth, change, builder.notice)
    return build_sections(builder, {**contract, "amendments": [amendment], **changed})


def get_previous_state(lot: LotOutcome, item: int) -> ContractChange:
    return lot.changes[item - 1] if item else ContractChange(lot.start, lot.value, lot.end, lot.changes[0].ground)


def build_new_value(builder: NoticeBuilder, lot: LotOutcome, change: ContractChange, previous: ContractChange) -> Json:
    """Return the new value: withheld if the first one is, and sometimes gross instead of net."""
    field = f"contracts/{lot.local}/value"
    if change.value == previous.value:
        return {}
    if lot.flaws.value == "withheld":
        builder.hide(field, "Contract value")
        return {}
    builder.put_right(field)
    if builder.dice.chance(0.03):
        gross = add_vat(change.value, "standard")
        builder.get_wrong(f"{field}/amount", convert_to_pounds(gross), convert_to_pounds(change.value))
        return {"value": builder.value(gross)}
    return {"value": builder.value(change.value)}


def build_new_end(builder: NoticeBuilder, lot: LotOutcome, change: ContractChange, previous: ContractChange) -> Json:
    if change.end == previous.end:
        return {}
    builder.put_right(f"contracts/{lot.local}/period/endDate")
    return {"period": {"endDate": format_last_second(change.end)}}


def build_termination_notice(builder: NoticeBuilder) -> Json:
    """UK11: the end of a contract, early or on time."""
    lot, truth = get_outcome_and_truth(builder)
    code, name = lot.early or COMPLETION_REASON
    truth.update(final_value=convert_to_pounds(lot.final), ended=format_iso_date(lot.over), ended_early=bool(lot.early))
    implementation: Json = {"endDate": format_last_second(lot.over)}
    if lot.flaws.value == "withheld":
        builder.hide(f"contracts/{lot.local}/implementation/finalValue", "Final value")
    else:
        implementation["finalValue"] = builder.value(lot.final)
    contract = build_contract_stub(builder, "contractTerminationNotice", "UK11", "Contract termination notice")
    reasons = [{"scheme": "UK_TERMINATION_REASON", "id": code, "description": name}]
    ended = {"status": "terminated", "terminationRationaleClassifications": reasons, "implementation": implementation}
    return build_sections(builder, {**contract, **ended})
