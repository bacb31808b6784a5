"""Planned mistakes in synthetic notices: what a notice leaves out or gets wrong about a lot, and how often."""

from typing import NamedTuple

from threepoint.sample.random_source import CumulativeShares, RandomSource

VALUE_FLAW_SHARES: CumulativeShares = (
    (0.035, "withheld"),
    (0.06, "missing"),
    (0.07, "nominal"),
    (0.076, "text"),
    (0.084, "gross"),
)
END_FLAW_SHARES: CumulativeShares = ((0.025, "missing"), (0.033, "inverted"), (0.038, "invalid"))
AWARD_FLAW_SHARES: CumulativeShares = ((0.012, "unit_rate"), (0.038, "republished"), (0.064, "republished_unit_rate"))


class NoticeFlaws(NamedTuple):
    """Flaws in the notices about a lot; an empty string means no flaw."""

    value: str
    end: str
    award: str
    secret_supplier: bool
    unsigned: bool


def draw_flaws(dice: RandomSource) -> NoticeFlaws:
    return NoticeFlaws(
        value=dice.draw_by_share(VALUE_FLAW_SHARES),
        end=dice.draw_by_share(END_FLAW_SHARES),
        award=dice.draw_by_share(AWARD_FLAW_SHARES),
        secret_supplier=dice.chance(0.006),
        unsigned=dice.chance(0.05),
    )
