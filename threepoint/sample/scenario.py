"""What truly happens in one procurement, drawn before a word of it is published."""

from functools import lru_cache
from typing import NamedTuple

from threepoint.sample.dates import WORLD_END, WORLD_START
from threepoint.sample.lot_outcomes import Deal, draw_deals
from threepoint.sample.organisations import Body, Scheme, population, scheme
from threepoint.sample.random_source import Dice, Fates, dice_for
from threepoint.sample.vocabulary import FIELDS, LABEL, OTHER_WORK, TECHNOLOGY, VERBS

PROCESSES = 0  # stream of dice
EVERY, FRAMEWORK_AT = 25, 4  # one process in 25 is a framework, at a known number, so that call-offs can name one

ROUTES: Fates = ((0.23, "call_off"), (0.32, "direct"), (0.75, "open"), (0.92, "flexible"), (1.0, "limited"))
LOTS = (1, 1, 1, 1, 1, 1, 1, 1, 2, 3)
BIDS = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 11)
CURRENCIES: Fates = ((0.004, "EUR"), (0.006, "USD"), (1.0, "GBP"))
VAT: Fates = ((0.86, "standard"), (0.92, "same"), (0.96, "odd"), (1.0, "none"))


class Story(NamedTuple):
    """The true facts of one process. Days are ordinals."""

    number: int
    ocid: str
    route: str  # framework, call_off, direct, open, flexible or limited
    parent: str | None  # ocid of the framework a call-off was made under
    buyer: Body
    scheme: Scheme | None
    cpv: tuple[str, str, str, str]
    title: str
    opening: int  # the day the market is asked; without one, the day the award is decided
    awarded: int
    currency: str
    vat: str  # how gross amounts are published: standard, same (as net), odd (neither), none
    bids: tuple[int, ...]  # for each lot; empty where nobody competed
    deals: tuple[Deal, ...]
    cancelled: bool


def ocid_of(seed: int, number: int) -> str:
    """The seed is in it, so that two worlds may be loaded side by side."""
    return f"ocds-sample-{seed:02x}{number:06x}"


def draw(seed: int, number: int) -> tuple[Story, Dice]:
    """The story of process `number`, and the dice to tell it with; neither depends on anything else in the world."""
    dice = dice_for(seed, PROCESSES, number)
    route = route_of(number, dice)
    parent = parent_of(seed, number, dice) if route == "call_off" else None
    bodies = population(seed)
    owner = dice.favour(bodies.buyers)
    cpv = parent.cpv if parent else dice.pick(TECHNOLOGY if dice.chance(0.78) else OTHER_WORK)
    opening = opening_day(dice, route, parent)
    awarded = opening + (0 if route in ("direct", "call_off") else dice.between(45, 150))
    lots = dice.pick(LOTS) if route in ("open", "flexible") else 1
    pool = parent.deals[0].suppliers if parent else bodies.suppliers
    story = Story(
        number=number,
        ocid=ocid_of(seed, number),
        route=route,
        parent=parent and parent.ocid,
        buyer=owner,
        scheme=scheme(seed, owner.ordinal, dice.between(0, 3)) if dice.chance(0.55) else None,
        cpv=cpv,
        title=f"{dice.pick(VERBS)} {cpv[3]} for {dice.pick(FIELDS)}{' framework' * (route == 'framework')}{LABEL}",
        opening=opening,
        awarded=awarded,
        currency=dice.fate(CURRENCIES),
        vat=dice.fate(VAT),
        bids=() if route == "direct" else tuple(dice.pick(BIDS) for _ in range(lots)),
        deals=draw_deals(dice, route, awarded, lots, pool),
        cancelled=route in ("open", "flexible") and dice.chance(0.06),
    )
    return story, dice


def route_of(number: int, dice: Dice) -> str:
    if number % EVERY == FRAMEWORK_AT:
        return "framework"
    route = dice.fate(ROUTES)
    return "open" if route == "call_off" and number < EVERY else route


def parent_of(seed: int, number: int, dice: Dice) -> Story:
    """One of the last frameworks before this process."""
    blocks = number // EVERY
    return framework(seed, blocks - dice.between(1, min(6, blocks)))


@lru_cache(maxsize=64)
def framework(seed: int, block: int) -> Story:
    """A framework drawn again from its number, which costs less than remembering all of them."""
    return draw(seed, block * EVERY + FRAMEWORK_AT)[0]


def opening_day(dice: Dice, route: str, parent: Story | None) -> int:
    """Frameworks come early enough to be used, and call-offs while theirs is in force."""
    if parent:
        first = parent.deals[0].start
        return dice.between(first, max(first, min(parent.deals[0].end, WORLD_END - 70)))
    return dice.between(WORLD_START + 12, WORLD_END - (600 if route == "framework" else 25))
