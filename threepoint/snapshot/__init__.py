"""Answer questions from one snapshot: records, search, coverage and changes. Nothing here changes a snapshot.

`snapshot`             an open snapshot: its record store, tables and search index
`lookup`               an identifier → the record that it names
`record`               a record: each figure with its state, source and date, and its lists (`related_rows`)
`search`               words → records: queries in `search_query`, counts in `facets`
`search_index`         the index written with each snapshot, from the documents of `search_documents`
`table_rows`           rows of one table, a page at a time
`sources`              what was loaded, by publisher
`coverage`             how much of the data that a comparison needs is published, by publisher
`missing_fields`       fields that a publisher has not reported, with the records that miss them
`unannounced_changes`  changes without a notice
`draft_report`         what a reader would see of a checked file
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
