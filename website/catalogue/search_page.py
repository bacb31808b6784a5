"""The page of a search: what was found, ways to narrow it, and addresses that hold every choice."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.compare import MOST
from website.common import csv_export, search_labels, snapshot_access
from website.common.components import Basket, Choice, Empty, Facet, Facets, Link, pagination
from website.common.page_cache import of_snapshot
from website.common.record_urls import address, address_of

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


@of_snapshot
def search(request):
    """What is found for words and choices, all of them in the address."""
    snapshot, basket, asked = snapshot_access.current(request), basket_of(request), _within_reason(request.GET)
    wanted = wish(asked)
    found = snapshot_access.search(snapshot, wanted)
    last = min(-(-found.total // SIZE), DEEPEST)
    page = {
        "said": _said(found, wanted),
        "results": [_result(hit, basket) for hit in found.hits],
        "facets": _facets(snapshot, asked, found, wanted),
        "orders": _orders(asked, wanted),
        "lens": _lens(asked, found, wanted),
        "basket": _basket(snapshot, asked, basket),
        # What a new search keeps: the lens, the order and what is chosen for comparing, but no choices among old results.
        "hidden": [(name, value) for name in ("all", "order", "c") for value in asked.getlist(name)],
        "turns": pagination(wanted.page, last, lambda number: _address(asked, page=str(number))) if last > 1 else None,
        "csv": _file(asked, found),
        "loosened": found.loosened and bool(found.hits),
        "also": ", ".join(found.also),
        "nearly": " ".join(found.nearly),
        "empty": None if found.hits else _empty(asked, found, wanted),
    }
    return render(request, "catalogue/search.html", {"page": page, "q": request.GET.get("q", "").strip()})


def search_csv(request):
    """What is found as a file. Its name says of which snapshot it is and how many of all it has."""
    snapshot = snapshot_access.current(request)
    found = snapshot_access.search(
        snapshot, replace(wish(request.GET), page=1, size=MOST_ROWS, marked=False, counted=())
    )
    name = f"three-point-search-{snapshot.name}-{len(found.hits)}-of-{found.total}.csv"
    return csv_export.attach([HEADINGS, *map(_row, found.hits)], name)


def basket_of(request: HttpRequest) -> tuple[str, ...]:
    """Return what is chosen for comparing: ids in the address, each once, as many as can be compared."""
    return tuple(dict.fromkeys(request.GET.getlist("c")))[:MOST]


def wish(asked: QueryDict) -> snapshot_access.Wish:
    """What an address asks for. What it says wrongly counts as not said."""
    number = asked.get("page", "1")
    only = {
        name: tuple(value[:LONGEST] for value in asked.getlist(name)[:MOST_VALUES])
        for name in search_labels.FACETS
        if asked.getlist(name)
    }
    return snapshot_access.Wish(
        asked.get("q", ""), only, technology=asked.get("all") != "1", order=asked.get("order", "best"),
        page=min(int(number), DEEPEST) if number.isascii() and number.isdigit() and len(number) < 5 and int(number) else 1,
        size=SIZE,
    )  # fmt: skip


def _within_reason(asked: QueryDict) -> QueryDict:
    """What an address says that we know, no more of it than a person would choose: every link of the page repeats it."""
    made = QueryDict(mutable=True)
    for name in ("q", "order", "all", "page", "show", "c", *search_labels.FACETS):
        if values := asked.getlist(name):
            made.setlist(name, [value[:LONGEST] for value in values[:MOST_VALUES]])
    return made


def _file(asked: QueryDict, found: snapshot_access.Found) -> Link:
    """What was found as a file, and how much of it that has."""
    all_of_it, first = _("Download what was found (CSV)"), _("Download the first %(n)s of what was found (CSV)")
    words = first % {"n": f"{MOST_ROWS:,}"} if found.total > MOST_ROWS else all_of_it
    return Link(words, reverse("search-csv") + _address(asked))


def _said(found: snapshot_access.Found, wanted: snapshot_access.Wish) -> str:
    number = ngettext("%(n)s found", "%(n)s found", found.total) % {"n": f"{found.total:,}"}
    if wanted.technology:
        return _("%s in technology") % number
    return number


def _result(hit: snapshot_access.Hit, basket: tuple[str, ...]) -> dict[str, Any]:
    """One thing found, as it is listed."""
    subject, carried = search_labels.subject(hit), f"?{urlencode({'c': basket}, doseq=True)}" if basket else ""
    can_be_added = hit.kind in search_labels.COMPARED and subject not in basket
    return {
        "hit": hit,
        "href": search_labels.address(hit) + carried,
        "kind": search_labels.kind(hit),
        "where": WHERE.get(hit.where, ""),
        "status": search_labels.status(hit),
        "day": search_labels.day(hit),
        "ends": search_labels.other_day(hit, "ends"),
        "to_market": search_labels.other_day(hit, "approach"),
        "buyer": search_labels.buyer(hit),
        "suppliers": search_labels.suppliers(hit) if hit.kind in ("contract", "sale") else "",
        "worth": search_labels.worth(hit),
        "compare": address("compare", {"id": [*basket, subject]}) if can_be_added else "",
    }


def _address(asked: QueryDict, *without: str, **changed: str) -> str:
    """Return the address of this search, on its first page, without some parameters and with others changed."""
    made = asked.copy()
    for name in ("page", *without):
        made.pop(name, None)
    for name, value in changed.items():
        made[name] = value
    return f"?{made.urlencode()}"


def _facets(
    snapshot: snapshot_access.Snapshot, asked: QueryDict, found: snapshot_access.Found, wanted: snapshot_access.Wish
) -> Facets:
    made = []
    for name, title in search_labels.FACETS.items():
        chosen = list(wanted.only.get(name, ()))
        told = dict(found.facets[name])
        values = [*chosen, *(value for value in told if value not in chosen)]
        shown = values if asked.get("show") == name else values[: max(FIRST, len(chosen))]
        if len(told) < 2 and not chosen:
            continue
        choices = tuple(
            Choice(
                search_labels.value(snapshot, name, value),
                _toggled(asked, name, value),
                told.get(value),
                value in chosen,
            )
            for value in shown
        )
        rest = _address(asked, show=name) if len(values) > len(shown) else ""
        short = found.short.get(name, 0)
        note = _("Numbers may be too low, by %(n)s at most.") % {"n": f"{short:,}"} if short else ""
        made.append(Facet(title, choices, rest, note))
    return Facets(tuple(made), _address(asked, "show", *search_labels.FACETS) if wanted.only else "")


def _toggled(asked: QueryDict, name: str, value: str) -> str:
    made, held = asked.copy(), asked.getlist(name)
    made.setlist(name, [one for one in held if one != value] if value in held else [*held, value])
    return _address(made)


def _orders(asked: QueryDict, wanted: snapshot_access.Wish) -> tuple[Choice, ...]:
    chosen = wanted.order if wanted.order in ORDERS else "best"
    return tuple(Choice(words, _address(asked, order=name), selected=name == chosen) for name, words in ORDERS.items())


def _lens(asked: QueryDict, found: snapshot_access.Found, wanted: snapshot_access.Wish) -> Choice | None:
    if wanted.technology:
        return Choice(_("Search everything, not technology alone"), _address(asked, all="1"), found.without_lens)
    return Choice(_("Search technology alone"), _address(asked, "all"))


def _basket(snapshot: snapshot_access.Snapshot, asked: QueryDict, basket: tuple[str, ...]) -> Basket:
    things = [(ident, snapshot_access.at(snapshot, ident)) for ident in basket]
    chosen = tuple(Link(thing.title or ident, address_of(thing.kind, thing.id)) for ident, thing in things if thing)
    without = asked.copy()
    without.pop("c", None)
    compare = address("compare", {"id": [ident for ident, thing in things if thing]})
    return Basket(chosen, compare, f"?{without.urlencode()}")


def _empty(asked: QueryDict, found: snapshot_access.Found, wanted: snapshot_access.Wish) -> Empty:
    steps = []
    if wanted.only:
        steps.append(Link(_("Take away the choices you made"), _address(asked, *search_labels.FACETS)))
    elsewhere = wanted.technology and found.without_lens
    if elsewhere:
        steps.append(Link(_("Search everything: %s found") % f"{found.without_lens:,}", _address(asked, all="1")))
    steps.append(Link(_("See what was loaded, and what is missing"), "/sources/"))
    if elsewhere:
        return Empty(_("Nothing in technology"), _("What has these words is not counted as technology."), tuple(steps))
    why = _("Nothing that we hold is like this. It may never have been published, or not be loaded here.")
    return Empty(_("Nothing was found"), why, tuple(steps))


HEADINGS = (
    "kind", "id", "title", "buyer", "suppliers", "value", "currency", "value_of", "status", "newest", "ends", "to_market",
    "may_repeat", "synthetic",
)  # fmt: skip


def _row(hit: snapshot_access.Hit) -> list[str]:
    shown = hit.shown
    cells = (
        search_labels.kind(hit), hit.id, shown.get("title"), shown.get("buyer"), "; ".join(shown.get("suppliers") or ()),
        shown.get("value"), shown.get("currency"), shown.get("of"), search_labels.status(hit), shown.get("day"),
        shown.get("ends"), shown.get("approach"), "yes" if shown.get("repeats") else "no", "yes" if shown.get("synthetic") else "no",
    )  # fmt: skip
    return [str(cell or "") for cell in cells]
