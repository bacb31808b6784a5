"""Who publishes under which ocid prefix. The full list of prefixes is kept by the Open Contracting Partnership.

A pattern is the publisher's own form of the local part: the standard's worked examples borrow real prefixes, and must
not be counted as notices.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Publisher:
    """A known publisher: its name on our pages, its group (uk, example, synthetic or other)."""

    name: str
    group: str


# Source: ocid prefixes and forms of ids as the publishers' own files show them.
_KNOWN_PUBLISHERS = (
    (r"ocds-b5fd17-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Publisher("Contracts Finder", "uk")),
    (r"ocds-h6vhtk-[0-9a-f]{6}", Publisher("Find a Tender", "uk")),
    (r"ocds-r6ebe6-\d{10}", Publisher("Public Contracts Scotland", "uk")),
    (r"ocds-kuma6s-\d+", Publisher("Sell2Wales", "uk")),
    (r"ocds-213czf-.*", Publisher("OCDS worked examples (fictional)", "example")),
    (r"ocds-sample-.*", Publisher("Three Point synthetic data (not real)", "synthetic")),
)
# Groups whose notices are made up: our own worlds, and the worked examples of the standard, which name real bodies.
SYNTHETIC_GROUPS = ("synthetic", "example")
# Names on our pages of those whose files do not name them.
PORTFOLIO_PUBLISHER = "Government Major Projects Portfolio"
GCLOUD_PUBLISHER = "G-Cloud sales (Cabinet Office)"
UNNAMED_PUBLISHER = "publisher not named"

OCID_PREFIX_CHARS = 12  # characters of an ocid before its publisher's own part, with the hyphen
_PATTERN_BY_PREFIX = {
    pattern[:OCID_PREFIX_CHARS]: (re.compile(pattern, re.IGNORECASE), publisher)
    for pattern, publisher in _KNOWN_PUBLISHERS
}


def find_publisher(ocid: str, package_publisher: str | None) -> Publisher:
    """The publisher of a process: by the form of its ocid, else as its package says, in group other."""
    known = _PATTERN_BY_PREFIX.get(ocid[:OCID_PREFIX_CHARS].lower())
    if known and known[0].fullmatch(ocid):
        return known[1]
    return Publisher(package_publisher or UNNAMED_PUBLISHER, "other")
