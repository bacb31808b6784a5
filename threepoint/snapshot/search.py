"""Search records by words, including synonyms and misspelt words: records with all of them, or else with any."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import unescape
from typing import Any

import msgspec

from threepoint.snapshot import search_query
from threepoint.snapshot.cache import cache_recent_future
from threepoint.snapshot.facets import FacetCounts, ValueCounts, count_facets
from threepoint.snapshot.search_index import FACET_FIELDS
from threepoint.snapshot.snapshot import Snapshot

# Contracts in delivery by their end, from the day that the snapshot describes. It leaves out all other records.
ENDING_ORDER = "ending"
SORT_FIELD_BY_ORDER = {"best": "", "newest": "day", "largest": "value", ENDING_ORDER: "ends"}
MAX_HIT_OFFSET = 10_000  # users can page through this many hits
EXCERPT_CONTEXT_CHARS = 160  # on each side of the first matching word
MAX_COUNTING_THREADS = 4  # searches that are counted at the same time


@dataclass(frozen=True)
class SearchRequest:
    """A search: words, chosen values of facets (any of them may match), the technology lens, order and page."""

    words: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    technology: bool = True
    order: str = "best"
    page: int = 1
    size: int = 20
    marked: bool = True  # mark the matching words in hits
    counted: Sequence[str] = FACET_FIELDS  # facets whose values are counted; counting takes longer than finding


@dataclass(frozen=True)
class HitTextPart:
    """A part of a text; `marked` if it matches the search."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class SearchHit:
    """One hit: its kind and address, the values shown of it, and its title and extract with the matching words."""

    kind: str
    id: str
    shown: Mapping[str, Any]
    title: tuple[HitTextPart, ...]
    where: str  # field of the extract
    extract: tuple[HitTextPart, ...]


@dataclass(frozen=True)
class SearchResult:
    """The hits of one page, their total, and how many hits each value of each facet would give.

    `short`: the facets whose counts may be too low, and by how much at most. `loosened`: no record has all of the words, so
    these hits have some of them. `without_lens`: the total without the technology lens. `also`: synonyms that were searched
    too. `nearly`: words that no text contains, so that words with nearly the same spelling were searched.
    """

    total: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, ValueCounts]
    short: Mapping[str, int]
    loosened: bool
    without_lens: int
    also: tuple[str, ...] = ()
    nearly: tuple[str, ...] = ()


def search_records(snapshot: Snapshot, request: SearchRequest) -> SearchResult:
    """Search the records of a snapshot. Unknown facets and orders are ignored."""
    terms = search_query.parse_terms(snapshot.searcher, request.words)
    query = _apply_ending_order(snapshot, search_query.match_all_terms(terms), request)
    hits, counts = _find_and_count(snapshot, query, terms, request, loosened=False)
    # Do not loosen the search if only the lens hides the matches: users can switch it off with one click.
    loosened = len(terms) > 1 and not counts.without_lens
    if loosened:
        query = _apply_ending_order(snapshot, search_query.match_any_term(terms), request)
        hits, counts = _find_and_count(snapshot, query, terms, request, loosened=True)
    also = tuple(dict.fromkeys(other for term in terms for other in term.others))
    nearly = tuple(term.text for term in terms if term.misspelt)
    return SearchResult(counts.total, hits, counts.facets, counts.short, loosened, counts.without_lens, also, nearly)


def _apply_ending_order(snapshot: Snapshot, query: Any, request: SearchRequest) -> Any:
    if request.order != ENDING_ORDER:
        return query
    return search_query.filter_by_end_day(query, (snapshot.as_of - date(1970, 1, 1)).days)


def _find_and_count(
    snapshot: Snapshot, query: Any, terms: Sequence[search_query.SearchTerm], request: SearchRequest, *, loosened: bool
) -> tuple[tuple[SearchHit, ...], FacetCounts]:
    """Return the hits of one page and the counts, found at the same time.

    The counts are the same for every page and for every order except ENDING_ORDER, so they share a cache key.
    """
    only = {name: values for name, values in request.only.items() if not (request.technology and name == "technology")}
    key = (
        request.words,
        tuple(sorted(only.items())),
        request.technology,
        tuple(request.counted),
        loosened,
        request.order == ENDING_ORDER,
    )

    def count() -> FacetCounts:
        return count_facets(snapshot.searcher, query, only, technology=request.technology, counted=request.counted)

    counts = cache_recent_future(snapshot, key, count, _get_counting_executor())
    filters = {**only, **search_query.TECHNOLOGY_LENS} if request.technology else only
    filtered = search_query.filter_by_facets(query, filters)
    return _find_hits(snapshot.searcher, filtered, terms, request), counts.result()


