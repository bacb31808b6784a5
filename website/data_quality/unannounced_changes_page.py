"""The page of what changed without a notice: silent edits and vanished notices, newest first, and the same as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.publishers import SYNTHETIC_GROUPS
from website.common import csv_export, snapshot_access, value_display
from website.common.components import EmptyState, Link, PageTable, TableColumn, TableEntry, make_pagination
from website.common.record_urls import build_record_url, build_url
from website.data_quality.labels import format_count, read_page_number

CHANGES_PER_PAGE = 20
MAX_SHOWN_FIELDS = 25  # of one edit on the page; the file has all
MAX_CSV_CHANGES = 2_000  # changes
MAX_VALUE_CHARACTERS = 300  # characters of a value on the page
CHANGES_CSV_HEADING = (
    "kind", "publisher", "ocid", "title", "notice", "release id", "published", "table", "thing", "field", "old value",
    "new value", "earlier file", "earlier file sha256", "earlier file read on", "later file", "later file sha256",
    "later file read on", "address",
)  # fmt: skip
COUNTED_SNAPSHOT_TABLES = ("notice", "contract", "notice_revision", "vanished_notice")


def show_unannounced_changes(request):
    """What changed without a notice, for the `publisher`, the process (`of`) and the `page` asked for; `form=csv`: as a file.

    Not kept like other pages: which snapshots the store keeps changes without a new snapshot.
    """
    snapshot = snapshot_access.get_snapshot(request)
    if request.GET.get("form") == "csv":
        return csv_export.build_csv_response(_generate_csv_rows(snapshot, request.GET), "changed-without-a-notice.csv")
    every = snapshot_access.list_unannounced_changes(snapshot)
    some, publisher, process = select_changes(snapshot, request.GET)
    here, last = read_page_number(request.GET, len(some), CHANGES_PER_PAGE)
    part = some[(here - 1) * CHANGES_PER_PAGE : here * CHANGES_PER_PAGE]

    def to(at: int = 1, who: str = publisher, **more: str) -> str:
        named = {"publisher": who, "of": process, **more, "page": str(at) if at > 1 else ""}
        return build_url("changes", {name: value for name, value in named.items() if value})

    publishers = sorted({one.publisher for one in every}, key=str.casefold) if not process else []
    links = [(Link(_("All publishers"), to(who="")), not publisher)]
    links += [(Link(name, to(who=name)), name == publisher) for name in publishers]
    page = {
        "total": _summarise_changes(some),
        "shown": _describe_shown_range(here, len(part), len(some)),
        "items": [_describe_change(told) for told in snapshot_access.describe_changes(snapshot, part)],
        "publishers": links if len(publishers) > 1 else [],
        "process": process,
        "everything": reverse("changes") if process or publisher else "",
        "synthetic": any(one.group in SYNTHETIC_GROUPS for one in part),
        "partly": any(one.group not in SYNTHETIC_GROUPS for one in part),
        "turns": make_pagination(here, last, to),
        "csv": to(form="csv") if some else "",
        "kept": _make_snapshots_table(snapshot),
        "empty": None if some else _make_empty_state(),
    }
    return render(request, "data_quality/changes.html", {"page": page})


def select_changes(
    snapshot: snapshot_access.Snapshot, asked: Mapping[str, str]
) -> tuple[Sequence[snapshot_access.UnannouncedChange], str, str]:
    """The changes asked for, of which publisher and of which process; what is not held is not obeyed."""
    process, publisher = asked.get("of", ""), asked.get("publisher", "")
    every = snapshot_access.list_process_unannounced_changes(snapshot, process)
    process = process if every else ""
    every = every or snapshot_access.list_unannounced_changes(snapshot)
    some = [one for one in every if one.publisher == publisher]
    return (some, publisher, process) if some else (every, "", process)


def _summarise_changes(some: Sequence[snapshot_access.UnannouncedChange]) -> str:
    edits = sum(one.edit for one in some)
    told = ngettext("%(n)s silent edit", "%(n)s silent edits", edits) % {"n": format_count(edits)}
    gone = len(some) - edits
    also = ngettext("%(n)s vanished notice", "%(n)s vanished notices", gone) % {"n": format_count(gone)}
    known = _("%(edits)s and %(gone)s are known") % {"edits": told, "gone": also}
    uk = sum(one.group == "uk" for one in some)
    here = _("%(n)s of them of UK publishers") % {"n": format_count(uk)} if uk else _("none of them of UK publishers")
    return f"{known}, {here}." if some and uk < len(some) else f"{known}."


def _describe_shown_range(here: int, part: int, total: int) -> str:
    first = (here - 1) * CHANGES_PER_PAGE + 1
    told = {"first": format_count(first), "last": format_count(first + part - 1), "total": format_count(total)}
    return _("Shown: %(first)s to %(last)s of %(total)s, what we read last first.") % told if total > part else ""


def _describe_change(told: snapshot_access.ChangeDetails) -> dict[str, Any]:
    """One change: its record, what happened in a sentence or two, and old and new side by side."""
    change = told.change
    return {
        "title": told.title,
        "href": build_record_url("contracting_process", change.ocid),
        "kind": _("Silent edit") if change.edit else _("No longer in its file"),
        "sentences": (
            _describe_notice(told),
            *(_describe_silent_edit(change) if change.edit else _describe_vanished_notice(change)),
        ),
        "fields": _make_fields_table(told) if change.edit else None,
        "synthetic": change.group in SYNTHETIC_GROUPS,
    }


def _describe_notice(told: snapshot_access.ChangeDetails) -> str:
    change = told.change
    said = _("Notice %(notice)s, published by %(publisher)s") % {
        "notice": told.notice,
        "publisher": change.publisher,
    }
    return f"{said}, {formatting.format_date(change.date)}." if change.date else f"{said}."


def _describe_silent_edit(change: snapshot_access.UnannouncedChange) -> tuple[str, ...]:
    where = _("One content was read from %(before)s, another under the same id from %(after)s.")
    if change.before.sha256 == change.after.sha256:
        return (_("Both contents were read from %s.") % _describe_file(change.after),)
    return (where % {"before": _describe_file(change.before), "after": _describe_file(change.after)},)


def _describe_vanished_notice(change: snapshot_access.UnannouncedChange) -> tuple[str, ...]:
    told = {"before": _describe_file(change.before), "after": _describe_file(change.after)}
    return (
        _("It stood in %(before)s. The version of that file that was read last, %(after)s, does not hold it.") % told,
        _("It may have been taken down, or moved to another file. We keep it, and still count it."),
    )


def _describe_file(file: snapshot_access.LoggedFile) -> str:
    """A file by its name and when it was read; by its hash where the log no longer tells."""
    if not file.name:
        return _("the file with the sha256 %s…") % file.sha256[:12]
    day, time = formatting.format_date(file.read), f"{file.read:%H:%M}" if file.read else ""
    return _("%(name)s (read on %(day)s, %(time)s UTC)") % {"name": file.name, "day": day, "time": time}


def _make_fields_table(told: snapshot_access.ChangeDetails) -> PageTable:
    rows = told.fields[:MAX_SHOWN_FIELDS]
    left = len(told.fields) - len(rows)
    change = told.change
    known = change.before.sha256 != change.after.sha256 or change.old_date != change.date
    heads = (_("Before"), _("After")) if known else (_("One content"), _("The other"))  # of one file, and one date
    return value_display.make_table(
        _("What differs in notice %s") % told.notice,
        (TableColumn(_("Field")), *map(TableColumn, heads)),
        ((_label_field(row, change.ocid), _make_value_entry(row, "old_value"), _make_value_entry(row, "new_value")) for row in rows),
        note=_("%s more fields differ; the CSV has them.") % format_count(left) if left else "",
        empty=_("What differs is something that we read and do not show, such as a street, or a value that was taken back or"
                " could not be read."),
    )  # fmt: skip


def _label_field(row: dict[str, Any], ocid: str) -> str:
    """A field, of what it is: “award-1: date”. An id that begins with the process's own is told without that."""
    kind, own = formatting.format_field_name(row["table"]), (row["thing"] or "").removeprefix(f"{ocid}-")
    of = own if own.partition("-")[0] == kind else f"{kind} {own}".strip()
    return f"{of}: {formatting.format_field_name(row['field'])}"


