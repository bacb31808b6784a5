"""An email address in every text of a release, in the file's name and in quarantined parts is removed everywhere."""

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
    """Return a release with `text` in every leaf that the standard reads, and in contact points, which it must not read."""
    release: dict = {name: [text] if kind == "list" else text for name, kind in node.leaves.items()}
    for child in node.children.values():
        content = {"key": text} if child.kind == "map" else plant_text(child, text)
        release[child.name] = [content] if child.kind == "array" else content
    return release | {"contactPoint": {"name": "Jane Doe", "email": text}}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("privacy")
    releases = [
        plant_text(RELEASE_TREE, f"ask {ADDRESS} or {IN_LINK}"), plant_text(RELEASE_TREE, ADDRESS),
        plant_text(RELEASE_TREE, IN_LINK),
    ]  # fmt: skip
    valid = [value | {"ocid": f"ocds-213czf-{number}", "date": "2026-01-01"} for number, value in enumerate(releases)]
    nulls = [make_release(7, awards=[{"id": ADDRESS, "title": None, "value": {"amount": f"{'x' * 180} {ADDRESS}"}}])]
    invalid = [releases[0], make_release(8, date=ADDRESS), b'{"ocid": "' + ADDRESS.encode()]
    package = {"publisher": {"name": f"Office ({ADDRESS})"}, "releases": [make_release(9, ocid=f"zz-{ADDRESS}")]}
    file = folder / f"from {ADDRESS}.json"
    file.write_bytes(join_lines(*valid, *nulls, *invalid, package))
    done = pipeline.load(folder / "store", [file])
    assert (done.rows["release"], len(done.quarantined)) == (5, 3)
    return folder / "store"


def search_folder(folder: Path) -> int:
    """Count the texts in a folder; assert that neither they nor the files' bytes contain the address."""
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
def test_history_has_no_email_address(store):
    assert search_folder(store / "history") > 300
    assert "[email removed]" in json.dumps(json.loads(next((store / "history" / "log").iterdir()).read_text()))


def test_snapshot_has_no_email_address(store):
    built = pipeline.build(store)
    assert built.rows["notice"] == 5
    assert search_folder(store / "snapshots") > 100


@pytest.mark.quirk("Q1.49")
def test_release_tree_has_no_contact_points():
    def list_names(node):
        return {*node.leaves, *node.children}.union(*(list_names(child) for child in node.children.values()))

    assert not {"contactPoint", "email", "telephone", "faxNumber", "contactPoints"} & list_names(RELEASE_TREE)


def test_escaped_email_address_in_json_is_removed(tmp_path):
    escaped = encode(make_release(1, tender={"title": "ask AT"}, contracts=[{"id": "c", "agreedMetrics": [{"id": "m", "observations": [
        {"id": "o", "measure": "AT", "dimensions": {"a": {"b": "AT"}}}]}]}])).replace(b"AT", rb"jane.doe\u0040example.org")  # fmt: skip
    (tmp_path / "a.json").write_bytes(escaped)
    pipeline.load(tmp_path / "store", [tmp_path / "a.json"])
    assert search_folder(tmp_path / "store" / "history") > 5
