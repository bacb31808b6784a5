"""Award notices: transparency before a direct award, the award itself, and its corrections."""

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

WRONG_UNIT_FACTORS = (12, 24, 52, 220)  # as if the total were a monthly, half-monthly, weekly or daily rate


def build_transparency_notice(builder: NoticeBuilder) -> Json:
    """UK5: an intended direct award; it carries the tags of a completed one, as real notices do."""
    story, lot = builder.story, builder.story.outcomes[0]
    award = {
        **build_award_outline(builder, 0, "pending"),
        "value": builder.value(lot.value),
        "milestones": [build_signature_milestone(lot)],
        "documents": [builder.document("awardNotice", "UK5", "Transparency notice")],
    }
    if lot.flaws.value == "withheld":
        del award["value"]
        builder.hide(f"awards/{award['id']}/value", "Award value")
    tender = {
        **build_tender_heading(builder, "complete", 2),
        **build_method(builder),
        "mainProcurementCategory": story.cpv[2],
    }
    return {"tender": tender, "awards": [award]}


def build_signature_milestone(lot: LotOutcome) -> Json:
    return {"id": "1", "type": "futureSignatureDate", "dueDate": format_last_second(lot.signed), "status": "scheduled"}


def build_award_outline(builder: NoticeBuilder, index: int, status: str) -> Json:
    """Return the part of an award that the contract's notice repeats: suppliers, items and lot."""
    lot, award_id = builder.story.outcomes[index], builder.award_ids[index]
    if lot.flaws.secret_supplier:
        builder.hide(f"awards/{award_id}/suppliers", "Supplier", SECURITY_GROUND)
    return {
        "id": award_id,
        "status": status,
        "mainProcurementCategory": builder.story.cpv[2],
        "suppliers": builder.suppliers(lot),
        "items": [builder.items[index]],
        "relatedLots": [lot.local],
    }


def build_award_notice(builder: NoticeBuilder) -> Json:
    """UK6: contract award notice."""
    indexes = range(len(builder.story.outcomes))
    tender = {
        **build_tender_identity(builder),
        **build_method(builder),
        "status": "complete",
        "lots": build_lots(builder, "complete"),
    }
    if builder.story.route == "framework":
        tender["techniques"] = build_framework_terms(builder)
    sections: Json = {"tender": tender}
    if builder.dice.chance(0.9):
        sections["bids"] = build_bids(builder)
    sections["awards"] = [build_award(builder, index, builder.story.outcomes[index].flaws.award) for index in indexes]
    for index in indexes:
        record_award(builder, index, builder.story.awarded)
    return sections


def record_award(builder: NoticeBuilder, index: int, day: int | None) -> None:
    """Add the award to the truth unless an award with its id is there already."""
    award_id, awards = builder.award_ids[index], builder.truth["awards"]
    if award_id not in [award["id"] for award in awards]:
        awards.append(ground_truth.describe_award(builder.story.outcomes[index], award_id, day))


def build_award(builder: NoticeBuilder, index: int, flaw: str) -> Json:
    lot = builder.story.outcomes[index]
    award = build_award_outline(builder, index, "active")
    award["date"] = format_midnight(builder.story.awarded)
    award["aboveThreshold"] = add_vat(lot.value, builder.story.vat) >= THRESHOLD_GROSS_PENCE
    award["contractPeriod"] = build_period(lot)
    award["standstillPeriod"] = {"endDate": format_last_second(builder.story.awarded + 11)}
    award["assessmentSummariesDateSent"] = format_midnight(builder.story.awarded)
    award["milestones"] = [build_signature_milestone(lot)]
    award["documents"] = [builder.document("awardNotice", "UK6", "Contract award notice")]
    award.update(build_award_value(builder, lot, award["id"], flaw))
    return award


def build_award_value(builder: NoticeBuilder, lot: LotOutcome, award_id: str, flaw: str) -> Json:
    field = f"awards/{award_id}/value"
    if lot.flaws.value == "withheld":
        builder.hide(field, "Award value")
        return {}
    if flaw.endswith("unit_rate"):
        wrong_value = lot.value * builder.dice.pick(WRONG_UNIT_FACTORS)
        builder.get_wrong(f"{field}/amount", convert_to_pounds(wrong_value), convert_to_pounds(lot.value))
        return {"value": builder.value(wrong_value)}
    return {"value": builder.value(lot.value)}


def build_correction_notice(builder: NoticeBuilder) -> Json:
    """Publish the award again, under its own id or, as on Contracts Finder, under a new id that does not name the old one."""
    index = builder.step.lot_index
    lot, old_id = builder.story.outcomes[index], builder.award_ids[index]
    if lot.flaws.award.startswith("republished"):
        builder.award_ids[index] = f"{builder.story.ocid}-{len(builder.story.outcomes) + int(lot.local)}"
    award = build_award(builder, index, "")
    builder.put_right(f"awards/{old_id}/value")
    record_award(builder, index, builder.story.awarded)
    for award_truth in builder.truth["awards"]:
        if award_truth["id"] == old_id != award["id"]:
            award_truth["superseded_by"] = award["id"]
    return {"tender": build_tender_heading(builder, "complete", 1), "awards": [award]}


def build_bids(builder: NoticeBuilder) -> Json:
    """Return bid statistics for each lot. Some publishers repeat the figures for each award, a few with another number."""
    statistics: list[Json] = []
    for lot, count in zip(builder.story.outcomes, builder.story.bids, strict=True):
        add_bid_statistics(builder, statistics, lot.local, count)
        if builder.dice.chance(0.08):
            add_bid_statistics(builder, statistics, lot.local, restate_bid_count(builder, lot.local, count))
    if builder.dice.chance(0.06) and is_fully_disclosed(builder.story.outcomes[0]):
        return {"statistics": statistics, "details": build_winning_bids(builder)}
    return {"statistics": statistics}


def is_fully_disclosed(lot: LotOutcome) -> bool:
    """Return True if neither value nor supplier is withheld."""
    return lot.flaws.value != "withheld" and not lot.flaws.secret_supplier


def restate_bid_count(builder: NoticeBuilder, lot: str, count: int) -> int:
    if builder.dice.chance(0.8):
        return count
    builder.get_wrong(f"bids/statistics/bids/{lot}", count + 3, count)
    return count + 3


def add_bid_statistics(builder: NoticeBuilder, statistics: list[Json], lot: str, count: int) -> None:
    final = builder.dice.between(1, count)
    sme = builder.dice.between(0, final)
    counts = {"bids": count, "finalStageBids": final, "smeFinalStageBids": sme, "vcseFinalStageBids": sme // 5}
    for measure, number in counts.items():
        entry = {"id": str(len(statistics) + 1), "measure": measure, "relatedLot": lot, "value": number}
        statistics.append(entry)


def build_winning_bids(builder: NoticeBuilder) -> list[Json]:
    """Return the winners' bids, which few buyers publish. None publishes the losers' bids."""
    lot = builder.story.outcomes[0]
    return [
        {
            "id": str(index + 1),
            "status": "valid",
            "tenderers": [builder.introduce(body, "supplier")],
            "value": builder.value(lot.value * builder.dice.between(1000, 1000 + 400 * index) // 1000),
            "relatedLots": [lot.local],
        }
        for index, body in enumerate(lot.suppliers)
    ]
