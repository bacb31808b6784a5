"""Parts that several notices share: what is bought, in which lots, under which law."""

from threepoint.sample.dates import last_second, midnight
from threepoint.sample.lot_outcomes import Deal
from threepoint.sample.notice_builder import Json, Tale
from threepoint.sample.vocabulary import SENTENCES

LAW = {"id": "2023/54", "scheme": "UKPGA", "uri": "https://www.legislation.gov.uk/ukpga/2023/54/contents"}
ROUTES = {
    "framework": ("open", "Open procedure"),
    "open": ("open", "Open procedure"),
    "flexible": ("selective", "Competitive flexible procedure"),
    "limited": ("limited", "Below threshold - limited competition"),
    "direct": ("direct", "Direct award"),
    "call_off": ("selective", "Call-off from a framework agreement"),
}
THRESHOLD = 21_490_400  # pence with VAT; sub-central goods and services from 1 January 2024


def name_of(tale: Tale) -> Json:
    """The tender's identity, which every notice repeats."""
    return {"id": f"SYN{tale.story.number:06d}", "legalBasis": LAW, "title": tale.story.title}


def heading(tale: Tale, status: str, sentences: int) -> Json:
    """The tender's identity, and in some sentences what it is about."""
    return {**name_of(tale), "description": description(tale, sentences), "status": status}


def description(tale: Tale, sentences: int) -> str:
    first = tale.dice.between(0, len(SENTENCES) - sentences)
    text = f"{tale.story.title}. {' '.join(SENTENCES[first : first + sentences])}"
    if tale.dice.chance(0.02):
        return f"{text} Questions to procurement.desk@example.invalid before the closing date."
    return text


def method(tale: Tale) -> Json:
    code, details = ROUTES[tale.story.route]
    given: Json = {"procurementMethod": code, "procurementMethodDetails": details}
    if tale.story.route == "direct":
        given["procurementMethodRationale"] = "Only one supplier can maintain the existing system (synthetic)."
        given["procurementMethodRationaleClassifications"] = [{"scheme": "UKPGA", "id": "singleSupplierTechnical"}]
    return given


def period(deal: Deal) -> Json:
    return {"startDate": midnight(deal.start), "endDate": last_second(deal.end)}


def lots(tale: Tale, status: str) -> list[Json]:
    return [lot(tale, deal, status) for deal in tale.story.deals]


def lot(tale: Tale, deal: Deal, status: str) -> Json:
    given: Json = {"id": deal.local, "status": status}
    if status == "complete":
        return given
    given["title"] = f"Lot {deal.local}"
    given["value"] = tale.value(deal.estimate)
    given["contractPeriod"] = period(deal)
    given["suitability"] = {"sme": deal.estimate < 2_000_000_000}
    if status == "active":
        given["awardCriteria"] = criteria(tale)
    if tale.dice.chance(0.006):
        given["description"] = None
    return given


def criteria(tale: Tale) -> Json:
    price = tale.dice.pick((30, 40, 50, 60))
    names = (("price", "Price", price), ("quality", "Quality", 90 - price), ("quality", "Social value", 10))
    return {"criteria": [criterion(*each) for each in names]}


def criterion(kind: str, name: str, weight: int) -> Json:
    return {"type": kind, "name": name, "numbers": [{"number": weight, "weight": "percentageExact"}]}


def framework_terms(tale: Tale) -> Json:
    """The ceiling and rules of a framework: a value that is not spend."""
    deal = tale.story.deals[0]
    return {
        "hasFrameworkAgreement": True,
        "frameworkAgreement": {
            "type": "open",
            "method": "withAndWithoutReopeningCompetition",
            "maximumParticipants": len(deal.suppliers) + 2,
            "value": tale.value(deal.value),
            "period": period(deal),
            "buyerCategories": "Any contracting authority named in the notice (synthetic)",
        },
    }
