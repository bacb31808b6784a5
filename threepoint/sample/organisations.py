"""The organisations of the world as they truly are: one population for each seed, whatever the number of releases."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from threepoint.sample.dates import WORLD_START
from threepoint.sample.random_source import Dice, dice_for
from threepoint.sample.vocabulary import BUYERS, HEADS, LABEL, PLACES, STREETS, TAILS, TRADES

BUYER_COUNT = 480
SUPPLIER_COUNT = 6000
STEMS = len(HEADS) * len(TAILS)
STEP = 7919  # prime, so that walking in these steps meets every name once before it meets one again

SUPPLIERS, BUYERS_STREAM, SCHEMES = 1, 2, 3  # streams of dice


class Body(NamedTuple):
    """One organisation. `number` is its Companies House number, None if it has none; `ppon` is without its scheme."""

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
        return f"{self.core} {self.form}".rstrip() + LABEL

    def as_truth(self) -> dict[str, Any]:
        return {"id": self.key, "name": self.name, "company_number": self.number, "ppon": self.ppon}


class Scheme(NamedTuple):
    """A programme that a buyer's procurements belong to, with what was planned at first: pence, and a day."""

    key: str
    title: str
    budget: int
    end: int


class Population(NamedTuple):
    buyers: tuple[Body, ...]
    suppliers: tuple[Body, ...]


@lru_cache(maxsize=4)
def population(seed: int) -> Population:
    return Population(
        tuple(buyer(seed, index) for index in range(BUYER_COUNT)),
        tuple(supplier(seed, index) for index in range(SUPPLIER_COUNT)),
    )


def stem(index: int) -> str:
    """An invented place name: Brackenmere, Quillmoor."""
    head, tail = divmod(index % STEMS, len(TAILS))
    return HEADS[head] + TAILS[tail]


def buyer(seed: int, index: int) -> Body:
    dice = dice_for(seed, BUYERS_STREAM, index)
    pattern, (code, description) = BUYERS[index % len(BUYERS)]
    details: dict[str, Any] = {
        "url": f"https://buyer-{index:03d}.example.invalid",
        "classifications": [{"scheme": "UK_CA_TYPE", "id": code, "description": description}],
    }
    core = pattern.format(stem(index * STEP + seed))
    return Body(index, f"buyer-{index:05d}", core, "", None, ppon("B", index), address(dice), details)


def supplier(seed: int, index: int) -> Body:
    dice = dice_for(seed, SUPPLIERS, index)
    walk = (index * STEP + seed * 101) % (STEMS * len(TRADES))
    form = legal_form(index, dice)
    scale = "sme" if dice.chance(0.68) else "large"
    return Body(
        index,
        f"supplier-{index:05d}",
        f"{stem(walk // len(TRADES))} {TRADES[walk % len(TRADES)]}",
        form,
        company_number(index, form, dice),
        ppon("S", index),
        address(dice),
        {"scale": scale, "vcse": form == "CIC" or dice.chance(0.02)},
    )


def legal_form(index: int, dice: Dice) -> str:
    if index % 20 == 0:
        return "LLP"
    share = dice.random()
    return "Limited" if share < 0.9 else "plc" if share < 0.97 else "CIC"


def company_number(index: int, form: str, dice: Dice) -> str | None:
    """Numbers never issued: companies under 99, and partnerships under OC099, whose real ones begin at OC300001.

    The partnerships are there for their leading nought, which publishers lose.
    """
    if form == "LLP":
        return f"OC099{index // 20:03d}"
    return None if dice.chance(0.06) else f"99{index * STEP % 1_000_000:06d}"


def ppon(kind: str, index: int) -> str:
    """A central digital platform number that cannot be real: all begin with SYNT."""
    letters = "BCDFGHJKLMNPQRSTVWXZ"
    return f"SYNT-{index:04d}-{kind}{letters[index % 20]}{letters[index // 20 % 20]}{letters[index * 7 % 20]}"


def address(dice: Dice) -> dict[str, str]:
    """A real town, so that maps work, in a street and under a postcode area (ZZ) that do not exist."""
    town, region = dice.pick(PLACES)
    gap = " " if dice.chance(0.85) else ""
    return {
        "streetAddress": f"{dice.between(1, 199)} {dice.pick(STREETS)}",
        "locality": town,
        "postalCode": f"ZZ{dice.between(10, 99)}{gap}{dice.between(1, 9)}{dice.pick('ABDEFGH')}{dice.pick('JLNPQRS')}",
        "country": "GB",
        "countryName": "United Kingdom",
        "region": region,
    }


@lru_cache(maxsize=4096)
def scheme(seed: int, buyer_index: int, which: int) -> Scheme:
    """One of a buyer's programmes."""
    dice = dice_for(seed, SCHEMES, buyer_index * 16 + which)
    owner = population(seed).buyers[buyer_index]
    title = f"{owner.core} {dice.pick(TRADES)} Programme {which + 1}{LABEL}"
    budget = dice.between(2, 400) * dice.between(50, 250) * 1_000_000
    return Scheme(f"SYN-{buyer_index:03d}-{which + 1}", title, budget, WORLD_START + dice.between(900, 3600))
