"""UK7: the details of signed contracts, with the fields that the publisher withholds, forgets or gets wrong."""

from threepoint.sample import ground_truth
from threepoint.sample.award_notices import build_award_outline, build_bids, record_award
from threepoint.sample.dates import format_iso_date, format_last_second, format_midnight, get_year
from threepoint.sample.lot_outcomes import KPI_DUTY_PENCE, LotOutcome
from threepoint.sample.money import add_vat, convert_to_pounds
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.notice_parts import THRESHOLD_GROSS_PENCE, build_lots, build_method, build_tender_identity
from threepoint.sample.vocabulary import KPI_DEFINITIONS


def build_details_notice(builder: NoticeBuilder) -> Json:
    story = builder.story
    tender = {
        **build_tender_identity(builder),
        **build_method(builder),
        "status": "complete",
        "lots": build_lots(builder, "complete"),
    }
    sections: Json = {"tender": tender}
    if story.route == "call_off" and builder.dice.chance(0.5):
        sections["bids"] = build_bids(builder)
    sections["awards"] = [build_award_outline(builder, index, "active") for index in range(len(story.outcomes))]
    sections["contracts"] = [build_contract(builder, index) for index in range(len(story.outcomes))]
    if story.parent:
        sections["relatedProcesses"] = [build_framework_link(story.parent)]
    return sections


def build_framework_link(framework: str) -> Json:
    uri = f"https://example.invalid/procurement/{framework}"
    return {"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": framework, "uri": uri}


def build_contract(builder: NoticeBuilder, index: int) -> Json:
    lot, award_id = builder.story.outcomes[index], builder.award_ids[index]
    record_award(builder, index, None)
    builder.truth["contracts"].append(ground_truth.describe_contract(builder.story, lot, award_id))
    contract: Json = {
        "id": lot.local,
        "awardID": award_id,
        "title": builder.story.title,
        "status": "active",
        "period": build_contract_period(builder, lot),
        **build_contract_value(builder, lot),
        "aboveThreshold": add_vat(lot.value, builder.story.vat) >= THRESHOLD_GROSS_PENCE,
        "documents": [builder.document("contractNotice", "UK7", "Contract details notice")],
        **build_indicators(builder, lot),
    }
    if lot.flaws.unsigned:
        builder.leave_out(f"contracts/{lot.local}/dateSigned")
    else:
        contract["dateSigned"] = format_midnight(lot.signed)
    if lot.milestones:
        contract["milestones"] = build_milestones(lot)
    if builder.dice.chance(0.008):
        contract["statusDetails"] = None
    return contract


def build_contract_value(builder: NoticeBuilder, lot: LotOutcome) -> Json:
    """Return the value as this publisher gives it: right, wrong, or none."""
    field, flaw = f"contracts/{lot.local}/value", lot.flaws.value
    if flaw == "withheld":
        builder.hide(field, "Contract value")
        return {}
    if flaw == "missing":
        builder.leave_out(field)
        return {}
    if flaw:
        wrong_value = build_wrong_value(builder, lot)
        builder.get_wrong(f"{field}/amount", wrong_value["amount"], convert_to_pounds(lot.value))
        return {"value": {**wrong_value, "currency": builder.story.currency}}
    return {"value": builder.value(lot.value)}


def build_wrong_value(builder: NoticeBuilder, lot: LotOutcome) -> Json:
    """Return a nominal penny, text instead of a number, or the gross amount as the net one."""
    if lot.flaws.value == "nominal":
        return {"amount": 0.01, "amountGross": 0.01}
    gross = convert_to_pounds(add_vat(lot.value, "standard"))
    texts = ("TBC", f"{lot.value // 100:,}.00", "see schedule 4")
    return {"amount": builder.dice.pick(texts) if lot.flaws.value == "text" else gross, "amountGross": gross}


def build_contract_period(builder: NoticeBuilder, lot: LotOutcome) -> Json:
    """Return the period, with its end as this publisher gives it: right, wrong, or none."""
    field, flaw = f"contracts/{lot.local}/period/endDate", lot.flaws.end
    period = {"startDate": format_midnight(lot.start), "endDate": format_last_second(lot.end)}
    if flaw == "missing":
        builder.leave_out(field)
        del period["endDate"]
    elif flaw:
        no_such_day = f"{get_year(lot.end)}-02-30T23:59:59Z"
        period["endDate"] = format_last_second(lot.start - 30) if flaw == "inverted" else no_such_day
        builder.get_wrong(field, period["endDate"], format_iso_date(lot.end))
    elif builder.dice.chance(0.2):
        period["maxExtentDate"] = format_last_second(lot.end + 365)
    return period


def build_indicators(builder: NoticeBuilder, lot: LotOutcome) -> Json:
    """Return the agreed indicators with their targets, or why there are none if the law requires a reason or the buyer gives one."""
    if lot.kpis:
        return {"agreedMetrics": [build_agreed_metric(index, kpi, lot) for index, kpi in enumerate(lot.kpis)]}
    if lot.value >= KPI_DUTY_PENCE or builder.dice.chance(0.3):
        return {"noAgreedMetricsRationale": "Performance cannot be assessed by indicators (synthetic)."}
    return {}


def build_agreed_metric(index: int, kpi: int, lot: LotOutcome) -> Json:
    title, unit, target, text = KPI_DEFINITIONS[kpi]
    period = {"startDate": format_midnight(lot.start), "endDate": format_last_second(lot.end)}
    observation = {"id": f"target-{index + 1}", "measure": target, "unit": {"name": unit}, "period": period}
    return {"id": f"kpi-{index + 1}", "title": title, "description": text, "observations": [observation]}


def build_milestones(lot: LotOutcome) -> list[Json]:
    return [
        {
            "id": str(index + 1),
            "title": milestone.title,
            "type": "delivery",
            "dueDate": format_last_second(milestone.due),
            "status": "scheduled",
        }
        for index, milestone in enumerate(lot.milestones)
    ]
