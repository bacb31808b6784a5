"""Page and CSV file of unannounced changes (silent edits and vanished notices), most recently read first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.publishers import SYNTHETIC_GROUPS
from website.common import csv_export, snapshot_access, value_display
from website.common.components import EmptyState, Link, PageTable, TableColumn, TableEntry, make_pagination
from website.common.record_urls import build_record_url, build_url
from website.data_quality.labels import format_count, read_page_number

CHANGES_PER_PAGE = 20
MAX_SHOWN_FIELDS = 25  # of one edit on the page; the CSV file has all fields
MAX_CSV_CHANGES = 2_000
MAX_VALUE_CHARACTERS = 300  # of a value on the page
CHANGES_CSV_HEADING = (
    "kind", "publisher", "ocid", "title", "notice", "release id", "published", "table", "object id", "field", "old value",
    "new value", "earlier file", "earlier file sha256", "earlier file read on", "later file", "later file sha256",
    "later file read on", "address",
)  # fmt: skip
COUNTED_SNAPSHOT_TABLES = ("notice", "contract", "notice_revision", "vanished_notice")


def show_unannounced_changes(request):
    """Show unannounced changes for the `publisher`, the process (`of`) and the `page` in the query; `form=csv`: return a file.

    The page is not cached, because the list of retained snapshots can change without a new snapshot.
    """
    snapshot = snapshot_access.get_snapshot(request)
    if request.GET.get("form") == "csv":
        return csv_export.build_csv_response(_generate_csv_rows(snapshot, request.GET), "changed-without-a-notice.csv")
    all_changes = snapshot_access.list_unannounced_changes(snapshot)
    changes, publisher, process = select_changes(snapshot, request.GET)
    page_number, last_page = read_page_number(request.GET, len(changes), CHANGES_PER_PAGE)
    shown_changes = changes[(page_number - 1) * CHANGES_PER_PAGE : page_number * CHANGES_PER_PAGE]

    def build_page_url(page: int = 1, publisher: str = publisher, **parameters: str) -> str:
        query = {"publisher": publisher, "of": process, **parameters, "page": str(page) if page > 1 else ""}
        return build_url("changes", {name: value for name, value in query.items() if value})

    publishers = sorted({change.publisher for change in all_changes}, key=str.casefold) if not process else []
    links = [(Link(_("All publishers"), build_page_url(publisher="")), not publisher)]
    links += [(Link(name, build_page_url(publisher=name)), name == publisher) for name in publishers]
    page = {
        "total": _summarise_changes(changes),
        "shown": _describe_shown_range(page_number, len(shown_changes), len(changes)),
        "items": [_describe_change(details) for details in snapshot_access.describe_changes(snapshot, shown_changes)],
        "publishers": links if len(publishers) > 1 else [],
        "process": process,
        "everything": reverse("changes") if process or publisher else "",
        "synthetic": any(change.group in SYNTHETIC_GROUPS for change in shown_changes),
        "partly": any(change.group not in SYNTHETIC_GROUPS for change in shown_changes),
        "turns": make_pagination(page_number, last_page, build_page_url),
        "csv": build_page_url(form="csv") if changes else "",
        "kept": _make_snapshots_table(snapshot),
        "empty": None if changes else _make_empty_state(),
    }
    return render(request, "data_quality/changes.html", {"page": page})


def select_changes(
    snapshot: snapshot_access.Snapshot, parameters: Mapping[str, str]
) -> tuple[Sequence[snapshot_access.UnannouncedChange], str, str]:
    """Return the requested changes, with their publisher and process. Ignore a publisher or process without changes."""
    process, publisher = parameters.get("of", ""), parameters.get("publisher", "")
    changes = snapshot_access.list_process_unannounced_changes(snapshot, process)
    process = process if changes else ""
    changes = changes or snapshot_access.list_unannounced_changes(snapshot)
    of_publisher = [change for change in changes if change.publisher == publisher]
    return (of_publisher, publisher, process) if of_publisher else (changes, "", process)


def _summarise_changes(changes: Sequence[snapshot_access.UnannouncedChange]) -> str:
    edit_count = sum(change.edit for change in changes)
    vanished_count = len(changes) - edit_count
    uk_count = sum(change.group == "uk" for change in changes)
    edits = ngettext("%(n)s silent edit", "%(n)s silent edits", edit_count) % {"n": format_count(edit_count)}
    vanished = ngettext("%(n)s vanished notice", "%(n)s vanished notices", vanished_count) % {
        "n": format_count(vanished_count)
    }
    sentence = _("We found %(edits)s and %(gone)s") % {"edits": edits, "gone": vanished}
    if not changes or uk_count == len(changes):
        return f"{sentence}."
    uk = _("%(n)s of them from UK publishers") % {"n": format_count(uk_count)}
    return f"{sentence}, {uk if uk_count else _('none of them from UK publishers')}."


def _describe_shown_range(page: int, shown_count: int, total: int) -> str:
    if total <= shown_count:
        return ""
    first = (page - 1) * CHANGES_PER_PAGE + 1
    return _("Showing %(first)s to %(last)s of %(total)s, with the most recently read first.") % {
        "first": format_count(first),
        "last": format_count(first + shown_count - 1),
        "total": format_count(total),
    }


def _describe_change(details: snapshot_access.ChangeDetails) -> dict[str, Any]:
    """Return the page context of one change: its record, what happened, and old and new values."""
    change = details.change
    return {
        "title": details.title,
        "href": build_record_url("contracting_process", change.ocid),
        "kind": _("Silent edit") if change.edit else _("Vanished notice"),
        "sentences": (
            _describe_notice(details),
            *(_describe_silent_edit(change) if change.edit else _describe_vanished_notice(change)),
        ),
        "fields": _make_fields_table(details) if change.edit else None,
        "synthetic": change.group in SYNTHETIC_GROUPS,
    }


def _describe_notice(details: snapshot_access.ChangeDetails) -> str:
    change = details.change
    notice = _("Notice %(notice)s, published by %(publisher)s") % {
        "notice": details.notice,
        "publisher": change.publisher,
    }
    return f"{notice}, {formatting.format_date(change.date)}." if change.date else f"{notice}."


def _describe_silent_edit(change: snapshot_access.UnannouncedChange) -> tuple[str, ...]:
    if change.before.sha256 == change.after.sha256:
        return (_("We read both versions from %s.") % _describe_file(change.after),)
    files = {"before": _describe_file(change.before), "after": _describe_file(change.after)}
    return (_("We have one version from %(before)s. We have another, with the same id, from %(after)s.") % files,)


def _describe_vanished_notice(change: snapshot_access.UnannouncedChange) -> tuple[str, ...]:
    files = {"before": _describe_file(change.before), "after": _describe_file(change.after)}
    return (
        _("It was in %(before)s. The last version of that file that we read, %(after)s, does not contain it.") % files,
        _("The publisher may have removed it, or moved it to another file. We keep it and still count it."),
    )


def _describe_file(file: snapshot_access.LoggedFile) -> str:
    """Return a file's name and when it was read, or its hash if the log no longer has its name."""
    if not file.name:
        return _("the file with the sha256 %s…") % file.sha256[:12]
    day, time = formatting.format_date(file.read), f"{file.read:%H:%M}" if file.read else ""
    return _("%(name)s (read on %(day)s, %(time)s UTC)") % {"name": file.name, "day": day, "time": time}


