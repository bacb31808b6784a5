"""The states of a value: one table of code, words on a page, whether it is due, whether it is filled (standard.md C3).

`due` says whether a value in this state counts in what should be there; `filled` whether it counts as there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """One state: its `code`, its `words` on a page, what it `means`, and how the coverage grade counts it."""

    code: str
    words: str
    meaning: str
    due: bool
    filled: bool


_ALL = (
    State("observed", "observed", "published by the source named beside it", True, True),
    State("derived", "worked out", "worked out from published values by a rule that the page names", True, True),
    State("estimated", "estimated", "estimated by the publisher; not a result", True, False),
    State("not_applicable", "does not apply", "this kind of thing does not have this fact", False, False),
    State("not_yet_due", "not yet due", "no one has to publish this before the date shown", False, False),
    State("below_notice_floor", "no notified change", "changes under 10% need no notice", False, False),
    State("withheld_commercial", "withheld", "withheld as commercially sensitive, with the ground shown", True, False),
    State("withheld_security", "withheld", "withheld for national security", True, False),
    State("withheld_other", "withheld", "withheld on another ground, which is shown", True, False),
    State("not_reported", "not reported", "due, and not in anything published that we hold", True, False),
    State("invalid", "cannot be read", "published in a form that does not fit the field; shown as found", True, False),
    State("disputed", "disputed", "buyer and supplier say different things; both are shown", True, False),
)

STATES: dict[str, State] = {state.code: state for state in _ALL}
