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
from threepoint.standard.history_tables import HISTORY
from threepoint.standard.publishers import MADE_UP
from website.common import csv_export, snapshot_access, value_display
from website.common.components import Column, Empty, Entry, Link, Table, pagination
from website.common.record_urls import address, address_of
from website.data_quality.labels import number, page_of

AT_A_TIME = 20
MOST_FIELDS = 25  # of one edit on the page; the file has all
MOST_IN_FILE = 2_000  # changes
MOST_TEXT = 300  # characters of a value on the page
HEADINGS = (
    "kind", "publisher", "ocid", "title", "notice", "release id", "published", "table", "thing", "field", "old value",
    "new value", "earlier file", "earlier file sha256", "earlier file read on", "later file", "later file sha256",
    "later file read on", "address",
)  # fmt: skip
SNAPSHOT_ROWS = ("notice", "contract", "notice_revision", "vanished_notice")


def unannounced(request):
    """What changed without a notice, for the `publisher`, the process (`of`) and the `page` asked for; `form=csv`: as a file.

    Not kept like other pages: which snapshots the store keeps changes without a new snapshot.
    """
    snapshot = snapshot_access.current(request)
    if request.GET.get("form") == "csv":
        return csv_export.attach(_csv_rows(snapshot, request.GET), "changed-without-a-notice.csv")
    every = snapshot_access.unannounced(snapshot)
    some, publisher, process = chosen(snapshot, request.GET)
    here, last = page_of(request.GET, len(some), AT_A_TIME)
    part = some[(here - 1) * AT_A_TIME : here * AT_A_TIME]

    def to(at: int = 1, who: str = publisher, **more: str) -> str:
        named = {"publisher": who, "of": process, **more, "page": str(at) if at > 1 else ""}
        return address("changes", {name: value for name, value in named.items() if value})

    publishers = sorted({one.publisher for one in every}, key=str.casefold) if not process else []
    links = [(Link(_("All publishers"), to(who="")), not publisher)]
    links += [(Link(name, to(who=name)), name == publisher) for name in publishers]
    page = {
        "total": _total(some),
        "shown": _shown(here, len(part), len(some)),
        "items": [_item(told) for told in snapshot_access.told(snapshot, part)],
        "publishers": links if len(publishers) > 1 else [],
        "process": process,
        "everything": reverse("changes") if process or publisher else "",
        "synthetic": any(one.group in MADE_UP for one in part),
        "partly": any(one.group not in MADE_UP for one in part),
        "turns": pagination(here, last, to),
        "csv": to(form="csv") if some else "",
        "kept": _kept(snapshot),
        "empty": None if some else _empty(),
    }
    return render(request, "data_quality/changes.html", {"page": page})


def chosen(
    snapshot: snapshot_access.Snapshot, asked: Mapping[str, str]
) -> tuple[Sequence[snapshot_access.Unannounced], str, str]:
    """The changes asked for, of which publisher and of which process; what is not held is not obeyed."""
    process, publisher = asked.get("of", ""), asked.get("publisher", "")
    every = snapshot_access.of_process(snapshot, process)
    process = process if every else ""
    every = every or snapshot_access.unannounced(snapshot)
    some = [one for one in every if one.publisher == publisher]
    return (some, publisher, process) if some else (every, "", process)


def _total(some: Sequence[snapshot_access.Unannounced]) -> str:
    edits = sum(one.edit for one in some)
    told = ngettext("%(n)s silent edit", "%(n)s silent edits", edits) % {"n": number(edits)}
    gone = len(some) - edits
    also = ngettext("%(n)s vanished notice", "%(n)s vanished notices", gone) % {"n": number(gone)}
    known = _("%(edits)s and %(gone)s are known") % {"edits": told, "gone": also}
    uk = sum(one.group == "uk" for one in some)
    here = _("%(n)s of them of UK publishers") % {"n": number(uk)} if uk else _("none of them of UK publishers")
    return f"{known}, {here}." if some and uk < len(some) else f"{known}."


def _shown(here: int, part: int, total: int) -> str:
    first = (here - 1) * AT_A_TIME + 1
    told = {"first": number(first), "last": number(first + part - 1), "total": number(total)}
    return _("Shown: %(first)s to %(last)s of %(total)s, what we read last first.") % told if total > part else ""


def _item(told: snapshot_access.Told) -> dict[str, Any]:
    """One change: its record, what happened in a sentence or two, and old and new side by side."""
    change = told.change
    return {
        "title": told.title,
        "href": address_of("contracting_process", change.ocid),
        "kind": _("Silent edit") if change.edit else _("No longer in its file"),
        "sentences": (_notice(told), *(_edited(change) if change.edit else _gone(change))),
        "fields": _fields(told) if change.edit else None,
        "synthetic": change.group in MADE_UP,
    }


def _notice(told: snapshot_access.Told) -> str:
    change = told.change
    said = _("Notice %(notice)s, published by %(publisher)s") % {
        "notice": told.notice,
        "publisher": change.publisher,
    }
    return f"{said}, {formatting.in_words(change.date)}." if change.date else f"{said}."


def _edited(change: snapshot_access.Unannounced) -> tuple[str, ...]:
    where = _("One content was read from %(before)s, another under the same id from %(after)s.")
    if change.before.sha256 == change.after.sha256:
        return (_("Both contents were read from %s.") % _file(change.after),)
    return (where % {"before": _file(change.before), "after": _file(change.after)},)


