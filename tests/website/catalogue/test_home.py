"""The home page: contents, gaps and newest records."""

import re
import shutil

from django.test import override_settings

from tests.merge.release_factory import AS_OF, load
from tests.website import sample_records
from tests.website.pages import read_text
from threepoint import pipeline


def test_home_page_counts_contents_and_links_to_gaps(reader):
    response = reader.get("/")
    text = read_text(response)
    contents = text.partition("This site has: ")[2].partition(" Search ")[0]
    assert contents == (
        "7 notices from UK publishers · 1 major project · 2 payments (2020) · 1 sale (2014) · 1 plan to buy (2013)"
        " · 0 parts of files that we could not read. See what is missing"
    )
    assert "synthetic" not in text.lower()
    assert '<a class="govuk-link" href="/coverage/">See what is missing</a>' in response.content.decode()


def test_synthetic_banner_says_whether_all_or_some_data_is_synthetic(reader, synthetic_store, tmp_path):
    with override_settings(STORE=synthetic_store):
        synthetic = {path: read_text(reader.get(path)) for path in ("/", "/sources/", "/coverage/")}
    store = tmp_path / "store"
    shutil.copytree(synthetic_store, store, symlinks=True)
    load(store, sample_records.make_releases(), "published.jsonl")
    pipeline.build(store, AS_OF)
    with override_settings(STORE=store):
        mixed = {path: read_text(reader.get(path)) for path in ("/", "/sources/", "/coverage/?group=all")}
        published = read_text(reader.get("/coverage/?group=uk"))
    assert [path for path, text in synthetic.items() if "Synthetic data: nothing here is real." not in text] == []
    assert "600 synthetic notices" in synthetic["/"]
    assert [
        path
        for path, text in mixed.items()
        if "Some of this data is synthetic, and is marked as synthetic." not in text
    ] == []
    assert "7 notices from UK publishers · 600 synthetic notices" in mixed["/"]
    assert re.search(r"\d+ synthetic payments?", mixed["/"])
    assert "ynthetic data" not in published


def test_narrow_the_list_heading_is_left_out_without_choices(reader):
    assert "Narrow the list" in read_text(reader.get("/search/", {"all": "1"}))
    assert "Narrow the list" not in read_text(reader.get("/search/", {"q": "zzqqyzzqqy"}))