def _make_value_entry(row: dict[str, Any], name: str) -> TableEntry:
    value = row[name]
    if value is None:
        return TableEntry(state=_("nothing"))
    said = format_history_value(row["table"], row["field"], value)
    return TableEntry(said if len(said) <= MAX_VALUE_CHARACTERS else f"{said[: MAX_VALUE_CHARACTERS - 1]}…")


def format_history_value(table: str, field: str, value: str) -> str:
    """A value of a field as a page says it; as it is where it cannot be read as what its field asks for."""
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
    """The snapshots that the store keeps, with how many rows of some tables each has."""
    heads = (_("Notices"), _("Contracts"), _("Silent edits"), _("Vanished notices"))
    unknown = TableEntry(state=_("not told"))
    return value_display.make_table(
        _("Snapshots kept"),
        (TableColumn(_("Snapshot")), TableColumn(_("Told for")), *(TableColumn(head, numeric=True) for head in heads)),
        (
            (
                TableEntry(one.name, state=_("this one") if one.name == snapshot.name else ""),
                formatting.format_date(one.as_of),
                *(one.rows.get(name, unknown) for name in COUNTED_SNAPSHOT_TABLES),
            )
            for one in snapshot_access.list_retained_snapshots(snapshot)
        ),
        hide_caption=False,
        note=_("Older snapshots are removed. A figure that was cited keeps its address all the same."),
        empty=_("No snapshot can be listed."),
    )


