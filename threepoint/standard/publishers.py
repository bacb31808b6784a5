"""Publishers, identified by the ocids of their processes. The Open Contracting Partnership keeps the full list of prefixes.

A pattern includes the publisher's own form of the local part, because the worked examples of OCDS use real prefixes and
must not be counted as notices.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Publisher:
    """A publisher. `name` is its name on pages; `group` is uk, example, synthetic or other."""

    name: str
    group: str


# Source: ocids in the publishers' own files.
_KNOWN_PUBLISHERS = (
    (r"ocds-b5fd17-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Publisher("Contracts Finder", "uk")),
    (r"ocds-h6vhtk-[0-9a-f]{6}", Publisher("Find a Tender", "uk")),
    (r"ocds-r6ebe6-\d{10}", Publisher("Public Contracts Scotland", "uk")),
    (r"ocds-kuma6s-\d+", Publisher("Sell2Wales", "uk")),
    (r"ocds-213czf-.*", Publisher("OCDS worked examples (fictional)", "example")),
    (r"ocds-sample-.*", Publisher("Three Point synthetic data (not real)", "synthetic")),
)
# Groups of synthetic notices: our own worlds, and the worked examples of OCDS, which name real bodies.
SYNTHETIC_GROUPS = ("synthetic", "example")
# Names on pages of publishers whose files do not name them.
PORTFOLIO_PUBLISHER = "Government Major Projects Portfolio"
GCLOUD_PUBLISHER = "G-Cloud sales (Cabinet Office)"
UNNAMED_PUBLISHER = "publisher not named"

OCID_PREFIX_CHARS = 12  # prefix and hyphen, before the publisher's own part
_PATTERN_BY_PREFIX = {
    pattern[:OCID_PREFIX_CHARS]: (re.compile(pattern, re.IGNORECASE), publisher)
    for pattern, publisher in _KNOWN_PUBLISHERS
}


def find_publisher(ocid: str, package_publisher: str | None) -> Publisher:
    """Return the publisher of a process by the form of its ocid, otherwise the package's publisher in group other."""
    known = _PATTERN_BY_PREFIX.get(ocid[:OCID_PREFIX_CHARS].lower())
    if known and known[0].fullmatch(ocid):
        return known[1]
    return Publisher(package_publisher or UNNAMED_PUBLISHER, "other")
