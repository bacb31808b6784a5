"""Notices before an award: pipeline, early engagement, planned procurement, tender, its updates and its end."""

from threepoint.sample.dates import last_second
from threepoint.sample.money import gross_of, pounds
from threepoint.sample.notice_builder import Json, Tale
from threepoint.sample.notice_parts import THRESHOLD, framework_terms, heading, lots, method


def pipeline(tale: Tale) -> Json:
    """UK1."""
    document = tale.document("plannedProcurementNotice", "UK1", "Pipeline notice")
    return {"planning": planning(tale, document), "tender": outline(tale, "planned")}


def engagement(tale: Tale) -> Json:
    """UK2: an event at which suppliers are heard before the tender is written."""
    given = planning(tale, tale.document("marketEngagementNotice", "UK2", "Preliminary market engagement notice"))
    given["milestones"] = [
        {
            "id": "engagement",
            "type": "engagement",
            "title": "Supplier engagement day (synthetic)",
            "description": "Register at https://example.invalid/engagement before the date given.",
            "dueDate": last_second(tale.step.day + tale.dice.between(10, 40)),
            "status": "scheduled",
        }
    ]
    return {"planning": given, "tender": outline(tale, "planning")}


def planned(tale: Tale) -> Json:
    """UK3."""
    document = tale.document("plannedProcurementNotice", "UK3", "Planned procurement notice")
    return {"planning": planning(tale, document), "tender": outline(tale, "planned")}


def planning(tale: Tale, document: Json) -> Json:
    budget = budget_of(tale)
    return {"budget": budget, "documents": [document]} if budget else {"documents": [document]}


def budget_of(tale: Tale) -> Json:
    """The scheme that the procurement belongs to, sometimes by its name alone."""
    scheme = tale.story.scheme
    if not scheme:
        return {}
    # What the scheme sets aside for this procurement: around its estimate, more in one scheme than in another.
    share = 85 + scheme.budget // 1_000_000 % 41  # per cent
    amount = {"amount": pounds(estimate(tale) * share // 100), "currency": tale.story.currency}
    named = {"id": tale.notice, "project": scheme.title, "amount": amount}
    return named if tale.dice.chance(0.15) else {**named, "projectID": scheme.key}


def outline(tale: Tale, status: str) -> Json:
    """A tender as far as it is known while it is planned."""
    return {
        **heading(tale, status, 2),
        "items": tale.items,
        "value": tale.value(estimate(tale)),
        "mainProcurementCategory": tale.story.cpv[2],
        "lots": lots(tale, status),
        "communication": {"futureNoticeDate": last_second(tale.story.opening)},
    }


def estimate(tale: Tale) -> int:
    return sum(deal.estimate for deal in tale.story.deals)


def tender(tale: Tale) -> Json:
    """UK4."""
    engaged = "UK2" in tale.kinds
    sections: Json = {"tender": full_tender(tale)}
    given: Json = {"budget": budget} if (budget := budget_of(tale)) else {}
    if not engaged and tale.dice.chance(0.5):
        given["noEngagementNoticeRationale"] = "The market was already well understood (synthetic)."
    return {"planning": given, **sections} if given else sections


def full_tender(tale: Tale) -> Json:
    story, dice = tale.story, tale.dice
    closing = story.opening + dice.between(25, 42)
    given = {
        **heading(tale, "active", 3),
        **method(tale),
        "items": tale.items,
        "mainProcurementCategory": story.cpv[2],
        "aboveThreshold": gross_of(estimate(tale), story.vat) >= THRESHOLD,
        "submissionMethodDetails": "https://example.invalid/submit",
        "submissionTerms": {"electronicSubmissionPolicy": "allowed", "languages": ["en"]},
        "enquiryPeriod": {"endDate": last_second(closing - 8)},
        "tenderPeriod": {"endDate": last_second(closing)},
        "awardPeriod": {"endDate": last_second(story.awarded)},
        "lots": lots(tale, "active"),
        "documents": [attachment(tale), tale.document("tenderNotice", "UK4", "Tender notice")],
    }
    if story.route == "framework":
        given["techniques"] = framework_terms(tale)
    if dice.chance(0.2):
        given["classification"] = {"scheme": "CPV", "id": story.cpv[0], "description": story.cpv[1]}
    return with_value(tale, given)


def with_value(tale: Tale, tender: Json) -> Json:
    """Add the estimate, unless this is one of the tenders that lack it or give a nominal one."""
    share, right = tale.dice.random(), pounds(estimate(tale))
    if share < 0.08:
        tale.leave_out("tender/value")
        return tender
    tender["value"] = tale.value(estimate(tale))
    if share < 0.1:
        tender["value"] = {"amount": 0.01, "amountGross": 0.01, "currency": tale.story.currency}
        tale.get_wrong("tender/value/amount", 0.01, right)
    else:
        tale.put_right("tender/value")
    return tender


def attachment(tale: Tale) -> Json:
    number = tale.dice.between(10_000, 99_999)
    url = f"https://example.invalid/Attachment/A-{number}"
    return {"id": f"A-{number}", "documentType": "biddingDocuments", "url": url, "format": "application/pdf"}


def update(tale: Tale) -> Json:
    """A second UK4 that moves the closing date and repeats little else."""
    closing = last_second(tale.story.opening + tale.dice.between(45, 60))
    given = {
        **heading(tale, "active", 1),
        "tenderPeriod": {"endDate": closing},
        "amendments": [{"id": tale.notice, "date": tale.stamp, "description": "Closing date moved (synthetic)."}],
        "documents": [tale.document("tenderNotice", "UK4", "Tender notice")],
    }
    return {"tender": given}


def cancellation(tale: Tale) -> Json:
    """UK12."""
    document = tale.document("tenderCancellationNotice", "UK12", "Procurement termination notice")
    status = tale.dice.pick(("cancelled", "unsuccessful", "withdrawn"))
    return {"tender": {**heading(tale, status, 1), "finalStatusDate": tale.stamp, "documents": [document]}}
