"""The true organisations of the world: one population for each seed, for any number of releases."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from threepoint.sample.dates import WORLD_START_DAY
from threepoint.sample.random_source import RandomSource, make_random_source
from threepoint.sample.vocabulary import (
    BUYER_NAMES_AND_TYPES,
    PLACE_NAME_HEADS,
    PLACE_NAME_TAILS,
    STREET_NAMES,
    SUPPLIER_TRADES,
    SYNTHETIC_LABEL,
    TOWNS_AND_REGIONS,
)

BUYER_COUNT = 480
SUPPLIER_COUNT = 6000
NAME_STEM_COUNT = len(PLACE_NAME_HEADS) * len(PLACE_NAME_TAILS)
NAME_STEP = 7919  # prime, so that these steps reach every name once before they repeat one

SUPPLIER_STREAM, BUYER_STREAM, SCHEME_STREAM = 1, 2, 3  # random streams


class SampleOrganisation(NamedTuple):
    """One organisation. `number` is its Companies House number or None; `ppon` has no scheme prefix."""

    ordinal: int
    key: str
    core: str
    form: str
    number: str | None
    ppon: str
    address: Mapping[str, str]
    details: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.core} {self.form}".rstrip() + SYNTHETIC_LABEL

    def as_truth(self) -> dict[str, Any]:
        return {"id": self.key, "name": self.name, "company_number": self.number, "ppon": self.ppon}


class Scheme(NamedTuple):
    """A programme that a buyer's procurements belong to, with its first budget in pence and planned last day."""

    key: str
    title: str
    budget: int
    end: int


class Population(NamedTuple):
    buyers: tuple[SampleOrganisation, ...]
    suppliers: tuple[SampleOrganisation, ...]


@lru_cache(maxsize=4)
def draw_population(seed: int) -> Population:
    return Population(
        tuple(draw_buyer(seed, index) for index in range(BUYER_COUNT)),
        tuple(draw_supplier(seed, index) for index in range(SUPPLIER_COUNT)),
    )


def invent_place_name(index: int) -> str:
    """Return an invented place name, for example Brackenmere."""
    head, tail = divmod(index % NAME_STEM_COUNT, len(PLACE_NAME_TAILS))
    return PLACE_NAME_HEADS[head] + PLACE_NAME_TAILS[tail]


def draw_buyer(seed: int, index: int) -> SampleOrganisation:
    dice = make_random_source(seed, BUYER_STREAM, index)
    pattern, (code, description) = BUYER_NAMES_AND_TYPES[index % len(BUYER_NAMES_AND_TYPES)]
    details: dict[str, Any] = {
        "url": f"https://buyer-{index:03d}.example.invalid",
        "classifications": [{"scheme": "UK_CA_TYPE", "id": code, "description": description}],
    }
    core = pattern.format(invent_place_name(index * NAME_STEP + seed))
    return SampleOrganisation(
        index, f"buyer-{index:05d}", core, "", None, make_ppon("B", index), draw_address(dice), details
    )


def draw_supplier(seed: int, index: int) -> SampleOrganisation:
    dice = make_random_source(seed, SUPPLIER_STREAM, index)
    name_index = (index * NAME_STEP + seed * 101) % (NAME_STEM_COUNT * len(SUPPLIER_TRADES))
    form = draw_legal_form(index, dice)
    scale = "sme" if dice.chance(0.68) else "large"
    return SampleOrganisation(
        index,
        f"supplier-{index:05d}",
        f"{invent_place_name(name_index // len(SUPPLIER_TRADES))} {SUPPLIER_TRADES[name_index % len(SUPPLIER_TRADES)]}",
        form,
        draw_company_number(index, form, dice),
        make_ppon("S", index),
        draw_address(dice),
        {"scale": scale, "vcse": form == "CIC" or dice.chance(0.02)},
    )


def draw_legal_form(index: int, dice: RandomSource) -> str:
    if index % 20 == 0:
        return "LLP"
    share = dice.random()
    return "Limited" if share < 0.9 else "plc" if share < 0.97 else "CIC"


def draw_company_number(index: int, form: str, dice: RandomSource) -> str | None:
    """Return a number that was never issued: companies start with 99 and partnerships with OC099; real ones start at OC300001.

    Partnerships are included for their leading zero, which publishers lose.
    """
    if form == "LLP":
        return f"OC099{index // 20:03d}"
    return None if dice.chance(0.06) else f"99{index * NAME_STEP % 1_000_000:06d}"


def make_ppon(kind: str, index: int) -> str:
    """Return a central digital platform number that cannot be real, because it begins with SYNT."""
    letters = "BCDFGHJKLMNPQRSTVWXZ"
    return f"SYNT-{index:04d}-{kind}{letters[index % 20]}{letters[index // 20 % 20]}{letters[index * 7 % 20]}"


def draw_address(dice: RandomSource) -> dict[str, str]:
    """Return an address with a real town, so that maps work, and a street and postcode area (ZZ) that do not exist."""
    town, region = dice.pick(TOWNS_AND_REGIONS)
    gap = " " if dice.chance(0.85) else ""
    return {
        "streetAddress": f"{dice.between(1, 199)} {dice.pick(STREET_NAMES)}",
        "locality": town,
        "postalCode": f"ZZ{dice.between(10, 99)}{gap}{dice.between(1, 9)}{dice.pick('ABDEFGH')}{dice.pick('JLNPQRS')}",
        "country": "GB",
        "countryName": "United Kingdom",
        "region": region,
    }


@lru_cache(maxsize=4096)
def draw_scheme(seed: int, buyer_index: int, scheme_index: int) -> Scheme:
    dice = make_random_source(seed, SCHEME_STREAM, buyer_index * 16 + scheme_index)
    owner = draw_population(seed).buyers[buyer_index]
    title = f"{owner.core} {dice.pick(SUPPLIER_TRADES)} Programme {scheme_index + 1}{SYNTHETIC_LABEL}"
    budget = dice.between(2, 400) * dice.between(50, 250) * 1_000_000
    return Scheme(f"SYN-{buyer_index:03d}-{scheme_index + 1}", title, budget, WORLD_START_DAY + dice.between(900, 3600))
