"""Notices before an award: pipeline, early engagement, planned procurement, tender, its updates and its end."""

from threepoint.sample.dates import format_last_second
from threepoint.sample.money import add_vat, convert_to_pounds
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.notice_parts import (
    THRESHOLD_GROSS_PENCE,
    build_framework_terms,
    build_lots,
    build_method,
    build_tender_heading,
)


def build_pipeline_notice(tale: NoticeBuilder) -> Json:
    """UK1."""
    document = tale.document("plannedProcurementNotice", "UK1", "Pipeline notice")
    return {"planning": build_planning(tale, document), "tender": build_tender_outline(tale, "planned")}


def build_engagement_notice(tale: NoticeBuilder) -> Json:
    """UK2: an event at which suppliers are heard before the tender is written."""
    given = build_planning(tale, tale.document("marketEngagementNotice", "UK2", "Preliminary market engagement notice"))
    given["milestones"] = [
        {
            "id": "engagement",
            "type": "engagement",
            "title": "Supplier engagement day (synthetic)",
            "description": "Register at https://example.invalid/engagement before the date given.",
            "dueDate": format_last_second(tale.step.day + tale.dice.between(10, 40)),
            "status": "scheduled",
        }
    ]
    return {"planning": given, "tender": build_tender_outline(tale, "planning")}


def build_planned_procurement_notice(tale: NoticeBuilder) -> Json:
    """UK3."""
    document = tale.document("plannedProcurementNotice", "UK3", "Planned procurement notice")
    return {"planning": build_planning(tale, document), "tender": build_tender_outline(tale, "planned")}


def build_planning(tale: NoticeBuilder, document: Json) -> Json:
    budget = build_budget(tale)
    return {"budget": budget, "documents": [document]} if budget else {"documents": [document]}


def build_budget(tale: NoticeBuilder) -> Json:
    """The scheme that the procurement belongs to, sometimes by its name alone."""
    scheme = tale.story.scheme
    if not scheme:
        return {}
    # What the scheme sets aside for this procurement: around its estimate, more in one scheme than in another.
    share = 85 + scheme.budget // 1_000_000 % 41  # per cent
    amount = {"amount": convert_to_pounds(sum_estimates(tale) * share // 100), "currency": tale.story.currency}
    named = {"id": tale.notice, "project": scheme.title, "amount": amount}
    return named if tale.dice.chance(0.15) else {**named, "projectID": scheme.key}


def build_tender_outline(tale: NoticeBuilder, status: str) -> Json:
    """A tender as far as it is known while it is planned."""
    return {
        **build_tender_heading(tale, status, 2),
        "items": tale.items,
        "value": tale.value(sum_estimates(tale)),
        "mainProcurementCategory": tale.story.cpv[2],
        "lots": build_lots(tale, status),
        "communication": {"futureNoticeDate": format_last_second(tale.story.opening)},
    }


def sum_estimates(tale: NoticeBuilder) -> int:
    return sum(deal.estimate for deal in tale.story.deals)


def build_tender_notice(tale: NoticeBuilder) -> Json:
    """UK4."""
    engaged = "UK2" in tale.kinds
    sections: Json = {"tender": build_full_tender(tale)}
    given: Json = {"budget": budget} if (budget := build_budget(tale)) else {}
    if not engaged and tale.dice.chance(0.5):
        given["noEngagementNoticeRationale"] = "The market was already well understood (synthetic)."
    return {"planning": given, **sections} if given else sections


def build_full_tender(tale: NoticeBuilder) -> Json:
    story, dice = tale.story, tale.dice
    closing = story.opening + dice.between(25, 42)
    given = {
        **build_tender_heading(tale, "active", 3),
        **build_method(tale),
        "items": tale.items,
        "mainProcurementCategory": story.cpv[2],
        "aboveThreshold": add_vat(sum_estimates(tale), story.vat) >= THRESHOLD_GROSS_PENCE,
        "submissionMethodDetails": "https://example.invalid/submit",
        "submissionTerms": {"electronicSubmissionPolicy": "allowed", "languages": ["en"]},
        "enquiryPeriod": {"endDate": format_last_second(closing - 8)},
        "tenderPeriod": {"endDate": format_last_second(closing)},
        "awardPeriod": {"endDate": format_last_second(story.awarded)},
        "lots": build_lots(tale, "active"),
        "documents": [build_attachment(tale), tale.document("tenderNotice", "UK4", "Tender notice")],
    }
    if story.route == "framework":
        given["techniques"] = build_framework_terms(tale)
    if dice.chance(0.2):
        given["classification"] = {"scheme": "CPV", "id": story.cpv[0], "description": story.cpv[1]}
    return add_tender_value(tale, given)


def add_tender_value(tale: NoticeBuilder, tender: Json) -> Json:
    """Add the estimate, unless this is one of the tenders that lack it or give a nominal one."""
    share, right = tale.dice.random(), convert_to_pounds(sum_estimates(tale))
    if share < 0.08:
        tale.leave_out("tender/value")
        return tender
    tender["value"] = tale.value(sum_estimates(tale))
    if share < 0.1:
        tender["value"] = {"amount": 0.01, "amountGross": 0.01, "currency": tale.story.currency}
        tale.get_wrong("tender/value/amount", 0.01, right)
    else:
        tale.put_right("tender/value")
    return tender


def build_attachment(tale: NoticeBuilder) -> Json:
    number = tale.dice.between(10_000, 99_999)
    url = f"https://example.invalid/Attachment/A-{number}"
    return {"id": f"A-{number}", "documentType": "biddingDocuments", "url": url, "format": "application/pdf"}


def build_update_notice(tale: NoticeBuilder) -> Json:
    """A second UK4 that moves the closing date and repeats little else."""
    closing = format_last_second(tale.story.opening + tale.dice.between(45, 60))
    given = {
        **build_tender_heading(tale, "active", 1),
        "tenderPeriod": {"endDate": closing},
        "amendments": [{"id": tale.notice, "date": tale.stamp, "description": "Closing date moved (synthetic)."}],
        "documents": [tale.document("tenderNotice", "UK4", "Tender notice")],
    }
    return {"tender": given}


def build_cancellation_notice(tale: NoticeBuilder) -> Json:
    """UK12."""
    document = tale.document("tenderCancellationNotice", "UK12", "Procurement termination notice")
    status = tale.dice.pick(("cancelled", "unsuccessful", "withdrawn"))
    return {"tender": {**build_tender_heading(tale, status, 1), "finalStatusDate": tale.stamp, "documents": [document]}}
