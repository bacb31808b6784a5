"""Which notices a story leads to, and when: only what happened before the world ends is told."""

from typing import NamedTuple

from threepoint.sample.dates import WORLD_END_DAY, WORLD_START_DAY
from threepoint.sample.lot_outcomes import LotOutcome
from threepoint.sample.random_source import RandomSource
from threepoint.sample.scenario import Scenario

MAX_NOTICES_PER_PROCESS = 16  # notices of one process: its notice numbers begin at 16 times its own number


class ScheduledNotice(NamedTuple):
    """One notice to come. `kind` is its notice type, and a word after it where one type is used in two ways."""

    day: int
    kind: str
    deal: int = 0
    item: int = 0


def schedule_notices(story: Scenario, dice: RandomSource) -> list[ScheduledNotice]:
    """The notices in order, each on a day of its own, so that every way of sorting by date agrees."""
    wanted = schedule_before_award(story, dice)
    wanted += schedule_from_award(story, dice)
    wanted.sort()
    steps, last = [], WORLD_START_DAY - 1
    for step in wanted:
        if step[0] >= WORLD_START_DAY:
            last = max(step[0], last + 1)
            steps.append(step if step[0] == last else step._replace(day=last))
    return [step for step in steps[:MAX_NOTICES_PER_PROCESS] if step[0] <= WORLD_END_DAY]


def schedule_before_award(story: Scenario, dice: RandomSource) -> list[ScheduledNotice]:
    opening = story.opening
    if story.route == "call_off":
        return []
    if story.route == "direct":
        return [ScheduledNotice(opening, "UK5")]
    steps = [ScheduledNotice(opening, "UK4")]
    if dice.chance(0.08):
        steps.append(ScheduledNotice(opening - dice.between(120, 300), "UK1"))
    if dice.chance(0.3):
        steps.append(ScheduledNotice(opening - dice.between(60, 118), "UK2"))
    if dice.chance(0.1):
        steps.append(ScheduledNotice(opening - dice.between(41, 58), "UK3"))
    if dice.chance(0.1):
        steps.append(ScheduledNotice(opening + dice.between(4, 14), "UK4 update"))
    return steps


def schedule_from_award(story: Scenario, dice: RandomSource) -> list[ScheduledNotice]:
    if story.cancelled:
        return [ScheduledNotice(story.opening + dice.between(30, 130), "UK12")]
    steps = []
    if story.route not in ("direct", "call_off") and dice.chance(0.9):
        steps += schedule_award_notices(story, dice)
    if story.route == "call_off" or dice.chance(0.95):
        signed = max(deal.signed for deal in story.deals)
        told = max(signed, story.awarded + 3) + dice.between(1, 28)
        steps.append(ScheduledNotice(told, "UK7"))
        for place, deal in enumerate(story.deals):
            steps += schedule_contract_notices(place, deal, told, dice)
    return steps


def schedule_award_notices(story: Scenario, dice: RandomSource) -> list[ScheduledNotice]:
    steps = [ScheduledNotice(story.awarded + dice.between(0, 2), "UK6")]
    for place, deal in enumerate(story.deals):
        if deal.flaws.award:
            steps.append(ScheduledNotice(story.awarded + dice.between(5, 60), "UK6 correction", place))
    return steps


def schedule_contract_notices(place: int, deal: LotOutcome, told: int, dice: RandomSource) -> list[ScheduledNotice]:
    """What is published of a contract once its details are: changes, payments, performance, the end."""
    steps = [
        ScheduledNotice(max(change.day, told + 1 + item), "UK10", place, item)
        for item, change in enumerate(deal.changes)
    ]
    if deal.flaws.value != "withheld" and dice.chance(0.3):
        first = max(deal.start, told) + 111
        steps += [ScheduledNotice(first + 91 * item, "UK8", place, item) for item in range(dice.between(1, 4))]
    if deal.kpis and dice.chance(0.8):
        steps += schedule_performance_notices(place, deal, told, dice)
    if dice.chance(0.95 if deal.early else 0.6):
        steps.append(ScheduledNotice(max(deal.over, told + 5) + dice.between(1, 45), "UK11", place))
    return steps


def schedule_performance_notices(place: int, deal: LotOutcome, told: int, dice: RandomSource) -> list[ScheduledNotice]:
    """A performance notice every year, every half for some, while the contract runs."""
    every = dice.pick((365, 365, 182))
    first = max(deal.start, told)
    count = min(4, (deal.over - first) // every)
    return [
        ScheduledNotice(first + every * (item + 1) + dice.between(0, 30), "UK9", place, item) for item in range(count)
    ]