def _gone(change: snapshot_access.Unannounced) -> tuple[str, ...]:
    told = {"before": _file(change.before), "after": _file(change.after)}
    return (
        _("It stood in %(before)s. The version of that file that was read last, %(after)s, does not hold it.") % told,
        _("It may have been taken down, or moved to another file. We keep it, and still count it."),
    )


def _file(file: snapshot_access.File) -> str:
    """A file by its name and when it was read; by its hash where the log no longer tells."""
    if not file.name:
        return _("the file with the sha256 %s…") % file.sha256[:12]
    day, time = formatting.in_words(file.read), f"{file.read:%H:%M}" if file.read else ""
    return _("%(name)s (read on %(day)s, %(time)s UTC)") % {"name": file.name, "day": day, "time": time}


def _fields(told: snapshot_access.Told) -> Table:
    rows = told.fields[:MOST_FIELDS]
    left = len(told.fields) - len(rows)
    change = told.change
    known = change.before.sha256 != change.after.sha256 or change.old_date != change.date
    heads = (_("Before"), _("After")) if known else (_("One content"), _("The other"))  # of one file, and one date
    return value_display.make_table(
        _("What differs in notice %s") % told.notice,
        (Column(_("Field")), *map(Column, heads)),
        ((_field(row, change.ocid), _value(row, "old_value"), _value(row, "new_value")) for row in rows),
        note=_("%s more fields differ; the CSV has them.") % number(left) if left else "",
        empty=_("What differs is something that we read and do not show, such as a street, or a value that was taken back or"
                " could not be read."),
    )  # fmt: skip


def _field(row: dict[str, Any], ocid: str) -> str:
    """A field, of what it is: “award-1: date”. An id that begins with the process's own is told without that."""
    kind, own = formatting.field(row["table"]), (row["thing"] or "").removeprefix(f"{ocid}-")
    of = own if own.partition("-")[0] == kind else f"{kind} {own}".strip()
    return f"{of}: {formatting.field(row['field'])}"


def _value(row: dict[str, Any], name: str) -> Entry:
    value = row[name]
    if value is None:
        return Entry(state=_("nothing"))
    said = in_words(row["table"], row["field"], value)
    return Entry(said if len(said) <= MOST_TEXT else f"{said[: MOST_TEXT - 1]}…")


def in_words(table: str, field: str, value: str) -> str:
    """A value of a field as a page says it; as it is where it cannot be read as what its field asks for."""
    kind = HISTORY[table].field(field).type if table in HISTORY and field in HISTORY[table].names else ""
    try:
        if kind == "money":
            return f"{Decimal(value):,.2f}".removesuffix(".00")
        if kind == "date":
            return formatting.in_words(date.fromisoformat(value))
    except (ValueError, InvalidOperation):
        return value
    return {"true": _("yes"), "false": _("no")}.get(value, value) if kind == "boolean" else value


def _kept(snapshot: snapshot_access.Snapshot) -> Table:
    """The snapshots that the store keeps, with how many rows of some tables each has."""
    heads = (_("Notices"), _("Contracts"), _("Silent edits"), _("Vanished notices"))
    unknown = Entry(state=_("not told"))
    return value_display.make_table(
        _("Snapshots kept"),
        (Column(_("Snapshot")), Column(_("Told for")), *(Column(head, numeric=True) for head in heads)),
        (
            (
                Entry(one.name, state=_("this one") if one.name == snapshot.name else ""),
                formatting.in_words(one.as_of),
                *(one.rows.get(name, unknown) for name in SNAPSHOT_ROWS),
            )
            for one in snapshot_access.kept(snapshot)
        ),
        hide_caption=False,
        note=_("Older snapshots are removed. A figure that was cited keeps its address all the same."),
        empty=_("No snapshot can be listed."),
    )


def _empty() -> Empty:
    return Empty(
        _("No change without a notice is known"),
        _("In the files that were loaded here, no publisher gave a notice other content under the same id, and no newer version of"
          " a file leaves out a notice that an earlier one held. That is told only of files that were loaded more than once, as"
          " they changed: whoever runs this site loads a file again when its publisher gives it out anew."),
        (Link(_("What was loaded"), reverse("sources")),),
    )  # fmt: skip


def _csv_rows(snapshot: snapshot_access.Snapshot, asked: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """Changes asked for as rows: one for each field of a silent edit, one for each vanished notice.

    At most MOST_IN_FILE changes; then a last line says how many there are.
    """
    yield HEADINGS
    some = chosen(snapshot, asked)[0]
    for change in some[:MOST_IN_FILE]:
        (told,) = snapshot_access.told(snapshot, [change])
        first = ("silent edit" if change.edit else "vanished notice", change.publisher, change.ocid, told.title, told.notice,
                 change.release_id, change.date.date().isoformat() if change.date else "")  # fmt: skip
        last = (*_file_cells(change.before), *_file_cells(change.after), address_of("contracting_process", change.ocid))
        for row in told.fields or ({},):
            middle = (row.get(name) or "" for name in ("table", "thing", "field", "old_value", "new_value"))
            yield (*first, *middle, *last)
    if len(some) > MOST_IN_FILE:
        shown = {"shown": number(MOST_IN_FILE), "all": number(len(some))}
        left_out = _("The first %(shown)s of %(all)s changes.") % shown
        yield (f"{left_out} {_('The tables notice_revision, revised_field and vanished_notice have all.')}",)


def _file_cells(file: snapshot_access.File) -> tuple[str, str, str]:
    return file.name, file.sha256, file.read.isoformat(timespec="seconds") if file.read else ""
