"""UK7: the details of the contracts that were signed, with whatever the publisher hid, forgot or got wrong."""

from threepoint.sample import ground_truth
from threepoint.sample.award_notices import bids, known, outline
from threepoint.sample.dates import iso, last_second, midnight, year_of
from threepoint.sample.lot_outcomes import KPI_DUTY, Deal
from threepoint.sample.money import gross_of, pounds
from threepoint.sample.notice_builder import Json, Tale
from threepoint.sample.notice_parts import THRESHOLD, lots, method, name_of
from threepoint.sample.vocabulary import KPIS


def details(tale: Tale) -> Json:
    story = tale.story
    tender = {**name_of(tale), **method(tale), "status": "complete", "lots": lots(tale, "complete")}
    sections: Json = {"tender": tender}
    if story.route == "call_off" and tale.dice.chance(0.5):
        sections["bids"] = bids(tale)
    sections["awards"] = [outline(tale, place, "active") for place in range(len(story.deals))]
    sections["contracts"] = [contract(tale, place) for place in range(len(story.deals))]
    if story.parent:
        sections["relatedProcesses"] = [made_under(story.parent)]
    return sections


def made_under(framework: str) -> Json:
    uri = f"https://example.invalid/procurement/{framework}"
    return {"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": framework, "uri": uri}


def contract(tale: Tale, place: int) -> Json:
    deal, award_id = tale.story.deals[place], tale.award_ids[place]
    known(tale, place, None)
    tale.truth["contracts"].append(ground_truth.contract(tale.story, deal, award_id))
    given: Json = {
        "id": deal.local,
        "awardID": award_id,
        "title": tale.story.title,
        "status": "active",
        "period": contract_period(tale, deal),
        **contract_value(tale, deal),
        "aboveThreshold": gross_of(deal.value, tale.story.vat) >= THRESHOLD,
        "documents": [tale.document("contractNotice", "UK7", "Contract details notice")],
        **indicators(tale, deal),
    }
    if deal.flaws.unsigned:
        tale.leave_out(f"contracts/{deal.local}/dateSigned")
    else:
        given["dateSigned"] = midnight(deal.signed)
    if deal.milestones:
        given["milestones"] = milestones(deal)
    if tale.dice.chance(0.008):
        given["statusDetails"] = None
    return given


def contract_value(tale: Tale, deal: Deal) -> Json:
    """The value, or what this publisher made of it."""
    field, flaw = f"contracts/{deal.local}/value", deal.flaws.value
    if flaw == "withheld":
        tale.hide(field, "Contract value")
        return {}
    if flaw == "missing":
        tale.leave_out(field)
        return {}
    if flaw:
        wrong = wrong_value(tale, deal)
        tale.get_wrong(f"{field}/amount", wrong["amount"], pounds(deal.value))
        return {"value": {**wrong, "currency": tale.story.currency}}
    return {"value": tale.value(deal.value)}


def wrong_value(tale: Tale, deal: Deal) -> Json:
    """A penny where a number was wanted, words where one was meant, or VAT taken for part of the net amount."""
    if deal.flaws.value == "nominal":
        return {"amount": 0.01, "amountGross": 0.01}
    gross = pounds(gross_of(deal.value, "standard"))
    words = ("TBC", f"{deal.value // 100:,}.00", "see schedule 4")
    return {"amount": tale.dice.pick(words) if deal.flaws.value == "text" else gross, "amountGross": gross}


def contract_period(tale: Tale, deal: Deal) -> Json:
    """The period, or what this publisher made of its end."""
    field, flaw = f"contracts/{deal.local}/period/endDate", deal.flaws.end
    given = {"startDate": midnight(deal.start), "endDate": last_second(deal.end)}
    if flaw == "missing":
        tale.leave_out(field)
        del given["endDate"]
    elif flaw:
        no_such_day = f"{year_of(deal.end)}-02-30T23:59:59Z"
        given["endDate"] = last_second(deal.start - 30) if flaw == "inverted" else no_such_day
        tale.get_wrong(field, given["endDate"], iso(deal.end))
    elif tale.dice.chance(0.2):
        given["maxExtentDate"] = last_second(deal.end + 365)
    return given


def indicators(tale: Tale, deal: Deal) -> Json:
    """The indicators agreed, with their targets; or why there are none, where the law wants them or the buyer says."""
    if deal.kpis:
        return {"agreedMetrics": [agreed(place, kpi, deal) for place, kpi in enumerate(deal.kpis)]}
    if deal.value >= KPI_DUTY or tale.dice.chance(0.3):
        return {"noAgreedMetricsRationale": "Performance cannot be assessed by indicators (synthetic)."}
    return {}


def agreed(place: int, kpi: int, deal: Deal) -> Json:
    title, unit, target, text = KPIS[kpi]
    period = {"startDate": midnight(deal.start), "endDate": last_second(deal.end)}
    observation = {"id": f"target-{place + 1}", "measure": target, "unit": {"name": unit}, "period": period}
    return {"id": f"kpi-{place + 1}", "title": title, "description": text, "observations": [observation]}


def milestones(deal: Deal) -> list[Json]:
    return [
        {
            "id": str(place + 1),
            "title": milestone.title,
            "type": "delivery",
            "dueDate": last_second(milestone.due),
            "status": "scheduled",
        }
        for place, milestone in enumerate(deal.milestones)
    ]