@cache
def _get_counting_executor() -> ThreadPoolExecutor:
    """Return the threads that count while hits are found: tantivy does not block Python while it works."""
    return ThreadPoolExecutor(MAX_COUNTING_THREADS, thread_name_prefix="counting")


def _get_ascending_order() -> Any:
    import tantivy

    return tantivy.Order.Asc


def _find_hits(
    searcher: Any, query: Any, terms: Sequence[search_query.SearchTerm], request: SearchRequest
) -> tuple[SearchHit, ...]:
    sort_field = SORT_FIELD_BY_ORDER.get(request.order, "") or ("" if terms else "day")
    offset = min((max(request.page, 1) - 1) * request.size, MAX_HIT_OFFSET)
    if sort_field:
        options = {"order": _get_ascending_order()} if request.order == ENDING_ORDER else {}
        page = searcher.search(
            query, limit=request.size, offset=offset, count=False, order_by_field=sort_field, **options
        )
    else:
        page = searcher.search(
            search_query.add_ranking_scores(searcher, query, request.words),
            limit=request.size,
            offset=offset,
            count=False,
        )
    return tuple(
        _build_hit(searcher.doc(address).to_dict(), terms if request.marked else ()) for _, address in page.hits
    )


# ---------------------------------------------------------------------------------------------- text of hits


def _build_hit(document: dict[str, list[Any]], terms: Sequence[search_query.SearchTerm]) -> SearchHit:
    shown: dict[str, Any] = msgspec.json.decode(bytes(document["shown"][0]))
    # Some publishers write &#039; for an apostrophe.
    shown |= {name: unescape(shown.get(name) or "") for name in ("title", "description")}
    title = _mark_words(shown["title"], terms)
    where, extract = "description", _mark_words(shown["description"], terms)
    if not any(part.marked for part in (*title, *extract)):
        for name in ("buyer", "suppliers", "codes"):
            value = shown.get(name) or ""
            text = ", ".join(item for item in value if item) if isinstance(value, list) else value
            marked = _mark_words(text, terms)
            if any(part.marked for part in marked):
                where, extract = name, marked
                break
    return SearchHit(shown["kind"], document["id"][0], shown, title, where, _cut_excerpt(extract))


def _mark_words(text: str, terms: Sequence[search_query.SearchTerm]) -> tuple[HitTextPart, ...]:
    """Split a text into parts and mark the words that match."""
    parts: list[HitTextPart] = []
    end = 0
    for word in search_query.WORD_PATTERN.finditer(text) if terms else ():
        if any(term.marks(word[0]) for term in terms):
            parts += [HitTextPart(text[end : word.start()]), HitTextPart(word[0], marked=True)]
            end = word.end()
    return tuple(part for part in (*parts, HitTextPart(text[end:])) if part.text)


def _cut_excerpt(parts: Sequence[HitTextPart]) -> tuple[HitTextPart, ...]:
    """Return the text around the first marked word, or the beginning of the text if no word is marked."""
    first = next((number for number, part in enumerate(parts) if part.marked), 0)
    before = "".join(part.text for part in parts[:first])
    excerpt = [
        HitTextPart(f"… {before[-EXCERPT_CONTEXT_CHARS:].lstrip()}" if len(before) > EXCERPT_CONTEXT_CHARS else before)
    ]
    chars_left = EXCERPT_CONTEXT_CHARS * 2 - min(len(before), EXCERPT_CONTEXT_CHARS)
    for part in parts[first:]:
        if chars_left <= 0:
            break
        text = part.text[:chars_left] + ("…" if len(part.text) > chars_left else "")
        excerpt.append(HitTextPart(text, part.marked))
        chars_left -= len(part.text)
    return tuple(part for part in excerpt if part.text)
