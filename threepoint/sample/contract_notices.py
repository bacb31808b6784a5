"""UK7: the details of the contracts that were signed, with whatever the publisher hid, forgot or got wrong."""

from threepoint.sample import ground_truth
from threepoint.sample.award_notices import build_award_outline, build_bids, record_award
from threepoint.sample.dates import format_iso_date, format_last_second, format_midnight, get_year
from threepoint.sample.lot_outcomes import KPI_DUTY_PENCE, LotOutcome
from threepoint.sample.money import add_vat, convert_to_pounds
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.notice_parts import THRESHOLD_GROSS_PENCE, build_lots, build_method, build_tender_identity
from threepoint.sample.vocabulary import KPI_DEFINITIONS


def build_details_notice(tale: NoticeBuilder) -> Json:
    story = tale.story
    tender = {
        **build_tender_identity(tale),
        **build_method(tale),
        "status": "complete",
        "lots": build_lots(tale, "complete"),
    }
    sections: Json = {"tender": tender}
    if story.route == "call_off" and tale.dice.chance(0.5):
        sections["bids"] = build_bids(tale)
    sections["awards"] = [build_award_outline(tale, place, "active") for place in range(len(story.deals))]
    sections["contracts"] = [build_contract(tale, place) for place in range(len(story.deals))]
    if story.parent:
        sections["relatedProcesses"] = [build_framework_link(story.parent)]
    return sections


def build_framework_link(framework: str) -> Json:
    uri = f"https://example.invalid/procurement/{framework}"
    return {"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": framework, "uri": uri}


def build_contract(tale: NoticeBuilder, place: int) -> Json:
    deal, award_id = tale.story.deals[place], tale.award_ids[place]
    record_award(tale, place, None)
    tale.truth["contracts"].append(ground_truth.describe_contract(tale.story, deal, award_id))
    given: Json = {
        "id": deal.local,
        "awardID": award_id,
        "title": tale.story.title,
        "status": "active",
        "period": build_contract_period(tale, deal),
        **build_contract_value(tale, deal),
        "aboveThreshold": add_vat(deal.value, tale.story.vat) >= THRESHOLD_GROSS_PENCE,
        "documents": [tale.document("contractNotice", "UK7", "Contract details notice")],
        **build_indicators(tale, deal),
    }
    if deal.flaws.unsigned:
        tale.leave_out(f"contracts/{deal.local}/dateSigned")
    else:
        given["dateSigned"] = format_midnight(deal.signed)
    if deal.milestones:
        given["milestones"] = build_milestones(deal)
    if tale.dice.chance(0.008):
        given["statusDetails"] = None
    return given


def build_contract_value(tale: NoticeBuilder, deal: LotOutcome) -> Json:
    """The value, or what this publisher made of it."""
    field, flaw = f"contracts/{deal.local}/value", deal.flaws.value
    if flaw == "withheld":
        tale.hide(field, "Contract value")
        return {}
    if flaw == "missing":
        tale.leave_out(field)
        return {}
    if flaw:
        wrong = build_wrong_value(tale, deal)
        tale.get_wrong(f"{field}/amount", wrong["amount"], convert_to_pounds(deal.value))
        return {"value": {**wrong, "currency": tale.story.currency}}
    return {"value": tale.value(deal.value)}


def build_wrong_value(tale: NoticeBuilder, deal: LotOutcome) -> Json:
    """A penny where a number was wanted, words where one was meant, or VAT taken for part of the net amount."""
    if deal.flaws.value == "nominal":
        return {"amount": 0.01, "amountGross": 0.01}
    gross = convert_to_pounds(add_vat(deal.value, "standard"))
    words = ("TBC", f"{deal.value // 100:,}.00", "see schedule 4")
    return {"amount": tale.dice.pick(words) if deal.flaws.value == "text" else gross, "amountGross": gross}


def build_contract_period(tale: NoticeBuilder, deal: LotOutcome) -> Json:
    """The period, or what this publisher made of its end."""
    field, flaw = f"contracts/{deal.local}/period/endDate", deal.flaws.end
    given = {"startDate": format_midnight(deal.start), "endDate": format_last_second(deal.end)}
    if flaw == "missing":
        tale.leave_out(field)
        del given["endDate"]
    elif flaw:
        no_such_day = f"{get_year(deal.end)}-02-30T23:59:59Z"
        given["endDate"] = format_last_second(deal.start - 30) if flaw == "inverted" else no_such_day
        tale.get_wrong(field, given["endDate"], format_iso_date(deal.end))
    elif tale.dice.chance(0.2):
        given["maxExtentDate"] = format_last_second(deal.end + 365)
    return given


def build_indicators(tale: NoticeBuilder, deal: LotOutcome) -> Json:
    """The indicators agreed, with their targets; or why there are none, where the law wants them or the buyer says."""
    if deal.kpis:
        return {"agreedMetrics": [build_agreed_metric(place, kpi, deal) for place, kpi in enumerate(deal.kpis)]}
    if deal.value >= KPI_DUTY_PENCE or tale.dice.chance(0.3):
        return {"noAgreedMetricsRationale": "Performance cannot be assessed by indicators (synthetic)."}
    return {}


def build_agreed_metric(place: int, kpi: int, deal: LotOutcome) -> Json:
    title, unit, target, text = KPI_DEFINITIONS[kpi]
    period = {"startDate": format_midnight(deal.start), "endDate": format_last_second(deal.end)}
    observation = {"id": f"target-{place + 1}", "measure": target, "unit": {"name": unit}, "period": period}
    return {"id": f"kpi-{place + 1}", "title": title, "description": text, "observations": [observation]}


def build_milestones(deal: LotOutcome) -> list[Json]:
    return [
        {
            "id": str(place + 1),
            "title": milestone.title,
            "type": "delivery",
            "dueDate": format_last_second(milestone.due),
            "status": "scheduled",
        }
        for place, milestone in enumerate(deal.milestones)
    ]
