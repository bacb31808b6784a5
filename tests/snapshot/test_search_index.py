"""Tests for the search index: its folder does not change after the index is written."""

import time
from pathlib import Path

from threepoint.snapshot import search_index
from threepoint.store import duckdb_engine


def _read_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_index_writer_leaves_finished_index_unchanged(tmp_path):
    writer = search_index.IndexWriter(tmp_path)
    with duckdb_engine.open_read_connection() as connection:
        for number in range(8):  # with eight segments, tantivy begins to merge them
            writer.add(connection, [f'SELECT \'{{"id": ["{number}"]}}\''])
    writer.tidy()
    files = _read_files(tmp_path)
    time.sleep(1)  # tantivy's threads poll the index twice a second as long as a writer exists
    assert writer  # keeps the writer alive, as a build does
    assert _read_files(tmp_path) == files
    assert [name for name in files if name.endswith(".lock")] == []
    assert search_index.open_searcher(tmp_path).num_docs == 8
