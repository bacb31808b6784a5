"""Three fixed processes in every world, so that there are always three contracts to compare.

Each buys a case management platform for a few million pounds and three years, and has three indicators.
"""

from collections.abc import Callable

from threepoint.sample.dates import WORLD_START_DAY
from threepoint.sample.lot_outcomes import ContractChange, DeliveryMilestone, LotOutcome
from threepoint.sample.notice_flaws import NoticeFlaws
from threepoint.sample.notice_schedule import ScheduledNotice
from threepoint.sample.scenario import Scenario
from threepoint.sample.vocabulary import CHANGE_GROUNDS, SYNTHETIC_LABEL, TECHNOLOGY_CPVS

PLATFORM_CPV = TECHNOLOGY_CPVS[2]
STAGED_OPENING_DAY = WORLD_START_DAY + 430  # early enough for two yearly performance notices
NO_FLAWS = NoticeFlaws(value="", end="", award="", secret_supplier=False, unsigned=False)

StagedProcess = tuple[Scenario, list[ScheduledNotice]]


def stage_scenario(story: Scenario, field: str, value: int, vat: str = "standard") -> Scenario:
    """Return a drawn scenario changed into a staged one; it keeps its buyer and first supplier."""
    opening = STAGED_OPENING_DAY + story.number
    start = opening + 150
    lot = story.outcomes[0]._replace(
        local="1",
        suppliers=story.outcomes[0].suppliers[:1],
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
            DeliveryMilestone("Design accepted", start + 200, start + 215),
            DeliveryMilestone("Service accepted", start + 600, start + 690),
        ),
        flaws=NO_FLAWS,
    )
    return story._replace(
        route="open",
        parent=None,
        cpv=PLATFORM_CPV,
        title=f"Supply and support of {PLATFORM_CPV[3]} for {field}{SYNTHETIC_LABEL}",
        opening=opening,
        awarded=opening + 100,
        currency="GBP",
        vat=vat,
        bids=(4,),
        outcomes=(lot,),
        cancelled=False,
    )


def schedule_staged_opening(story: Scenario) -> list[ScheduledNotice]:
    lot = story.outcomes[0]
    return [
        ScheduledNotice(story.opening, "UK4"),
        ScheduledNotice(story.awarded, "UK6"),
        ScheduledNotice(lot.signed + 7, "UK7"),
    ]


def stage_grown_contract(story: Scenario) -> StagedProcess:
    """Stage a contract that grows by 38%, slips by eight months and is rated twice."""
    story = stage_scenario(story, "licensing", 648_000_000)
    lot = story.outcomes[0]
    changes = (
        ContractChange(lot.start + 300, lot.value * 115 // 100, lot.end + 90, CHANGE_GROUNDS[1]),
        ContractChange(lot.start + 640, lot.value * 138 // 100, lot.end + 240, CHANGE_GROUNDS[0]),
    )
    story = replace_lot_outcome(story, lot._replace(changes=changes, over=changes[1].end, final=changes[1].value))
    steps = [ScheduledNotice(change.day, "UK10", 0, item) for item, change in enumerate(changes)]
    return story, sorted([*schedule_staged_opening(story), *steps, *schedule_staged_reports(lot)])


def stage_withheld_value(story: Scenario) -> StagedProcess:
    """Stage a contract whose value is withheld as commercially sensitive."""
    story = stage_scenario(story, "inspections", 712_000_000)
    lot = story.outcomes[0]._replace(flaws=NO_FLAWS._replace(value="withheld"))
    return replace_lot_outcome(story, lot), [*schedule_staged_opening(story), *schedule_staged_reports(lot)[:1]]


def stage_unreported_contract(story: Scenario) -> StagedProcess:
    """Stage a contract with no later notices, whose gross amounts do not match its net amounts."""
    story = stage_scenario(story, "appeals", 595_000_000, vat="odd")
    return story, schedule_staged_opening(story)


def replace_lot_outcome(story: Scenario, lot: LotOutcome) -> Scenario:
    return story._replace(outcomes=(lot,))


def schedule_staged_reports(lot: LotOutcome) -> list[ScheduledNotice]:
    return [ScheduledNotice(lot.start + 365, "UK9"), ScheduledNotice(lot.start + 740, "UK9", 0, 1)]


# Process numbers that are not frameworks, and low enough for a world of 200 releases to include them.
STAGING_BY_PROCESS_NUMBER: dict[int, Callable[[Scenario], StagedProcess]] = {
    9: stage_grown_contract,
    17: stage_withheld_value,
    26: stage_unreported_contract,
}
