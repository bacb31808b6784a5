"""Builds succeed with extreme values in every field of a release and of a project."""

import itertools
import json

import pytest

from tests.merge.release_factory import AS_OF, write_portfolio
from tests.pipeline import sample_store
from threepoint import pipeline
from threepoint.read.ocds.release_structs import RELEASE_TREE, ReleaseNode

MAX_INTEGER = 2**63 - 1
LOW = {"money": -9999999999999999.99, "number": -1e308, "share": -1e308, "integer": -MAX_INTEGER, "boolean": False,
       "date": "0001-01-02", "id": "\0", "text": "[/a]\0\x1b[31m", "code": "\0", "any": {"a": [None]}, "list": ["\0"]}  # fmt: skip
HIGH = {"money": 9999999999999999.99, "number": 1e308, "share": 1e308, "integer": MAX_INTEGER, "boolean": True,
        "date": "9999-12-31T23:59:59Z", "id": "\0", "text": "x" * 100_000, "code": "\uffff", "any": 10**300,
        "list": ["x"] * 100}  # fmt: skip


def plant_values(node: ReleaseNode, values: dict) -> dict:
    """Return a release with a value of the right type in every field that is read."""
    fields: dict = {name: values[kind] for name, kind in node.leaves.items()}
    for child in node.children.values():
        inner = {"key": values["text"]} if child.kind == "map" else plant_values(child, values)
        fields[child.name] = [inner] if child.kind == "array" else inner
    return fields


@pytest.mark.parametrize(("first", "last"), list(itertools.product((LOW, HIGH), repeat=2)))
def test_build_of_process_with_extreme_values(first, last, tmp_path):
    process = {"ocid": "ocds-h6vhtk-000001", "tag": ["contract"], "initiationType": "tender", "language": "en"}
    releases = [
        plant_values(RELEASE_TREE, values) | process | {"id": str(day), "date": f"2026-01-0{day}T00:00:00Z"}
        for day, values in ((1, first), (2, last))
    ]
    file = tmp_path / "extremes.jsonl"
    file.write_text("".join(json.dumps(release) + "\n" for release in releases))
    result = pipeline.load(tmp_path / "store", [file])
    assert (result.rows["release"], result.quarantined) == (2, [])
    assert pipeline.build(tmp_path / "store", AS_OF).rows["contracting_process"] == 1


COSTS = ["9999999999", "-9999999999", "9" * 400, "1e9999", "Low: 1, Mid: 9999999999, High: " + "9" * 30]
ENDS = ["31/12/9999", "01/01/0001", "31/12/99999", "2026-02-30"]


def test_build_of_project_with_extreme_values(tmp_path):
    files = []
    for year, (cost, end) in enumerate(itertools.product(COSTS, ENDS), start=2021):
        files.append(tmp_path / f"{year}.csv")
        files[-1].write_text(write_portfolio(year, ("CO_0001_1819-Q1", "Project", f'"{cost}"', end, "Amber")))
    result = pipeline.load(tmp_path / "store", files)
    assert (result.rows, result.quarantined) == ({"gmpp_year": len(files)}, [])
    assert pipeline.build(tmp_path / "store", AS_OF).rows["scheme"] == 1
    assert len(sample_store.read_rows(tmp_path / "store")["scheme_year"]) == len(files)
