"""The first page: what is in here, what is missing, what was published last."""

import re
import shutil

from django.test import override_settings

from tests.merge.release_factory import AS_OF, load
from tests.website import sample_records
from tests.website.pages import read_text
from threepoint import pipeline


def test_it_counts_what_is_held_of_each_kind_and_leads_to_what_is_missing(reader):
    answer = reader.get("/")
    said = read_text(answer)
    held = said.partition("What is in here: ")[2].partition(" Find ")[0]
    assert held == (
        "7 notices of UK publishers · 1 major project · 2 payments (2020) · 1 sale (2014) · 1 plan to buy (2013)"
        " · 0 parts we could not read. What is missing"
    )
    assert "synthetic" not in said.lower()
    assert '<a class="govuk-link" href="/coverage/">What is missing</a>' in answer.content.decode()


def test_what_is_made_up_is_told_apart_from_what_is_not(reader, synthetic_store, tmp_path):
    """Of a world of our own it is said that nothing is real; where published notices stand beside it, that some is not."""
    with override_settings(STORE=synthetic_store):
        made_up = {path: read_text(reader.get(path)) for path in ("/", "/sources/", "/coverage/")}
    store = tmp_path / "store"
    shutil.copytree(synthetic_store, store, symlinks=True)
    load(store, sample_records.make_releases(), "published.jsonl")
    pipeline.build(store, AS_OF)
    with override_settings(STORE=store):
        mixed = {path: read_text(reader.get(path)) for path in ("/", "/sources/", "/coverage/?group=all")}
        published = read_text(reader.get("/coverage/?group=uk"))
    assert [path for path, said in made_up.items() if "Synthetic data: nothing here is real." not in said] == []
    assert "600 notices that were made up" in made_up["/"]
    assert [path for path, said in mixed.items() if "Some of this is synthetic data, and marked so." not in said] == []
    assert "7 notices of UK publishers · 600 notices that were made up" in mixed["/"]
    assert re.search(r"\d+ payments? that w\w+ made up", mixed["/"])
    assert "ynthetic data" not in published


def test_where_nothing_is_to_be_narrowed_there_is_no_heading_for_it(reader):
    assert "Narrow the list" in read_text(reader.get("/search/", {"all": "1"}))
    assert "Narrow the list" not in read_text(reader.get("/search/", {"q": "zzqqyzzqqy"}))
