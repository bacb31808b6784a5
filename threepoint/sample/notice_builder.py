"""A story as told so far: the notice being written, what earlier ones said, and the truth they will be held against."""

from typing import Any

from threepoint.sample import ground_truth
from threepoint.sample.dates import midnight, moment, year_of
from threepoint.sample.lot_outcomes import Deal
from threepoint.sample.money import GROSS_OF_NET, gross_of, pounds
from threepoint.sample.name_variants import Guise, guise
from threepoint.sample.notice_schedule import MOST, Step
from threepoint.sample.organisations import Body
from threepoint.sample.random_source import Dice
from threepoint.sample.scenario import Story
from threepoint.sample.vocabulary import LABEL

Json = dict[str, Any]

COMMERCIAL, SECURITY = "UK-PA23-s94-1b", "UK-PA23-s94-1a"
GROUNDS = {
    SECURITY: "Procurement Act 2023 section 94(1)(a): national security",
    COMMERCIAL: "Procurement Act 2023 section 94(1)(b): sensitive commercial information",
}


class Tale:
    """Notices add to `truth` as they are written, so that a tale cut short has the truth of what was told."""

    def __init__(self, story: Story, dice: Dice) -> None:
        self.story = story
        self.dice = dice
        self.truth = ground_truth.opening(story)
        self.items = items(story)
        self.kinds: list[str] = []
        self.award_ids = [first_award_id(story, place) for place in range(len(story.deals))]
        self.observations = 0
        self.paid = [0] * len(story.deals)  # pence
        self.guises: dict[str, Guise] = {}

    def turn(self, step: Step) -> None:
        """Begin the next notice. Now and then everybody's name and identifier are typed anew, but in no correction."""
        self.step = step
        self.kinds.append(step.kind)
        self.notice = f"{self.story.number * MOST + len(self.kinds):06d}-{year_of(step.day)}"
        self.second = self.dice.between(8 * 3600, 18 * 3600 - 1)
        self.stamp = moment(step.day, self.second)
        self.parties: dict[str, Json] = {}
        self.withheld: list[Json] = []
        if self.dice.chance(0.08) and step.kind != "UK6 correction":
            self.guises.clear()
        self.buyer = self.introduce(self.story.buyer, "buyer")

    def introduce(self, body: Body, role: str) -> Json:
        """Name the body among the release's parties, once, and give the reference to it."""
        shown = self.guises.get(body.key)
        if shown is None:
            shown = self.guises[body.key] = guise(body, role, self.dice, len(self.guises) % 10)
        self.parties[body.key] = shown.party
        return shown.reference

    def suppliers(self, deal: Deal) -> list[Json]:
        """The deal's suppliers, or one without a name, never to be matched with another who is withheld."""
        if not deal.flaws.secret_supplier:
            return [self.introduce(body, "supplier") for body in deal.suppliers]
        party = {"id": "GB-FTS-1009", "name": f"Withheld under section 94{LABEL}", "roles": ["supplier"]}
        self.parties["nobody"] = party
        return [{"id": party["id"], "name": party["name"]}]

    def value(self, pence: int) -> Json:
        """Net pence as a published value in pounds, with the gross amount if this buyer gives one."""
        net = {"amount": pounds(pence), "currency": self.story.currency}
        if self.story.vat not in GROSS_OF_NET:
            return net
        return {"amountGross": pounds(gross_of(pence, self.story.vat)), **net}

    def document(self, kind: str, notice_type: str, text: str) -> Json:
        return {
            "id": self.notice,
            "documentType": kind,
            "noticeType": notice_type,
            "description": text + LABEL,
            "url": f"https://example.invalid/Notice/{self.notice}",
            "datePublished": self.stamp,
            "format": "text/html",
        }

    def hide(self, field: str, name: str, ground: str = COMMERCIAL) -> None:
        """Say that this field (section/id/field) is withheld, under which limb of the law, and perhaps until when."""
        entry = {
            "id": field.replace("/", "-"),
            "field": field,
            "name": name,
            "rationale": "Publication would harm the interest protected (synthetic).",
            "rationaleClassifications": [{"scheme": "UKPGA", "id": ground, "description": GROUNDS[ground]}],
        }
        if ground == COMMERCIAL and self.dice.chance(0.5):
            entry["availabilityDate"] = midnight(self.step.day + 730)
        self.withheld.append(entry)
        self.truth["withheld"].append({"field": field, "ground": ground, "release": self.notice})

    def leave_out(self, field: str) -> None:
        """Note for the truth that this release does not give a field it ought to."""
        self.truth["missing"].append({"field": field, "release": self.notice, "given_by": None})

    def get_wrong(self, field: str, published: object, right: object) -> None:
        """Note for the truth that this release gives a field wrongly."""
        entry = {"field": field, "release": self.notice, "published": published, "right": right, "corrected_by": None}
        self.truth["wrong"].append(entry)

    def put_right(self, field: str) -> None:
        """Note for the truth that this release gives the field as it is, whatever earlier ones made of it."""
        for entries, word in (("wrong", "corrected_by"), ("missing", "given_by")):
            for entry in self.truth[entries]:
                if entry["field"].startswith(field) and entry[word] is None:
                    entry[word] = self.notice


def items(story: Story) -> list[Json]:
    """What is bought, lot by lot."""
    code, name, _, _ = story.cpv
    kinds = [{"scheme": "CPV", "id": code, "description": name}]
    where = [{"region": story.buyer.address["region"], "country": "GB", "countryName": "United Kingdom"}]
    return [
        {"id": deal.local, "additionalClassifications": kinds, "deliveryAddresses": where, "relatedLot": deal.local}
        for deal in story.deals
    ]


def first_award_id(story: Story, place: int) -> str:
    """Counted from 1 as on Find a Tender; an award to be published twice has ids as on Contracts Finder."""
    deal = story.deals[place]
    return f"{story.ocid}-{deal.local}" if deal.flaws.award.startswith("republished") else deal.local
