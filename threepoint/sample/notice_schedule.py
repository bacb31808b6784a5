"""The schedule of a process's notices. It ends with the world's last day."""

from typing import NamedTuple

from threepoint.sample.dates import WORLD_END_DAY, WORLD_START_DAY
from threepoint.sample.lot_outcomes import LotOutcome
from threepoint.sample.random_source import RandomSource
from threepoint.sample.scenario import Scenario

MAX_NOTICES_PER_PROCESS = 16  # a process's notice numbers begin at 16 times its own number


class ScheduledNotice(NamedTuple):
    """One notice to write. `kind` is its notice type, with a word after it if the type has two uses."""

    day: int
    kind: str
    lot_index: int = 0
    item: int = 0


def schedule_notices(story: Scenario, dice: RandomSource) -> list[ScheduledNotice]:
    """Return the notices in order. No two share a day, so that all ways of sorting by date agree."""
    planned_steps = schedule_before_award(story, dice)
    planned_steps += schedule_from_award(story, dice)
    planned_steps.sort()
    steps, last_day = [], WORLD_START_DAY - 1
    for step in planned_steps:
        if step[0] >= WORLD_START_DAY:
            last_day = max(step[0], last_day + 1)
            steps.append(step if step[0] == last_day else step._replace(day=last_day))
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
        signed = max(lot.signed for lot in story.outcomes)
        published = max(signed, story.awarded + 3) + dice.between(1, 28)
        steps.append(ScheduledNotice(published, "UK7"))
        for index, lot in enumerate(story.outcomes):
            steps += schedule_contract_notices(index, lot, published, dice)
    return steps


def schedule_award_notices(story: Scenario, dice: RandomSource) -> list[ScheduledNotice]:
    steps = [ScheduledNotice(story.awarded + dice.between(0, 2), "UK6")]
    for index, lot in enumerate(story.outcomes):
        if lot.flaws.award:
            steps.append(ScheduledNotice(story.awarded + dice.between(5, 60), "UK6 correction", index))
    return steps


def schedule_contract_notices(index: int, lot: LotOutcome, published: int, dice: RandomSource) -> list[ScheduledNotice]:
    """Return the notices that follow a contract details notice: changes, payments, performance and the end."""
    steps = [
        ScheduledNotice(max(change.day, published + 1 + item), "UK10", index, item)
        for item, change in enumerate(lot.changes)
    ]
    if lot.flaws.value != "withheld" and dice.chance(0.3):
        first = max(lot.start, published) + 111
        steps += [ScheduledNotice(first + 91 * item, "UK8", index, item) for item in range(dice.between(1, 4))]
    if lot.kpis and dice.chance(0.8):
        steps += schedule_performance_notices(index, lot, published, dice)
    if dice.chance(0.95 if lot.early else 0.6):
        steps.append(ScheduledNotice(max(lot.over, published + 5) + dice.between(1, 45), "UK11", index))
    return steps


def schedule_performance_notices(
    index: int, lot: LotOutcome, published: int, dice: RandomSource
) -> list[ScheduledNotice]:
    """Return a performance notice for each year or half-year of the contract."""
    interval = dice.pick((365, 365, 182))
    first = max(lot.start, published)
    count = min(4, (lot.over - first) // interval)
    return [
        ScheduledNotice(first + interval * (item + 1) + dice.between(0, 30), "UK9", index, item)
        for item in range(count)
    ]
