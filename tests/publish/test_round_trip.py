"""OCDS that is published and loaded again gives the same history: the same rows of each release, in the same order."""

import json
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.publish.history_statements import read_history
from tests.publish.release_strategies import draw_release
from tests.size import bound_examples
from threepoint import api, pipeline
from threepoint.publish import ocds


def publish_and_load(store: Path, folder: Path, **options: object) -> Path:
    """Publish a store as OCDS releases and load them into a new store."""
    out = folder / "out"
    ocds.write_ocds_packages(store, out, ocds.OcdsPublishOptions(forms=("releases",), **options))
    loaded = pipeline.load(folder / "again", [out])
    assert (loaded.quarantined, loaded.problems) == ([], [])
    return folder / "again"


def test_round_trip_published_releases(published_store, tmp_path):
    first = read_history(published_store)
    assert sum(first.values()) == 758
    assert read_history(publish_and_load(published_store, tmp_path)) == first


def test_round_trip_twice_gives_same_bytes(published_store, tmp_path):
    (tmp_path / "one").mkdir()
    second = publish_and_load(published_store, tmp_path / "one", group="uk")
    ocds.write_ocds_packages(second, tmp_path / "two", ocds.OcdsPublishOptions(forms=("releases",)))
    first_files, second_files = (
        {path.name: path.read_bytes() for path in folder.rglob("0*.json")}
        for folder in (tmp_path / "one" / "out", tmp_path / "two")
    )
    assert len(first_files) == 4
    assert first_files == second_files


def test_round_trip_records_with_and_without_releases(published_store, tmp_path):
    api.publish_ocds(tmp_path / "out", published_store, forms=["records"], group="uk")
    pipeline.load(tmp_path / "again", [tmp_path / "out"])
    uk = {
        release: count
        for release, count in read_history(published_store).items()
        if "'publisher_group': 'uk'" in release
    }
    assert read_history(tmp_path / "again") == uk
    published = [text for text in read_history(published_store, "compiled") if "'publisher_group': 'uk'" in text]
    assert len(published) == 1
    assert set(published) <= set(read_history(tmp_path / "again", "compiled"))


def test_round_trip_synthetic_releases(synthetic_store, tmp_path):
    first = read_history(synthetic_store)
    assert sum(first.values()) == 600
    assert read_history(publish_and_load(synthetic_store, tmp_path)) == first


# No shrinking: each example loads a store twice, which is too slow to search for a smaller one.
@settings(
    max_examples=bound_examples(20), phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 2**32))
def test_round_trip_random_releases(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("random")
    lines = [json.dumps(draw_release(seed + number)) for number in range(30)]
    (folder / "releases.jsonl").write_text("\n".join(lines) + "\n")
    assert pipeline.load(folder / "store", [folder / "releases.jsonl"]).quarantined == []
    # Releases that differ only in the time of a date are separate when they are read, and equal when they are published.
    assert set(read_history(publish_and_load(folder / "store", folder))) == set(read_history(folder / "store"))
