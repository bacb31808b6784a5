"""Classify tables and texts published next to data, so that `load` can say what it skipped."""

from threepoint.read.read_context import UTF8_BOM
from threepoint.read.read_result import SkippedItem

_CODE_LIST_REASON = "it explains codes and contains no data"


def classify_skipped_file(head: bytes) -> SkippedItem:
    """Return the kind of a file that is neither JSON nor a table we read, from its first bytes."""
    if b"\0" in head[:1024]:
        return SkippedItem("file of another kind", "it is not text; load CSV, JSON, gzip or zip")
    lines = head.removeprefix(UTF8_BOM).decode("latin-1").splitlines()
    names = [name.strip().strip('"').lower() for name in lines[0].split(",")]
    if names[0] in ("code", "codelist") or {"code", "title"} <= set(names):
        return SkippedItem("code list", _CODE_LIST_REASON)
    if len([line for line in lines if line.strip()]) == 1 and len(names) > 1:
        return SkippedItem("table without rows", "it has a header line only")
    if len(names) > 1:
        return SkippedItem("table of another kind", "this version does not read this kind of table")
    return SkippedItem("text", "it is neither a table nor JSON")
