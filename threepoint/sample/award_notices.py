"""Notices of an award: transparency before a direct award, the award itself, and its corrections."""

from threepoint.sample import ground_truth
from threepoint.sample.dates import format_last_second, format_midnight
from threepoint.sample.lot_outcomes import LotOutcome
from threepoint.sample.money import add_vat, convert_to_pounds
from threepoint.sample.notice_builder import SECURITY_GROUND, Json, NoticeBuilder
from threepoint.sample.notice_parts import (
    THRESHOLD_GROSS_PENCE,
    build_framework_terms,
    build_lots,
    build_method,
    build_period,
    build_tender_heading,
    build_tender_identity,
)

WRONG_UNIT_FACTORS = (12, 24, 52, 220)  # a monthly, weekly or daily rate taken for the total, and multiplied up


def build_transparency_notice(tale: NoticeBuilder) -> Json:
    """UK5: a direct award that is meant, not made; its tags say otherwise, as real ones do."""
    story, deal = tale.story, tale.story.deals[0]
    award = {
        **build_award_outline(tale, 0, "pending"),
        "value": tale.value(deal.value),
        "milestones": [build_signature_milestone(deal)],
        "documents": [tale.document("awardNotice", "UK5", "Transparency notice")],
    }
    if deal.flaws.value == "withheld":
        del award["value"]
        tale.hide(f"awards/{award['id']}/value", "Award value")
    tender = {
        **build_tender_heading(tale, "complete", 2),
        **build_method(tale),
        "mainProcurementCategory": story.cpv[2],
    }
    return {"tender": tender, "awards": [award]}


def build_signature_milestone(deal: LotOutcome) -> Json:
    return {"id": "1", "type": "futureSignatureDate", "dueDate": format_last_second(deal.signed), "status": "scheduled"}


def build_award_outline(tale: NoticeBuilder, place: int, status: str) -> Json:
    """Who is to have what: the part of an award that the contract's notice repeats."""
    deal, award_id = tale.story.deals[place], tale.award_ids[place]
    if deal.flaws.secret_supplier:
        tale.hide(f"awards/{award_id}/suppliers", "Supplier", SECURITY_GROUND)
    return {
        "id": award_id,
        "status": status,
        "mainProcurementCategory": tale.story.cpv[2],
        "suppliers": tale.suppliers(deal),
        "items": [tale.items[place]],
        "relatedLots": [deal.local],
    }


def build_award_notice(tale: NoticeBuilder) -> Json:
    """UK6."""
    places = range(len(tale.story.deals))
    tender = {
        **build_tender_identity(tale),
        **build_method(tale),
        "status": "complete",
        "lots": build_lots(tale, "complete"),
    }
    if tale.story.route == "framework":
        tender["techniques"] = build_framework_terms(tale)
    sections: Json = {"tender": tender}
    if tale.dice.chance(0.9):
        sections["bids"] = build_bids(tale)
    sections["awards"] = [build_award(tale, place, tale.story.deals[place].flaws.award) for place in places]
    for place in places:
        record_award(tale, place, tale.story.awarded)
    return sections


def record_award(tale: NoticeBuilder, place: int, day: int | None) -> None:
    """The award is told of for the first time under this id: it takes the place of an earlier one under another."""
    award_id, told = tale.award_ids[place], tale.truth["awards"]
    if award_id not in [award["id"] for award in told]:
        told.append(ground_truth.describe_award(tale.story.deals[place], award_id, day))


def build_award(tale: NoticeBuilder, place: int, flaw: str) -> Json:
    deal = tale.story.deals[place]
    award = build_award_outline(tale, place, "active")
    award["date"] = format_midnight(tale.story.awarded)
    award["aboveThreshold"] = add_vat(deal.value, tale.story.vat) >= THRESHOLD_GROSS_PENCE
    award["contractPeriod"] = build_period(deal)
    award["standstillPeriod"] = {"endDate": format_last_second(tale.story.awarded + 11)}
    award["assessmentSummariesDateSent"] = format_midnight(tale.story.awarded)
    award["milestones"] = [build_signature_milestone(deal)]
    award["documents"] = [tale.document("awardNotice", "UK6", "Contract award notice")]
    award.update(build_award_value(tale, deal, award["id"], flaw))
    return award


