"""Finds things by words: what has all of them, then what has any; misspelt words and other words for the same thing too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from html import unescape
from typing import Any

import msgspec

from threepoint.facts import synonyms
from threepoint.facts.index import FACETS, PROCESS, SCHEME, TEXTS
from threepoint.facts.once import lately
from threepoint.facts.snapshot import Snapshot

WEIGHTS = {"title": 4.0, "names": 3.0, "codes": 2.0, "description": 1.0}
OTHER_WORD, MISSPELT = 0.6, 0.3  # what a synonym and a word that is nearly the same count for
DEED = 15.0  # added to the score of what was bought or done
NAME = 100.0  # added to the score of what is called just so: no other score comes near
SHORTEST_MISSPELT = 4  # letters: in a shorter word one other letter is another word
LONG = 8  # letters from which two may be wrong
MOST_WORDS, LONGEST = 16, 300  # of a query; what is beyond is left out
ORDERS = {"best": "", "newest": "day", "largest": "value"}
MOST_OPTIONS = 12  # of a facet
DEEPEST = 10_000  # hits that can be paged through
AROUND = 160  # characters of an extract on each side of the first word found
Counts = tuple[tuple[str, int], ...]  # values of a facet, and how many have each
# Words that stand in almost every text: looked for only where nothing else is.
SMALL_WORDS = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on", "or", "that", "the",
     "this", "to", "was", "were", "with")
)  # fmt: skip
PHRASE = re.compile(r'"([^"]+)"')
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Wish:
    """What is looked for: words, values of facets (any of those given of each), the technology lens, order and page."""

    words: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    technology: bool = True
    order: str = "best"
    page: int = 1
    size: int = 20
    marked: bool = True  # whether hits say where the words stand
    counted: Sequence[str] = FACETS  # facets whose values are counted, which takes longer than to find


@dataclass(frozen=True)
class Part:
    """A piece of a text; `marked` where it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Hit:
    """One thing found: its kind and address, what is shown of it, and where the words stand in it."""

    kind: str
    id: str
    shown: Mapping[str, Any]
    title: tuple[Part, ...]
    where: str  # field of the extract
    extract: tuple[Part, ...]


