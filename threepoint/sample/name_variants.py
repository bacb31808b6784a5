"""Variants of an organisation's name and identifiers, as the people who write notices type them."""

from typing import Any, NamedTuple

from threepoint.sample.organisations import SampleOrganisation
from threepoint.sample.random_source import RandomSource
from threepoint.sample.vocabulary import CONTACT_NAMES, SPELLINGS_BY_LEGAL_FORM, SYNTHETIC_LABEL


class PartyVariant(NamedTuple):
    """A party object and the reference to it. The id of a party has no meaning outside its own release."""

    party: dict[str, Any]
    reference: dict[str, str]


def draw_party_variant(body: SampleOrganisation, role: str, dice: RandomSource, index: int) -> PartyVariant:
    """Return a party with a varied name, identifier and details. `index` keeps apart the ids of parties in one release."""
    party = draw_party_identity(body, dice, index)
    party["name"] = vary_name(body, dice) + SYNTHETIC_LABEL
    party["roles"] = [role]
    party["address"] = body.address if dice.chance(0.8) else {"locality": body.address["locality"]}
    if role == "buyer" or dice.chance(0.9):
        party["details"] = body.details
    if role == "buyer" and dice.chance(0.6):
        party["contactPoint"] = draw_contact_point(dice)
    return PartyVariant(party, {"id": party["id"], "name": party["name"]})


def draw_party_identity(body: SampleOrganisation, dice: RandomSource, index: int) -> dict[str, Any]:
    """Return the party's id and identifiers: company number, platform number, both, or only the publisher's own number."""
    share = dice.random()
    if share < 0.45 and body.number:
        return build_party_identifier("GB-COH", vary_company_number(body.number, dice))
    if share < (0.9 if body.number is None else 0.75):
        party = build_party_identifier("GB-PPON", body.ppon)
        if body.number and share < 0.6:
            party["additionalIdentifiers"] = [{"scheme": "GB-COH", "id": body.number}]
        return party
    party = {"id": f"GB-FTS-{dice.between(1, 99) * 10 + index}"}
    if dice.chance(0.6):
        party["identifier"] = {"legalName": body.name, "noIdentifierRationale": "notOnAnyRegister"}
    return party


def build_party_identifier(scheme: str, number: str) -> dict[str, Any]:
    return {"id": f"{scheme}-{number}", "identifier": {"scheme": scheme, "id": number}}


def vary_company_number(number: str, dice: RandomSource) -> str:
    """Return the company number, sometimes without its leading zero: OC099012 becomes OC99012."""
    return number.replace("OC0", "OC") if dice.chance(0.3) else number


def vary_name(body: SampleOrganisation, dice: RandomSource) -> str:
    """Return the name without the synthetic label, in one of the spellings that real notices mix."""
    form = dice.pick(SPELLINGS_BY_LEGAL_FORM[body.form]) if body.form else ""
    name = f"{body.core} {form}".rstrip()
    share = dice.random()
    if share < 0.66:
        return name
    if share < 0.84:
        return name.upper()
    if share < 0.9:
        return name.replace(" ", "  ", 1)
    if share < 0.95:
        return mistype_name(name, dice)
    return f"{name} t/a {body.core.split()[0]}" if form else f"The {name}"


def mistype_name(name: str, dice: RandomSource) -> str:
    """Swap two adjacent letters or leave one out, never the first."""
    position = dice.between(1, len(name) - 3)
    if dice.chance(0.5):
        return name[:position] + name[position + 1 :]
    return name[:position] + name[position + 1] + name[position] + name[position + 2 :]


def draw_contact_point(dice: RandomSource) -> dict[str, str]:
    """Return a contact point that readers must drop: an invented name, and an email address and number that reach nobody."""
    name = dice.pick(CONTACT_NAMES)
    return {
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@example.invalid",
        "telephone": f"01632 960{dice.between(0, 999):03d}",  # Ofcom reserves 01632 960000-960999 for fiction
    }
