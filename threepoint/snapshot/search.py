"""Finds things by words: what has all of them, then what has any; misspelt words and other words for the same thing too."""

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

ENDING_ORDER = "ending"  # the order in which contracts end, from the day that the snapshot is told for: it leaves out all that does not
SORT_FIELD_BY_ORDER = {"best": "", "newest": "day", "largest": "value", ENDING_ORDER: "ends"}
MAX_HIT_OFFSET = 10_000  # hits that can be paged through
EXCERPT_CONTEXT_CHARS = 160  # characters of an extract on each side of the first word found
MAX_COUNTING_THREADS = 4  # searches that are counted at a time


@dataclass(frozen=True)
class SearchRequest:
    """What is looked for: words, values of facets (any of those given of each), the technology lens, order and page."""

    words: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    technology: bool = True
    order: str = "best"
    page: int = 1
    size: int = 20
    marked: bool = True  # whether hits say where the words stand
    counted: Sequence[str] = FACET_FIELDS  # facets whose values are counted, which takes longer than to find


@dataclass(frozen=True)
class HitTextPart:
    """A piece of a text; `marked` where it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class SearchHit:
    """One thing found: its kind and address, what is shown of it, and where the words stand in it."""

    kind: str
    id: str
    shown: Mapping[str, Any]
    title: tuple[HitTextPart, ...]
    where: str  # field of the extract
    extract: tuple[HitTextPart, ...]


@dataclass(frozen=True)
class SearchResult:
    """The hits of one page, how many there are in all, and how many there would be by each value of each facet.

    `short`: the facets whose numbers may be too low, and by how many at most. `loosened`: nothing has all of the words, so these
    have some of them. `without_lens` counts what there is without the technology lens. `also` are other words that were looked for
    since they mean the same, `nearly` words that no text has, so that words spelt nearly like them were.
    """

    total: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, ValueCounts]
    short: Mapping[str, int]
    loosened: bool
    without_lens: int
    also: tuple[str, ...] = ()
    nearly: tuple[str, ...] = ()


def search_records(snapshot: Snapshot, wish: SearchRequest) -> SearchResult:
    """What is found for a wish. An unknown facet or order is passed over."""
    asked = search_query.parse_terms(snapshot.searcher, wish.words)
    hits, told = _find_and_count(
        snapshot, _apply_ending_order(snapshot, search_query.match_all_terms(asked), wish), asked, wish, loosened=False
    )
    # What only the lens leaves out was found, and is one click away.
    loosened = len(asked) > 1 and not told.without_lens
    if loosened:
        hits, told = _find_and_count(
            snapshot,
            _apply_ending_order(snapshot, search_query.match_any_term(asked), wish),
            asked,
            wish,
            loosened=True,
        )
    also = tuple(dict.fromkeys(other for term in asked for other in term.others))
    nearly = tuple(term.text for term in asked if term.misspelt)
    return SearchResult(told.total, hits, told.facets, told.short, loosened, told.without_lens, also, nearly)


def _apply_ending_order(snapshot: Snapshot, found: Any, wish: SearchRequest) -> Any:
    if wish.order != ENDING_ORDER:
        return found
    return search_query.filter_by_end_day(found, (snapshot.as_of - date(1970, 1, 1)).days)


def _find_and_count(
    snapshot: Snapshot, found: Any, asked: Sequence[search_query.SearchTerm], wish: SearchRequest, *, loosened: bool
) -> tuple[tuple[SearchHit, ...], FacetCounts]:
    """The hits of one page and, at the same time, what is counted: the same on every page and in every order but ENDING."""
    only = {name: values for name, values in wish.only.items() if not (wish.technology and name == "technology")}
    key = (
        wish.words,
        tuple(sorted(only.items())),
        wish.technology,
        tuple(wish.counted),
        loosened,
        wish.order == ENDING_ORDER,
    )

    def count() -> FacetCounts:
        return count_facets(snapshot.searcher, found, only, technology=wish.technology, counted=wish.counted)

    counted = cache_recent_future(snapshot, key, count, _get_counting_executor())
    within = search_query.filter_by_facets(found, {**only, **search_query.TECHNOLOGY_LENS} if wish.technology else only)
    return _find_hits(snapshot.searcher, within, asked, wish), counted.result()


@cache
def _get_counting_executor() -> ThreadPoolExecutor:
    """Threads that count while the hits are found: the index works without holding up Python."""
    return ThreadPoolExecutor(MAX_COUNTING_THREADS, thread_name_prefix="counting")


def _get_ascending_order() -> Any:
    import tantivy

    return tantivy.Order.Asc


def _find_hits(
    searcher: Any, found: Any, asked: Sequence[search_query.SearchTerm], wish: SearchRequest
) -> tuple[SearchHit, ...]:
    order = SORT_FIELD_BY_ORDER.get(wish.order, "") or ("" if asked else "day")
    offset = min((max(wish.page, 1) - 1) * wish.size, MAX_HIT_OFFSET)
    if order:
        ways = {"order": _get_ascending_order()} if wish.order == ENDING_ORDER else {}
        told = searcher.search(found, limit=wish.size, offset=offset, count=False, order_by_field=order, **ways)
    else:
        told = searcher.search(
            search_query.add_ranking_scores(searcher, found, wish.words), limit=wish.size, offset=offset, count=False
        )
    return tuple(_build_hit(searcher.doc(address).to_dict(), asked if wish.marked else ()) for _, address in told.hits)


# ---------------------------------------------------------------------------------------------- what is shown


def _build_hit(held: dict[str, list[Any]], terms: Sequence[search_query.SearchTerm]) -> SearchHit:
    shown: dict[str, Any] = msgspec.json.decode(bytes(held["shown"][0]))
    shown |= {
        name: unescape(shown.get(name) or "") for name in ("title", "description")
    }  # some publish &#039; for an apostrophe
    title = _mark_words(shown["title"], terms)
    where, extract = "description", _mark_words(shown["description"], terms)
    if not any(part.marked for part in (*title, *extract)):
        for name in ("buyer", "suppliers", "codes"):
            said = shown.get(name) or ""
            other = _mark_words(", ".join(one for one in said if one) if isinstance(said, list) else said, terms)
            if any(part.marked for part in other):
                where, extract = name, other
                break
    return SearchHit(shown["kind"], held["id"][0], shown, title, where, _cut_excerpt(extract))


def _mark_words(text: str, terms: Sequence[search_query.SearchTerm]) -> tuple[HitTextPart, ...]:
    """A text in pieces, with the words that were looked for marked."""
    made: list[HitTextPart] = []
    upto = 0
    for found in search_query.WORD_PATTERN.finditer(text) if terms else ():
        if any(term.marks(found[0]) for term in terms):
            made += [HitTextPart(text[upto : found.start()]), HitTextPart(found[0], marked=True)]
            upto = found.end()
    return tuple(part for part in (*made, HitTextPart(text[upto:])) if part.text)


def _cut_excerpt(parts: Sequence[HitTextPart]) -> tuple[HitTextPart, ...]:
    """So much of a text as stands around the first word found; its beginning where none was."""
    first = next((number for number, part in enumerate(parts) if part.marked), 0)
    before = "".join(part.text for part in parts[:first])
    made = [
        HitTextPart(f"… {before[-EXCERPT_CONTEXT_CHARS:].lstrip()}" if len(before) > EXCERPT_CONTEXT_CHARS else before)
    ]
    left = EXCERPT_CONTEXT_CHARS * 2 - min(len(before), EXCERPT_CONTEXT_CHARS)
    for part in parts[first:]:
        if left <= 0:
            break
        made.append(HitTextPart(part.text[:left] + ("…" if len(part.text) > left else ""), part.marked))
        left -= len(part.text)
    return tuple(part for part in made if part.text)
