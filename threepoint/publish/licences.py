"""Licences, attributions and notes on left-out data, for everything that is published."""

from typing import Any

from threepoint.store import history

OGL_LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
OGL_ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
OGL_GROUPS = ("uk", "projects", "sales", "pipelines")  # all of their publishers use this licence
UNKNOWN_LICENCE = "as its publisher says; not known here"
SYNTHETIC_NOTE = "nothing in it is real: a program invented it"

# Data that no output can hold, because it never gets into the history (docs/explanation/privacy.md).
NEVER_STORED_NOTES = (
    "contact points and named officers",
    "e-mail addresses: replaced by [email removed]",
    "fields that the standard does not read (the reference page of the history tables lists the fields that it reads)",
)


def get_licence(group: str) -> str:
    """Return the licence of a publisher's data by its group. Lists of payments can come from any organisation."""
    return SYNTHETIC_NOTE if group == "synthetic" else OGL_LICENCE["title"] if group in OGL_GROUPS else UNKNOWN_LICENCE


def describe_source(publisher: str, group: str, **counts: int) -> dict[str, Any]:
    """Return a publisher as packages list it: with its group, licence and counts."""
    source: dict[str, Any] = {"title": publisher, "group": group, "licence": get_licence(group)}
    return source | ({"synthetic": True} if group == "synthetic" else {}) | counts


def count_unread_input(committed: list[history.CommittedBatch]) -> dict[str, Any]:
    """Count loaded input that was not read: quarantined parts, and skipped items by kind."""
    parts = sum(source.parts for batch in committed for source in batch.sources)
    return {"quarantined_parts": parts, "skipped": history.count_skipped(committed)}
