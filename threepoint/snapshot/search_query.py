"""Queries of the search index: words, phrases, synonyms and misspelt words."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from threepoint.snapshot import synonyms
from threepoint.snapshot.lookup import COMPANY_NUMBER_DIGITS
from threepoint.snapshot.search_documents import ORGANISATION_KIND, PLAN_KIND, SALE_KIND
from threepoint.snapshot.search_index import FACET_FIELDS, TEXT_FIELDS

WEIGHT_BY_TEXT_FIELD = {"title": 4.0, "names": 3.0, "codes": 2.0, "description": 1.0}
SYNONYM_WEIGHT, MISSPELLING_WEIGHT = 0.6, 0.3
# Rank procurements and projects first, then organisations, then lines of lists: without these offsets, short names and
# lines would outrank any longer text.
SCORE_OFFSET_BY_KIND = {ORGANISATION_KIND: -15.0, SALE_KIND: -200.0, PLAN_KIND: -200.0}
EXACT_NAME_SCORE = 100.0  # boost for an exact name match; larger than any other score
MIN_MISSPELLING_LETTERS = 4  # in a shorter word, one different letter makes another word
MIN_TWO_ERROR_LETTERS = 8  # words of this length may have two errors
TECHNOLOGY_LENS: Mapping[str, tuple[str, ...]] = {"technology": ("yes",)}
# The digits of a company number, and how many may be left if it is written without leading zeros.
MIN_COMPANY_NUMBER_DIGITS = 6
MAX_QUERY_WORDS, MAX_QUERY_CHARS = 16, 300  # the rest of a longer query is ignored
# Words that almost every text contains: used only if a query has no other words.
STOP_WORDS = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on", "or", "that", "the",
     "this", "to", "was", "were", "with")
)  # fmt: skip
PHRASE_PATTERN = re.compile(r'"([^"]+)"')
WORD_PATTERN = re.compile(r"\w+")


def parse_terms(searcher: Any, words: str) -> list["SearchTerm"]:
    """Return the words and phrases of a query as terms of the searcher's index."""
    return [SearchTerm(searcher, text, phrase=phrase) for text, phrase in _split_query(words)]


def _split_query(words: str) -> list[tuple[str, bool]]:
    """Return the words and phrases of a query, as (text, True for a phrase)."""
    if len(words) > MAX_QUERY_CHARS:  # do not cut a word in half
        words = words[:MAX_QUERY_CHARS].rpartition(" ")[0]
    phrases = [(" ".join(WORD_PATTERN.findall(phrase.lower())), True) for phrase in PHRASE_PATTERN.findall(words)]
    single = [(word, False) for word in WORD_PATTERN.findall(PHRASE_PATTERN.sub(" ", words).lower())]
    distinctive = [term for term in single if term[0] not in STOP_WORDS]
    single = distinctive if distinctive or phrases else single
    return [term for term in dict.fromkeys([*phrases, *single]) if term[0]][:MAX_QUERY_WORDS]


class SearchTerm:
    """A word or phrase of a query, with its synonyms and misspellings."""

    def __init__(self, searcher: Any, text: str, *, phrase: bool) -> None:
        self.text = text
        # A phrase in quotes is searched without synonyms.
        self.others = () if phrase else (*synonyms.list_synonyms(text), *_pad_company_number(text))
        may_be_misspelt = (
            not phrase
            and len(text) >= MIN_MISSPELLING_LETTERS
            and not text.isdigit()
            and _is_unknown_word(searcher, text)
        )
        self.misspelt = 1 + (len(text) >= MIN_TWO_ERROR_LETTERS) if may_be_misspelt else 0
        # Only single-word synonyms mark words: users who search for “saas” do not look for every “as”.
        self.stems = {*_stem_words(text), *(_stem_words(other)[0] for other in self.others if " " not in other)}
        self.query = self._query()

    def _query(self) -> Any:
        import tantivy

        queries = [
            _build_text_query(self.text),
            *(_boost_query(_build_text_query(other), SYNONYM_WEIGHT) for other in self.others),
        ]
        if self.misspelt:
            similar = tantivy.Query.fuzzy_term_query(_load_schema(), "spelt", self.text, distance=self.misspelt)
            queries.append(_boost_query(similar, MISSPELLING_WEIGHT))
        return tantivy.Query.disjunction_max_query(queries)

    def marks(self, word: str) -> bool:
        """Return True if a word of a text matches this term."""
        stems = _stem_words(word)
        return bool(stems and stems[0] in self.stems) or (
            self.misspelt > 0
            and abs(len(word) - len(self.text)) <= self.misspelt
            and _is_within_distance(word.lower(), self.text, self.misspelt)
        )


