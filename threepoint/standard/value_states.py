"""The states of a value, and how each counts in the coverage grade."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueState:
    """A state, with its `words` on pages. `due`: the field counts as due; `filled`: it counts as filled."""

    code: str
    words: str
    meaning: str
    due: bool
    filled: bool


_STATE_DEFINITIONS = (
    ValueState("observed", "published", "published; the source is shown if we know it", True, True),
    ValueState("derived", "calculated", "calculated from published values by a rule that the page names", True, True),
    ValueState("estimated", "estimated", "estimated by the publisher; not a result", True, False),
    ValueState(
        "not_applicable",
        "does not apply",
        "this record does not need this fact; the reason is shown if we know it",
        False,
        False,
    ),
    ValueState("not_yet_due", "not yet due", "nobody has to publish this yet", False, False),
    ValueState("below_notice_floor", "no notified change", "changes under 10% need no notice", False, False),
    ValueState(
        "withheld_commercial", "withheld", "withheld as commercially sensitive, with the ground shown", True, False
    ),
    ValueState("withheld_security", "withheld", "withheld for national security", True, False),
    ValueState("withheld_other", "withheld", "withheld on another ground, which is shown", True, False),
    ValueState("not_reported", "not reported", "due, but not in any published data that is loaded here", True, False),
    ValueState(
        "invalid", "cannot be read", "published in a form that does not fit the field; shown as published", True, False
    ),
    ValueState("disputed", "disputed", "buyer and supplier contradict each other; both values are shown", True, False),
)

STATE_BY_CODE: dict[str, ValueState] = {state.code: state for state in _STATE_DEFINITIONS}
