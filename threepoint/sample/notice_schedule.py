"""Which notices a story leads to, and when: only what happened before the world ends is told."""

from typing import NamedTuple

from threepoint.sample.dates import WORLD_END, WORLD_START
from threepoint.sample.lot_outcomes import Deal
from threepoint.sample.random_source import Dice
from threepoint.sample.scenario import Story

MOST = 16  # notices of one process: its notice numbers begin at 16 times its own number


class Step(NamedTuple):
    """One notice to come. `kind` is its notice type, and a word after it where one type is used in two ways."""

    day: int
    kind: str
    deal: int = 0
    item: int = 0


def steps_of(story: Story, dice: Dice) -> list[Step]:
    """The notices in order, each on a day of its own, so that every way of sorting by date agrees."""
    wanted = before_award(story, dice)
    wanted += after_award(story, dice)
    wanted.sort()
    steps, last = [], WORLD_START - 1
    for step in wanted:
        if step[0] >= WORLD_START:
            last = max(step[0], last + 1)
            steps.append(step if step[0] == last else step._replace(day=last))
    return [step for step in steps[:MOST] if step[0] <= WORLD_END]


def before_award(story: Story, dice: Dice) -> list[Step]:
    opening = story.opening
    if story.route == "call_off":
        return []
    if story.route == "direct":
        return [Step(opening, "UK5")]
    steps = [Step(opening, "UK4")]
    if dice.chance(0.08):
        steps.append(Step(opening - dice.between(120, 300), "UK1"))
    if dice.chance(0.3):
        steps.append(Step(opening - dice.between(60, 118), "UK2"))
    if dice.chance(0.1):
        steps.append(Step(opening - dice.between(41, 58), "UK3"))
    if dice.chance(0.1):
        steps.append(Step(opening + dice.between(4, 14), "UK4 update"))
    return steps


def after_award(story: Story, dice: Dice) -> list[Step]:
    if story.cancelled:
        return [Step(story.opening + dice.between(30, 130), "UK12")]
    steps = []
    if story.route not in ("direct", "call_off") and dice.chance(0.9):
        steps += awards(story, dice)
    if story.route == "call_off" or dice.chance(0.95):
        signed = max(deal.signed for deal in story.deals)
        told = max(signed, story.awarded + 3) + dice.between(1, 28)
        steps.append(Step(told, "UK7"))
        for place, deal in enumerate(story.deals):
            steps += in_force(place, deal, told, dice)
    return steps


def awards(story: Story, dice: Dice) -> list[Step]:
    steps = [Step(story.awarded + dice.between(0, 2), "UK6")]
    for place, deal in enumerate(story.deals):
        if deal.flaws.award:
            steps.append(Step(story.awarded + dice.between(5, 60), "UK6 correction", place))
    return steps


def in_force(place: int, deal: Deal, told: int, dice: Dice) -> list[Step]:
    """What is published of a contract once its details are: changes, payments, performance, the end."""
    steps = [Step(max(change.day, told + 1 + item), "UK10", place, item) for item, change in enumerate(deal.changes)]
    if deal.flaws.value != "withheld" and dice.chance(0.3):
        first = max(deal.start, told) + 111
        steps += [Step(first + 91 * item, "UK8", place, item) for item in range(dice.between(1, 4))]
    if deal.kpis and dice.chance(0.8):
        steps += reports(place, deal, told, dice)
    if dice.chance(0.95 if deal.early else 0.6):
        steps.append(Step(max(deal.over, told + 5) + dice.between(1, 45), "UK11", place))
    return steps


def reports(place: int, deal: Deal, told: int, dice: Dice) -> list[Step]:
    """A performance notice every year, every half for some, while the contract runs."""
    every = dice.pick((365, 365, 182))
    first = max(deal.start, told)
    count = min(4, (deal.over - first) // every)
    return [Step(first + every * (item + 1) + dice.between(0, 30), "UK9", place, item) for item in range(count)]
