"""The true award and contract of one lot.

Money is in pence without VAT and days are ordinals. All values here are true. `NoticeFlaws` lists the fields that
notices withhold, forget or get wrong.
"""

from collections.abc import Sequence
from typing import NamedTuple

from threepoint.sample.notice_flaws import NoticeFlaws, draw_flaws
from threepoint.sample.organisations import SampleOrganisation
from threepoint.sample.random_source import Quantiles, RandomSource
from threepoint.sample.vocabulary import CHANGE_GROUNDS, EARLY_ENDING_REASONS, KPI_DEFINITIONS, MILESTONE_TITLES

# Procurement Act 2023 s.52: buyers set and publish at least three indicators for contracts above £5m.
KPI_DUTY_PENCE = 500_000_000

# Fat-tailed, as IT contracts are: the mean growth is far above the median.
VALUE_QUANTILES_PENCE: Quantiles = (
    (0.0, 1_200_000), (0.1, 3_200_000), (0.25, 8_000_000), (0.5, 26_000_000), (0.75, 95_000_000), (0.88, 400_000_000),
    (0.96, 1_500_000_000), (0.99, 5_000_000_000), (0.999, 20_000_000_000), (1.0, 60_000_000_000),
)  # fmt: skip  # easier to read in lines than in a column
GROWTH_QUANTILES_PER_MILLE: Quantiles = (
    (0.0, 600), (0.06, 900), (0.2, 1000), (0.45, 1080), (0.7, 1250), (0.88, 1650), (0.96, 2600), (0.99, 4500),
    (0.998, 9000), (1.0, 20000),
)  # fmt: skip  # per mille of the first value
SLIP_QUANTILES_DAYS: Quantiles = (
    (0.0, -90), (0.08, 0), (0.3, 0), (0.5, 90), (0.75, 240), (0.93, 540), (0.99, 1100), (1.0, 2200),
)  # fmt: skip
NEVER_DAY = 10**7  # later than every other day
CONTRACT_LENGTHS_DAYS = (180, 365, 365, 730, 730, 730, 1095, 1095, 1460, 1825, 547, 912)


class ContractChange(NamedTuple):
    """A change to a contract in force: the new value and end, and the legal ground."""

    day: int
    value: int
    end: int
    ground: tuple[str, str, str]


class DeliveryMilestone(NamedTuple):
    title: str
    due: int
    met: int


class LotOutcome(NamedTuple):
    """The award and contract of one lot. `local` is their id within the process."""

    local: str
    suppliers: tuple[SampleOrganisation, ...]
    estimate: int
    value: int
    signed: int
    start: int
    end: int
    changes: tuple[ContractChange, ...]
    over: int  # the true last day, past or future
    early: tuple[str, str] | None  # the reason for an early end
    final: int
    kpis: tuple[int, ...]
    quality: float  # 0 to 1: how often an indicator is met
    milestones: tuple[DeliveryMilestone, ...]
    flaws: NoticeFlaws


def draw_lot_outcomes(
    dice: RandomSource, route: str, awarded: int, lots: int, pool: Sequence[SampleOrganisation]
) -> tuple[LotOutcome, ...]:
    return tuple(draw_lot_outcome(dice, route, awarded, str(lot + 1), pool) for lot in range(lots))


def draw_lot_outcome(
    dice: RandomSource, route: str, awarded: int, local: str, pool: Sequence[SampleOrganisation]
) -> LotOutcome:
    value = round_pence(dice.draw_between_quantiles(VALUE_QUANTILES_PENCE) * (12 if route == "framework" else 1))
    signed = awarded + dice.between(8, 40)
    start = signed + dice.between(0, 40)
    end = start + dice.pick(CONTRACT_LENGTHS_DAYS) - 1
    early_reason = dice.pick(EARLY_ENDING_REASONS) if dice.chance(0.05) else None
    early_end = start + dice.between(60, 900) if early_reason else NEVER_DAY
    planned_changes = () if route == "framework" else draw_changes(dice, value, start, end)
    changes = tuple(change for change in planned_changes if change.day < early_end)
    last = changes[-1] if changes else ContractChange(start, value, end, CHANGE_GROUNDS[0])
    return LotOutcome(
        local=local,
        suppliers=draw_suppliers(dice, route, pool),
        estimate=round_pence(value * dice.between(850, 1250) // 1000),
        value=value,
        signed=signed,
        start=start,
        end=end,
        changes=changes,
        over=min(last.end, early_end),
        early=early_reason,
        final=last.value * dice.between(300 if early_reason else 950, 900 if early_reason else 1040) // 1000,
        kpis=draw_kpis(dice, value),
        quality=0.45 + dice.random() * 0.5,
        milestones=draw_milestones(dice, start, end, last.end - end) if dice.chance(0.4) else (),
        flaws=draw_flaws(dice),
    )


def round_pence(pence: int) -> int:
    """Leave a third of amounts exact, as in bids; round the others to £100 or £1,000, as in estimates."""
    unit = 1 if pence % 3 == 0 else 100_00 if pence < 100_000_00 else 1_000_00
    return max(unit, pence // unit * unit)


def draw_suppliers(
    dice: RandomSource, route: str, pool: Sequence[SampleOrganisation]
) -> tuple[SampleOrganisation, ...]:
    count = dice.between(3, 8) if route == "framework" else 2 if dice.chance(0.03) else 1
    return tuple({body.ordinal: body for body in (dice.pick_favouring_first(pool) for _ in range(count))}.values())


def draw_changes(dice: RandomSource, value: int, start: int, end: int) -> tuple[ContractChange, ...]:
    """Return no changes for most contracts; otherwise one to three that move value, end or both to their last state."""
    step_count = dice.pick((0, 0, 0, 0, 0, 1, 1, 1, 2, 3))
    growth = dice.draw_between_quantiles(GROWTH_QUANTILES_PER_MILLE) - 1000 if dice.chance(0.8) else 0
    slip = dice.draw_between_quantiles(SLIP_QUANTILES_DAYS) if dice.chance(0.65) else 0
    if not step_count or not (growth or slip):
        return ()
    changes, day, new_end = [], start + 20, end
    for step in range(1, step_count + 1):
        day = dice.between(day + 10, max(day + 10, new_end - 10))
        new_end = max(day + 1, end + slip * step // step_count)
        changes.append(
            ContractChange(day, value + value * growth * step // step_count // 1000, new_end, dice.pick(CHANGE_GROUNDS))
        )
    return tuple(changes)


def draw_kpis(dice: RandomSource, value: int) -> tuple[int, ...]:
    """Return indexes in KPI_DEFINITIONS: mostly three or more if the law requires indicators, otherwise none to three."""
    count = dice.pick((0, 0, 0, 0, 0, 0, 0, 1, 2, 3))
    if value >= KPI_DUTY_PENCE and dice.chance(0.92):
        count = dice.between(3, 5)
    first = dice.between(0, len(KPI_DEFINITIONS) - 1)
    return tuple((first + step) % len(KPI_DEFINITIONS) for step in range(count))


def draw_milestones(dice: RandomSource, start: int, end: int, slip: int) -> tuple[DeliveryMilestone, ...]:
    """Return two to four evenly spaced milestones; later ones take a larger share of the slip."""
    count, milestones = dice.between(2, 4), []
    for number in range(1, count + 1):
        due = start + (end - start) * number // (count + 1)
        days_late = max(-20, slip * number // count + dice.between(-15, 25))
        milestones.append(DeliveryMilestone(MILESTONE_TITLES[number - 1], due, due + days_late))
    return tuple(milestones)
