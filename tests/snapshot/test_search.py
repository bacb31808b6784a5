"""Search of a snapshot: the hits, and how often each value of a facet occurs."""

from collections import Counter

import pytest
import tantivy

from tests.merge.release_factory import AS_OF, load, make_release, write_portfolio
from threepoint import pipeline
from threepoint.errors import UserError
from threepoint.pipeline import step_runner
from threepoint.presentation import formatting
from threepoint.snapshot import SearchRequest, cache, facets, open_snapshot, search_index, search_records, synonyms
from threepoint.store import duckdb_engine


@pytest.fixture(scope="module")
def snapshot(synthetic_store):
    with open_snapshot(synthetic_store) as opened:
        yield opened


def find_all(snapshot, **options):
    """Search without the technology lens and return all hits on one page."""
    return search_records(snapshot, SearchRequest(technology=False, size=5_000, **options))


def test_facets_equal_counts_over_tables(snapshot):
    facet_counts = find_all(snapshot, only={"kind": ("contract",)}).facets
    buyers = snapshot.rows("SELECT buyer_org_id FROM contracting_process WHERE buyer_org_id IS NOT NULL")
    codes = snapshot.rows("SELECT DISTINCT ocid, left(cpv, 3) AS code FROM process_cpv")
    years = snapshot.rows("SELECT year(last_published)::VARCHAR AS year FROM contracting_process")
    statuses = snapshot.rows(
        "SELECT coalesce(max(c.phase), p.stage) AS status FROM contracting_process p LEFT JOIN contract c USING (ocid)"
        " GROUP BY p.ocid, p.stage"
    )
    types = snapshot.rows("SELECT DISTINCT ocid, notice_type FROM notice")
    suppliers = snapshot.rows(
        "SELECT ocid, org_id FROM award_supplier JOIN award USING (award_id) WHERE award_supplier.current"
        " UNION SELECT ocid, org_id FROM contract_supplier JOIN contract USING (contract_id)"
    )
    expected = {
        "notice_type": Counter(row["notice_type"] for row in types), "supplier": Counter(row["org_id"] for row in suppliers),
        "buyer": Counter(row["buyer_org_id"] for row in buyers), "cpv": Counter(row["code"] for row in codes),
        "year": Counter(row["year"] for row in years), "status": Counter(row["status"] for row in statuses),
    }  # fmt: skip
    for name, all_counts in expected.items():
        counts = dict(facet_counts[name])
        assert sorted(counts.values(), reverse=True) == sorted(all_counts.values(), reverse=True)[: len(counts)], name
        assert {value: all_counts[value] for value in counts} == counts, name


