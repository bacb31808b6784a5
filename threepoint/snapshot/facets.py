"""Counts shown next to the hits of a search: how many records match, and how many have each value of each facet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threepoint.snapshot import search_query
from threepoint.snapshot.search_documents import FACET_VALUE_SEPARATOR
from threepoint.snapshot.search_index import FACET_FIELDS, JOINED_FIELD_BY_FACET

MAX_VALUES_PER_FACET = 12
MAX_CHOSEN_VALUES = 4  # chosen values that are not among the commonest; each is counted by its own query
# Values of a facet that each segment of the index returns. If a segment leaves a value out, its count is too low; `short` says
# by how much at most. There are so many suppliers that returning all of them takes longer than all other counts together.
SEGMENT_SIZE_BY_FACET = {"supplier": 1_000}
MAX_BUCKETS = 10_000
TECHNOLOGY_LENS_QUERY = "technology:yes"
ValueCounts = tuple[tuple[str, int], ...]  # values of a facet, each with its number of records


@dataclass(frozen=True)
class FacetCounts:
    """The number of records with and without the technology lens, and the commonest values of facets.

    `short`: the facets whose counts may be too low, and by how much at most.
    """

    total: int
    without_lens: int
    facets: Mapping[str, ValueCounts]
    short: Mapping[str, int]


def count_facets(
    searcher: Any, query: Any, only: Mapping[str, Sequence[str]], *, technology: bool, counted: Sequence[str]
) -> FacetCounts:
    """Count the matches of `query` that have the chosen values `only` of facets.

    For each `counted` facet, count its commonest values as if none of it were chosen, so that users can choose another; then
    the chosen values that are not among them, at most MAX_CHOSEN_VALUES.
    """
    counted_facets = [name for name in FACET_FIELDS if name in counted]
    chosen = [name for name in counted_facets if only.get(name)]
    free = [name for name in counted_facets if name not in chosen]
    total, without_lens, counts = _aggregate_counts(
        searcher, search_query.filter_by_facets(query, only), free, technology
    )
    for name in chosen:
        others = {other: values for other, values in only.items() if other != name}
        ((commonest, short),) = _aggregate_counts(
            searcher, search_query.filter_by_facets(query, others), [name], technology
        )[2].values()
        uncounted = [value for value in only[name] if value not in dict(commonest)][:MAX_CHOSEN_VALUES]
        filters = {**others, **search_query.TECHNOLOGY_LENS} if technology else others
        more = [
            (value, _count_matches(searcher, search_query.filter_by_facets(query, {**filters, name: (value,)})))
            for value in uncounted
        ]
        counts[name] = (*commonest, *more), short
    facets = {name: counts[name][0] for name in counted_facets}
    return FacetCounts(
        total, without_lens, facets, {name: counts[name][1] for name in counted_facets if counts[name][1]}
    )


def _aggregate_counts(
    searcher: Any, query: Any, names: Sequence[str], technology: bool
) -> tuple[int, int, dict[str, tuple[ValueCounts, int]]]:
    """Return (matches, matches without the lens, facet → its commonest values and the most they may be too low by)."""
    kinds = {"": _build_terms_aggregation("kind")}  # each record has one kind, so the counts of kinds add up to records
    aggregations = kinds | {name: _build_terms_aggregation(name) for name in names}
    buckets = searcher.aggregate(
        query, kinds | {"lens": {"filter": TECHNOLOGY_LENS_QUERY, "aggs": aggregations}} if technology else aggregations
    )
    lens_buckets = buckets["lens"] if technology else buckets
    facets = {name: _read_value_counts(name, lens_buckets[name]) for name in names}
    return _sum_kind_counts(lens_buckets), _sum_kind_counts(buckets), facets


def _build_terms_aggregation(name: str) -> dict[str, Any]:
    """Aggregation of a facet's values. Joined values must not be cut off before they are split."""
    size = MAX_BUCKETS if name in JOINED_FIELD_BY_FACET else MAX_VALUES_PER_FACET
    return {
        "terms": {
            "field": JOINED_FIELD_BY_FACET.get(name, name),
            "size": size,
            "segment_size": SEGMENT_SIZE_BY_FACET.get(name, MAX_BUCKETS),
        }
    }


def _read_value_counts(name: str, aggregation: Mapping[str, Any]) -> tuple[ValueCounts, int]:
    counts = [(bucket["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]
    short = aggregation["doc_count_error_upper_bound"]
    if name not in JOINED_FIELD_BY_FACET:
        return tuple(counts), short
    count_by_value: Counter[str] = Counter()
    for values, count in counts:
        for value in values.split(FACET_VALUE_SEPARATOR):
            count_by_value[value] += count
    commonest = sorted(count_by_value.items(), key=lambda item: (-item[1], item[0]))
    return tuple(commonest[:MAX_VALUES_PER_FACET]), short + aggregation["sum_other_doc_count"]


def _count_matches(searcher: Any, query: Any) -> int:
    return int(searcher.search(query, limit=1, count=True).count)


def _sum_kind_counts(buckets: Mapping[str, Any]) -> int:
    return sum(bucket["doc_count"] for bucket in buckets[""]["buckets"])
