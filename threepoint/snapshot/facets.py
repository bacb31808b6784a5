"""How many things have some words, and how many of them each value of each facet: what stands beside the hits of a search."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threepoint.snapshot import search_query
from threepoint.snapshot.search_documents import JOINT
from threepoint.snapshot.search_index import FACETS, JOINED

MOST_OPTIONS = 12  # of a facet
MOST_CHOSEN = 4  # chosen values beyond these that are counted, each by itself
# Values of a facet that each part of the index hands in. A value that some part left out is counted too low: `short` tells by
# how much at most. Suppliers are so many that handing in all of them takes longer than all else.
HANDED_IN = {"supplier": 1_000}
ALL = 10_000
IN_LENS = "technology:yes"
Options = tuple[tuple[str, int], ...]  # values of a facet, and how many have each


@dataclass(frozen=True)
class Counts:
    """How many there are, with and without the technology lens, and the commonest values of facets.

    `short`: the facets whose numbers may be too low, and by how many at most.
    """

    total: int
    without_lens: int
    facets: Mapping[str, Options]
    short: Mapping[str, int]


def counts(
    searcher: Any, found: Any, only: Mapping[str, Sequence[str]], *, technology: bool, counted: Sequence[str]
) -> Counts:
    """Counts what is `found` (a query), of `only` some values of facets.

    Of each facet that is `counted` its commonest values, as if nothing were chosen of it, so that another may be chosen; then the
    chosen ones that are not among them, MOST_CHOSEN at most.
    """
    asked = [name for name in FACETS if name in counted]
    chosen = [name for name in asked if only.get(name)]
    free = [name for name in asked if name not in chosen]
    total, without_lens, told = _counted(searcher, search_query.filtered(found, only), free, technology)
    for name in chosen:
        others = {other: values for other, values in only.items() if other != name}
        ((options, short),) = _counted(searcher, search_query.filtered(found, others), [name], technology)[2].values()
        left = [value for value in only[name] if value not in dict(options)][:MOST_CHOSEN]
        within = {**others, **search_query.LENS} if technology else others
        more = [
            (value, _how_many(searcher, search_query.filtered(found, {**within, name: (value,)}))) for value in left
        ]
        told[name] = (*options, *more), short
    facets = {name: told[name][0] for name in asked}
    return Counts(total, without_lens, facets, {name: told[name][1] for name in asked if told[name][1]})


def _counted(
    searcher: Any, found: Any, names: Sequence[str], technology: bool
) -> tuple[int, int, dict[str, tuple[Options, int]]]:
    """(How many, how many without the lens, facet → its commonest values and by how many they may be too low), in one pass."""
    kinds = {"": _terms("kind")}  # each thing is of one kind, so that kinds count things
    asked = kinds | {name: _terms(name) for name in names}
    told = searcher.aggregate(found, kinds | {"lens": {"filter": IN_LENS, "aggs": asked}} if technology else asked)
    seen = told["lens"] if technology else told
    facets = {name: _options(name, seen[name]) for name in names}
    return _things(seen), _things(told), facets


def _terms(name: str) -> dict[str, Any]:
    """The question for a facet's values, which are not to be cut short before those of several values are parted."""
    most = ALL if name in JOINED else MOST_OPTIONS
    return {"terms": {"field": JOINED.get(name, name), "size": most, "segment_size": HANDED_IN.get(name, ALL)}}


def _options(name: str, told: Mapping[str, Any]) -> tuple[Options, int]:
    found = [(one["key"], one["doc_count"]) for one in told["buckets"]]
    short = told["doc_count_error_upper_bound"]
    if name not in JOINED:
        return tuple(found), short
    each: Counter[str] = Counter()
    for values, number in found:
        for value in values.split(JOINT):
            each[value] += number
    most = sorted(each.items(), key=lambda one: (-one[1], one[0]))
    return tuple(most[:MOST_OPTIONS]), short + told["sum_other_doc_count"]


def _how_many(searcher: Any, found: Any) -> int:
    return int(searcher.search(found, limit=1, count=True).count)


def _things(told: Mapping[str, Any]) -> int:
    return sum(one["doc_count"] for one in told[""]["buckets"])
