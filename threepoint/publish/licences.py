"""What to say of rights, and of what is left out, in everything that is given out (decision 33)."""

from typing import Any

from threepoint.store import history

OGL_LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
OGL_ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
OGL_GROUPS = ("uk", "projects", "sales", "pipelines")  # groups whose publishers are all under it
UNKNOWN_LICENCE = "as its publisher says; not known here"
SYNTHETIC_NOTE = "nothing in it is real: a program invented it"

# What no output can hold, since it never passed into history (docs/explanation/privacy.md).
NEVER_STORED_NOTES = (
    "contact points and named officers",
    "e-mail addresses: [email removed] stands in their place",
    "fields that the standard does not read (its reference page of the history tables lists those that it does)",
)


def get_licence(group: str) -> str:
    """The licence of a publisher's data, by its group. Lists of payments come from whoever made them."""
    return SYNTHETIC_NOTE if group == "synthetic" else OGL_LICENCE["title"] if group in OGL_GROUPS else UNKNOWN_LICENCE


def describe_source(publisher: str, group: str, **counts: int) -> dict[str, Any]:
    """One publisher as a package names it: with its group, its licence and how much of it there is."""
    told: dict[str, Any] = {"title": publisher, "group": group, "licence": get_licence(group)}
    return told | ({"synthetic": True} if group == "synthetic" else {}) | counts


def count_unread_input(committed: list[history.CommittedBatch]) -> dict[str, Any]:
    """What was loaded and not read: how many parts were quarantined, and what was passed over, by kind."""
    parts = sum(source.parts for entry in committed for source in entry.sources)
    return {"quarantined_parts": parts, "passed_over": history.count_skipped(committed)}
