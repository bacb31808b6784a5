"""Searching a snapshot: what is found, and how often each value of a facet occurs."""

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


def find_all(snapshot, **wish):
    """All that is found."""
    return search_records(snapshot, SearchRequest(technology=False, size=5_000, **wish))


def test_facets_count_what_the_tables_hold(snapshot):
    """The plain twin: every value counted over the tables."""
    found = find_all(snapshot, only={"kind": ("contract",)}).facets
    buyers = snapshot.rows("SELECT buyer_org_id FROM contracting_process WHERE buyer_org_id IS NOT NULL")
    codes = snapshot.rows("SELECT DISTINCT ocid, left(cpv, 3) AS code FROM process_cpv")
    years = snapshot.rows("SELECT year(last_published)::VARCHAR AS year FROM contracting_process")
    stands = snapshot.rows(
        "SELECT coalesce(max(c.phase), p.stage) AS stands FROM contracting_process p LEFT JOIN contract c USING (ocid)"
        " GROUP BY p.ocid, p.stage"
    )
    types = snapshot.rows("SELECT DISTINCT ocid, notice_type FROM notice")
    suppliers = snapshot.rows(
        "SELECT ocid, org_id FROM award_supplier JOIN award USING (award_id) WHERE award_supplier.current"
        " UNION SELECT ocid, org_id FROM contract_supplier JOIN contract USING (contract_id)"
    )
    plain = {
        "notice_type": Counter(row["notice_type"] for row in types), "supplier": Counter(row["org_id"] for row in suppliers),
        "buyer": Counter(row["buyer_org_id"] for row in buyers), "cpv": Counter(row["code"] for row in codes),
        "year": Counter(row["year"] for row in years), "status": Counter(row["stands"] for row in stands),
    }  # fmt: skip
    for name, counted in plain.items():
        told = dict(found[name])
        assert sorted(told.values(), reverse=True) == sorted(counted.values(), reverse=True)[: len(told)], name
        assert {value: counted[value] for value in told} == told, name