def _pad_company_number(number: str) -> tuple[str, ...]:
    """Return a company number with its leading zeros, which users often leave out; nothing for other words."""
    return (
        (number.zfill(COMPANY_NUMBER_DIGITS),)
        if number.isdigit() and MIN_COMPANY_NUMBER_DIGITS <= len(number) < COMPANY_NUMBER_DIGITS
        else ()
    )


def _is_unknown_word(searcher: Any, word: str) -> bool:
    """Return True if no text contains the word. Only then search similar words: they would bury the exact matches."""
    return not any(searcher.doc_freq(name, stem) for name in TEXT_FIELDS for stem in _stem_words(word))


def _build_text_query(text: str) -> Any:
    """Return a query for a word, or for consecutive words, in any text field."""
    import tantivy

    stems = _stem_words(text)
    if not stems:
        return tantivy.Query.empty_query()
    queries = []
    for name in TEXT_FIELDS:
        query = (
            tantivy.Query.term_query(_load_schema(), name, stems[0])
            if len(stems) == 1
            else tantivy.Query.phrase_query(_load_schema(), name, list(stems))
        )
        queries.append(_boost_query(query, WEIGHT_BY_TEXT_FIELD[name]))
    return tantivy.Query.disjunction_max_query(queries, 0.1)


def _boost_query(query: Any, weight: float) -> Any:
    import tantivy

    return tantivy.Query.boost_query(query, weight)


@cache
def _load_schema() -> Any:
    from threepoint.snapshot.search_index import build_index_schema

    return build_index_schema()


@cache
def _build_analyzer() -> Any:
    import tantivy

    # The same steps as the index's own `en_stem`.
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(40))
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("English")).build()


def _stem_words(text: str) -> Sequence[str]:
    stems: list[str] = _build_analyzer().analyze(text)
    return stems


@lru_cache(maxsize=50_000)
def _is_within_distance(word: str, other: str, max_distance: int) -> bool:
    """Return True if two words differ by at most `max_distance` (Levenshtein; two swapped letters are one difference)."""
    previous_row: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        next_row = [i]
        for j, other_letter in enumerate(other, 1):
            cost = min(row[j] + 1, next_row[-1] + 1, row[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == other_letter:
                cost = min(cost, previous_row[j - 2] + 1)
            next_row.append(cost)
        previous_row, row = row, next_row
    return row[-1] <= max_distance


def match_all_terms(terms: Sequence[SearchTerm]) -> Any:
    """Return a query for records with all of the terms; without terms, for all records."""
    import tantivy

    if not terms:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, term.query) for term in terms])


def match_any_term(terms: Sequence[SearchTerm]) -> Any:
    """Return a query for records with any of the terms."""
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term.query) for term in terms])


def add_ranking_scores(searcher: Any, query: Any, words: str) -> Any:
    """Rank exact names first, then procurements and projects, then organisations, then sales and plans."""
    import tantivy

    name = " ".join(words[:MAX_QUERY_CHARS].lower().split())
    scores = [
        *(("kind", kind, score) for kind, score in SCORE_OFFSET_BY_KIND.items()),
        ("exact", name, EXACT_NAME_SCORE),
    ]
    boosts = [
        tantivy.Query.const_score_query(tantivy.Query.term_query(_load_schema(), field, value), score)
        for field, value, score in scores
        if searcher.doc_freq(field, value)
    ]
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, query), *((tantivy.Occur.Should, boost) for boost in boosts)]
    )


def filter_by_end_day(query: Any, since: int) -> Any:
    """Limit a query to records with a contract in delivery that ends on the day `since` (days since 1970) or later."""
    import tantivy

    later = tantivy.Query.range_query(_load_schema(), "ends", tantivy.FieldType.Integer, since, None)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, later)])


def filter_by_facets(query: Any, only: Mapping[str, Sequence[str]]) -> Any:
    """Limit a query to records with any of the chosen values of each facet. Unknown facets are ignored."""
    import tantivy

    filters = [_match_facet_values(name, values) for name, values in only.items() if name in FACET_FIELDS and values]
    if not filters:
        return query
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (query, *filters)])


def _match_facet_values(name: str, values: Sequence[str]) -> Any:
    """Return a query for values of a facet that does not change the score."""
    import tantivy

    matches = (
        tantivy.Query.term_query(_load_schema(), name, values[0])  # several times faster than a set of one
        if len(values) == 1
        else tantivy.Query.term_set_query(_load_schema(), name, list(values))
    )
    return tantivy.Query.const_score_query(matches, 0.0)
