"""The page that fills a gap: what a publisher has not reported, the records, a letter, and the same as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE, NoticeField
from threepoint.standard.publishers import SYNTHETIC_GROUPS
from website.common import csv_export, snapshot_access, value_display
from website.common.components import Link, PageTable, TableColumn, TableEntry, make_pagination
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import build_record_url, build_url
from website.data_quality.labels import format_count, format_publisher_group, read_page_number

RECORDS_PER_PAGE = 20
PROCUREMENT_ACT_GROUPS = ("uk", "synthetic")  # groups whose publishers the Procurement Act 2023 may bind
MISSING_FIELDS_CSV_HEADING = (
    "id", "kind", "ocid", "title", "buyer", "newest notice", "published", "field", "ocds path", "due since",
    "its contract gives it", "address",
)  # fmt: skip


def show_missing_fields(request, publisher):
    """What one publisher has not reported, with a letter that asks for it; `form=csv` gives the records as a file."""
    snapshot = snapshot_access.get_snapshot(request)
    if publisher not in snapshot_access.read_coverage(snapshot).groups:
        raise Http404
    return (
        _build_records_csv(snapshot, publisher, request.GET)
        if request.GET.get("form") == "csv"
        else _render_publisher_page(request, publisher)
    )


@cache_per_snapshot
def _render_publisher_page(request, publisher):
    """The page of a publisher, for the `field`, `buyer` and `page` asked for. Without `place`, nothing is missing."""
    snapshot = snapshot_access.get_snapshot(request)
    found = snapshot_access.list_missing_fields(snapshot, publisher)
    group = snapshot_access.read_coverage(snapshot).groups[publisher]
    wanted = request.GET.get("field")
    place = next((place for place, _n in found if place.code == wanted), found[0][0] if found else None)
    page = {
        "publisher": publisher,
        "group": format_publisher_group(group),
        "sentence": _summarise_missing_facts(found),
        "fields": _make_fields_table(publisher, found, place),
        "synthetic": group in SYNTHETIC_GROUPS,
        "held": _summarise_notices(snapshot, publisher),
        "place": place,
    }
    if place:
        page |= _describe_missing_records(
            request, publisher, place, page["held"], bound=group in PROCUREMENT_ACT_GROUPS
        )
    return render(request, "data_quality/gap.html", {"page": page})


def _describe_missing_records(
    request: HttpRequest, publisher: str, place: NoticeField, held: str, *, bound: bool
) -> dict[str, Any]:
    """The records that miss a fact, a page at a time, with a letter that asks for it."""
    snapshot, buyer = snapshot_access.get_snapshot(request), request.GET.get("buyer", "")
    total = snapshot_access.count_records_missing_field(snapshot, publisher, place, buyer)
    here, last = read_page_number(request.GET, total, RECORDS_PER_PAGE)
    rows = snapshot_access.list_records_missing_field(
        snapshot, publisher, place, buyer, (here - 1) * RECORDS_PER_PAGE, RECORDS_PER_PAGE
    )

    def to(number_: int = 1, who: str = buyer, **more: str) -> str:
        return _build_field_url(publisher, place, who, number_, **more)

    name = next((row.buyer for row in rows if row.buyer), buyer) if buyer else ""
    duty = place.duty if bound else ""
    letter = {
        "place": place,
        "to": name or publisher,
        "duty": duty,
        "total": total,
        # Written to a service that shows other bodies' notices, a letter asks it to turn to them.
        "relayed": not buyer and (bound or snapshot_access.has_several_buyers(snapshot, publisher)),
        "held": held,
        "more": total - len(rows),
        "rows": [(row, request.build_absolute_uri(build_record_url(row.kind, row.id))) for row in rows],
    }
    return {
        "duty": duty,
        "total": _format_record_count(total, place),
        "records": _make_records_table(place, rows),
        "turns": make_pagination(here, last, to),
        "letter": _write_letter(letter),
        "csv": to(form="csv"),
        "buyer": name,
        "everyone": to(who="") if buyer else "",
        "buyers": () if buyer else _list_buyer_links(rows, to),
    }


def _build_field_url(publisher: str, place: NoticeField, buyer: str, number_: int, **more: str) -> str:
    asked = {"field": place.code, **({"buyer": buyer} if buyer else {}), **more}
    asked |= {"page": str(number_)} if number_ > 1 else {}
    return build_url("gap", asked, publisher)


def _summarise_notices(snapshot: snapshot_access.Snapshot, publisher: str) -> str:
    """How many notices of a publisher are held, and of which days: what was published otherwise was not seen."""
    source = next((one for one in snapshot_access.read_sources(snapshot).sources if one.publisher == publisher), None)
    number_ = source.releases + source.compiled if source else 0
    held = ngettext("We hold %(n)s notice of it", "We hold %(n)s notices of it", number_) % {"n": format_count(number_)}
    if source is None or not (source.first and source.newest):
        return f"{held}."
    if source.first.date() == source.newest.date():
        return _("%(held)s, of %(day)s. What else it published we have not seen.") % {
            "held": held,
            "day": formatting.format_date(source.first),
        }
    days = {
        "held": held,
        "first": formatting.format_date(source.first),
        "newest": formatting.format_date(source.newest),
    }
    return _("%(held)s, from %(first)s to %(newest)s. What else it published we have not seen.") % days


def _summarise_missing_facts(found: list[tuple[NoticeField, int]]) -> str:
    if not found:
        return _("Nothing that is due from this publisher is missing in what we hold.")
    return ngettext(
        "%(n)s fact is due and missing in some of what this publisher has published.",
        "%(n)s facts are due and missing in some of what this publisher has published.",
        len(found),
    ) % {"n": len(found)}


def _make_fields_table(publisher: str, found: list[tuple[NoticeField, int]], chosen: NoticeField | None) -> PageTable:
    kinds = {"contracting_process": _("procurement"), "award": _("award"), "contract": _("contract")}
    missing = TableColumn(_("Missing in"), _("records"), numeric=True)
    heads = (TableColumn(_("Fact")), missing, TableColumn(_("Of each")), TableColumn(_("Notice that would fill it")))
    rows = (
        (
            TableEntry(
                place.words,
                href=f"{_build_field_url(publisher, place, '', 1)}#records",
                state=_("shown below") if place == chosen else "",
            ),
            count,
            kinds[place.table],
            place.notice_words if place.notice else TableEntry(state=_("none that we know of")),
        )
        for place, count in found
    )
    empty = _("Nothing that is due is missing.")
    return value_display.make_table(_("What is missing"), heads, rows, hide_caption=False, empty=empty)


def _format_record_count(total: int, place: NoticeField) -> str:
    found = ngettext("%(n)s record without %(what)s", "%(n)s records without %(what)s", total)
    return found % {"n": format_count(total), "what": place.words}


def _make_records_table(place: NoticeField, rows: list[Any]) -> PageTable:
    caption = _("Records without %(what)s, newest first") % {"what": place.words}
    heads = [TableColumn(_("Record")), TableColumn(_("Buyer")), TableColumn(_("Newest notice"))]
    entries = [
        [
            TableEntry(row.title or row.id, href=build_record_url(row.kind, row.id), state=_label_record_part(row)),
            row.buyer or STATE_BY_CODE["not_reported"],
            value_display.make_entry(row.published or "", state=row.notice),
        ]
        for row in rows
    ]
    if any(row.due_on for row in rows):
        heads.append(TableColumn(_("Due since")))
        entries = [[*entry, row.due_on or ""] for entry, row in zip(entries, rows, strict=True)]
    empty = _("No record of this buyer misses it. Look at all buyers instead.")
    return value_display.make_table(caption, heads, entries, hide_caption=False, empty=empty)


def _label_record_part(row: Any) -> str:
    """Which part of a procurement a record is, and whether its contract gives what it misses."""
    part = str(row.id.partition("/")[2])
    return _("%s; its contract gives it") % part if row.in_contract else part


def _list_buyer_links(rows: list[Any], to: Callable[..., str]) -> tuple[Link, ...]:
    """The buyers of the records shown, by name."""
    named = {row.buyer_id: row.buyer for row in rows if row.buyer}
    return tuple(
        Link(name, to(who=ident)) for ident, name in sorted(named.items(), key=lambda pair: pair[1].casefold())
    )


def _write_letter(told: dict[str, Any]) -> str:
    lines = render_to_string("data_quality/letter.txt", told).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _build_records_csv(snapshot: snapshot_access.Snapshot, publisher: str, asked: Mapping[str, str]) -> HttpResponse:
    place = NOTICE_FIELD_BY_CODE.get(asked.get("field", ""))
    if place is None:
        raise Http404
    answer = csv_export.build_csv_response(
        _generate_csv_rows(snapshot, publisher, place, asked.get("buyer", "")), "not-reported.csv"
    )
    name = quote(f"{publisher} {place.code}.csv".replace("/", " "))
    answer["Content-Disposition"] += f"; filename*=UTF-8''{name}"
    return answer


def _generate_csv_rows(
    snapshot: snapshot_access.Snapshot, publisher: str, place: NoticeField, buyer: str
) -> Iterator[Sequence[Any]]:
    yield MISSING_FIELDS_CSV_HEADING
    for row in snapshot_access.iterate_records_missing_field(snapshot, publisher, place, buyer):
        published = row.published.date().isoformat() if row.published else ""
        due = row.due_on.isoformat() if row.due_on else ""
        yield (row.id, row.kind, row.ocid, row.title, row.buyer, row.notice, published, place.words, place.path, due,
               "yes" if row.in_contract else "no", build_record_url(row.kind, row.id))  # fmt: skip
