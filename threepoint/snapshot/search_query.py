"""What is looked for, as queries of the search index: words, phrases, other words for the same thing, nearly the same words."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from threepoint.snapshot import synonyms
from threepoint.snapshot.search_documents import ORGANISATION_KIND, PLAN_KIND, SALE_KIND
from threepoint.snapshot.search_index import FACET_FIELDS, TEXT_FIELDS

WEIGHT_BY_TEXT_FIELD = {"title": 4.0, "names": 3.0, "codes": 2.0, "description": 1.0}
SYNONYM_WEIGHT, MISSPELLING_WEIGHT = 0.6, 0.3  # what a synonym and a word that is nearly the same count for
# Added to the score of bodies, so that what was procured or done stands before them, and of lines of lists, so that these stand
# behind both: their few words would else outweigh any longer text.
SCORE_OFFSET_BY_KIND = {ORGANISATION_KIND: -15.0, SALE_KIND: -200.0, PLAN_KIND: -200.0}
EXACT_NAME_SCORE = 100.0  # added to the score of what is called just so: no other score comes near
MIN_MISSPELLING_LETTERS = 4  # letters: in a shorter word one other letter is another word
MIN_TWO_ERROR_LETTERS = 8  # letters from which two may be wrong
TECHNOLOGY_LENS: Mapping[str, tuple[str, ...]] = {"technology": ("yes",)}
COMPANY_NUMBER_DIGITS, MIN_COMPANY_NUMBER_DIGITS = (
    8,
    6,
)  # digits of a company's number, and how many may be left of it without leading zeros
MAX_QUERY_WORDS, MAX_QUERY_CHARS = 16, 300  # of a query; what is beyond is left out
# Words that stand in almost every text: looked for only where nothing else is.
STOP_WORDS = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on", "or", "that", "the",
     "this", "to", "was", "were", "with")
)  # fmt: skip
PHRASE_PATTERN = re.compile(r'"([^"]+)"')
WORD_PATTERN = re.compile(r"\w+")


def parse_terms(searcher: Any, words: str) -> list["SearchTerm"]:
    """What is looked for, each word or phrase by itself, as a searcher's index has it."""
    return [SearchTerm(searcher, text, phrase=phrase) for text, phrase in _split_query(words)]


def _split_query(words: str) -> list[tuple[str, bool]]:
    """(text, whether it is a phrase) for what is looked for."""
    words = (
        words[:MAX_QUERY_CHARS] if len(words) <= MAX_QUERY_CHARS else words[:MAX_QUERY_CHARS].rpartition(" ")[0]
    )  # no half a word
    phrases = [(" ".join(WORD_PATTERN.findall(found.lower())), True) for found in PHRASE_PATTERN.findall(words)]
    single = [(found, False) for found in WORD_PATTERN.findall(PHRASE_PATTERN.sub(" ", words).lower())]
    telling = [one for one in single if one[0] not in STOP_WORDS]
    single = telling if telling or phrases else single
    return [one for one in dict.fromkeys([*phrases, *single]) if one[0]][:MAX_QUERY_WORDS]


class SearchTerm:
    """A word or phrase that is looked for, as a query."""

    def __init__(self, searcher: Any, text: str, *, phrase: bool) -> None:
        self.text = text
        self.others = (
            () if phrase else (*synonyms.list_synonyms(text), *_pad_company_number(text))
        )  # what stands in quotes is looked for alone
        may_be = (
            not phrase
            and len(text) >= MIN_MISSPELLING_LETTERS
            and not text.isdigit()
            and _is_unknown_word(searcher, text)
        )
        self.misspelt = 1 + (len(text) >= MIN_TWO_ERROR_LETTERS) if may_be else 0
        # Of words that mean the same only single ones: “as” of “software as a service” is not what was looked for.
        self.stems = {*_stem_words(text), *(_stem_words(other)[0] for other in self.others if " " not in other)}
        self.query = self._query()

    def _query(self) -> Any:
        import tantivy

        made = [
            _build_text_query(self.text),
            *(_boost_query(_build_text_query(other), SYNONYM_WEIGHT) for other in self.others),
        ]
        if self.misspelt:
            near = tantivy.Query.fuzzy_term_query(_load_schema(), "spelt", self.text, distance=self.misspelt)
            made.append(_boost_query(near, MISSPELLING_WEIGHT))
        return tantivy.Query.disjunction_max_query(made)

    def marks(self, word: str) -> bool:
        """Whether a word of a text is what was looked for."""
        stems = _stem_words(word)
        return bool(stems and stems[0] in self.stems) or (
            self.misspelt > 0
            and abs(len(word) - len(self.text)) <= self.misspelt
            and _is_within_distance(word.lower(), self.text, self.misspelt)
        )


