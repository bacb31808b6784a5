"""What is looked for, as queries of the search index: words, phrases, other words for the same thing, nearly the same words."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from threepoint.snapshot import synonyms
from threepoint.snapshot.search_documents import ORGANISATION, PLAN, SALE
from threepoint.snapshot.search_index import FACETS, TEXTS

WEIGHTS = {"title": 4.0, "names": 3.0, "codes": 2.0, "description": 1.0}
OTHER_WORD, MISSPELT = 0.6, 0.3  # what a synonym and a word that is nearly the same count for
# Added to the score of bodies, so that what was procured or done stands before them, and of lines of lists, so that these stand
# behind both: their few words would else outweigh any longer text.
BEHIND = {ORGANISATION: -15.0, SALE: -200.0, PLAN: -200.0}
NAME = 100.0  # added to the score of what is called just so: no other score comes near
SHORTEST_MISSPELT = 4  # letters: in a shorter word one other letter is another word
LONG = 8  # letters from which two may be wrong
LENS: Mapping[str, tuple[str, ...]] = {"technology": ("yes",)}
COMPANY, SHORTEST_COMPANY = 8, 6  # digits of a company's number, and how many may be left of it without leading zeros
MOST_WORDS, LONGEST = 16, 300  # of a query; what is beyond is left out
# Words that stand in almost every text: looked for only where nothing else is.
SMALL_WORDS = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on", "or", "that", "the",
     "this", "to", "was", "were", "with")
)  # fmt: skip
PHRASE = re.compile(r'"([^"]+)"')
WORD = re.compile(r"\w+")


def terms(searcher: Any, words: str) -> list["Term"]:
    """What is looked for, each word or phrase by itself, as a searcher's index has it."""
    return [Term(searcher, text, phrase=phrase) for text, phrase in _asked(words)]


def _asked(words: str) -> list[tuple[str, bool]]:
    """(text, whether it is a phrase) for what is looked for."""
    words = words[:LONGEST] if len(words) <= LONGEST else words[:LONGEST].rpartition(" ")[0]  # no half a word
    phrases = [(" ".join(WORD.findall(found.lower())), True) for found in PHRASE.findall(words)]
    single = [(found, False) for found in WORD.findall(PHRASE.sub(" ", words).lower())]
    telling = [one for one in single if one[0] not in SMALL_WORDS]
    single = telling if telling or phrases else single
    return [one for one in dict.fromkeys([*phrases, *single]) if one[0]][:MOST_WORDS]


class Term:
    """A word or phrase that is looked for, as a query."""

    def __init__(self, searcher: Any, text: str, *, phrase: bool) -> None:
        self.text = text
        self.others = (
            () if phrase else (*synonyms.of(text), *_padded(text))
        )  # what stands in quotes is looked for alone
        may_be = not phrase and len(text) >= SHORTEST_MISSPELT and not text.isdigit() and _is_unknown(searcher, text)
        self.misspelt = 1 + (len(text) >= LONG) if may_be else 0
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


def _padded(number: str) -> tuple[str, ...]:
    """A company's number with the leading zeros that it is often written without; nothing for other words."""
    return (number.zfill(COMPANY),) if number.isdigit() and SHORTEST_COMPANY <= len(number) < COMPANY else ()


def _is_unknown(searcher: Any, word: str) -> bool:
    """Whether no text has the word: then nearly the same words are looked for, which would bury one that some text has."""
    return not any(searcher.doc_freq(name, stem) for name in TEXTS for stem in _stems(word))


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
    from threepoint.snapshot.search_index import schema

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


def all_of(words: Sequence[Term]) -> Any:
    """What has all of the words; without any, everything."""
    import tantivy

    if not words:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, term.query) for term in words])


def any_of(words: Sequence[Term]) -> Any:
    """What has some of the words."""
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term.query) for term in words])


def ranked(searcher: Any, found: Any, words: str) -> Any:
    """The same as `found`, with what is called just so first, then what was procured or done, then bodies, and lines of lists last."""
    import tantivy

    name = " ".join(words[:LONGEST].lower().split())
    scores = [*(("kind", kind, score) for kind, score in BEHIND.items()), ("exact", name, NAME)]
    added = [
        tantivy.Query.const_score_query(tantivy.Query.term_query(_schema(), field, value), score)
        for field, value, score in scores
        if searcher.doc_freq(field, value)
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), *((tantivy.Occur.Should, one) for one in added)])


def ending(found: Any, since: int) -> Any:
    """The same, of what a contract in delivery is of that ends on a day or later, in days since 1970."""
    import tantivy

    later = tantivy.Query.range_query(_schema(), "ends", tantivy.FieldType.Integer, since, None)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), (tantivy.Occur.Must, later)])


def filtered(found: Any, only: Mapping[str, Sequence[str]]) -> Any:
    """The same with all filters: of each facet any of the values given. An unknown facet is passed over."""
    import tantivy

    sets = [_one_of(name, values) for name, values in only.items() if name in FACETS and values]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in (found, *sets)]) if sets else found


def _one_of(name: str, values: Sequence[str]) -> Any:
    """A query for values of a facet, which adds nothing to the score."""
    import tantivy

    made = (
        tantivy.Query.term_query(_schema(), name, values[0])  # several times faster than a set of one
        if len(values) == 1
        else tantivy.Query.term_set_query(_schema(), name, list(values))
    )
    return tantivy.Query.const_score_query(made, 0.0)