def _make_fields_table(details: snapshot_access.ChangeDetails) -> PageTable:
    rows = details.fields[:MAX_SHOWN_FIELDS]
    unlisted = len(details.fields) - len(rows)
    change = details.change
    # Two versions from one file with one date have no known order.
    order_known = change.before.sha256 != change.after.sha256 or change.old_date != change.date
    headings = (_("Before"), _("After")) if order_known else (_("One version"), _("The other version"))
    return value_display.make_table(
        _("What differs in notice %s") % details.notice,
        (TableColumn(_("Field")), *map(TableColumn, headings)),
        ((_label_field(row, change.ocid), _make_value_entry(row, "old_value"), _make_value_entry(row, "new_value")) for row in rows),
        note=_("%s more fields differ. The CSV file lists them.") % format_count(unlisted) if unlisted else "",
        empty=_("The difference is in something that we do not show: for example a street, a withdrawn value, or a value that we"
                " could not read."),
    )  # fmt: skip


def _label_field(row: dict[str, Any], ocid: str) -> str:
    """Return a field's label with its owner, such as “award-1: date”. The process's own id is left out of the owner's."""
    kind, ident = formatting.format_field_name(row["table"]), (row["object_id"] or "").removeprefix(f"{ocid}-")
    owner = ident if ident.partition("-")[0] == kind else f"{kind} {ident}".strip()
    return f"{owner}: {formatting.format_field_name(row['field'])}"


