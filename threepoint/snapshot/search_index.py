"""Writes a snapshot's search index: one document for each process, organisation, major project, sale and plan to buy (tantivy)."""

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from threepoint.errors import Problem
from threepoint.snapshot import search_documents
from threepoint.snapshot.search_documents import PROCESS_TABLES, REST_TABLES, VIEW
from threepoint.standard.sdes import SDES

if TYPE_CHECKING:
    from threepoint.store import duckdb_engine

FOLDER = "search"
HEAP = 20_000_000  # bytes that the writer gathers before it writes a segment; it wants 15 million at least
AT_A_TIME = 2_000  # documents
PATIENCE = 100  # times to try to remove a folder
TEXTS = ("title", "description", "names", "codes")  # read by their stems
FACETS = (
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
JOINED = {"notice_type": "notice_types"}


def write_index(connection: "duckdb_engine.Engine", snapshot: Path) -> None:
    """Write the index of a snapshot whose tables are complete, part by part."""
    from threepoint.store import duckdb_engine, snapshot_tables

    place = snapshot / FOLDER
    place.mkdir()
    writer = IndexWriter(place)
    for part in snapshot_tables.list_parts(snapshot):
        for name in PROCESS_TABLES:
            snapshot_tables.open_part(connection, f"{VIEW}{name}", SDES[name], snapshot, part)
        writer.add(connection, [search_documents.sql(search_documents.PROCESSES)])
    for name in REST_TABLES:
        duckdb_engine.open_files(connection, f"{VIEW}{name}", SDES[name], snapshot_tables.list_files(snapshot, name))
    writer.add(connection, [search_documents.sql(query) for query in search_documents.REST])
    writer.tidy()


def reader(place: Path) -> Any:
    """The index in a snapshot's folder `place`, open for searching.

    Tantivy opens no index without writing a lock beside it, and a reader may not write into a snapshot. So it is shown the
    files by other names, which can go as soon as it holds them.
    """
    import tantivy

    try:
        with _names(place) as names:
            opened = tantivy.Index.open(str(names))
            # By itself it looks again and again whether the index has changed, and writes locks as it does.
            opened.config_reader(reload_policy="manual")
            # Fields are told apart by their place: an index of others would find nothing, and say so.
            if opened.schema != schema():
                raise Problem(f"the search index {place} is of another version; run `threepoint build`")
            return opened.searcher()
    except ValueError:
        raise Problem(f"the search index {place} cannot be read; run `threepoint build`") from None
    except OSError as why:
        told = f"the search index {place} cannot be opened ({why.strerror})"
        raise Problem(f"{told}; it must be readable, and TMPDIR a folder that may be written to") from None


@contextmanager
def _names(place: Path) -> Iterator[Path]:
    """A folder of other names for the files in `place`, for as long as the block lasts."""
    names = Path(mkdtemp(prefix="threepoint-"))
    try:
        for path in place.resolve().iterdir():
            (names / path.name).symlink_to(path)
        yield names
    finally:
        for _ in range(PATIENCE):  # one more lock may be written while the folder is emptied
            shutil.rmtree(names, ignore_errors=True)
            if not names.exists():
                break
            time.sleep(0.01)


class IndexWriter:
    """Adds documents to an index; those of one call are on disk when it returns."""

    def __init__(self, place: Path) -> None:
        import tantivy

        self._place = place
        self._index = tantivy.Index(schema(), path=str(place))
        # By itself it looks twice a second whether the index has changed, and then writes a lock: into a finished snapshot.
        self._index.config_reader(reload_policy="manual")

    def add(self, connection: "duckdb_engine.Engine", queries: Iterable[str]) -> None:
        """Add the documents that the queries give. While the engine calculates the next ones, the writer holds no memory."""
        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        for query in queries:
            found = connection.execute(query)
            while rows := found.fetchmany(AT_A_TIME):
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


def schema() -> Any:
    """The index's fields."""
    import tantivy

    made = tantivy.SchemaBuilder()
    made.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in TEXTS:
        made.add_text_field(name, tokenizer_name="en_stem")
    made.add_text_field("exact", tokenizer_name="raw", index_option="basic")  # a whole name, in small letters
    # Words as they are: a misspelt word is looked up among these, since stems would hide its ending.
    made.add_text_field("spelt", tokenizer_name="default", index_option="basic")
    for name in FACETS:
        made.add_text_field(name, fast=name not in JOINED, tokenizer_name="raw", index_option="basic")
    for name in JOINED.values():
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    made.add_integer_field("day", indexed=True, fast=True)
    made.add_integer_field("ends", indexed=True, fast=True)  # the last end of its contracts in delivery
    made.add_float_field("value", indexed=True, fast=True)
    made.add_bytes_field("shown", stored=True)
    return made.build()
