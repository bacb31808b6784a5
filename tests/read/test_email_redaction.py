"""An e-mail address planted in every text of a release, in the file's name and in what is quarantined comes out nowhere."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.read.read_helpers import encode, join_lines, make_release
from threepoint import pipeline
from threepoint.read.ocds.release_structs import RELEASE_TREE, ReleaseNode

ADDRESS = "jane.doe@example.org"
IN_LINK = "https://example.invalid/?to=jane.doe%40example.org"
SECRET = b"jane.doe"


def plant_text(node: ReleaseNode, text: str) -> dict:
    """A release with `text` in every leaf that the standard reads, and in contact points, which it must not read."""
    told: dict = {name: [text] if kind == "list" else text for name, kind in node.leaves.items()}
    for child in node.children.values():
        inner = {"key": text} if child.kind == "map" else plant_text(child, text)
        told[child.name] = [inner] if child.kind == "array" else inner
    return told | {"contactPoint": {"name": "Jane Doe", "email": text}}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("privacy")
    both = [
        plant_text(RELEASE_TREE, f"ask {ADDRESS} or {IN_LINK}"), plant_text(RELEASE_TREE, ADDRESS),
        plant_text(RELEASE_TREE, IN_LINK),
    ]  # fmt: skip
    kept = [value | {"ocid": f"ocds-213czf-{number}", "date": "2026-01-01"} for number, value in enumerate(both)]
    nulls = [make_release(7, awards=[{"id": ADDRESS, "title": None, "value": {"amount": f"{'x' * 180} {ADDRESS}"}}])]
    lost = [both[0], make_release(8, date=ADDRESS), b'{"ocid": "' + ADDRESS.encode()]
    package = {"publisher": {"name": f"Office ({ADDRESS})"}, "releases": [make_release(9, ocid=f"zz-{ADDRESS}")]}
    file = folder / f"from {ADDRESS}.json"
    file.write_bytes(join_lines(*kept, *nulls, *lost, package))
    done = pipeline.load(folder / "store", [file])
    assert (done.rows["release"], len(done.quarantined)) == (5, 3)
    return folder / "store"


def search_folder(folder: Path) -> int:
    """The number of texts below a folder; none of them, and none of the files' bytes, holds the address."""
    count = 0
    for path in folder.rglob("*"):
        if path.is_file():
            assert SECRET not in path.read_bytes(), path
        if path.suffix == ".parquet":
            count += _count_texts(pq.read_table(path))
    return count


def _count_texts(table: pa.Table) -> int:
    texts = [text for column in table.columns if column.type == pa.string() for text in column.to_pylist() if text]
    assert [text for text in texts if SECRET.decode() in text] == []
    return len(texts)


@pytest.mark.quirk("Q1.49")
def test_history_holds_no_address(store):
    assert search_folder(store / "history") > 300
    assert "[email removed]" in json.dumps(json.loads(next((store / "history" / "log").iterdir()).read_text()))


def test_the_snapshot_holds_no_address(store):
    built = pipeline.build(store)
    assert built.rows["notice"] == 5
    assert search_folder(store / "snapshots") > 100


@pytest.mark.quirk("Q1.49")
def test_contact_points_are_not_read():
    def names(node):
        return {*node.leaves, *node.children}.union(*(names(child) for child in node.children.values()))

    assert not {"contactPoint", "email", "telephone", "faxNumber", "contactPoints"} & names(RELEASE_TREE)


def test_encodings_of_an_address_in_json_are_seen(tmp_path):
    escaped = encode(make_release(1, tender={"title": "ask AT"}, contracts=[{"id": "c", "agreedMetrics": [{"id": "m", "observations": [
        {"id": "o", "measure": "AT", "dimensions": {"a": {"b": "AT"}}}]}]}])).replace(b"AT", rb"jane.doe\u0040example.org")  # fmt: skip
    (tmp_path / "a.json").write_bytes(escaped)
    pipeline.load(tmp_path / "store", [tmp_path / "a.json"])
    assert search_folder(tmp_path / "store" / "history") > 5