def _pad_company_number(number: str) -> tuple[str, ...]:
    """A company's number with the leading zeros that it is often written without; nothing for other words."""
    return (
        (number.zfill(COMPANY_NUMBER_DIGITS),)
        if number.isdigit() and MIN_COMPANY_NUMBER_DIGITS <= len(number) < COMPANY_NUMBER_DIGITS
        else ()
    )


def _is_unknown_word(searcher: Any, word: str) -> bool:
    """Whether no text has the word: then nearly the same words are looked for, which would bury one that some text has."""
    return not any(searcher.doc_freq(name, stem) for name in TEXT_FIELDS for stem in _stem_words(word))


def _build_text_query(text: str) -> Any:
    """A query for a word, or for words next to one another, in any text."""
    import tantivy

    stems = _stem_words(text)
    if not stems:
        return tantivy.Query.empty_query()
    made = []
    for name in TEXT_FIELDS:
        one = (
            tantivy.Query.term_query(_load_schema(), name, stems[0])
            if len(stems) == 1
            else tantivy.Query.phrase_query(_load_schema(), name, list(stems))
        )
        made.append(_boost_query(one, WEIGHT_BY_TEXT_FIELD[name]))
    return tantivy.Query.disjunction_max_query(made, 0.1)


def _boost_query(query: Any, by: float) -> Any:
    import tantivy

    return tantivy.Query.boost_query(query, by)


@cache
def _load_schema() -> Any:
    from threepoint.snapshot.search_index import build_index_schema

    return build_index_schema()


@cache
def _build_analyzer() -> Any:
    import tantivy

    # As the index's own `en_stem`.
    made = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(40))
    return made.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("English")).build()


def _stem_words(text: str) -> Sequence[str]:
    found: list[str] = _build_analyzer().analyze(text)
    return found


@lru_cache(maxsize=50_000)
def _is_within_distance(one: str, other: str, most: int) -> bool:
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


def match_all_terms(words: Sequence[SearchTerm]) -> Any:
    """What has all of the words; without any, everything."""
    import tantivy

    if not words:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, term.query) for term in words])


def match_any_term(words: Sequence[SearchTerm]) -> Any:
    """What has some of the words."""
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term.query) for term in words])


def add_ranking_scores(searcher: Any, found: Any, words: str) -> Any:
    """The same as `found`, with what is called just so first, then what was procured or done, then bodies, and lines of lists last."""
    import tantivy

    name = " ".join(words[:MAX_QUERY_CHARS].lower().split())
    scores = [
        *(("kind", kind, score) for kind, score in SCORE_OFFSET_BY_KIND.items()),
        ("exact", name, EXACT_NAME_SCORE),
    ]
    added = [
        tantivy.Query.const_score_query(tantivy.Query.term_query(_load_schema(), field, value), score)
        for field, value, score in scores
        if searcher.doc_freq(field, value)
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), *((tantivy.Occur.Should, one) for one in added)])


def filter_by_end_day(found: Any, since: int) -> Any:
    """The same, of what a contract in delivery is of that ends on a day or later, in days since 1970."""
    import tantivy

    later = tantivy.Query.range_query(_load_schema(), "ends", tantivy.FieldType.Integer, since, None)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), (tantivy.Occur.Must, later)])


def filter_by_facets(found: Any, only: Mapping[str, Sequence[str]]) -> Any:
    """The same with all filters: of each facet any of the values given. An unknown facet is passed over."""
    import tantivy

    sets = [_match_facet_values(name, values) for name, values in only.items() if name in FACET_FIELDS and values]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in (found, *sets)]) if sets else found


def _match_facet_values(name: str, values: Sequence[str]) -> Any:
    """A query for values of a facet, which adds nothing to the score."""
    import tantivy

    made = (
        tantivy.Query.term_query(_load_schema(), name, values[0])  # several times faster than a set of one
        if len(values) == 1
        else tantivy.Query.term_set_query(_load_schema(), name, list(values))
    )
    return tantivy.Query.const_score_query(made, 0.0)
