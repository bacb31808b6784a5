"""How many things have some words, and how many of them each value of each facet: what stands beside the hits of a search."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threepoint.snapshot import search_query
from threepoint.snapshot.search_documents import FACET_VALUE_SEPARATOR
from threepoint.snapshot.search_index import FACET_FIELDS, JOINED_FIELD_BY_FACET

MAX_VALUES_PER_FACET = 12  # of a facet
MAX_CHOSEN_VALUES = 4  # chosen values beyond these that are counted, each by itself
# Values of a facet that each part of the index hands in. A value that some part left out is counted too low: `short` tells by
# how much at most. Suppliers are so many that handing in all of them takes longer than all else.
SEGMENT_SIZE_BY_FACET = {"supplier": 1_000}
MAX_BUCKETS = 10_000
TECHNOLOGY_LENS_QUERY = "technology:yes"
ValueCounts = tuple[tuple[str, int], ...]  # values of a facet, and how many have each


@dataclass(frozen=True)
class FacetCounts:
    """How many there are, with and without the technology lens, and the commonest values of facets.

    `short`: the facets whose numbers may be too low, and by how many at most.
    """

    total: int
    without_lens: int
    facets: Mapping[str, ValueCounts]
    short: Mapping[str, int]


def count_facets(
    searcher: Any, found: Any, only: Mapping[str, Sequence[str]], *, technology: bool, counted: Sequence[str]
) -> FacetCounts:
    """Counts what is `found` (a query), of `only` some values of facets.

    Of each facet that is `counted` its commonest values, as if nothing were chosen of it, so that another may be chosen; then the
    chosen ones that are not among them, MOST_CHOSEN at most.
    """
    asked = [name for name in FACET_FIELDS if name in counted]
    chosen = [name for name in asked if only.get(name)]
    free = [name for name in asked if name not in chosen]
    total, without_lens, told = _aggregate_counts(
        searcher, search_query.filter_by_facets(found, only), free, technology
    )
    for name in chosen:
        others = {other: values for other, values in only.items() if other != name}
        ((options, short),) = _aggregate_counts(
            searcher, search_query.filter_by_facets(found, others), [name], technology
        )[2].values()
        left = [value for value in only[name] if value not in dict(options)][:MAX_CHOSEN_VALUES]
        within = {**others, **search_query.TECHNOLOGY_LENS} if technology else others
        more = [
            (value, _count_matches(searcher, search_query.filter_by_facets(found, {**within, name: (value,)})))
            for value in left
        ]
        told[name] = (*options, *more), short
    facets = {name: told[name][0] for name in asked}
    return FacetCounts(total, without_lens, facets, {name: told[name][1] for name in asked if told[name][1]})


def _aggregate_counts(
    searcher: Any, found: Any, names: Sequence[str], technology: bool
) -> tuple[int, int, dict[str, tuple[ValueCounts, int]]]:
    """(How many, how many without the lens, facet → its commonest values and by how many they may be too low), in one pass."""
    kinds = {"": _build_terms_aggregation("kind")}  # each thing is of one kind, so that kinds count things
    asked = kinds | {name: _build_terms_aggregation(name) for name in names}
    told = searcher.aggregate(
        found, kinds | {"lens": {"filter": TECHNOLOGY_LENS_QUERY, "aggs": asked}} if technology else asked
    )
    seen = told["lens"] if technology else told
    facets = {name: _read_value_counts(name, seen[name]) for name in names}
    return _sum_kind_counts(seen), _sum_kind_counts(told), facets


def _build_terms_aggregation(name: str) -> dict[str, Any]:
    """The question for a facet's values, which are not to be cut short before those of several values are parted."""
    most = MAX_BUCKETS if name in JOINED_FIELD_BY_FACET else MAX_VALUES_PER_FACET
    return {
        "terms": {
            "field": JOINED_FIELD_BY_FACET.get(name, name),
            "size": most,
            "segment_size": SEGMENT_SIZE_BY_FACET.get(name, MAX_BUCKETS),
        }
    }


def _read_value_counts(name: str, told: Mapping[str, Any]) -> tuple[ValueCounts, int]:
    found = [(one["key"], one["doc_count"]) for one in told["buckets"]]
    short = told["doc_count_error_upper_bound"]
    if name not in JOINED_FIELD_BY_FACET:
        return tuple(found), short
    each: Counter[str] = Counter()
    for values, number in found:
        for value in values.split(FACET_VALUE_SEPARATOR):
            each[value] += number
    most = sorted(each.items(), key=lambda one: (-one[1], one[0]))
    return tuple(most[:MAX_VALUES_PER_FACET]), short + told["sum_other_doc_count"]


def _count_matches(searcher: Any, found: Any) -> int:
    return int(searcher.search(found, limit=1, count=True).count)


def _sum_kind_counts(told: Mapping[str, Any]) -> int:
    return sum(one["doc_count"] for one in told[""]["buckets"])
