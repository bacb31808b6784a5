"""The search index of a snapshot (tantivy): one document for each process, organisation, major project, sale and plan."""

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
from threepoint.snapshot.snapshot import SEARCH_INDEX_FOLDER
from threepoint.standard.sdes import SDES_TABLES

if TYPE_CHECKING:
    from threepoint.store import duckdb_engine

WRITER_HEAP_BYTES = 20_000_000  # collected before a segment is written; tantivy requires at least 15 million
DOCUMENTS_PER_BATCH = 2_000
MAX_REMOVE_ATTEMPTS = 100
TEXT_FIELDS = ("title", "description", "names", "codes")  # searched by stems
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
# Facets with usually several values in a record: counting all values joined into one is several times faster.
JOINED_FIELD_BY_FACET = {"notice_type": "notice_types"}


def write_index(connection: "duckdb_engine.DuckDBConnection", snapshot: Path) -> None:
    """Write the index of a snapshot whose tables are complete, part by part."""
    from threepoint.store import duckdb_engine, snapshot_tables

    folder = snapshot / SEARCH_INDEX_FOLDER
    folder.mkdir()
    writer = IndexWriter(folder)
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


def open_searcher(folder: Path) -> Any:
    """Open the index in a snapshot's `folder` for searching.

    Tantivy writes a lock file next to an index when it opens it, and readers must not write into a snapshot. So it opens
    a temporary folder of links to the index files.
    """
    import tantivy

    try:
        with _link_index_files(folder) as links:
            index = tantivy.Index.open(str(links))
            # By default the reader polls the index for changes and writes a lock file each time.
            index.config_reader(reload_policy="manual")
            # Fields are identified by their position: a search of an index with other fields would silently find nothing.
            if index.schema != build_index_schema():
                raise UserError(
                    f"the search index {folder} was written by another version of Three Point; run `threepoint build`"
                )
            return index.searcher()
    except ValueError:
        raise UserError(f"the search index {folder} cannot be read; run `threepoint build`") from None
    except OSError as error:
        raise UserError(
            f"the search index {folder} cannot be opened ({error.strerror});"
            " make sure that you may read it, and that you may write to the folder TMPDIR"
        ) from None


@contextmanager
def _link_index_files(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder of links to the files in `folder`."""
    links = Path(mkdtemp(prefix="threepoint-"))
    try:
        for path in folder.resolve().iterdir():
            (links / path.name).symlink_to(path)
        yield links
    finally:
        for _ in range(MAX_REMOVE_ATTEMPTS):  # tantivy may still write a lock file while the folder is being emptied
            shutil.rmtree(links, ignore_errors=True)
            if not links.exists():
                break
            time.sleep(0.01)


class IndexWriter:
    """Writer that adds documents to an index; the documents of a call are on disk when it returns."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._folder = folder
        self._index = tantivy.Index(build_index_schema(), path=str(folder))
        # By default the reader polls the index twice a second and writes a lock file, even into a finished snapshot.
        self._index.config_reader(reload_policy="manual")

    def add(self, connection: "duckdb_engine.DuckDBConnection", queries: Iterable[str]) -> None:
        """Add the documents that the queries return. The writer is closed afterwards, so that it frees its memory."""
        writer = self._index.writer(heap_size=WRITER_HEAP_BYTES, num_threads=1)
        for query in queries:
            cursor = connection.execute(query)
            while rows := cursor.fetchmany(DOCUMENTS_PER_BATCH):
                for (document,) in rows:
                    writer.add_json(document)
        writer.commit()
        writer.wait_merging_threads()

    def tidy(self) -> None:
        """Remove the lock files that tantivy leaves behind, and give its segment lists the permissions of their folder."""
        for lock in self._folder.glob(".tantivy-*.lock"):
            lock.unlink()
        for path in self._folder.glob("*.json"):  # tantivy makes them readable for their owner only
            path.chmod(self._folder.stat().st_mode & 0o666)


def build_index_schema() -> Any:
    """Return the index's fields."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        schema.add_text_field(name, tokenizer_name="en_stem")
    schema.add_text_field("exact", tokenizer_name="raw", index_option="basic")  # a whole name in lower case
    # Unstemmed words, to look up misspelt words: stems would hide how a word ends.
    schema.add_text_field("spelt", tokenizer_name="default", index_option="basic")
    for name in FACET_FIELDS:
        schema.add_text_field(name, fast=name not in JOINED_FIELD_BY_FACET, tokenizer_name="raw", index_option="basic")
    for name in JOINED_FIELD_BY_FACET.values():
        schema.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    schema.add_integer_field("day", indexed=True, fast=True)
    schema.add_integer_field("ends", indexed=True, fast=True)  # the latest end of contracts in delivery
    schema.add_float_field("value", indexed=True, fast=True)
    schema.add_bytes_field("shown", stored=True)
    return schema.build()