def test_numbers_that_may_be_too_low_say_by_how_much(tmp_path, monkeypatch):
    """Each part of an index hands in its commonest values only: what one of them leaves out is missing in the sum."""
    monkeypatch.setattr(facets, "MAX_VALUES_PER_FACET", 2)
    monkeypatch.setattr(facets, "SEGMENT_SIZE_BY_FACET", {"buyer": 2})
    monkeypatch.setattr(
        duckdb_engine, "get_memory_megabytes", lambda _connection: 16 / step_runner.RELEASES_PER_MEGABYTE
    )  # 16 releases a part
    store, true = tmp_path / "store", Counter()
    load(store, [
        make_release(f"ocds-h6vhtk-00f{number:03}", "2026-01-10", "UK4", parties=[party], buyer=party)
        for number, name in enumerate("A" * 40 + "B" * 30 + "EEEDDA")
        for party in [{"id": name, "name": f"Council {name}", "roles": ["buyer"]}]
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        assert snapshot.searcher.num_segments > 1
        for row in snapshot.rows("SELECT buyer_org_id FROM contracting_process"):
            true[row["buyer_org_id"]] += 1
        found = find_all(snapshot, only={"kind": ("contract",)})
        told, short = found.facets["buyer"], found.short["buyer"]
    assert set(found.short) == {"buyer"}
    assert [value for value, count in told if not count <= true[value] <= count + short] == []
    assert dict(told) != {value: true[value] for value, _count in told}


def test_words_that_are_nearly_the_same_are_looked_for_where_no_text_has_a_word(tmp_path):
    store = tmp_path / "store"

    def notices(first, *titles):
        return [make_release(f"ocds-h6vhtk-0fff{number:02}", f"2026-01-{first:02}", "UK4", tender={"title": title})
                for number, title in enumerate(titles)]  # fmt: skip

    load(store, notices(10, "Pasting", "Posting", *["Hosting"] * 30), "first.jsonl")
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        found = {words: find_all(snapshot, words=words) for words in ("hosting", "hostnig", "posting")}
    assert {words: one.total for words, one in found.items()} == {"hosting": 30, "hostnig": 30, "posting": 1}
    assert {words: one.nearly for words, one in found.items()} == {
        "hosting": (), "hostnig": ("hostnig",), "posting": (),
    }  # fmt: skip
    load(store, notices(11, "Pasting", "Renamed"), "second.jsonl")
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        found = find_all(snapshot, words="posting")
    assert (found.total, found.nearly) == (31, ("posting",))


def test_words_in_quotes_are_looked_for_alone(snapshot):
    found, alone = find_all(snapshot, words="hosting"), find_all(snapshot, words='"hosting"')
    assert (found.also, alone.also) == (synonyms.list_synonyms("hosting"), ())
    assert 0 < alone.total < found.total


def test_contracts_in_delivery_are_told_in_the_order_in_which_they_end(snapshot):
    rows = snapshot.rows(
        "SELECT ocid, max(end_current) AS ends FROM contract WHERE phase = 'in_delivery' GROUP BY ocid"
        f" HAVING max(end_current) >= DATE '{AS_OF}'"
    )
    found = find_all(snapshot, order="ending")
    assert sorted(hit.id for hit in found.hits) == sorted(row["ocid"] for row in rows)
    told = [hit.shown["ends"] for hit in found.hits]
    assert told == sorted(row["ends"].isoformat() for row in rows)
    assert found.total == len(rows) > 10
    assert find_all(snapshot, order="newest").total > found.total  # what is kept of the one is not the other's


def test_a_chosen_value_is_counted_though_others_are_commoner(snapshot):
    common = dict(find_all(snapshot).facets["buyer"])
    buyers = snapshot.rows(
        "SELECT DISTINCT buyer_org_id AS id FROM contracting_process WHERE buyer_org_id IS NOT NULL ORDER BY 1"
    )
    rare = next(row["id"] for row in buyers if row["id"] not in common)
    found = find_all(snapshot, only={"buyer": (rare,)})
    assert dict(found.facets["buyer"]) == common | {rare: found.total}
    many = tuple(f"no such {number}" for number in range(20))  # whoever asks for so many may do without some numbers
    assert dict(find_all(snapshot, only={"buyer": many}).facets["buyer"]) == common | dict.fromkeys(
        many[: facets.MAX_CHOSEN_VALUES], 0
    )


def test_what_is_kept_of_a_search_is_of_that_search_alone(snapshot, monkeypatch):
    """Pages and orders share what is counted; words, choices, the lens and what is counted do not."""
    monkeypatch.setattr(cache, "MAX_RECENT_RESULTS", 3)
    wishes = [
        {"words": "hosting"}, {"words": "hosting", "page": 2, "order": "newest"}, {"words": "network"},
        {"words": "hosting", "only": {"kind": ("contract",)}}, {"words": "hosting", "counted": ("year",)}, {"words": "hosting"},
    ]  # fmt: skip
    for wish in wishes:
        told = find_all(snapshot, **wish)
        with open_snapshot(snapshot.folder.parent.parent) as another:  # keeps nothing yet
            assert find_all(another, **wish) == told


def test_small_words_are_looked_for_only_where_nothing_else_is(snapshot):
    some, also = find_all(snapshot, words="hosting"), find_all(snapshot, words="the hosting of")
    assert some.total > 0
    assert {hit.id for hit in also.hits} == {hit.id for hit in some.hits}
    assert find_all(snapshot, words="of").total > 0
    assert find_all(snapshot, words='"of"').total == find_all(snapshot, words="of").total


def test_only_what_is_asked_for_is_counted(snapshot):
    all_of_them = find_all(snapshot, only={"kind": ("contract",)}).facets
    some = find_all(snapshot, only={"kind": ("contract",)}, counted=("kind", "year")).facets
    assert some == {name: all_of_them[name] for name in ("kind", "year")}
    assert find_all(snapshot, counted=()).facets == {}


def test_everything_is_found_once(snapshot):
    found = find_all(snapshot)
    expected = {
        row["id"]
        for row in snapshot.rows("SELECT ocid AS id FROM contracting_process UNION SELECT org_id FROM organisation")
    }
    assert (found.total, {hit.id for hit in found.hits}) == (len(expected), expected)


def test_technology_is_what_the_standard_calls_so(snapshot):
    found = search_records(snapshot, SearchRequest(only={"kind": ("contract",)}))
    (row,) = snapshot.rows(
        "SELECT count(*) FILTER (WHERE is_technology) AS lens, count(*) AS n FROM contracting_process"
    )
    assert (found.total, found.without_lens) == (row["lens"], row["n"])


@pytest.mark.parametrize("order", ["newest", "largest"])
def test_orders_are_kept(snapshot, order):
    hits = find_all(snapshot, only={"kind": ("contract",)}, order=order).hits
    told = [hit.shown.get("day") if order == "newest" else float(hit.shown.get("value") or 0) for hit in hits]
    told = [
        value for value, hit in zip(told, hits, strict=True) if order == "newest" or hit.shown.get("currency") == "GBP"
    ]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) > 10


def test_a_value_chosen_of_a_facet_leaves_the_others_of_it_to_be_chosen(snapshot):
    free = find_all(snapshot).facets["status"]
    chosen = find_all(snapshot, only={"status": (free[0][0],)})
    assert chosen.facets["status"] == free
    assert chosen.total == free[0][1]


def test_an_unknown_choice_is_passed_over_and_an_unknown_value_finds_nothing(snapshot):
    assert find_all(snapshot, only={"colour": ("red",)}).total == find_all(snapshot).total
    assert find_all(snapshot, only={"status": ("no such",)}).total == 0


def test_what_is_called_just_so_comes_first(tmp_path):
    """In whatever letters and with whatever spaces it is asked for; before things that were bought with the same words."""
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
            found = search_records(snapshot, SearchRequest(words))
            assert (found.total, found.hits[0].shown["title"]) == (4, "Home Office")


def test_a_department_is_found_by_its_name_and_by_its_abbreviation(tmp_path):
    store = tmp_path / "store"
    (tmp_path / "gmpp-2025.csv").write_text(
        write_portfolio(2025, ("MOJ_0001_2021-Q1", "Courts", "120", "31/03/2027", "Amber")).replace("CO,", "MOJ,"),
        encoding="utf-8",
    )
    pipeline.load(store, [tmp_path / "gmpp-2025.csv"])
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        (row,) = snapshot.rows("SELECT department FROM scheme")
        named = formatting.format_department(row["department"])
        for asked in (row["department"], named.partition(" (")[0]):
            assert [hit.shown["title"] for hit in find_all(snapshot, words=asked).hits] == ["Courts"]


def test_departments_are_said_in_full_where_they_are_known():
    assert [formatting.format_department(one) for one in ("MoJ", "HO", "DoH Capital")] == [
        "Ministry of Justice (MoJ)", "Home Office (HO)", "DoH Capital",
    ]  # fmt: skip


def test_a_name_is_just_so_whatever_signs_it_was_published_with(tmp_path):
    store = tmp_path / "store"
    load(store, [
        make_release("ocds-h6vhtk-0fff00", "2026-01-10", "UK4", tender={"title": "John&#039;s  laptops &amp; more"}),
        make_release("ocds-h6vhtk-0fff01", "2026-01-10", "UK4", tender={"title": "John's laptops and more laptops & more, more"}),
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with open_snapshot(store) as snapshot:
        assert find_all(snapshot, words="John's laptops & more").hits[0].id == "ocds-h6vhtk-0fff00"


def test_an_index_of_another_version_is_told_and_not_searched(tmp_path):
    made = tantivy.SchemaBuilder()
    made.add_text_field("id", stored=True)
    tantivy.Index(made.build(), path=str(tmp_path))
    with pytest.raises(UserError, match="is of another version; run `threepoint build`"):
        search_index.open_searcher(tmp_path)
