"""Recognise OCDS releases that were flattened to a table, with headings such as `tender/title`. They are not read."""

import re
from collections.abc import Iterator

from threepoint.read.csv_tables import SKIPPED_EMPTY_TABLE, CsvTable
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import ReadResult, SkippedItem

# flatten-tool writes `releases/0/ocid` or `ocid`, other tools write `releases.0.ocid`; a table of the OCP Data Registry links
# its rows by `_link`.
_OCID_PATTERN = re.compile(r"(.*[/.])?ocid", re.IGNORECASE)
_PATH_PATTERN = re.compile(
    r"(releases|compiledrelease|tender|awards|contracts|buyer|parties|planning)[/.].+|_link", re.IGNORECASE
)


def matches_format(beginning: CsvTable) -> bool:
    """Return True if a file with this beginning has an ocid and a path of OCDS among its headings."""
    headings = [cell.strip() for _, cells in beginning.first()[:1] for cell in cells]
    return any(map(_OCID_PATTERN.fullmatch, headings)) and any(map(_PATH_PATTERN.fullmatch, headings))


def read_table(csv_table: CsvTable, _task: ReadContext) -> Iterator[ReadResult]:
    """Count the rows."""
    count = sum(1 for _ in csv_table.each()) - 1
    skipped = SkippedItem("row of flattened OCDS", "load the JSON that the table was made from", count)
    yield ReadResult({}, skipped=[skipped if count else SKIPPED_EMPTY_TABLE])
