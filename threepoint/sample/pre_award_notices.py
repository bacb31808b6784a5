"""Notices before an award: pipeline, early engagement, planned procurement, tender, tender update and cancellation."""

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


def build_pipeline_notice(builder: NoticeBuilder) -> Json:
    """UK1: pipeline notice."""
    document = builder.document("plannedProcurementNotice", "UK1", "Pipeline notice")
    return {"planning": build_planning(builder, document), "tender": build_tender_outline(builder, "planned")}


def build_engagement_notice(builder: NoticeBuilder) -> Json:
    """UK2: an event at which the buyer meets suppliers before it writes the tender."""
    document = builder.document("marketEngagementNotice", "UK2", "Preliminary market engagement notice")
    planning = build_planning(builder, document)
    planning["milestones"] = [
        {
            "id": "engagement",
            "type": "engagement",
            "title": "Supplier engagement day (synthetic)",
            "description": "Register at https://example.invalid/engagement before the date given.",
            "dueDate": format_last_second(builder.step.day + builder.dice.between(10, 40)),
            "status": "scheduled",
        }
    ]
    return {"planning": planning, "tender": build_tender_outline(builder, "planning")}


def build_planned_procurement_notice(builder: NoticeBuilder) -> Json:
    """UK3: planned procurement notice."""
    document = builder.document("plannedProcurementNotice", "UK3", "Planned procurement notice")
    return {"planning": build_planning(builder, document), "tender": build_tender_outline(builder, "planned")}


def build_planning(builder: NoticeBuilder, document: Json) -> Json:
    budget = build_budget(builder)
    return {"budget": budget, "documents": [document]} if budget else {"documents": [document]}


def build_budget(builder: NoticeBuilder) -> Json:
    """Return the budget from the scheme that the procurement belongs to; some name the scheme without its id."""
    scheme = builder.story.scheme
    if not scheme:
        return {}
    # The scheme's share for this procurement is near its estimate and differs from scheme to scheme.
    share = 85 + scheme.budget // 1_000_000 % 41  # per cent
    amount = {"amount": convert_to_pounds(sum_estimates(builder) * share // 100), "currency": builder.story.currency}
    budget = {"id": builder.notice, "project": scheme.title, "amount": amount}
    return budget if builder.dice.chance(0.15) else {**budget, "projectID": scheme.key}


def build_tender_outline(builder: NoticeBuilder, status: str) -> Json:
    """Return a planned tender, with only the fields known at that time."""
    return {
        **build_tender_heading(builder, status, 2),
        "items": builder.items,
        "value": builder.value(sum_estimates(builder)),
        "mainProcurementCategory": builder.story.cpv[2],
        "lots": build_lots(builder, status),
        "communication": {"futureNoticeDate": format_last_second(builder.story.opening)},
    }


def sum_estimates(builder: NoticeBuilder) -> int:
    return sum(lot.estimate for lot in builder.story.outcomes)


def build_tender_notice(builder: NoticeBuilder) -> Json:
    """UK4: tender notice."""
    engaged = "UK2" in builder.kinds
    sections: Json = {"tender": build_full_tender(builder)}
    planning: Json = {"budget": budget} if (budget := build_budget(builder)) else {}
    if not engaged and builder.dice.chance(0.5):
        planning["noEngagementNoticeRationale"] = "The market was already well understood (synthetic)."
    return {"planning": planning, **sections} if planning else sections


def build_full_tender(builder: NoticeBuilder) -> Json:
    story, dice = builder.story, builder.dice
    closing = story.opening + dice.between(25, 42)
    tender = {
        **build_tender_heading(builder, "active", 3),
        **build_method(builder),
        "items": builder.items,
        "mainProcurementCategory": story.cpv[2],
        "aboveThreshold": add_vat(sum_estimates(builder), story.vat) >= THRESHOLD_GROSS_PENCE,
        "submissionMethodDetails": "https://example.invalid/submit",
        "submissionTerms": {"electronicSubmissionPolicy": "allowed", "languages": ["en"]},
        "enquiryPeriod": {"endDate": format_last_second(closing - 8)},
        "tenderPeriod": {"endDate": format_last_second(closing)},
        "awardPeriod": {"endDate": format_last_second(story.awarded)},
        "lots": build_lots(builder, "active"),
        "documents": [build_attachment(builder), builder.document("tenderNotice", "UK4", "Tender notice")],
    }
    if story.route == "framework":
        tender["techniques"] = build_framework_terms(builder)
    if dice.chance(0.2):
        tender["classification"] = {"scheme": "CPV", "id": story.cpv[0], "description": story.cpv[1]}
    return add_tender_value(builder, tender)


def add_tender_value(builder: NoticeBuilder, tender: Json) -> Json:
    """Add the estimate to the tender, or a nominal one, or none."""
    share, right_amount = builder.dice.random(), convert_to_pounds(sum_estimates(builder))
    if share < 0.08:
        builder.leave_out("tender/value")
        return tender
    tender["value"] = builder.value(sum_estimates(builder))
    if share < 0.1:
        tender["value"] = {"amount": 0.01, "amountGross": 0.01, "currency": builder.story.currency}
        builder.get_wrong("tender/value/amount", 0.01, right_amount)
    else:
        builder.put_right("tender/value")
    return tender


def build_attachment(builder: NoticeBuilder) -> Json:
    number = builder.dice.between(10_000, 99_999)
    url = f"https://example.invalid/Attachment/A-{number}"
    return {"id": f"A-{number}", "documentType": "biddingDocuments", "url": url, "format": "application/pdf"}


def build_update_notice(builder: NoticeBuilder) -> Json:
    """Return a second UK4 that moves the closing date and repeats little else."""
    closing = format_last_second(builder.story.opening + builder.dice.between(45, 60))
    tender = {
        **build_tender_heading(builder, "active", 1),
        "tenderPeriod": {"endDate": closing},
        "amendments": [{"id": builder.notice, "date": builder.stamp, "description": "Closing date moved (synthetic)."}],
        "documents": [builder.document("tenderNotice", "UK4", "Tender notice")],
    }
    return {"tender": tender}


def build_cancellation_notice(builder: NoticeBuilder) -> Json:
    """UK12: procurement termination notice."""
    document = builder.document("tenderCancellationNotice", "UK12", "Procurement termination notice")
    status = builder.dice.pick(("cancelled", "unsuccessful", "withdrawn"))
    end = {"finalStatusDate": builder.stamp, "documents": [document]}
    return {"tender": {**build_tender_heading(builder, status, 1), **end}}