@dataclass(frozen=True)
class Found:
    """The hits of one page, how many there are in all, and how many there would be by each value of each facet.

    `loosened`: nothing has all of the words, so these have some of them. `without_lens` counts what there is without the
    technology lens.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    loosened: bool
    without_lens: int


def search(snapshot: Snapshot, wish: Wish) -> Found:
    """What is found for a wish. An unknown facet or order is passed over."""
    asked = [_Term(text, phrase=phrase) for text, phrase in _asked(wish.words)]
    words, loosened = _all(asked, wish.words), False
    without_lens, counts = _beside(snapshot, words, wish, loosened)
    if len(asked) > 1 and not without_lens:  # what only the lens leaves out was found, and is one click away
        words, loosened = _any(asked), True
        without_lens, counts = _beside(snapshot, words, wish, loosened)
    query = _filtered(words, wish)
    order = ORDERS.get(wish.order, "") or ("" if asked else "day")
    options = {"order_by_field": order} if order else {}
    offset = min((max(wish.page, 1) - 1) * wish.size, DEEPEST)
    searcher = snapshot.searcher
    found = searcher.search(query, limit=wish.size, offset=offset, count=True, **options)
    hits = tuple(_hit(searcher.doc(address).to_dict(), asked if wish.marked else ()) for _, address in found.hits)
    return Found(found.count, hits, counts, loosened, without_lens)


def _beside(snapshot: Snapshot, words: Any, wish: Wish, loosened: bool) -> tuple[int, Mapping[str, Counts]]:
    """How many there are without the lens, and the values of facets: the same on every page and in every order of a search."""
    key = (wish.words, tuple(sorted(wish.only.items())), wish.technology, tuple(wish.counted), loosened)
    everything = _filtered(words, replace(wish, technology=False))
    return lately(snapshot, key, lambda: (_count(snapshot, everything), _facets(snapshot, words, wish)))


def _asked(words: str) -> list[tuple[str, bool]]:
    """(text, whether it is a phrase) for what is looked for."""
    words = words[:LONGEST]
    phrases = [(" ".join(WORD.findall(found.lower())), True) for found in PHRASE.findall(words)]
    single = [(found, False) for found in WORD.findall(PHRASE.sub(" ", words).lower())]
    telling = [one for one in single if one[0] not in SMALL_WORDS]
    single = telling if telling or phrases else single
    return [one for one in dict.fromkeys([*phrases, *single]) if one[0]][:MOST_WORDS]


class _Term:
    """A word or phrase that is looked for, as a query."""

    def __init__(self, text: str, *, phrase: bool) -> None:
        self.text = text
        self.others = synonyms.of(text)
        self.misspelt = 0 if phrase or len(text) < SHORTEST_MISSPELT or text.isdigit() else 1 + (len(text) >= LONG)
        # Of words that mean the same only single ones: “as” of “software as a service” is not what was looked for.
        self.stems = {*_stems(text), *(_stems(other)[0] for other in self.others if " " not in other)}
        self.query = self._query()

    def _query(self) -> Any:
        import tantivy

        made = [_said(self.text), *(_boosted(_said(other), OTHER_WORD) for other in self.others)]
        if self.misspelt:
            near = tantivy.Query.fuzzy_term_query(_schema(), "spelt", self.text, distance=self.misspelt)
            made.append(_boosted(near, MISSPELT))
        return tantivy.Query.disjunction_max_query(made)

    def marks(self, word: str) -> bool:
        """Whether a word of a text is what was looked for."""
        stems = _stems(word)
        return bool(stems and stems[0] in self.stems) or (
            self.misspelt > 0
            and abs(len(word) - len(self.text)) <= self.misspelt
            and _near(word.lower(), self.text, self.misspelt)
        )


def _said(text: str) -> Any:
    """A query for a word, or for words next to one another, in any text."""
    import tantivy

    stems = _stems(text)
    if not stems:
        return tantivy.Query.empty_query()
    made = []
    for name in TEXTS:
        one = (
            tantivy.Query.term_query(_schema(), name, stems[0])
            if len(stems) == 1
            else tantivy.Query.phrase_query(_schema(), name, list(stems))
        )
        made.append(_boosted(one, WEIGHTS[name]))
    return tantivy.Query.disjunction_max_query(made, 0.1)


def _boosted(query: Any, by: float) -> Any:
    import tantivy

    return tantivy.Query.boost_query(query, by)


@cache
def _schema() -> Any:
    from threepoint.facts.index import schema

    return schema()


@cache
def _analyzer() -> Any:
    import tantivy

    # As the index's own `en_stem`.
    made = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(40))
    return made.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("English")).build()


def _stems(text: str) -> Sequence[str]:
    found: list[str] = _analyzer().analyze(text)
    return found


@lru_cache(maxsize=50_000)
def _near(one: str, other: str, most: int) -> bool:
    """Whether two words differ by at most so many letters (Levenshtein; two letters swapped are one difference)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        made = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, made[-1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            made.append(cost)
        before, row = row, made
    return row[-1] <= most


def _all(terms: Sequence[_Term], words: str) -> Any:
    import tantivy

    if not terms:
        return tantivy.Query.all_query()
    name = tantivy.Query.term_query(_schema(), "exact", " ".join(words[:LONGEST].lower().split()))
    called = tantivy.Occur.Should, tantivy.Query.const_score_query(name, NAME)
    return tantivy.Query.boolean_query([*((tantivy.Occur.Must, term.query) for term in terms), _deeds(), called])


def _any(terms: Sequence[_Term]) -> Any:
    import tantivy

    some = tantivy.Query.boolean_query([(tantivy.Occur.Should, term.query) for term in terms])
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, some), _deeds()])


