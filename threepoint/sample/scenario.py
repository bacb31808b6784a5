"""The true course of one procurement, drawn before any notice is written."""

from functools import lru_cache
from typing import NamedTuple

from threepoint.sample.dates import WORLD_END_DAY, WORLD_START_DAY
from threepoint.sample.lot_outcomes import LotOutcome, draw_lot_outcomes
from threepoint.sample.organisations import SampleOrganisation, Scheme, draw_population, draw_scheme
from threepoint.sample.random_source import CumulativeShares, RandomSource, make_random_source
from threepoint.sample.vocabulary import OTHER_CPVS, SYNTHETIC_LABEL, TECHNOLOGY_CPVS, TITLE_OPENINGS, TITLE_SUBJECTS

SCENARIO_STREAM = 0  # random stream
# One process in 25 is a framework, at a known number, so that call-offs can name it.
FRAMEWORK_INTERVAL, FRAMEWORK_OFFSET = 25, 4

ROUTE_SHARES: CumulativeShares = (
    (0.23, "call_off"),
    (0.32, "direct"),
    (0.75, "open"),
    (0.92, "flexible"),
    (1.0, "limited"),
)
LOT_COUNTS = (1, 1, 1, 1, 1, 1, 1, 1, 2, 3)
BID_COUNTS = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 11)
CURRENCY_SHARES: CumulativeShares = ((0.004, "EUR"), (0.006, "USD"), (1.0, "GBP"))
VAT_SHARES: CumulativeShares = ((0.86, "standard"), (0.92, "same"), (0.96, "odd"), (1.0, "none"))


class Scenario(NamedTuple):
    """The true facts of one process. Days are ordinals."""

    number: int
    ocid: str
    route: str  # framework, call_off, direct, open, flexible or limited
    parent: str | None  # ocid of the framework a call-off was made under
    buyer: SampleOrganisation
    scheme: Scheme | None
    cpv: tuple[str, str, str, str]
    title: str
    opening: int  # the day the tender is published; without a tender, the day of the award decision
    awarded: int
    currency: str
    vat: str  # rate of the published gross amounts: standard, same (as net), odd (neither), none (no gross amount)
    bids: tuple[int, ...]  # for each lot; empty if there was no competition
    outcomes: tuple[LotOutcome, ...]
    cancelled: bool


def format_ocid(seed: int, number: int) -> str:
    """Return an ocid that includes the seed, so that two worlds can be loaded into one store."""
    return f"ocds-sample-{seed:02x}{number:06x}"


def draw_scenario(seed: int, number: int) -> tuple[Scenario, RandomSource]:
    """Return the scenario of process `number` and the random source for its notices. Both depend on nothing else in the world."""
    dice = make_random_source(seed, SCENARIO_STREAM, number)
    route = draw_route(number, dice)
    parent = draw_parent_framework(seed, number, dice) if route == "call_off" else None
    population = draw_population(seed)
    buyer = dice.pick_favouring_first(population.buyers)
    cpv = parent.cpv if parent else dice.pick(TECHNOLOGY_CPVS if dice.chance(0.78) else OTHER_CPVS)
    opening = draw_opening_day(dice, route, parent)
    awarded = opening + (0 if route in ("direct", "call_off") else dice.between(45, 150))
    lots = dice.pick(LOT_COUNTS) if route in ("open", "flexible") else 1
    pool = parent.outcomes[0].suppliers if parent else population.suppliers
    story = Scenario(
        number=number,
        ocid=format_ocid(seed, number),
        route=route,
        parent=parent and parent.ocid,
        buyer=buyer,
        scheme=draw_scheme(seed, buyer.ordinal, dice.between(0, 3)) if dice.chance(0.55) else None,
        cpv=cpv,
        title=f"{dice.pick(TITLE_OPENINGS)} {cpv[3]} for {dice.pick(TITLE_SUBJECTS)}"
        f"{' framework' * (route == 'framework')}{SYNTHETIC_LABEL}",
        opening=opening,
        awarded=awarded,
        currency=dice.draw_by_share(CURRENCY_SHARES),
        vat=dice.draw_by_share(VAT_SHARES),
        bids=() if route == "direct" else tuple(dice.pick(BID_COUNTS) for _ in range(lots)),
        outcomes=draw_lot_outcomes(dice, route, awarded, lots, pool),
        cancelled=route in ("open", "flexible") and dice.chance(0.06),
    )
    return story, dice


def draw_route(number: int, dice: RandomSource) -> str:
    if number % FRAMEWORK_INTERVAL == FRAMEWORK_OFFSET:
        return "framework"
    route = dice.draw_by_share(ROUTE_SHARES)
    return "open" if route == "call_off" and number < FRAMEWORK_INTERVAL else route


def draw_parent_framework(seed: int, number: int, dice: RandomSource) -> Scenario:
    """Return one of the last frameworks before this process."""
    blocks = number // FRAMEWORK_INTERVAL
    return redraw_framework(seed, blocks - dice.between(1, min(6, blocks)))


@lru_cache(maxsize=64)
def redraw_framework(seed: int, block: int) -> Scenario:
    """Draw a framework again from its number, which costs less than keeping all of them."""
    return draw_scenario(seed, block * FRAMEWORK_INTERVAL + FRAMEWORK_OFFSET)[0]


def draw_opening_day(dice: RandomSource, route: str, parent: Scenario | None) -> int:
    """Return an opening day: early enough for frameworks to be used, and within the framework's term for call-offs."""
    if parent:
        first = parent.outcomes[0].start
        return dice.between(first, max(first, min(parent.outcomes[0].end, WORLD_END_DAY - 70)))
    return dice.between(WORLD_START_DAY + 12, WORLD_END_DAY - (600 if route == "framework" else 25))
