"""The stream of releases: processes are written one after another and grouped into windows, each sorted by date."""

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

WINDOW_PROCESS_COUNT = 300  # limits memory; only the releases of one window are interleaved

# Tags are those of real notices: UK5 has `award` although nothing is awarded yet.
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
    """One procurement: its releases as compact JSON, oldest first, and its truth (`ground_truth.py` has the shape).

    `moments` has a (day as ordinal, second of the day) for each release.
    """

    ocid: str
    releases: tuple[bytes, ...]
    moments: tuple[tuple[int, int], ...]
    truth: dict[str, Any]


def generate_processes(count: int, seed: int) -> Iterator[SampleProcess]:
    """Yield processes with exactly `count` releases in total; the last process may be shortened.

    A process depends only on `seed` (0 or more) and its number, so a larger world begins with the smaller one.
    """
    release_count = 0
    for number in count_from():
        if release_count >= count:
            return
        process = generate_process(seed, number, count - release_count)
        release_count += len(process.releases)
        yield process


def generate_process(seed: int, number: int, max_releases: int) -> SampleProcess:
    """Return the first `max_releases` releases of a process."""
    story, dice = draw_scenario(seed, number)
    steps = schedule_notices(story, dice)
    if number in STAGING_BY_PROCESS_NUMBER:
        story, steps = STAGING_BY_PROCESS_NUMBER[number](story)
    builder, encode = NoticeBuilder(story, dice), msgspec.json.encode
    releases, moments = [], []
    for step in steps[:max_releases]:
        releases.append(encode(build_release(builder, step)))
        moments.append((step.day, builder.second))
    builder.truth["releases"] = len(releases)
    return SampleProcess(story.ocid, tuple(releases), tuple(moments), builder.truth)


def build_release(builder: NoticeBuilder, step: ScheduledNotice) -> Json:
    builder.turn(step)
    tags, build_notice = TAGS_AND_BUILDER_BY_KIND[step.kind]
    sections = build_notice(builder)
    release: Json = {
        "ocid": builder.story.ocid,
        "id": builder.notice,
        "date": builder.stamp,
        "tag": tags,
        "initiationType": "tender",
        "parties": list(builder.parties.values()),
        "buyer": builder.buyer,
        **sections,
        "language": "en",
    }
    if builder.withheld:
        release["withheldInformation"] = builder.withheld
    if builder.dice.chance(0.002):
        release["buyerID"] = []  # real releases have this stray field ten times as often
    return release


def generate_windows(count: int, seed: int) -> Iterator[list[SampleProcess]]:
    """Yield the world in windows of some hundred processes."""
    processes = generate_processes(count, seed)
    while window := list(islice(processes, WINDOW_PROCESS_COUNT)):
        yield window


def sort_releases(window: list[SampleProcess]) -> Iterator[bytes]:
    """Return the window's releases by date. Releases of the same second keep the order of their processes."""
    pairs = [pair for process in window for pair in zip(process.moments, process.releases, strict=True)]
    return (release for _, release in sorted(pairs, key=lambda pair: pair[0]))


def generate_releases(count: int, seed: int) -> Iterator[bytes]:
    """Yield exactly `count` releases, each a compact JSON object without a line end. The same seed gives the same bytes."""
    for window in generate_windows(count, seed):
        yield from sort_releases(window)


def generate_truths(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Return the truth of each process of `generate_processes(count, seed)`, in the same order."""
    return (process.truth for process in generate_processes(count, seed))
