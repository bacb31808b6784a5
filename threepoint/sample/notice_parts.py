"""Parts that several notices share: tender, description, lots and framework terms."""

from threepoint.sample.dates import format_last_second, format_midnight
from threepoint.sample.lot_outcomes import LotOutcome
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.vocabulary import DESCRIPTION_SENTENCES

LEGAL_BASIS = {"id": "2023/54", "scheme": "UKPGA", "uri": "https://www.legislation.gov.uk/ukpga/2023/54/contents"}
METHOD_BY_ROUTE = {
    "framework": ("open", "Open procedure"),
    "open": ("open", "Open procedure"),
    "flexible": ("selective", "Competitive flexible procedure"),
    "limited": ("limited", "Below threshold - limited competition"),
    "direct": ("direct", "Direct award"),
    "call_off": ("selective", "Call-off from a framework agreement"),
}
THRESHOLD_GROSS_PENCE = 21_490_400  # for sub-central goods and services from 1 January 2024


def build_tender_identity(builder: NoticeBuilder) -> Json:
    """Return the tender's id, legal basis and title, which every notice repeats."""
    return {"id": f"SYN{builder.story.number:06d}", "legalBasis": LEGAL_BASIS, "title": builder.story.title}


def build_tender_heading(builder: NoticeBuilder, status: str, sentences: int) -> Json:
    """Return the tender's identity, a description of `sentences` sentences, and its status."""
    return {**build_tender_identity(builder), "description": build_description(builder, sentences), "status": status}


def build_description(builder: NoticeBuilder, sentences: int) -> str:
    first = builder.dice.between(0, len(DESCRIPTION_SENTENCES) - sentences)
    text = f"{builder.story.title}. {' '.join(DESCRIPTION_SENTENCES[first : first + sentences])}"
    if builder.dice.chance(0.02):
        return f"{text} Questions to procurement.desk@example.invalid before the closing date."
    return text


def build_method(builder: NoticeBuilder) -> Json:
    code, details = METHOD_BY_ROUTE[builder.story.route]
    method: Json = {"procurementMethod": code, "procurementMethodDetails": details}
    if builder.story.route == "direct":
        method["procurementMethodRationale"] = "Only one supplier can maintain the existing system (synthetic)."
        method["procurementMethodRationaleClassifications"] = [{"scheme": "UKPGA", "id": "singleSupplierTechnical"}]
    return method


def build_period(lot: LotOutcome) -> Json:
    return {"startDate": format_midnight(lot.start), "endDate": format_last_second(lot.end)}


def build_lots(builder: NoticeBuilder, status: str) -> list[Json]:
    return [build_lot(builder, lot, status) for lot in builder.story.outcomes]


def build_lot(builder: NoticeBuilder, lot: LotOutcome, status: str) -> Json:
    entry: Json = {"id": lot.local, "status": status}
    if status == "complete":
        return entry
    entry["title"] = f"Lot {lot.local}"
    entry["value"] = builder.value(lot.estimate)
    entry["contractPeriod"] = build_period(lot)
    entry["suitability"] = {"sme": lot.estimate < 2_000_000_000}
    if status == "active":
        entry["awardCriteria"] = build_award_criteria(builder)
    if builder.dice.chance(0.006):
        entry["description"] = None
    return entry


def build_award_criteria(builder: NoticeBuilder) -> Json:
    price = builder.dice.pick((30, 40, 50, 60))
    criteria = (("price", "Price", price), ("quality", "Quality", 90 - price), ("quality", "Social value", 10))
    return {"criteria": [build_criterion(*criterion) for criterion in criteria]}


def build_criterion(kind: str, name: str, weight: int) -> Json:
    return {"type": kind, "name": name, "numbers": [{"number": weight, "weight": "percentageExact"}]}


def build_framework_terms(builder: NoticeBuilder) -> Json:
    """Return the ceiling and rules of a framework. The ceiling is not spending."""
    lot = builder.story.outcomes[0]
    return {
        "hasFrameworkAgreement": True,
        "frameworkAgreement": {
            "type": "open",
            "method": "withAndWithoutReopeningCompetition",
            "maximumParticipants": len(lot.suppliers) + 2,
            "value": builder.value(lot.value),
            "period": build_period(lot),
            "buyerCategories": "Any contracting authority named in the notice (synthetic)",
        },
    }
