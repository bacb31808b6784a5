"""Page of the fields that a publisher has not reported: the records, a letter that asks for them, and a CSV file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE, NoticeField
from threepoint.standard.publishers import SYNTHETIC_GROUPS
from threepoint.standard.value_states import STATE_BY_CODE
from website.common import csv_export, snapshot_access, value_display
from website.common.components import Link, PageTable, TableColumn, TableEntry, make_pagination
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import build_record_url, build_url
from website.data_quality.labels import format_count, format_publisher_group, read_page_number

RECORDS_PER_PAGE = 20
PROCUREMENT_ACT_GROUPS = ("uk", "synthetic")  # the Procurement Act 2023 may bind publishers of these groups
MISSING_FIELDS_CSV_HEADING = (
    "id", "kind", "ocid", "title", "buyer", "newest notice", "published", "field", "ocds path", "due since",
    "its contract gives it", "address",
)  # fmt: skip


def show_missing_fields(request, publisher):
    """Show what one publisher has not reported, with a letter that asks for it; with `form=csv`, return the records as a file."""
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
    """Render a publisher's page for the `field`, `buyer` and `page` in the query. Without `place`, nothing is missing."""
    snapshot = snapshot_access.get_snapshot(request)
    missing_fields = snapshot_access.list_missing_fields(snapshot, publisher)
    group = snapshot_access.read_coverage(snapshot).groups[publisher]
    code = request.GET.get("field")
    first_field = missing_fields[0][0] if missing_fields else None
    field = next((field for field, _count in missing_fields if field.code == code), first_field)
    page = {
        "publisher": publisher,
        "group": format_publisher_group(group),
        "sentence": _summarise_missing_facts(missing_fields),
        "fields": _make_fields_table(publisher, missing_fields, field),
        "synthetic": group in SYNTHETIC_GROUPS,
        "notices_summary": _summarise_notices(snapshot, publisher),
        "place": field,
    }
    if field:
        page |= _describe_missing_records(
            request, publisher, field, page["notices_summary"], act_applies=group in PROCUREMENT_ACT_GROUPS
        )
    return render(request, "data_quality/gap.html", {"page": page})


def _describe_missing_records(
    request: HttpRequest, publisher: str, field: NoticeField, notices_summary: str, *, act_applies: bool
) -> dict[str, Any]:
    """Return the page context for the records without a field, with a letter that asks for it."""
    snapshot, buyer = snapshot_access.get_snapshot(request), request.GET.get("buyer", "")
    total = snapshot_access.count_records_missing_field(snapshot, publisher, field, buyer)
    page, last_page = read_page_number(request.GET, total, RECORDS_PER_PAGE)
    rows = snapshot_access.list_records_missing_field(
        snapshot, publisher, field, buyer, (page - 1) * RECORDS_PER_PAGE, RECORDS_PER_PAGE
    )

    def build_page_url(page: int = 1, buyer: str = buyer, **parameters: str) -> str:
        return _build_field_url(publisher, field, buyer, page, **parameters)

    buyer_name = next((row.buyer for row in rows if row.buyer), buyer) if buyer else ""
    duty = field.duty if act_applies else ""
    letter = {
        "place": field,
        "to": buyer_name or publisher,
        "duty": duty,
        "total": total,
        # A service that shows other bodies' notices is asked to contact those bodies.
        "relayed": not buyer and (act_applies or snapshot_access.has_several_buyers(snapshot, publisher)),
        "notices_summary": notices_summary,
        "more": total - len(rows),
        "rows": [(row, request.build_absolute_uri(build_record_url(row.kind, row.id))) for row in rows],
    }
    return {
        "duty": duty,
        "total": _format_record_count(total, field),
        "records": _make_records_table(field, rows),
        "turns": make_pagination(page, last_page, build_page_url),
        "letter": _write_letter(letter),
        "csv": build_page_url(form="csv"),
        "buyer": buyer_name,
        "everyone": build_page_url(buyer="") if buyer else "",
        "buyers": () if buyer else _list_buyer_links(rows, build_page_url),
    }


def _build_field_url(publisher: str, field: NoticeField, buyer: str, page: int, **parameters: str) -> str:
    query = {"field": field.code, **({"buyer": buyer} if buyer else {}), **parameters}
    query |= {"page": str(page)} if page > 1 else {}
    return build_url("gap", query, publisher)


def _summarise_notices(snapshot: snapshot_access.Snapshot, publisher: str) -> str:
    """Return how many notices of a publisher are loaded, and from which dates."""
    sources = snapshot_access.read_sources(snapshot).sources
    source = next((source for source in sources if source.publisher == publisher), None)
    count = source.releases + source.compiled if source else 0
    sentence = ngettext(
        "We have %(n)s notice from this publisher", "We have %(n)s notices from this publisher", count
    ) % {"n": format_count(count)}
    if source is None or not (source.first and source.newest):
        return f"{sentence}."
    if find_publication_day(source.first) == find_publication_day(source.newest):
        return _("%(notices)s, dated %(day)s. We have not seen anything else that it published.") % {
            "notices": sentence,
            "day": formatting.format_date(source.first),
        }
    return _("%(notices)s, dated %(first)s to %(newest)s. We have not seen anything else that it published.") % {
        "notices": sentence,
        "first": formatting.format_date(source.first),
        "newest": formatting.format_date(source.newest),
    }


