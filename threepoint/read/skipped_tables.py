"""Classify tables and texts published next to data, so that `load` can say what it skipped."""

from threepoint.read.csv_tables import find_likely_table
from threepoint.read.read_context import UTF8_BOM
from threepoint.read.read_result import SkippedItem

OTHER_TABLE_KIND = "table of another kind"
SPREADSHEET_ADVICE = "save each sheet as CSV and load that"
_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CODE_LIST_REASON = "it explains codes and contains no data"


def classify_skipped_file(head: bytes) -> SkippedItem:
    """Return the kind of a file that is neither JSON nor a table we read, from its first bytes."""
    if head.startswith(_OLD_OFFICE_MAGIC):
        return SkippedItem("old Office file", f"if it is a spreadsheet, {SPREADSHEET_ADVICE}")
    if b"\0" in head[:1024]:
        return SkippedItem("file of another kind", "it is not text; load CSV, JSON, gzip or zip")
    text = head.removeprefix(UTF8_BOM).decode("latin-1")
    lines, delimiter = text.splitlines(), find_likely_table(text).delimiter
    names = [name.strip().strip('"').lower() for name in lines[0].split(delimiter)]
    if names[0] in ("code", "codelist") or {"code", "title"} <= set(names):
        return SkippedItem("code list", _CODE_LIST_REASON)
    if len([line for line in lines if line.strip()]) == 1 and len(names) > 1:
        return SkippedItem("table without rows", "it has a header line only")
    if len(names) > 1:
        return SkippedItem(OTHER_TABLE_KIND, "this version does not read this kind of table")
    return SkippedItem("text", "it is neither a table nor JSON")
