"""The states of a value: one table of code, words on a page, whether it is due, whether it is filled (standard.md C3).

`due` says whether a value in this state counts in what should be there; `filled` whether it counts as there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueState:
    """One state: its `code`, its `words` on a page, what it `means`, and how the coverage grade counts it."""

    code: str
    words: str
    meaning: str
    due: bool
    filled: bool


_STATE_DEFINITIONS = (
    ValueState("observed", "observed", "published by the source named beside it", True, True),
    ValueState("derived", "worked out", "worked out from published values by a rule that the page names", True, True),
    ValueState("estimated", "estimated", "estimated by the publisher; not a result", True, False),
    ValueState("not_applicable", "does not apply", "this kind of thing does not have this fact", False, False),
    ValueState("not_yet_due", "not yet due", "no one has to publish this before the date shown", False, False),
    ValueState("below_notice_floor", "no notified change", "changes under 10% need no notice", False, False),
    ValueState(
        "withheld_commercial", "withheld", "withheld as commercially sensitive, with the ground shown", True, False
    ),
    ValueState("withheld_security", "withheld", "withheld for national security", True, False),
    ValueState("withheld_other", "withheld", "withheld on another ground, which is shown", True, False),
    ValueState("not_reported", "not reported", "due, and not in anything published that we hold", True, False),
    ValueState(
        "invalid", "cannot be read", "published in a form that does not fit the field; shown as found", True, False
    ),
    ValueState("disputed", "disputed", "buyer and supplier say different things; both are shown", True, False),
)

STATE_BY_CODE: dict[str, ValueState] = {state.code: state for state in _STATE_DEFINITIONS}