def test_facets_short_bounds_undercounts(tmp_path, monkeypatch):
    """Each segment of an index returns only its commonest values, so values that it leaves out are missing in the sum."""
    monkeypatch.setattr(facets, "MAX_VALUES_PER_FACET", 2)
    monkeypatch.setattr(facets, "SEGMENT_SIZE_BY_FACET", {"buyer": 2})
    monkeypatch.setattr(
        duckdb_engine, "get_memory_megabytes", lambda _connection: 16 / step_runner.RELEASES_PER_MEGABYTE
    )  # 16 releases in each part
    store, true_counts = tmp_path / "store", Counter()
    load(store, [
        make_release(f"ocds-h6vhtk-00f{number:03}", "2026-01-10", "UK4", parties=[party], buyer=party)
        for number, name in enumerate("A" * 40 + "B" * 30 + "EEEDDA")
        for party in [{"id": name, "name": f"Council {name}", "roles": ["buyer"]}]
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        assert snapshot.searcher.num_segments > 1
        for row in snapshot.rows("SELECT buyer_org_id FROM contracting_process"):
            true_counts[row["buyer_org_id"]] += 1
        result = find_all(snapshot, only={"kind": ("contract",)})
        buyers, short = result.facets["buyer"], result.short["buyer"]
    assert set(result.short) == {"buyer"}
    assert [value for value, count in buyers if not count <= true_counts[value] <= count + short] == []
    assert dict(buyers) != {value: true_counts[value] for value, _count in buyers}


def test_search_misspelt_word_only_if_unknown(tmp_path):
    store = tmp_path / "store"

    def make_notices(day, *titles):
        return [make_release(f"ocds-h6vhtk-0fff{number:02}", f"2026-01-{day:02}", "UK4", tender={"title": title})
                for number, title in enumerate(titles)]  # fmt: skip

    load(store, make_notices(10, "Pasting", "Posting", *["Hosting"] * 30), "first.jsonl")
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        results = {words: find_all(snapshot, words=words) for words in ("hosting", "hostnig", "posting")}
    assert {words: result.total for words, result in results.items()} == {"hosting": 30, "hostnig": 30, "posting": 1}
    assert {words: result.nearly for words, result in results.items()} == {
        "hosting": (), "hostnig": ("hostnig",), "posting": (),
    }  # fmt: skip
    load(store, make_notices(11, "Pasting", "Renamed"), "second.jsonl")
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        result = find_all(snapshot, words="posting")
    assert (result.total, result.nearly) == (31, ("posting",))


def test_search_quoted_word_ignores_synonyms(snapshot):
    unquoted, quoted = find_all(snapshot, words="hosting"), find_all(snapshot, words='"hosting"')
    assert (unquoted.also, quoted.also) == (synonyms.list_synonyms("hosting"), ())
    assert 0 < quoted.total < unquoted.total


def test_search_ending_order_lists_contracts_in_delivery(snapshot):
    rows = snapshot.rows(
        "SELECT ocid, max(end_current) AS ends FROM contract WHERE phase = 'in_delivery' GROUP BY ocid"
        f" HAVING max(end_current) >= DATE '{AS_OF}'"
    )
    result = find_all(snapshot, order="ending")
    assert sorted(hit.id for hit in result.hits) == sorted(row["ocid"] for row in rows)
    end_days = [hit.shown["ends"] for hit in result.hits]
    assert end_days == sorted(row["ends"].isoformat() for row in rows)
    assert result.total == len(rows) > 10
    assert find_all(snapshot, order="newest").total > result.total  # the two orders do not share cached counts


def test_facets_count_chosen_rare_value(snapshot):
    common = dict(find_all(snapshot).facets["buyer"])
    buyers = snapshot.rows(
        "SELECT DISTINCT buyer_org_id AS id FROM contracting_process WHERE buyer_org_id IS NOT NULL ORDER BY 1"
    )
    rare = next(row["id"] for row in buyers if row["id"] not in common)
    result = find_all(snapshot, only={"buyer": (rare,)})
    assert dict(result.facets["buyer"]) == common | {rare: result.total}
    many = tuple(f"no such {number}" for number in range(20))  # of so many chosen values, only some are counted
    assert dict(find_all(snapshot, only={"buyer": many}).facets["buyer"]) == common | dict.fromkeys(
        many[: facets.MAX_CHOSEN_VALUES], 0
    )


def test_search_cache_separates_requests(snapshot, monkeypatch):
    """Pages and orders share cached counts; other words, chosen values, lenses and counted facets do not."""
    monkeypatch.setattr(cache, "MAX_RECENT_RESULTS", 3)
    requests = [
        {"words": "hosting"}, {"words": "hosting", "page": 2, "order": "newest"}, {"words": "network"},
        {"words": "hosting", "only": {"kind": ("contract",)}}, {"words": "hosting", "counted": ("year",)}, {"words": "hosting"},
    ]  # fmt: skip
    for request in requests:
        result = find_all(snapshot, **request)
        with open_snapshot(snapshot.folder.parent.parent) as fresh_snapshot:  # its cache is empty
            assert find_all(fresh_snapshot, **request) == result


def test_search_ignores_stop_words_unless_alone(snapshot):
    short, long = find_all(snapshot, words="hosting"), find_all(snapshot, words="the hosting of")
    assert short.total > 0
    assert {hit.id for hit in long.hits} == {hit.id for hit in short.hits}
    assert find_all(snapshot, words="of").total > 0
    assert find_all(snapshot, words='"of"').total == find_all(snapshot, words="of").total


def test_facets_count_only_requested(snapshot):
    all_facets = find_all(snapshot, only={"kind": ("contract",)}).facets
    requested = find_all(snapshot, only={"kind": ("contract",)}, counted=("kind", "year")).facets
    assert requested == {name: all_facets[name] for name in ("kind", "year")}
    assert find_all(snapshot, counted=()).facets == {}


def test_search_without_words_finds_every_record_once(snapshot):
    result = find_all(snapshot)
    expected = {
        row["id"]
        for row in snapshot.rows("SELECT ocid AS id FROM contracting_process UNION SELECT org_id FROM organisation")
    }
    assert (result.total, {hit.id for hit in result.hits}) == (len(expected), expected)


def test_search_technology_lens_equals_is_technology(snapshot):
    result = search_records(snapshot, SearchRequest(only={"kind": ("contract",)}))
    (row,) = snapshot.rows(
        "SELECT count(*) FILTER (WHERE is_technology) AS lens, count(*) AS n FROM contracting_process"
    )
    assert (result.total, result.without_lens) == (row["lens"], row["n"])


@pytest.mark.parametrize("order", ["newest", "largest"])
def test_search_sorts_by_order(snapshot, order):
    hits = find_all(snapshot, only={"kind": ("contract",)}, order=order).hits
    values = [
        hit.shown.get("day") if order == "newest" else float(hit.shown.get("value") or 0)
        for hit in hits
        if order == "newest" or hit.shown.get("currency") == "GBP"
    ]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) > 10


def test_facets_keep_other_values_of_chosen_facet(snapshot):
    statuses = find_all(snapshot).facets["status"]
    result = find_all(snapshot, only={"status": (statuses[0][0],)})
    assert result.facets["status"] == statuses
    assert result.total == statuses[0][1]


def test_search_ignores_unknown_facet_but_not_unknown_value(snapshot):
    assert find_all(snapshot, only={"colour": ("red",)}).total == find_all(snapshot).total
    assert find_all(snapshot, only={"status": ("no such",)}).total == 0


def test_search_exact_name_comes_first(tmp_path):
    """Ignore case and spaces; rank the organisation before contracts with the same words in their titles."""
    store = tmp_path / "store"
    parties = [{"id": "b", "name": "Home Office", "roles": ["buyer"]}]
    load(store, [
        make_release(f"ocds-h6vhtk-0fff0{number}", "2026-01-10", "UK4", parties=parties, buyer=parties[0],
                tender={"title": "Home office furniture for the Home Office", "classification": {"scheme": "CPV", "id": "72000000"}})
        for number in range(3)
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        for words in ("home office", "  Home   OFFICE "):
            result = search_records(snapshot, SearchRequest(words))
            assert (result.total, result.hits[0].shown["title"]) == (4, "Home Office")


def test_search_department_by_name_or_abbreviation(tmp_path):
    store = tmp_path / "store"
    (tmp_path / "gmpp-2025.csv").write_text(
        write_portfolio(2025, ("MOJ_0001_2021-Q1", "Courts", "120", "31/03/2027", "Amber")).replace("CO,", "MOJ,"),
        encoding="utf-8",
    )
    pipeline.load(store, [tmp_path / "gmpp-2025.csv"])
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        (row,) = snapshot.rows("SELECT department FROM scheme")
        name = formatting.format_department(row["department"]).partition(" (")[0]
        for words in (row["department"], name):
            assert [hit.shown["title"] for hit in find_all(snapshot, words=words).hits] == ["Courts"]


def test_format_department_expands_known_abbreviations():
    assert [formatting.format_department(department) for department in ("MoJ", "HO", "DoH Capital")] == [
        "Ministry of Justice (MoJ)", "Home Office (HO)", "DoH Capital",
    ]  # fmt: skip


def test_search_exact_name_ignores_html_entities(tmp_path):
    store = tmp_path / "store"
    load(store, [
        make_release("ocds-h6vhtk-0fff00", "2026-01-10", "UK4", tender={"title": "John&#039;s  laptops &amp; more"}),
        make_release("ocds-h6vhtk-0fff01", "2026-01-10", "UK4", tender={"title": "John's laptops and more laptops & more, more"}),
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        assert find_all(snapshot, words="John's laptops & more").hits[0].id == "ocds-h6vhtk-0fff00"


def test_open_searcher_rejects_another_version(tmp_path):
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True)
    tantivy.Index(builder.build(), path=str(tmp_path))
    with pytest.raises(UserError, match="was written by another version of Three Point; run `threepoint build`"):
        search_index.open_searcher(tmp_path)