def build_award_value(tale: NoticeBuilder, deal: LotOutcome, award_id: str, flaw: str) -> Json:
    field = f"awards/{award_id}/value"
    if deal.flaws.value == "withheld":
        tale.hide(field, "Award value")
        return {}
    if flaw.endswith("unit_rate"):
        wrong = deal.value * tale.dice.pick(WRONG_UNIT_FACTORS)
        tale.get_wrong(f"{field}/amount", convert_to_pounds(wrong), convert_to_pounds(deal.value))
        return {"value": tale.value(wrong)}
    return {"value": tale.value(deal.value)}


def build_correction_notice(tale: NoticeBuilder) -> Json:
    """The award again: under its own id, or, as on Contracts Finder, under a new one with nothing said of the old."""
    place = tale.step.deal
    deal, old = tale.story.deals[place], tale.award_ids[place]
    if deal.flaws.award.startswith("republished"):
        tale.award_ids[place] = f"{tale.story.ocid}-{len(tale.story.deals) + int(deal.local)}"
    award = build_award(tale, place, "")
    tale.put_right(f"awards/{old}/value")
    record_award(tale, place, tale.story.awarded)
    for told in tale.truth["awards"]:
        if told["id"] == old != award["id"]:
            told["superseded_by"] = award["id"]
    return {"tender": build_tender_heading(tale, "complete", 1), "awards": [award]}


def build_bids(tale: NoticeBuilder) -> Json:
    """How many bid, for each lot. Some publishers repeat the figures for each award, a few with another number."""
    statistics: list[Json] = []
    for deal, count in zip(tale.story.deals, tale.story.bids, strict=True):
        add_bid_statistics(tale, statistics, deal.local, count)
        if tale.dice.chance(0.08):
            add_bid_statistics(tale, statistics, deal.local, restate_bid_count(tale, deal.local, count))
    if tale.dice.chance(0.06) and is_fully_disclosed(tale.story.deals[0]):
        return {"statistics": statistics, "details": build_winning_bids(tale)}
    return {"statistics": statistics}


def is_fully_disclosed(deal: LotOutcome) -> bool:
    """Whether neither its value nor its supplier is withheld."""
    return deal.flaws.value != "withheld" and not deal.flaws.secret_supplier


def restate_bid_count(tale: NoticeBuilder, lot: str, count: int) -> int:
    if tale.dice.chance(0.8):
        return count
    tale.get_wrong(f"bids/statistics/bids/{lot}", count + 3, count)
    return count + 3


def add_bid_statistics(tale: NoticeBuilder, statistics: list[Json], lot: str, count: int) -> None:
    final = tale.dice.between(1, count)
    small = tale.dice.between(0, final)
    counts = {"bids": count, "finalStageBids": final, "smeFinalStageBids": small, "vcseFinalStageBids": small // 5}
    for measure, number in counts.items():
        entry = {"id": str(len(statistics) + 1), "measure": measure, "relatedLot": lot, "value": number}
        statistics.append(entry)


def build_winning_bids(tale: NoticeBuilder) -> list[Json]:
    """The winners' bids, which few publish; the losers' nobody does."""
    deal = tale.story.deals[0]
    return [
        {
            "id": str(place + 1),
            "status": "valid",
            "tenderers": [tale.introduce(body, "supplier")],
            "value": tale.value(deal.value * tale.dice.between(1000, 1000 + 400 * place) // 1000),
            "relatedLots": [deal.local],
        }
        for place, body in enumerate(deal.suppliers)
    ]
