"""OCDS out and in again gives the same history: what every release says, row for row and place for place."""

import json
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.publish.history_statements import read_history
from tests.publish.release_strategies import draw_release
from tests.size import bound_examples
from threepoint import api, pipeline
from threepoint.publish import ocds


def publish_and_load(store: Path, folder: Path, **wishes: object) -> Path:
    """A new store of what a store publishes as OCDS releases; nothing of it is quarantined."""
    out = folder / "out"
    ocds.write_ocds_packages(store, out, ocds.OcdsPublishOptions(forms=("releases",), **wishes))
    loaded = pipeline.load(folder / "again", [out])
    assert (loaded.quarantined, loaded.problems) == ([], [])
    return folder / "again"


def test_all_published_releases_come_back(published_store, tmp_path):
    first = read_history(published_store)
    assert sum(first.values()) == 758
    assert read_history(publish_and_load(published_store, tmp_path)) == first


def test_a_second_time_gives_the_same_bytes(published_store, tmp_path):
    (tmp_path / "one").mkdir()
    second = publish_and_load(published_store, tmp_path / "one", group="uk")
    ocds.write_ocds_packages(second, tmp_path / "two", ocds.OcdsPublishOptions(forms=("releases",)))
    one, two = ({path.name: path.read_bytes() for path in folder.rglob("0*.json")}
                for folder in (tmp_path / "one" / "out", tmp_path / "two"))  # fmt: skip
    assert len(one) == 4
    assert one == two


def test_the_releases_of_records_come_back_and_so_does_a_compiled_release_without_any(published_store, tmp_path):
    api.publish_ocds(tmp_path / "out", published_store, forms=["records"], group="uk")
    pipeline.load(tmp_path / "again", [tmp_path / "out"])
    uk = {
        release: times
        for release, times in read_history(published_store).items()
        if "'publisher_group': 'uk'" in release
    }
    assert read_history(tmp_path / "again") == uk
    published = [text for text in read_history(published_store, "compiled") if "'publisher_group': 'uk'" in text]
    assert len(published) == 1
    assert set(published) <= set(read_history(tmp_path / "again", "compiled"))


def test_a_synthetic_world_comes_back(synthetic_store, tmp_path):
    first = read_history(synthetic_store)
    assert sum(first.values()) == 600
    assert read_history(publish_and_load(synthetic_store, tmp_path)) == first


# No shrinking: each try loads a store twice, so a failure is reported as it was found.
@settings(
    max_examples=bound_examples(20), phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 2**32))
def test_random_releases_come_back(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("random")
    lines = [json.dumps(draw_release(seed + number)) for number in range(30)]
    (folder / "releases.jsonl").write_text("\n".join(lines) + "\n")
    assert pipeline.load(folder / "store", [folder / "releases.jsonl"]).quarantined == []
    # Two that differ in the hour of a date alone are told apart where they are read, and are one once they are given out.
    assert set(read_history(publish_and_load(folder / "store", folder))) == set(read_history(folder / "store"))
