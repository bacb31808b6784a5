"""The search index of a snapshot: what is in its folder once it is made stays as it is."""

import time
from pathlib import Path

from threepoint.facts import index


def _held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_written_into_a_snapshot_after_its_index_is_made(tmp_path):
    with index.writing(tmp_path) as made:
        for _ in range(8):  # segments: enough for tantivy to begin to merge them
            with made._open() as writer:
                writer.add_json('{"id": ["1"], "group": ["1"]}')
    held = _held(tmp_path)
    time.sleep(1)  # tantivy's threads look at the index twice a second, as long as somebody holds it
    assert made  # still held, as a build holds it
    assert _held(tmp_path) == held
    assert [name for name in held if name.endswith(".lock")] == []
    assert index.reader(tmp_path / index.FOLDER).num_docs == 8
