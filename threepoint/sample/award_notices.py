"""Notices of an award: transparency before a direct award, the award itself, and its corrections."""

from threepoint.sample import ground_truth
from threepoint.sample.dates import last_second, midnight
from threepoint.sample.lot_outcomes import Deal
from threepoint.sample.money import gross_of, pounds
from threepoint.sample.notice_builder import SECURITY, Json, Tale
from threepoint.sample.notice_parts import THRESHOLD, framework_terms, heading, lots, method, name_of, period

WRONG_UNITS = (12, 24, 52, 220)  # a monthly, weekly or daily rate taken for the total, and multiplied up


def transparency(tale: Tale) -> Json:
    """UK5: a direct award that is meant, not made; its tags say otherwise, as real ones do."""
    story, deal = tale.story, tale.story.deals[0]
    award = {
        **outline(tale, 0, "pending"),
        "value": tale.value(deal.value),
        "milestones": [signature(deal)],
        "documents": [tale.document("awardNotice", "UK5", "Transparency notice")],
    }
    if deal.flaws.value == "withheld":
        del award["value"]
        tale.hide(f"awards/{award['id']}/value", "Award value")
    tender = {**heading(tale, "complete", 2), **method(tale), "mainProcurementCategory": story.cpv[2]}
    return {"tender": tender, "awards": [award]}


def signature(deal: Deal) -> Json:
    return {"id": "1", "type": "futureSignatureDate", "dueDate": last_second(deal.signed), "status": "scheduled"}


def outline(tale: Tale, place: int, status: str) -> Json:
    """Who is to have what: the part of an award that the contract's notice repeats."""
    deal, award_id = tale.story.deals[place], tale.award_ids[place]
    if deal.flaws.secret_supplier:
        tale.hide(f"awards/{award_id}/suppliers", "Supplier", SECURITY)
    return {
        "id": award_id,
        "status": status,
        "mainProcurementCategory": tale.story.cpv[2],
        "suppliers": tale.suppliers(deal),
        "items": [tale.items[place]],
        "relatedLots": [deal.local],
    }


def awarded(tale: Tale) -> Json:
    """UK6."""
    places = range(len(tale.story.deals))
    tender = {**name_of(tale), **method(tale), "status": "complete", "lots": lots(tale, "complete")}
    if tale.story.route == "framework":
        tender["techniques"] = framework_terms(tale)
    sections: Json = {"tender": tender}
    if tale.dice.chance(0.9):
        sections["bids"] = bids(tale)
    sections["awards"] = [award_of(tale, place, tale.story.deals[place].flaws.award) for place in places]
    for place in places:
        known(tale, place, tale.story.awarded)
    return sections


def known(tale: Tale, place: int, day: int | None) -> None:
    """The award is told of for the first time under this id: it takes the place of an earlier one under another."""
    award_id, told = tale.award_ids[place], tale.truth["awards"]
    if award_id not in [award["id"] for award in told]:
        told.append(ground_truth.award(tale.story.deals[place], award_id, day))


def award_of(tale: Tale, place: int, flaw: str) -> Json:
    deal = tale.story.deals[place]
    award = outline(tale, place, "active")
    award["date"] = midnight(tale.story.awarded)
    award["aboveThreshold"] = gross_of(deal.value, tale.story.vat) >= THRESHOLD
    award["contractPeriod"] = period(deal)
    award["standstillPeriod"] = {"endDate": last_second(tale.story.awarded + 11)}
    award["assessmentSummariesDateSent"] = midnight(tale.story.awarded)
    award["milestones"] = [signature(deal)]
    award["documents"] = [tale.document("awardNotice", "UK6", "Contract award notice")]
    award.update(award_value(tale, deal, award["id"], flaw))
    return award


def award_value(tale: Tale, deal: Deal, award_id: str, flaw: str) -> Json:
    field = f"awards/{award_id}/value"
    if deal.flaws.value == "withheld":
        tale.hide(field, "Award value")
        return {}
    if flaw.endswith("unit_rate"):
        wrong = deal.value * tale.dice.pick(WRONG_UNITS)
        tale.get_wrong(f"{field}/amount", pounds(wrong), pounds(deal.value))
        return {"value": tale.value(wrong)}
    return {"value": tale.value(deal.value)}


def correction(tale: Tale) -> Json:
    """The award again: under its own id, or, as on Contracts Finder, under a new one with nothing said of the old."""
    place = tale.step.deal
    deal, old = tale.story.deals[place], tale.award_ids[place]
    if deal.flaws.award.startswith("republished"):
        tale.award_ids[place] = f"{tale.story.ocid}-{len(tale.story.deals) + int(deal.local)}"
    award = award_of(tale, place, "")
    tale.put_right(f"awards/{old}/value")
    known(tale, place, tale.story.awarded)
    for told in tale.truth["awards"]:
        if told["id"] == old != award["id"]:
            told["superseded_by"] = award["id"]
    return {"tender": heading(tale, "complete", 1), "awards": [award]}


def bids(tale: Tale) -> Json:
    """How many bid, for each lot. Some publishers repeat the figures for each award, a few with another number."""
    statistics: list[Json] = []
    for deal, count in zip(tale.story.deals, tale.story.bids, strict=True):
        count_bids(tale, statistics, deal.local, count)
        if tale.dice.chance(0.08):
            count_bids(tale, statistics, deal.local, repeated(tale, deal.local, count))
    if tale.dice.chance(0.06) and is_open(tale.story.deals[0]):
        return {"statistics": statistics, "details": tendered(tale)}
    return {"statistics": statistics}


def is_open(deal: Deal) -> bool:
    """Whether neither its value nor its supplier is withheld."""
    return deal.flaws.value != "withheld" and not deal.flaws.secret_supplier


def repeated(tale: Tale, lot: str, count: int) -> int:
    if tale.dice.chance(0.8):
        return count
    tale.get_wrong(f"bids/statistics/bids/{lot}", count + 3, count)
    return count + 3


def count_bids(tale: Tale, statistics: list[Json], lot: str, count: int) -> None:
    final = tale.dice.between(1, count)
    small = tale.dice.between(0, final)
    counts = {"bids": count, "finalStageBids": final, "smeFinalStageBids": small, "vcseFinalStageBids": small // 5}
    for measure, number in counts.items():
        entry = {"id": str(len(statistics) + 1), "measure": measure, "relatedLot": lot, "value": number}
        statistics.append(entry)


def tendered(tale: Tale) -> list[Json]:
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