def _make_empty_state() -> EmptyState:
    return EmptyState(
        _("No change without a notice is known"),
        _("In the files that were loaded here, no publisher gave a notice other content under the same id, and no newer version of"
          " a file leaves out a notice that an earlier one held. That is told only of files that were loaded more than once, as"
          " they changed: whoever runs this site loads a file again when its publisher gives it out anew."),
        (Link(_("What was loaded"), reverse("sources")),),
    )  # fmt: skip


def _generate_csv_rows(snapshot: snapshot_access.Snapshot, asked: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """Changes asked for as rows: one for each field of a silent edit, one for each vanished notice.

    At most MOST_IN_FILE changes; then a last line says how many there are.
    """
    yield CHANGES_CSV_HEADING
    some = select_changes(snapshot, asked)[0]
    for change in some[:MAX_CSV_CHANGES]:
        (told,) = snapshot_access.describe_changes(snapshot, [change])
        first = ("silent edit" if change.edit else "vanished notice", change.publisher, change.ocid, told.title, told.notice,
                 change.release_id, change.date.date().isoformat() if change.date else "")  # fmt: skip
        last = (
            *_list_file_cells(change.before),
            *_list_file_cells(change.after),
            build_record_url("contracting_process", change.ocid),
        )
        for row in told.fields or ({},):
            middle = (row.get(name) or "" for name in ("table", "thing", "field", "old_value", "new_value"))
            yield (*first, *middle, *last)
    if len(some) > MAX_CSV_CHANGES:
        shown = {"shown": format_count(MAX_CSV_CHANGES), "all": format_count(len(some))}
        left_out = _("The first %(shown)s of %(all)s changes.") % shown
        yield (f"{left_out} {_('The tables notice_revision, revised_field and vanished_notice have all.')}",)


def _list_file_cells(file: snapshot_access.LoggedFile) -> tuple[str, str, str]:
    return file.name, file.sha256, file.read.isoformat(timespec="seconds") if file.read else ""
