"""Stores that grow load by load, and the same built at once: their rows must be equal."""

from pathlib import Path

from tests.merge.world import AS_OF, load, money, party, release
from tests.pipeline import world
from threepoint import pipeline
from threepoint.store import identities, snapshots
from threepoint.store.layout import Layout

ONE, OTHER, THIRD, FAR = (f"ocds-h6vhtk-0eeee{number}" for number in (1, 2, 3, 4))
BRISTOL = party("b", "Bristol City Council", roles="buyer")
ACME, SAME = "GB-COH-01234567", "GB-CHC-123456"


def whole(tmp_path: Path, grown: Path, loads, as_of=AS_OF):
    """The rows of a new store into which all was loaded, with the addresses that the grown one gave."""
    root = tmp_path / "whole" / "store"
    for number, releases in enumerate(loads):
        load(root, releases, f"load{number}.jsonl")
    identities.freeze(Layout(root), identities.read(Layout(grown)))
    assert pipeline.build(root, as_of).anew is None
    return world.rows(root)


def grown(tmp_path: Path, loads, days=()):
    """A store that is built after each load, for each of the days (the same one if none is given); the last build."""
    root = tmp_path / "grown" / "store"
    for number, releases in enumerate(loads):
        load(root, releases, f"load{number}.jsonl")
        built = pipeline.build(root, days[number] if days else AS_OF)
    return root, built


def equal(tmp_path: Path, *loads, anew):
    """Builds after each load, and of all at once: the rows, which must be equal. `anew` is of the last build."""
    root, built = grown(tmp_path, loads)
    rows = world.rows(root)
    assert {name: len(found) for name, found in rows.items()} == built.rows
    expected = whole(tmp_path, root, loads)
    assert [name for name in expected if rows[name] != expected[name]] == []
    assert built.anew == anew
    return rows


def contract(ocid, when, net=5, **more):
    return release(ocid, when, "UK7", parties=[BRISTOL, party("s", "Acme Ltd", ACME)],
                   contracts=[{"id": "1", "value": money(net), **more}])  # fmt: skip


def folder_of(root):
    return snapshots.current(Layout(root))