def _summarise_missing_facts(missing_fields: list[tuple[NoticeField, int]]) -> str:
    if not missing_fields:
        return _("Everything that is due from this publisher is in the notices that we have.")
    return ngettext(
        "%(n)s fact that is due is missing from some of this publisher’s notices.",
        "%(n)s facts that are due are missing from some of this publisher’s notices.",
        len(missing_fields),
    ) % {"n": len(missing_fields)}


def _make_fields_table(
    publisher: str, missing_fields: list[tuple[NoticeField, int]], chosen: NoticeField | None
) -> PageTable:
    kinds = {"contracting_process": _("procurement"), "award": _("award"), "contract": _("contract")}
    columns = (
        TableColumn(_("Fact")),
        TableColumn(_("Missing in"), _("records"), numeric=True),
        TableColumn(_("Kind of record")),
        TableColumn(_("Notice that would have it")),
    )
    rows = (
        (
            TableEntry(
                field.words,
                href=f"{_build_field_url(publisher, field, '', 1)}#records",
                state=_("shown below") if field == chosen else "",
            ),
            count,
            kinds[field.table],
            field.notice_words if field.notice else TableEntry(state=_("none that we know of")),
        )
        for field, count in missing_fields
    )
    empty = _("Nothing that is due is missing.")
    return value_display.make_table(_("What is missing"), columns, rows, hide_caption=False, empty=empty)


def _format_record_count(total: int, field: NoticeField) -> str:
    text = ngettext("%(n)s record without %(what)s", "%(n)s records without %(what)s", total)
    return text % {"n": format_count(total), "what": field.words}


def _make_records_table(field: NoticeField, rows: list[Any]) -> PageTable:
    caption = _("Records without %(what)s, newest first") % {"what": field.words}
    columns = [TableColumn(_("Record")), TableColumn(_("Buyer")), TableColumn(_("Latest notice"))]
    entries = [
        [
            TableEntry(row.title or row.id, href=build_record_url(row.kind, row.id), state=_label_record_part(row)),
            row.buyer or STATE_BY_CODE["not_reported"],
            value_display.make_entry(row.published or "", state=row.notice),
        ]
        for row in rows
    ]
    if any(row.due_on for row in rows):
        columns.append(TableColumn(_("Due since")))
        entries = [[*entry, row.due_on or ""] for entry, row in zip(entries, rows, strict=True)]
    empty = _("No record of this buyer is missing it. Show all buyers instead.")
    return value_display.make_table(caption, columns, entries, hide_caption=False, empty=empty)


def _label_record_part(row: Any) -> str:
    """Return the part of the procurement, such as awards/1, with a note if its contract has the missing value."""
    part = str(row.id.partition("/")[2])
    return _("%s; its contract has it") % part if row.in_contract else part


def _list_buyer_links(rows: list[Any], build_page_url: Callable[..., str]) -> tuple[Link, ...]:
    """Return links to the buyers of the records shown, by name."""
    names = {row.buyer_id: row.buyer for row in rows if row.buyer}
    return tuple(
        Link(name, build_page_url(buyer=ident))
        for ident, name in sorted(names.items(), key=lambda pair: pair[1].casefold())
    )


def _write_letter(context: dict[str, Any]) -> str:
    lines = render_to_string("data_quality/letter.txt", context).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _build_records_csv(
    snapshot: snapshot_access.Snapshot, publisher: str, parameters: Mapping[str, str]
) -> HttpResponse:
    field = NOTICE_FIELD_BY_CODE.get(parameters.get("field", ""))
    if field is None:
        raise Http404
    response = csv_export.build_csv_response(
        _generate_csv_rows(snapshot, publisher, field, parameters.get("buyer", "")), "not-reported.csv"
    )
    name = quote(f"{publisher} {field.code}.csv".replace("/", " "))
    response["Content-Disposition"] += f"; filename*=UTF-8''{name}"
    return response


def _generate_csv_rows(
    snapshot: snapshot_access.Snapshot, publisher: str, field: NoticeField, buyer: str
) -> Iterator[Sequence[Any]]:
    yield MISSING_FIELDS_CSV_HEADING
    for row in snapshot_access.iterate_records_missing_field(snapshot, publisher, field, buyer):
        published = find_publication_day(row.published).isoformat() if row.published else ""
        due = row.due_on.isoformat() if row.due_on else ""
        yield (row.id, row.kind, row.ocid, row.title, row.buyer, row.notice, published, field.words, field.path, due,
               "yes" if row.in_contract else "no", build_record_url(row.kind, row.id))  # fmt: skip
