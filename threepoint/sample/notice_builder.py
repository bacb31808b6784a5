"""The state of one process while its notices are written: the current notice, earlier ones, and the truth."""

from typing import Any

from threepoint.sample import ground_truth
from threepoint.sample.dates import format_midnight, format_moment, get_year
from threepoint.sample.lot_outcomes import LotOutcome
from threepoint.sample.money import GROSS_PER_MILLE_BY_VAT, add_vat, convert_to_pounds
from threepoint.sample.name_variants import PartyVariant, draw_party_variant
from threepoint.sample.notice_schedule import MAX_NOTICES_PER_PROCESS, ScheduledNotice
from threepoint.sample.organisations import SampleOrganisation
from threepoint.sample.random_source import RandomSource
from threepoint.sample.scenario import Scenario
from threepoint.sample.vocabulary import SYNTHETIC_LABEL

Json = dict[str, Any]

COMMERCIAL_GROUND, SECURITY_GROUND = "UK-PA23-s94-1b", "UK-PA23-s94-1a"
DESCRIPTION_BY_GROUND = {
    SECURITY_GROUND: "Procurement Act 2023 section 94(1)(a): national security",
    COMMERCIAL_GROUND: "Procurement Act 2023 section 94(1)(b): sensitive commercial information",
}


class NoticeBuilder:
    """Builder of a process's notices. Each notice adds to `truth`, so that the truth of a shortened process matches its notices."""

    def __init__(self, story: Scenario, dice: RandomSource) -> None:
        self.story = story
        self.dice = dice
        self.truth = ground_truth.describe_process(story)
        self.items = build_items(story)
        self.kinds: list[str] = []
        self.award_ids = [format_first_award_id(story, index) for index in range(len(story.outcomes))]
        self.observations = 0
        self.paid = [0] * len(story.outcomes)  # pence
        self.guises: dict[str, PartyVariant] = {}

    def turn(self, step: ScheduledNotice) -> None:
        """Begin the next notice. Some notices, but no corrections, draw new variants of all names and identifiers."""
        self.step = step
        self.kinds.append(step.kind)
        self.notice = f"{self.story.number * MAX_NOTICES_PER_PROCESS + len(self.kinds):06d}-{get_year(step.day)}"
        self.second = self.dice.between(8 * 3600, 18 * 3600 - 1)
        self.stamp = format_moment(step.day, self.second)
        self.parties: dict[str, Json] = {}
        self.withheld: list[Json] = []
        if self.dice.chance(0.08) and step.kind != "UK6 correction":
            self.guises.clear()
        self.buyer = self.introduce(self.story.buyer, "buyer")

    def introduce(self, body: SampleOrganisation, role: str) -> Json:
        """Add the organisation to the release's parties once, and return the reference to it."""
        variant = self.guises.get(body.key)
        if variant is None:
            variant = self.guises[body.key] = draw_party_variant(body, role, self.dice, len(self.guises) % 10)
        self.parties[body.key] = variant.party
        return variant.reference

    def suppliers(self, lot: LotOutcome) -> list[Json]:
        """Return the lot's suppliers, or one withheld supplier, which must not match any other withheld supplier."""
        if not lot.flaws.secret_supplier:
            return [self.introduce(body, "supplier") for body in lot.suppliers]
        party = {"id": "GB-FTS-1009", "name": f"Withheld under section 94{SYNTHETIC_LABEL}", "roles": ["supplier"]}
        self.parties["nobody"] = party
        return [{"id": party["id"], "name": party["name"]}]

    def value(self, pence: int) -> Json:
        """Return net pence as a published value in pounds, with the gross amount if this buyer gives one."""
        net = {"amount": convert_to_pounds(pence), "currency": self.story.currency}
        if self.story.vat not in GROSS_PER_MILLE_BY_VAT:
            return net
        return {"amountGross": convert_to_pounds(add_vat(pence, self.story.vat)), **net}

    def document(self, kind: str, notice_type: str, text: str) -> Json:
        return {
            "id": self.notice,
            "documentType": kind,
            "noticeType": notice_type,
            "description": text + SYNTHETIC_LABEL,
            "url": f"https://example.invalid/Notice/{self.notice}",
            "datePublished": self.stamp,
            "format": "text/html",
        }

    def hide(self, field: str, name: str, ground: str = COMMERCIAL_GROUND) -> None:
        """Add an entry for a withheld field (section/id/field) with its legal ground, and sometimes an end date."""
        entry = {
            "id": field.replace("/", "-"),
            "field": field,
            "name": name,
            "rationale": "Publication would harm the interest protected (synthetic).",
            "rationaleClassifications": [
                {"scheme": "UKPGA", "id": ground, "description": DESCRIPTION_BY_GROUND[ground]}
            ],
        }
        if ground == COMMERCIAL_GROUND and self.dice.chance(0.5):
            entry["availabilityDate"] = format_midnight(self.step.day + 730)
        self.withheld.append(entry)
        self.truth["withheld"].append({"field": field, "ground": ground, "release": self.notice})

    def leave_out(self, field: str) -> None:
        """Record in the truth that this release lacks a required field."""
        self.truth["missing"].append({"field": field, "release": self.notice, "given_by": None})

    def get_wrong(self, field: str, published: object, right: object) -> None:
        """Record in the truth that this release gives a wrong value."""
        entry = {"field": field, "release": self.notice, "published": published, "right": right, "corrected_by": None}
        self.truth["wrong"].append(entry)

    def put_right(self, field: str) -> None:
        """Record in the truth that this release corrects or adds the field."""
        for flaw, notice_key in (("wrong", "corrected_by"), ("missing", "given_by")):
            for entry in self.truth[flaw]:
                if entry["field"].startswith(field) and entry[notice_key] is None:
                    entry[notice_key] = self.notice


def build_items(story: Scenario) -> list[Json]:
    """Return one item for each lot."""
    code, name, _, _ = story.cpv
    cpvs = [{"scheme": "CPV", "id": code, "description": name}]
    addresses = [{"region": story.buyer.address["region"], "country": "GB", "countryName": "United Kingdom"}]
    return [
        {"id": lot.local, "additionalClassifications": cpvs, "deliveryAddresses": addresses, "relatedLot": lot.local}
        for lot in story.outcomes
    ]


def format_first_award_id(story: Scenario, index: int) -> str:
    """Number awards from 1 as on Find a Tender; an award that is published twice has an id as on Contracts Finder."""
    lot = story.outcomes[index]
    return f"{story.ocid}-{lot.local}" if lot.flaws.award.startswith("republished") else lot.local