def _deeds() -> Any:
    """What was bought or done stands before bodies that only have the word in their name."""
    import tantivy

    kinds = tantivy.Query.term_set_query(_schema(), "kind", [PROCESS, SCHEME])
    return tantivy.Occur.Should, tantivy.Query.const_score_query(kinds, DEED)


def _filtered(words: Any, wish: Wish, but: str = "") -> Any:
    """The words with all filters of a wish, but for those of one facet."""
    import tantivy

    only = {name: values for name, values in wish.only.items() if name in FACETS and name != but and values}
    if wish.technology:
        only["technology"] = ("yes",)
    sets = [
        tantivy.Query.const_score_query(tantivy.Query.term_set_query(_schema(), name, list(values)), 0.0)
        for name, values in only.items()
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in (words, *sets)])


def _count(snapshot: Snapshot, query: Any) -> int:
    return int(snapshot.searcher.search(query, limit=1, count=True).count or 0)


def _facets(snapshot: Snapshot, words: Any, wish: Wish) -> dict[str, tuple[tuple[str, int], ...]]:
    """Of each facet its commonest values, as if nothing were chosen of it, so that another may be chosen."""
    asked = [name for name in FACETS if name in wish.counted]
    chosen = [name for name in asked if wish.only.get(name)]
    free = [name for name in asked if name not in chosen]
    counted = _counted(snapshot, _filtered(words, wish), free) if free else {}
    for name in chosen:
        counted |= _counted(snapshot, _filtered(words, wish, but=name), [name])
    return {name: counted[name] for name in asked}


def _counted(snapshot: Snapshot, query: Any, names: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    asked = {name: {"terms": {"field": name, "size": MOST_OPTIONS}} for name in names}
    told = snapshot.searcher.aggregate(query, asked)
    return {name: tuple((one["key"], one["doc_count"]) for one in told[name]["buckets"]) for name in names}


# ---------------------------------------------------------------------------------------------- what is shown


def _hit(held: dict[str, list[Any]], terms: Sequence[_Term]) -> Hit:
    shown: dict[str, Any] = msgspec.json.decode(bytes(held["shown"][0]))
    shown |= {
        name: unescape(shown.get(name) or "") for name in ("title", "description")
    }  # some publish &#039; for an apostrophe
    title = _parts(shown["title"], terms)
    where, extract = "description", _parts(shown["description"], terms)
    if not any(part.marked for part in (*title, *extract)):
        for name in ("buyer", "suppliers", "codes"):
            said = shown.get(name) or ""
            other = _parts(", ".join(one for one in said if one) if isinstance(said, list) else said, terms)
            if any(part.marked for part in other):
                where, extract = name, other
                break
    return Hit(shown["kind"], held["id"][0], shown, title, where, _cut(extract))


def _parts(text: str, terms: Sequence[_Term]) -> tuple[Part, ...]:
    """A text in pieces, with the words that were looked for marked."""
    made: list[Part] = []
    upto = 0
    for found in WORD.finditer(text) if terms else ():
        if any(term.marks(found[0]) for term in terms):
            made += [Part(text[upto : found.start()]), Part(found[0], marked=True)]
            upto = found.end()
    return tuple(part for part in (*made, Part(text[upto:])) if part.text)


def _cut(parts: Sequence[Part]) -> tuple[Part, ...]:
    """So much of a text as stands around the first word found; its beginning where none was."""
    first = next((number for number, part in enumerate(parts) if part.marked), 0)
    before = "".join(part.text for part in parts[:first])
    made = [Part(f"… {before[-AROUND:].lstrip()}" if len(before) > AROUND else before)]
    left = AROUND * 2 - min(len(before), AROUND)
    for part in parts[first:]:
        if left <= 0:
            break
        made.append(Part(part.text[:left] + ("…" if len(part.text) > left else ""), part.marked))
        left -= len(part.text)
    return tuple(part for part in made if part.text)
