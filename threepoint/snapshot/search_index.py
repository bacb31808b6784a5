"""Writes a snapshot's search index: one document for each process, organisation, major project, sale and plan to buy (tantivy)."""

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from threepoint.errors import UserError
from threepoint.snapshot import search_documents
from threepoint.snapshot.search_documents import NON_PROCESS_TABLES, PROCESS_TABLES, VIEW_PREFIX
from threepoint.standard.sdes import SDES_TABLES

if TYPE_CHECKING:
    from threepoint.store import duckdb_engine

SEARCH_INDEX_FOLDER = "search"
WRITER_HEAP_BYTES = 20_000_000  # bytes that the writer gathers before it writes a segment; it wants 15 million at least
DOCUMENTS_PER_BATCH = 2_000  # documents
MAX_REMOVE_ATTEMPTS = 100  # times to try to remove a folder
TEXT_FIELDS = ("title", "description", "names", "codes")  # read by their stems
FACET_FIELDS = (
    "kind",
    "buyer",
    "supplier",
    "cpv",
    "category",
    "notice_type",
    "year",
    "band",
    "status",
    "technology",
    "publisher",
)
# Of facets of which a thing has several values most often, all of them as one: counted several times faster.
JOINED_FIELD_BY_FACET = {"notice_type": "notice_types"}


def write_index(connection: "duckdb_engine.DuckDBConnection", snapshot: Path) -> None:
    """Write the index of a snapshot whose tables are complete, part by part."""
    from threepoint.store import duckdb_engine, snapshot_tables

    place = snapshot / SEARCH_INDEX_FOLDER
    place.mkdir()
    writer = IndexWriter(place)
    for part in snapshot_tables.list_parts(snapshot):
        for name in PROCESS_TABLES:
            snapshot_tables.create_part_view(connection, f"{VIEW_PREFIX}{name}", SDES_TABLES[name], snapshot, part)
        writer.add(connection, [search_documents.build_document_sql(search_documents.PROCESS_DOCUMENTS_SQL)])
    for name in NON_PROCESS_TABLES:
        duckdb_engine.create_table_view(
            connection, f"{VIEW_PREFIX}{name}", SDES_TABLES[name], snapshot_tables.list_files(snapshot, name)
        )
    writer.add(
        connection, [search_documents.build_document_sql(query) for query in search_documents.NON_PROCESS_DOCUMENTS_SQL]
    )
    writer.tidy()


def open_searcher(place: Path) -> Any:
    """The index in a snapshot's folder `place`, open for searching.

    Tantivy opens no index without writing a lock beside it, and a reader may not write into a snapshot. So it is shown the
    files by other names, which can go as soon as it holds them.
    """
    import tantivy

    try:
        with _link_index_files(place) as names:
            opened = tantivy.Index.open(str(names))
            # By itself it looks again and again whether the index has changed, and writes locks as it does.
            opened.config_reader(reload_policy="manual")
            # Fields are told apart by their place: an index of others would find nothing, and say so.
            if opened.schema != build_index_schema():
                raise UserError(f"the search index {place} is of another version; run `threepoint build`")
            return opened.searcher()
    except ValueError:
        raise UserError(f"the search index {place} cannot be read; run `threepoint build`") from None
    except OSError as why:
        told = f"the search index {place} cannot be opened ({why.strerror})"
        raise UserError(f"{told}; it must be readable, and TMPDIR a folder that may be written to") from None


@contextmanager
def _link_index_files(place: Path) -> Iterator[Path]:
    """A folder of other names for the files in `place`, for as long as the block lasts."""
    names = Path(mkdtemp(prefix="threepoint-"))
    try:
        for path in place.resolve().iterdir():
            (names / path.name).symlink_to(path)
        yield names
    finally:
        for _ in range(MAX_REMOVE_ATTEMPTS):  # one more lock may be written while the folder is emptied
            shutil.rmtree(names, ignore_errors=True)
            if not names.exists():
                break
            time.sleep(0.01)


class IndexWriter:
    """Adds documents to an index; those of one call are on disk when it returns."""

    def __init__(self, place: Path) -> None:
        import tantivy

        self._place = place
        self._index = tantivy.Index(build_index_schema(), path=str(place))
        # By itself it looks twice a second whether the index has changed, and then writes a lock: into a finished snapshot.
        self._index.config_reader(reload_policy="manual")

    def add(self, connection: "duckdb_engine.DuckDBConnection", queries: Iterable[str]) -> None:
        """Add the documents that the queries give. While the engine calculates the next ones, the writer holds no memory."""
        writer = self._index.writer(heap_size=WRITER_HEAP_BYTES, num_threads=1)
        for query in queries:
            found = connection.execute(query)
            while rows := found.fetchmany(DOCUMENTS_PER_BATCH):
                for (document,) in rows:
                    writer.add_json(document)
        writer.commit()
        writer.wait_merging_threads()

    def tidy(self) -> None:
        """Remove the locks that tantivy leaves behind, and give its lists of segments the rights of their folder."""
        for lock in self._place.glob(".tantivy-*.lock"):
            lock.unlink()
        for path in self._place.glob("*.json"):  # written for their owner alone
            path.chmod(self._place.stat().st_mode & 0o666)


def build_index_schema() -> Any:
    """The index's fields."""
    import tantivy

    made = tantivy.SchemaBuilder()
    made.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        made.add_text_field(name, tokenizer_name="en_stem")
    made.add_text_field("exact", tokenizer_name="raw", index_option="basic")  # a whole name, in small letters
    # Words as they are: a misspelt word is looked up among these, since stems would hide its ending.
    made.add_text_field("spelt", tokenizer_name="default", index_option="basic")
    for name in FACET_FIELDS:
        made.add_text_field(name, fast=name not in JOINED_FIELD_BY_FACET, tokenizer_name="raw", index_option="basic")
    for name in JOINED_FIELD_BY_FACET.values():
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    made.add_integer_field("day", indexed=True, fast=True)
    made.add_integer_field("ends", indexed=True, fast=True)  # the last end of its contracts in delivery
    made.add_float_field("value", indexed=True, fast=True)
    made.add_bytes_field("shown", stored=True)
    return made.build()
