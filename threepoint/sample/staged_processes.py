"""Three processes of every world that are staged, so that there are always three contracts worth putting side by side.

They are of one kind: a case management platform of a few million pounds, for three years, each with three indicators.
"""

from collections.abc import Callable

from threepoint.sample.dates import WORLD_START
from threepoint.sample.lot_outcomes import Change, Deal, Flaws, Milestone
from threepoint.sample.notice_schedule import Step
from threepoint.sample.scenario import Story
from threepoint.sample.vocabulary import AMENDED, LABEL, TECHNOLOGY

PLATFORM = TECHNOLOGY[2]
OPENING = WORLD_START + 430  # early enough for two yearly performance notices
FLAWLESS = Flaws(value="", end="", award="", secret_supplier=False, unsigned=False)

Staged = tuple[Story, list[Step]]


def stage(story: Story, field: str, value: int, vat: str = "standard") -> Story:
    """A drawn story, with its own buyer and first supplier, made into one of the three."""
    opening = OPENING + story.number
    start = opening + 150
    deal = story.deals[0]._replace(
        local="1",
        suppliers=story.deals[0].suppliers[:1],
        estimate=value + value // 20,
        value=value,
        signed=start - 14,
        start=start,
        end=start + 1095,
        changes=(),
        over=start + 1095,
        early=None,
        final=value,
        kpis=(0, 1, 3),
        quality=0.6,
        milestones=(
            Milestone("Design accepted", start + 200, start + 215),
            Milestone("Service accepted", start + 600, start + 690),
        ),
        flaws=FLAWLESS,
    )
    return story._replace(
        route="open",
        parent=None,
        cpv=PLATFORM,
        title=f"Supply and support of {PLATFORM[3]} for {field}{LABEL}",
        opening=opening,
        awarded=opening + 100,
        currency="GBP",
        vat=vat,
        bids=(4,),
        deals=(deal,),
        cancelled=False,
    )


def opening_steps(story: Story) -> list[Step]:
    deal = story.deals[0]
    return [Step(story.opening, "UK4"), Step(story.awarded, "UK6"), Step(deal.signed + 7, "UK7")]


def grew(story: Story) -> Staged:
    """A contract that grew by 38%, slipped by eight months and was rated twice."""
    story = stage(story, "licensing", 648_000_000)
    deal = story.deals[0]
    changes = (
        Change(deal.start + 300, deal.value * 115 // 100, deal.end + 90, AMENDED[1]),
        Change(deal.start + 640, deal.value * 138 // 100, deal.end + 240, AMENDED[0]),
    )
    story = with_deal(story, deal._replace(changes=changes, over=changes[1].end, final=changes[1].value))
    steps = [Step(change.day, "UK10", 0, item) for item, change in enumerate(changes)]
    return story, sorted([*opening_steps(story), *steps, *reports(deal)])


def withheld(story: Story) -> Staged:
    """A contract whose value is withheld as commercially sensitive."""
    story = stage(story, "inspections", 712_000_000)
    deal = story.deals[0]._replace(flaws=FLAWLESS._replace(value="withheld"))
    return with_deal(story, deal), [*opening_steps(story), *reports(deal)[:1]]


def quiet(story: Story) -> Staged:
    """A contract of which nothing was notified or reported since, and whose gross amounts do not fit its net ones."""
    story = stage(story, "appeals", 595_000_000, vat="odd")
    return story, opening_steps(story)


def with_deal(story: Story, deal: Deal) -> Story:
    return story._replace(deals=(deal,))


def reports(deal: Deal) -> list[Step]:
    return [Step(deal.start + 365, "UK9"), Step(deal.start + 740, "UK9", 0, 1)]


# By number of process: never one of a framework, and early, so that a world of 200 releases has them.
CAST: dict[int, Callable[[Story], Staged]] = {9: grew, 17: withheld, 26: quiet}
