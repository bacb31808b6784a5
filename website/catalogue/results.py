"""The page of a search: what was found, ways to narrow it, and addresses that hold every choice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from website.common import facts, naming
from website.common.addresses import address_of
from website.common.parts import Basket, Choice, Empty, Facet, Facets, Link, Pagination, Tag, pagination

SIZE = 20
DEEPEST = 500  # pages
MOST_ROWS = 5_000  # of a search as a file
MOST_VALUES, LONGEST = 20, 300  # values of one facet, characters of a value
FIRST = 6  # choices of a facet that are shown
ORDERS = {
    "best": gettext_lazy("best match"),
    "newest": gettext_lazy("newest"),
    "largest": gettext_lazy("largest value"),
    "ending": gettext_lazy("ending next"),
}
WHERE = {
    "buyer": gettext_lazy("Buyer:"),
    "suppliers": gettext_lazy("Supplier:"),
    "codes": gettext_lazy("What was bought:"),
}


@dataclass(frozen=True)
class Result:
    """One thing found, as it is listed."""

    hit: facts.Hit
    href: str
    kind: str
    where: str
    status: str
    day: str
    ends: str
    to_market: str
    buyer: str
    suppliers: str
    worth: Any
    compare: str


@dataclass(frozen=True)
class Page:
    """The page of a search."""

    said: str
    results: tuple[Result, ...]
    facets: Facets
    orders: tuple[Choice, ...]
    lens: Choice | None
    turns: Pagination | None
    basket: Basket
    hidden: tuple[tuple[str, str], ...]
    csv: Link
    loosened: bool
    also: str
    nearly: str
    empty: Empty | None
    tag: Tag


def wish(asked: QueryDict) -> facts.Wish:
    """What an address asks for. What it says wrongly counts as not said."""
    number = asked.get("page", "1")
    only = {
        name: tuple(value[:LONGEST] for value in asked.getlist(name)[:MOST_VALUES])
        for name in naming.FACETS
        if asked.getlist(name)
    }
    return facts.Wish(
        asked.get("q", ""), only, technology=asked.get("all") != "1", order=asked.get("order", "best"),
        page=min(int(number), DEEPEST) if number.isascii() and number.isdigit() and len(number) < 5 and int(number) else 1,
        size=SIZE,
    )  # fmt: skip


def _within_reason(asked: QueryDict) -> QueryDict:
    """What an address says that we know, no more of it than a person would choose: every link of the page repeats it."""
    made = QueryDict(mutable=True)
    for name in ("q", "order", "all", "page", "show", "c", *naming.FACETS):
        if values := asked.getlist(name):
            made.setlist(name, [value[:LONGEST] for value in values[:MOST_VALUES]])
    return made


def page(snapshot: facts.Snapshot, asked: QueryDict, basket: tuple[str, ...]) -> Page:
    """The page for an address."""
    asked = _within_reason(asked)
    wanted = wish(asked)
    found = facts.search(snapshot, wanted)
    last = min(-(-found.total // SIZE), DEEPEST)
    results = tuple(_result(hit, basket) for hit in found.hits)
    return Page(
        said=_said(found, wanted), results=results, facets=_facets(snapshot, asked, found, wanted), orders=_orders(asked, wanted),
        lens=_lens(asked, found, wanted), basket=_basket(snapshot, asked, basket), hidden=_hidden(asked),
        turns=pagination(wanted.page, last, lambda number: _address(asked, page=str(number))) if last > 1 else None,
        csv=_file(asked, found), loosened=found.loosened and bool(results),
        also=", ".join(found.also), nearly=" ".join(found.nearly),
        empty=None if results else _empty(asked, found, wanted), tag=Tag(_("Synthetic")),
    )  # fmt: skip


def _file(asked: QueryDict, found: facts.Found) -> Link:
    """What was found as a file, and how much of it that has."""
    all_of_it, first = _("Download what was found (CSV)"), _("Download the first %(n)s of what was found (CSV)")
    words = first % {"n": f"{MOST_ROWS:,}"} if found.total > MOST_ROWS else all_of_it
    return Link(words, f"{reverse('search-csv')}?{_without(asked, 'page').urlencode()}")


def _said(found: facts.Found, wanted: facts.Wish) -> str:
    number = ngettext("%(n)s found", "%(n)s found", found.total) % {"n": f"{found.total:,}"}
    if wanted.technology:
        return _("%s in technology") % number
    return number


def _result(hit: facts.Hit, basket: tuple[str, ...]) -> Result:
    subject, compare = naming.subject(hit), ""
    if hit.kind in naming.COMPARED and subject not in basket:
        asked = QueryDict(mutable=True)
        asked.setlist("id", [*basket, subject])
        compare = f"/compare/?{asked.urlencode()}"
    return Result(
        hit, naming.address(hit) + _carried(basket), naming.kind(hit), str(WHERE.get(hit.where, "")), naming.status(hit),
        naming.day(hit), naming.ends(hit), naming.to_market(hit), naming.buyer(hit),
        naming.suppliers(hit) if hit.kind in ("contract", "sale") else "", naming.worth(hit), compare,
    )  # fmt: skip


def _carried(basket: tuple[str, ...]) -> str:
    asked = QueryDict(mutable=True)
    asked.setlist("c", list(basket))
    return f"?{asked.urlencode()}" if basket else ""


def _without(asked: QueryDict, *names: str) -> QueryDict:
    made = asked.copy()
    for name in names:
        made.pop(name, None)
    return made


def _address(asked: QueryDict, **changed: str) -> str:
    made = _without(asked, "page")
    for name, value in changed.items():
        made[name] = value
    return f"?{made.urlencode()}"


def _facets(snapshot: facts.Snapshot, asked: QueryDict, found: facts.Found, wanted: facts.Wish) -> Facets:
    made = []
    for name, title in naming.FACETS.items():
        chosen = list(wanted.only.get(name, ()))
        told = dict(found.facets[name])
        values = [*chosen, *(value for value in told if value not in chosen)]
        shown = values if asked.get("show") == name else values[: max(FIRST, len(chosen))]
        if len(told) < 2 and not chosen:
            continue
        choices = tuple(
            Choice(naming.value(snapshot, name, value), _toggled(asked, name, value), told.get(value), value in chosen)
            for value in shown
        )
        rest = _address(asked, show=name) if len(values) > len(shown) else ""
        short = found.short.get(name, 0)
        note = _("Numbers may be too low, by %(n)s at most.") % {"n": f"{short:,}"} if short else ""
        made.append(Facet(title, choices, rest, note))
    clear = (
        f"?{_without(asked, 'page', 'show', *naming.FACETS).urlencode()}"
        if any(map(asked.getlist, naming.FACETS))
        else ""
    )
    return Facets(tuple(made), clear)


def _toggled(asked: QueryDict, name: str, value: str) -> str:
    made = _without(asked, "page")
    held = made.getlist(name)
    made.setlist(name, [one for one in held if one != value] if value in held else [*held, value])
    return f"?{made.urlencode()}"


def _orders(asked: QueryDict, wanted: facts.Wish) -> tuple[Choice, ...]:
    chosen = wanted.order if wanted.order in ORDERS else "best"
    return tuple(Choice(words, _address(asked, order=name), selected=name == chosen) for name, words in ORDERS.items())


def _lens(asked: QueryDict, found: facts.Found, wanted: facts.Wish) -> Choice | None:
    if wanted.technology:
        return Choice(_("Search everything, not technology alone"), _address(asked, all="1"), found.without_lens)
    return Choice(_("Search technology alone"), f"?{_without(asked, 'page', 'all').urlencode()}")


def _basket(snapshot: facts.Snapshot, asked: QueryDict, basket: tuple[str, ...]) -> Basket:
    things = [(ident, facts.at(snapshot, ident)) for ident in basket]
    chosen = tuple(Link(thing.title or ident, address_of(thing.kind, thing.id)) for ident, thing in things if thing)
    made = QueryDict(mutable=True)
    made.setlist("id", [ident for ident, thing in things if thing])
    return Basket(chosen, f"/compare/?{made.urlencode()}", f"?{_without(asked, 'c').urlencode()}")


def _hidden(asked: QueryDict) -> tuple[tuple[str, str], ...]:
    """What a new search keeps: the lens, the order and what is chosen for comparing, but no choices made among old results."""
    return tuple((name, value) for name in ("all", "order", "c") for value in asked.getlist(name))


def _empty(asked: QueryDict, found: facts.Found, wanted: facts.Wish) -> Empty:
    steps = []
    if wanted.only:
        steps.append(
            Link(_("Take away the choices you made"), f"?{_without(asked, 'page', *naming.FACETS).urlencode()}")
        )
    elsewhere = wanted.technology and found.without_lens
    if elsewhere:
        steps.append(Link(_("Search everything: %s found") % f"{found.without_lens:,}", _address(asked, all="1")))
    steps.append(Link(_("See what was loaded, and what is missing"), "/sources/"))
    if elsewhere:
        return Empty(_("Nothing in technology"), _("What has these words is not counted as technology."), tuple(steps))
    why = _("Nothing that we hold is like this. It may never have been published, or not be loaded here.")
    return Empty(_("Nothing was found"), why, tuple(steps))


HEADINGS = (
    "kind",
    "id",
    "title",
    "buyer",
    "suppliers",
    "value",
    "currency",
    "value_of",
    "status",
    "newest",
    "ends",
    "to_market",
    "may_repeat",
    "synthetic",
)


def as_file(snapshot: facts.Snapshot, asked: QueryDict) -> tuple[str, Iterator[Sequence[str]]]:
    """(name, rows) of a search as a CSV file. Its name says of which snapshot it is and how many of all it has."""
    found = facts.search(snapshot, replace(wish(asked), page=1, size=MOST_ROWS, marked=False, counted=()))
    name = f"three-point-search-{snapshot.name}-{len(found.hits)}-of-{found.total}.csv"
    return name, chain([HEADINGS], map(_row, found.hits))


def _row(hit: facts.Hit) -> list[str]:
    shown = hit.shown
    cells = (
        naming.kind(hit), hit.id, shown.get("title"), shown.get("buyer"), "; ".join(shown.get("suppliers") or ()),
        shown.get("value"), shown.get("currency"), shown.get("of"), naming.status(hit), shown.get("day"),
        shown.get("ends"), shown.get("approach"), "yes" if shown.get("repeats") else "no", "yes" if shown.get("synthetic") else "no",
    )  # fmt: skip
    return [str(cell or "") for cell in cells]
