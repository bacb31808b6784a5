"""Answers questions from one snapshot: the record of a thing, its series, search. It changes nothing and knows no other room.

find      what a person has at hand → the thing it names
record    a thing → its figures, each with state, source and date, and what hangs below it
search    words → the things that have them: what is looked for in `query`, how many there are in `counts`
tables    a table's rows, of one thing or some at a time
index     written with each snapshot, for search; what it holds of each thing is in `documents`
holdings  what was loaded, by publisher
coverage  how much of what a comparison needs is published, by publisher
gaps      what a publisher has not reported, with the records that miss it
unannounced  what changed without a notice
draft     what a checked file would tell a reader
"""

from threepoint.snapshot import table_rows
from threepoint.snapshot.coverage import COMPARED_FACTS, LIST_FIELDS_BY_TABLE, read_coverage
from threepoint.snapshot.draft_report import describe_draft
from threepoint.snapshot.facets import MAX_VALUES_PER_FACET
from threepoint.snapshot.lookup import RecordReference, get_by_id, resolve_identifier
from threepoint.snapshot.missing_fields import (
    count_records_missing_field,
    has_several_buyers,
    iterate_records_missing_field,
    list_missing_fields,
    list_records_missing_field,
)
from threepoint.snapshot.record import read_record
from threepoint.snapshot.search import SearchHit, SearchRequest, SearchResult, search_records
from threepoint.snapshot.snapshot import Snapshot, open_snapshot
from threepoint.snapshot.sources import SnapshotSummary, read_cpv_groups, read_sources, summarise_snapshot
from threepoint.snapshot.unannounced_changes import (
    ChangeDetails,
    LoggedFile,
    UnannouncedChange,
    describe_changes,
    list_process_unannounced_changes,
    list_retained_snapshots,
    list_unannounced_changes,
)

__all__ = [
    "COMPARED_FACTS",
    "LIST_FIELDS_BY_TABLE",
    "MAX_VALUES_PER_FACET",
    "ChangeDetails",
    "LoggedFile",
    "RecordReference",
    "SearchHit",
    "SearchRequest",
    "SearchResult",
    "Snapshot",
    "SnapshotSummary",
    "UnannouncedChange",
    "count_records_missing_field",
    "describe_changes",
    "describe_draft",
    "get_by_id",
    "has_several_buyers",
    "iterate_records_missing_field",
    "list_missing_fields",
    "list_process_unannounced_changes",
    "list_records_missing_field",
    "list_retained_snapshots",
    "list_unannounced_changes",
    "open_snapshot",
    "read_coverage",
    "read_cpv_groups",
    "read_record",
    "read_sources",
    "resolve_identifier",
    "search_records",
    "summarise_snapshot",
    "table_rows",
]  # fmt: skip
