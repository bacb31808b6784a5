"""The stream of releases: stories told one after another, gathered into windows, each window put in order of date."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as count_from
from itertools import islice
from typing import Any

import msgspec

from threepoint.sample import award_notices, contract_notices, implementation_notices, pre_award_notices
from threepoint.sample.notice_builder import Json, Tale
from threepoint.sample.notice_schedule import Step, steps_of
from threepoint.sample.scenario import draw
from threepoint.sample.staged_processes import CAST

WINDOW = 300  # processes; their releases are interleaved, and no more than these are held at a time

# Notice: the tags real ones carry, and who writes it. UK5 says `award` though nothing was awarded yet; so do they.
NOTICES: dict[str, tuple[list[str], Callable[[Tale], Json]]] = {
    "UK1": (["planning"], pre_award_notices.pipeline),
    "UK2": (["planning"], pre_award_notices.engagement),
    "UK3": (["planning"], pre_award_notices.planned),
    "UK4": (["tender"], pre_award_notices.tender),
    "UK4 update": (["tenderUpdate"], pre_award_notices.update),
    "UK5": (["award", "contract"], award_notices.transparency),
    "UK6": (["award", "contract"], award_notices.awarded),
    "UK6 correction": (["awardUpdate"], award_notices.correction),
    "UK7": (["award", "contract"], contract_notices.details),
    "UK8": (["implementation"], implementation_notices.payments),
    "UK9": (["implementation"], implementation_notices.performance),
    "UK10": (["contractAmendment"], implementation_notices.change),
    "UK11": (["contractTermination"], implementation_notices.termination),
    "UK12": (["tenderCancellation"], pre_award_notices.cancellation),
}


@dataclass(frozen=True, slots=True)
class Process:
    """One procurement: its releases as compact JSON, oldest first, and the truth they tell (`ledger.py` has its shape).

    `moments` are the releases' places in time: (day as ordinal, second of the day).
    """

    ocid: str
    releases: tuple[bytes, ...]
    moments: tuple[tuple[int, int], ...]
    truth: dict[str, Any]


def world(count: int, seed: int) -> Iterator[Process]:
    """Processes whose releases number exactly `count` together; the last one may be cut short.

    A process depends on `seed` (0 or more) and its own number alone, so a larger world begins with the smaller one.
    """
    told = 0
    for number in count_from():
        if told >= count:
            return
        process = tell(seed, number, count - told)
        told += len(process.releases)
        yield process


def tell(seed: int, number: int, most: int) -> Process:
    """The first `most` releases of a process."""
    story, dice = draw(seed, number)
    steps = steps_of(story, dice)
    if number in CAST:
        story, steps = CAST[number](story)
    tale, encode = Tale(story, dice), msgspec.json.encode
    releases, moments = [], []
    for step in steps[:most]:
        releases.append(encode(release(tale, step)))
        moments.append((step.day, tale.second))
    tale.truth["releases"] = len(releases)
    return Process(story.ocid, tuple(releases), tuple(moments), tale.truth)


def release(tale: Tale, step: Step) -> Json:
    tale.turn(step)
    tags, write = NOTICES[step.kind]
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


def windows(count: int, seed: int) -> Iterator[list[Process]]:
    """The world some hundreds of processes at a time."""
    processes = world(count, seed)
    while window := list(islice(processes, WINDOW)):
        yield window


def in_order(window: list[Process]) -> Iterator[bytes]:
    """The window's releases by date; of the same second, in the order of the processes."""
    pairs = [pair for process in window for pair in zip(process.moments, process.releases, strict=True)]
    return (release for _, release in sorted(pairs, key=lambda pair: pair[0]))


def releases(count: int, seed: int) -> Iterator[bytes]:
    """Exactly `count` releases, each one compact JSON object without a line end; the same bytes for the same seed."""
    for window in windows(count, seed):
        yield from in_order(window)


def truth(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """The truth of each process of `world(count, seed)`, in the order of the processes."""
    return (process.truth for process in world(count, seed))