def _make_value_entry(row: dict[str, Any], name: str) -> TableEntry:
    value = row[name]
    if value is None:
        return TableEntry(state=_("no value"))
    text = format_history_value(row["table"], row["field"], value)
    return TableEntry(text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[: MAX_VALUE_CHARACTERS - 1]}…")


def format_history_value(table: str, field: str, value: str) -> str:
    """Return a value formatted by the type of its field; unchanged if it does not have that type."""
    kind = (
        HISTORY_TABLES[table].field(field).type
        if table in HISTORY_TABLES and field in HISTORY_TABLES[table].names
        else ""
    )
    try:
        if kind == "money":
            return f"{Decimal(value):,.2f}".removesuffix(".00")
        if kind == "date":
            return formatting.format_date(date.fromisoformat(value))
    except (ValueError, InvalidOperation):
        return value
    return {"true": _("yes"), "false": _("no")}.get(value, value) if kind == "boolean" else value


def _make_snapshots_table(snapshot: snapshot_access.Snapshot) -> PageTable:
    """Return a table of the retained snapshots, with the row counts of `COUNTED_SNAPSHOT_TABLES`."""
    headings = (_("Notices"), _("Contracts"), _("Silent edits"), _("Vanished notices"))
    unknown = TableEntry(state=_("not known"))
    return value_display.make_table(
        _("Snapshots"),
        (TableColumn(_("Snapshot")), TableColumn(_("As of")), *(TableColumn(name, numeric=True) for name in headings)),
        (
            (
                TableEntry(retained.name, state=_("this one") if retained.name == snapshot.name else ""),
                formatting.format_date(retained.as_of),
                *(retained.rows.get(name, unknown) for name in COUNTED_SNAPSHOT_TABLES),
            )
            for retained in snapshot_access.list_retained_snapshots(snapshot)
        ),
        hide_caption=False,
        note=_(
            "We keep the newest 3 snapshots, and remove older ones after a while. Cited figures keep their addresses."
        ),
        empty=_("We cannot list the snapshots."),
    )


def _make_empty_state() -> EmptyState:
    return EmptyState(
        _("No unannounced changes found"),
        _("In the loaded files, no publisher changed a notice without giving it a new id, and no new version of a file leaves out"
          " a notice that an earlier version had. We can only find changes in files that were loaded more than once. The operator"
          " of this site loads a file again when its publisher releases a new version."),
        (Link(_("See what was loaded"), reverse("sources")),),
    )  # fmt: skip


def _generate_csv_rows(snapshot: snapshot_access.Snapshot, parameters: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """Yield the requested changes: a row for each field of a silent edit, and a row for each vanished notice.

    After `MAX_CSV_CHANGES` changes a last row says how many there are.
    """
    yield CHANGES_CSV_HEADING
    changes = select_changes(snapshot, parameters)[0]
    for change in changes[:MAX_CSV_CHANGES]:
        (details,) = snapshot_access.describe_changes(snapshot, [change])
        first = ("silent edit" if change.edit else "vanished notice", change.publisher, change.ocid, details.title, details.notice,
                 change.release_id, find_publication_day(change.date).isoformat() if change.date else "")  # fmt: skip
        last = (
            *_list_file_cells(change.before),
            *_list_file_cells(change.after),
            build_record_url("contracting_process", change.ocid),
        )
        for row in details.fields or ({},):
            middle = (row.get(name) or "" for name in ("table", "object_id", "field", "old_value", "new_value"))
            yield (*first, *middle, *last)
    if len(changes) > MAX_CSV_CHANGES:
        counts = {"shown": format_count(MAX_CSV_CHANGES), "all": format_count(len(changes))}
        sentence = _("These are the first %(shown)s of %(all)s changes.") % counts
        yield (f"{sentence} {_('The tables notice_revision, revised_field and vanished_notice have all of them.')}",)


def _list_file_cells(file: snapshot_access.LoggedFile) -> tuple[str, str, str]:
    return file.name, file.sha256, file.read.isoformat(timespec="seconds") if file.read else ""
