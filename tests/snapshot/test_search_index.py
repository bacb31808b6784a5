"""The search index of a snapshot: what is in its folder once it is made stays as it is."""

import time
from pathlib import Path

from threepoint.snapshot import search_index
from threepoint.store import duckdb_engine


def _read_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_written_into_a_snapshot_after_its_index_is_made(tmp_path):
    writer = search_index.IndexWriter(tmp_path)
    with duckdb_engine.open_read_connection() as connection:
        for number in range(8):  # segments: enough for tantivy to begin to merge them
            writer.add(connection, [f'SELECT \'{{"id": ["{number}"]}}\''])
    writer.tidy()
    held = _read_files(tmp_path)
    time.sleep(1)  # tantivy's threads look at the index twice a second, as long as somebody holds it
    assert writer  # still held, as a build holds it
    assert _read_files(tmp_path) == held
    assert [name for name in held if name.endswith(".lock")] == []
    assert search_index.open_searcher(tmp_path).num_docs == 8
