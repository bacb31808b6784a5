"""The stream of releases: stories told one after another, gathered into windows, each window put in order of date."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as count_from
from itertools import islice
from typing import Any

import msgspec

from threepoint.sample import award_notices, contract_notices, implementation_notices, pre_award_notices
from threepoint.sample.notice_builder import Json, NoticeBuilder
from threepoint.sample.notice_schedule import ScheduledNotice, schedule_notices
from threepoint.sample.scenario import draw_scenario
from threepoint.sample.staged_processes import STAGING_BY_PROCESS_NUMBER

WINDOW_PROCESS_COUNT = 300  # processes; their releases are interleaved, and no more than these are held at a time

# Notice: the tags real ones carry, and who writes it. UK5 says `award` though nothing was awarded yet; so do they.
TAGS_AND_BUILDER_BY_KIND: dict[str, tuple[list[str], Callable[[NoticeBuilder], Json]]] = {
    "UK1": (["planning"], pre_award_notices.build_pipeline_notice),
    "UK2": (["planning"], pre_award_notices.build_engagement_notice),
    "UK3": (["planning"], pre_award_notices.build_planned_procurement_notice),
    "UK4": (["tender"], pre_award_notices.build_tender_notice),
    "UK4 update": (["tenderUpdate"], pre_award_notices.build_update_notice),
    "UK5": (["award", "contract"], award_notices.build_transparency_notice),
    "UK6": (["award", "contract"], award_notices.build_award_notice),
    "UK6 correction": (["awardUpdate"], award_notices.build_correction_notice),
    "UK7": (["award", "contract"], contract_notices.build_details_notice),
    "UK8": (["implementation"], implementation_notices.build_payment_notice),
    "UK9": (["implementation"], implementation_notices.build_performance_notice),
    "UK10": (["contractAmendment"], implementation_notices.build_change_notice),
    "UK11": (["contractTermination"], implementation_notices.build_termination_notice),
    "UK12": (["tenderCancellation"], pre_award_notices.build_cancellation_notice),
}


@dataclass(frozen=True, slots=True)
class SampleProcess:
    """One procurement: its releases as compact JSON, oldest first, and the truth they tell (`ledger.py` has its shape).

    `moments` are the releases' places in time: (day as ordinal, second of the day).
    """

    ocid: str
    releases: tuple[bytes, ...]
    moments: tuple[tuple[int, int], ...]
    truth: dict[str, Any]


def generate_processes(count: int, seed: int) -> Iterator[SampleProcess]:
    """Processes whose releases number exactly `count` together; the last one may be cut short.

    A process depends on `seed` (0 or more) and its own number alone, so a larger world begins with the smaller one.
    """
    told = 0
    for number in count_from():
        if told >= count:
            return
        process = generate_process(seed, number, count - told)
        told += len(process.releases)
        yield process


def generate_process(seed: int, number: int, most: int) -> SampleProcess:
    """The first `most` releases of a process."""
    story, dice = draw_scenario(seed, number)
    steps = schedule_notices(story, dice)
    if number in STAGING_BY_PROCESS_NUMBER:
        story, steps = STAGING_BY_PROCESS_NUMBER[number](story)
    tale, encode = NoticeBuilder(story, dice), msgspec.json.encode
    releases, moments = [], []
    for step in steps[:most]:
        releases.append(encode(build_release(tale, step)))
        moments.append((step.day, tale.second))
    tale.truth["releases"] = len(releases)
    return SampleProcess(story.ocid, tuple(releases), tuple(moments), tale.truth)


def build_release(tale: NoticeBuilder, step: ScheduledNotice) -> Json:
    tale.turn(step)
    tags, write = TAGS_AND_BUILDER_BY_KIND[step.kind]
    sections = write(tale)
    given: Json = {
        "ocid": tale.story.ocid,
        "id": tale.notice,
        "date": tale.stamp,
        "tag": tags,
        "initiationType": "tender",
        "parties": list(tale.parties.values()),
        "buyer": tale.buyer,
        **sections,
        "language": "en",
    }
    if tale.withheld:
        given["withheldInformation"] = tale.withheld
    if tale.dice.chance(0.002):
        given["buyerID"] = []  # a stray that real releases carry, ten times as often
    return given


def generate_windows(count: int, seed: int) -> Iterator[list[SampleProcess]]:
    """The world some hundreds of processes at a time."""
    processes = generate_processes(count, seed)
    while window := list(islice(processes, WINDOW_PROCESS_COUNT)):
        yield window


def sort_releases(window: list[SampleProcess]) -> Iterator[bytes]:
    """The window's releases by date; of the same second, in the order of the processes."""
    pairs = [pair for process in window for pair in zip(process.moments, process.releases, strict=True)]
    return (release for _, release in sorted(pairs, key=lambda pair: pair[0]))


def generate_releases(count: int, seed: int) -> Iterator[bytes]:
    """Exactly `count` releases, each one compact JSON object without a line end; the same bytes for the same seed."""
    for window in generate_windows(count, seed):
        yield from sort_releases(window)


def generate_truths(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """The truth of each process of `world(count, seed)`, in the order of the processes."""
    return (process.truth for process in generate_processes(count, seed))
