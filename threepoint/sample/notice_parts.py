"""Parts that several notices share: what is bought, in which lots, under which law."""

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
THRESHOLD_GROSS_PENCE = 21_490_400  # pence with VAT; sub-central goods and services from 1 January 2024


def build_tender_identity(tale: NoticeBuilder) -> Json:
    """The tender's identity, which every notice repeats."""
    return {"id": f"SYN{tale.story.number:06d}", "legalBasis": LEGAL_BASIS, "title": tale.story.title}


def build_tender_heading(tale: NoticeBuilder, status: str, sentences: int) -> Json:
    """The tender's identity, and in some sentences what it is about."""
    return {**build_tender_identity(tale), "description": build_description(tale, sentences), "status": status}


def build_description(tale: NoticeBuilder, sentences: int) -> str:
    first = tale.dice.between(0, len(DESCRIPTION_SENTENCES) - sentences)
    text = f"{tale.story.title}. {' '.join(DESCRIPTION_SENTENCES[first : first + sentences])}"
    if tale.dice.chance(0.02):
        return f"{text} Questions to procurement.desk@example.invalid before the closing date."
    return text


def build_method(tale: NoticeBuilder) -> Json:
    code, details = METHOD_BY_ROUTE[tale.story.route]
    given: Json = {"procurementMethod": code, "procurementMethodDetails": details}
    if tale.story.route == "direct":
        given["procurementMethodRationale"] = "Only one supplier can maintain the existing system (synthetic)."
        given["procurementMethodRationaleClassifications"] = [{"scheme": "UKPGA", "id": "singleSupplierTechnical"}]
    return given


def build_period(deal: LotOutcome) -> Json:
    return {"startDate": format_midnight(deal.start), "endDate": format_last_second(deal.end)}


def build_lots(tale: NoticeBuilder, status: str) -> list[Json]:
    return [build_lot(tale, deal, status) for deal in tale.story.deals]


def build_lot(tale: NoticeBuilder, deal: LotOutcome, status: str) -> Json:
    given: Json = {"id": deal.local, "status": status}
    if status == "complete":
        return given
    given["title"] = f"Lot {deal.local}"
    given["value"] = tale.value(deal.estimate)
    given["contractPeriod"] = build_period(deal)
    given["suitability"] = {"sme": deal.estimate < 2_000_000_000}
    if status == "active":
        given["awardCriteria"] = build_award_criteria(tale)
    if tale.dice.chance(0.006):
        given["description"] = None
    return given


def build_award_criteria(tale: NoticeBuilder) -> Json:
    price = tale.dice.pick((30, 40, 50, 60))
    names = (("price", "Price", price), ("quality", "Quality", 90 - price), ("quality", "Social value", 10))
    return {"criteria": [build_criterion(*each) for each in names]}


def build_criterion(kind: str, name: str, weight: int) -> Json:
    return {"type": kind, "name": name, "numbers": [{"number": weight, "weight": "percentageExact"}]}


def build_framework_terms(tale: NoticeBuilder) -> Json:
    """The ceiling and rules of a framework: a value that is not spend."""
    deal = tale.story.deals[0]
    return {
        "hasFrameworkAgreement": True,
        "frameworkAgreement": {
            "type": "open",
            "method": "withAndWithoutReopeningCompetition",
            "maximumParticipants": len(deal.suppliers) + 2,
            "value": tale.value(deal.value),
            "period": build_period(deal),
            "buyerCategories": "Any contracting authority named in the notice (synthetic)",
        },
    }
