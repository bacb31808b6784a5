"""Words and tables in the terminal: what each command prints. Progress goes to the error stream, answers to the other."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.text import Text

from threepoint.pipeline import Built, Checked, Loaded, Pruned, Watch
from threepoint.presentation import formatting
from threepoint.presentation.jsonable import plain
from threepoint.presentation.record_lists import SYNTHETIC
from threepoint.presentation.records import Record
from threepoint.standard.code_lists import NOTICES

if TYPE_CHECKING:
    from rich.table import Table

    from threepoint.compare import Comparison
    from threepoint.publish.manifest import Published


class Plain(Console):
    """A console that takes no text for its own markup, and shows control characters instead of obeying them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: Any, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of anything that can be shown; a control character is one sign wide."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(HIDDEN.sub("\ufffd", segment.text), segment.style)


HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # all but the line's end
OUT = Plain(soft_wrap=False)
ERR = Plain(stderr=True)
MOST_FAILURES = 40  # as many as a person reads
HEADS = {"ocids": "processes"}
# What a snapshot is told by: tables of the standard and what one of their rows is called.
MADE = (("contracting_process", "process"), ("award", "award"), ("contract", "contract"), ("scheme", "major project"),
        ("change", "change"), ("spend", "payment"), ("sale", "sale"), ("pipeline_entry", "plan"))  # fmt: skip


@contextmanager
def progress(doing: str, unit: str, *, quiet: bool) -> Iterator[Watch]:
    """A bar with rate and time left on the error stream, where that is a terminal; else nothing moves."""
    if quiet or not ERR.is_terminal:
        yield Watch(say=ERR.print)
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    counts = (DownloadColumn(), TransferSpeedColumn()) if unit == "bytes" else (MofNCompleteColumn(),)
    columns = (TextColumn(f"{doing} {{task.description}}"), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield Watch(
            lambda what, done, total: bar.update(task, description=what[:30], completed=done, total=total), ERR.print
        )


def as_json_text(value: Any) -> None:
    """Prints an answer as JSON."""
    told = json.dumps(plain(value), indent=1, ensure_ascii=False)
    print(told.encode(errors="backslashreplace").decode())  # noqa: T201  # the command's answer


# What a load says it read, and what a build says it made, by table; ALWAYS even where there is none.
READ = (("release", "release"), ("gmpp_year", "project-year"), ("spend_line", "payment"), ("sale", "sale"),
        ("pipeline_entry", "plan"), ("register_entry", "register line"))  # fmt: skip
ALWAYS = ("release", "gmpp_year", "contracting_process", "award", "contract", "scheme", "change")


def loaded(done: Loaded, *, as_json: bool) -> None:
    """What a load did; the last line counts what was quarantined."""
    if as_json:
        return as_json_text(_loaded_plain(done))
    _read(done)
    return None


def _loaded_plain(done: Loaded) -> dict[str, Any]:
    return {**plain(done), "quarantined": list(map(str, done.quarantined))}


def _read(done: Loaded) -> None:
    OUT.print(
        f"Read {_count(done.files, 'file')}: {_counts(done.rows, READ)}."
        f" {_count(done.held, 'file')} {'was' if done.held == 1 else 'were'} held already."
    )
    if done.tables:
        OUT.print(
            f"Read a package of {len(done.tables):,} tables, {sum(done.tables.values()):,} rows: it is the snapshot now."
        )
    for kind, count in sorted(done.passed_over.items()):
        OUT.print(f"  passed over: {count:,} × {kind}")
    for problem in done.problems:
        OUT.print(f"  not read: {problem}")
    for reason in done.quarantined[:10]:
        OUT.print(f"  quarantined: {reason}")
    OUT.print(f"Quarantined: {done.parts:,}.")


def _count(number: int, noun: str) -> str:
    """1 file, 2 files."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}{'es' if noun.endswith('s') else 's'}"


def _counts(rows: dict[str, int], nouns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(_count(rows.get(name, 0), noun) for name, noun in nouns if rows.get(name) or name in ALWAYS)


def built(made: Built, *, as_json: bool) -> None:
    """What a build made."""
    if as_json:
        return as_json_text(plain(made) | {"inbox": _loaded_plain(made.inbox)})
    if made.inbox.files or made.inbox.problems:
        OUT.print("From the store's inbox:")
        _read(made.inbox)
    OUT.print(f"Built snapshot {made.snapshot}: {_counts(made.rows, MADE)}.")
    return None


def pruned(done: Pruned, *, as_json: bool) -> None:
    """What was dropped, and what stays."""
    if as_json:
        return as_json_text(done)
    OUT.print(
        f"Dropped the bytes of {_count(done.files, 'file')} ({done.bytes:,} bytes) and the first bytes of"
        f" {_count(done.heads, 'quarantined part')}. Kept: {_count(done.kept, 'file')}. What was read of them stays."
    )
    return None


def published(done: "Published", *, as_json: bool) -> None:
    """What was written, and what is left out of it."""
    if as_json:
        return as_json_text(asdict(done) | done.labels())
    size = sum(file.bytes for file in done.files)
    OUT.print(f"Wrote {len(done.files):,} files, {size:,} bytes, to {done.out}.", soft_wrap=True)
    counts = (
        done.counts
        if done.format in ("ocds", "oc4ids")
        else {"tables": len(done.counts), "rows": sum(done.counts.values())}
    )
    OUT.print("  " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()), soft_wrap=True)
    for source in done.sources:
        OUT.print(f"  from {source['title']}: licence {source['licence']}", soft_wrap=True, markup=False)
    OUT.print("Left out:")
    for what, told in done.left_out.items():
        for line in told if what == "never_held" else [_left_out(what, told)]:
            OUT.print(f"  {line}", soft_wrap=True, markup=False)
    if done.synthetic:
        OUT.print(SYNTHETIC)
    return None


def _left_out(what: str, told: Any) -> str:
    words = what.replace("_", " ")
    if isinstance(told, dict):
        return f"{words}: " + (", ".join(f"{count:,} × {kind}" for kind, count in told.items()) or "none")
    return f"{words}: {told:,}"


def status(told: dict[str, Any], *, as_json: bool) -> None:
    """What is in the store."""
    if as_json:
        return as_json_text(told)
    from threepoint.record_text import columns

    OUT.print(f"Snapshot: {told['snapshot'] or 'none yet – run `threepoint build`'}")
    if told["snapshot"]:
        OUT.print(f"In it: {_counts(told['standard'], MADE)}.")
    names = [
        "releases",
        *(["compiled"] if any(source["compiled"] for source in told["sources"]) else []),
        "ocids",
        "rows",
    ]
    table = columns("publisher", "group", *[HEADS.get(name, name) for name in names])
    for source in _few(told["sources"]):
        table.add_row(source["publisher"], source["group"], *(f"{source[name]:,}" for name in names))
    for column in table.columns[2:]:
        column.justify = "right"
    OUT.print(table)
    for kind, count in told["passed_over"].items():
        OUT.print(f"Passed over: {count:,} × {kind}")
    held = told["quarantine"]
    OUT.print(f"Quarantined: {_count(held['parts'], 'part')} of {_count(held['sources'], 'file')}.")
    for reason, count in held["reasons"].items():
        OUT.print(f"  {count:,} × {reason}", soft_wrap=True)
    return None


MANY = 8  # publishers of one group that are named one by one


def _few(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sources; where a group of lists has many publishers, one line for all of them. `--json` names each."""
    made: dict[str, dict[str, Any]] = {}
    times = Counter(source["group"] for source in sources)
    for source in sources:
        many = times[source["group"]] > MANY and not source["releases"]
        name = f"{times[source['group']]:,} publishers" if many else source["publisher"]
        known = made.setdefault(f"{source['group']} {name}", {**source, "publisher": name, "rows": 0})
        known["rows"] += source["rows"]
    return list(made.values())


def checked(found: Checked, *, as_json: bool) -> None:
    """What the checks say of a file."""
    if as_json:
        return as_json_text(plain(found) | {"loaded": _loaded_plain(found.loaded)})
    _read(found.loaded)
    if not found.loaded.rows:
        return None
    made, failed = sum(row["made"] for row in found.summary), sum(row["failed"] for row in found.summary)
    OUT.print(f"\nChecks made: {made:,}; failed: {failed:,}")
    for row in found.failures[:MOST_FAILURES]:
        OUT.print(f"  {row['severity']}: {row['subject_id']}: {row['detail']}", soft_wrap=True)
    if len(found.failures) > MOST_FAILURES:
        OUT.print(f"  … and {len(found.failures) - MOST_FAILURES:,} more; use --json for all")
    graded = ", ".join(f"{grade}: {count:,}" for grade, count in found.grades.items())
    OUT.print(f"\nCoverage grades: {graded or 'nothing due'}")
    OUT.print("\nWhat is filled, by publisher and notice type:")
    _filled(found.filled)
    return None


def _filled(rows: list[dict[str, Any]]) -> None:
    """A table for each publisher and notice type: which fields of which table are filled always, sometimes, never."""

    from threepoint.record_text import columns

    def home(row: dict[str, Any]) -> tuple[str, str]:
        return row["publisher"] or "publisher not named", row["notice_type"] or "notice not named"

    for (publisher, notice), found in groupby(rows, key=home):
        OUT.print(f"\n{publisher} · {' '.join([notice, *NOTICES.get(notice, ())[:1]])}", soft_wrap=True)
        table = columns("", "", "", show_header=False)
        for name, fields in groupby(found, key=lambda row: str(row["table"])):
            for number, (when, said) in enumerate(_by_share(list(fields))):
                table.add_row("" if number else name, when, said)
        table.columns[0].no_wrap = table.columns[1].no_wrap = True
        OUT.print(table)


def _by_share(fields: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What is filled always and sometimes (with its share), in words, and how many fields never are."""
    parts: dict[str, list[str]] = {"always": [], "sometimes": []}
    never = 0
    for row in fields:
        said = formatting.field(row["field"])
        if row["filled"] == row["rows"]:
            parts["always"].append(said)
        elif row["filled"]:
            parts["sometimes"].append(f"{said} {row['filled'] / row['rows']:.0%}")
        else:
            never += 1
    told = [(when, ", ".join(said)) for when, said in parts.items() if said]
    return [*told, *([("never", _count(never, "field"))] if never else [])]


def record(found: Record, *, as_json: bool) -> None:
    """The record of one thing: each figure with its state, source and date."""
    if as_json:
        return as_json_text(found)
    from threepoint import record_text

    for part in record_text.record(found, OUT.width):
        OUT.print(part, soft_wrap=isinstance(part, Text))
    return None


def comparison(found: "Comparison", *, as_json: bool) -> None:
    """Two to six things side by side."""
    if as_json:
        return as_json_text(found.in_words())
    from threepoint.compare import format_likeness, format_note

    if found.synthetic:
        OUT.print(Text(SYNTHETIC, style="italic"))
    letters = "ABCDEF"[: len(found.ids)]
    for letter, title, ident in zip(letters, found.headings, found.ids, strict=True):
        OUT.print(f"{letter}  {title}" + (f"\n   {ident}" if ident != title else ""), soft_wrap=True)
    OUT.print(_side_by_side(found, letters))
    OUT.print(Text("Are these alike?", style="bold"))
    for likeness in found.alike:
        OUT.print(f"  {format_likeness(likeness)}", soft_wrap=True)
    for letter, notes in zip(letters, found.notes, strict=True):
        for note in notes:
            OUT.print(f"  {letter}: {format_note(note)}", soft_wrap=True)
    return None


def _side_by_side(found: "Comparison", letters: str) -> "Table":
    """The lines of a comparison under the heading of their group; a column a thing, told by its letter."""
    from rich.padding import Padding

    from threepoint.record_text import columns

    table = columns("", *letters)
    for group, lines in groupby(found.lines, key=lambda line: line.group):
        if group:
            table.add_row(Text(group, style="bold"))
        for line in lines:
            cells = [cell.text + (f"\n({cell.note})" if cell.note else "") for cell in line.cells]
            table.add_row(Padding(line.label, (0, 0, 0, 2 if group else 0)), *cells)
    return table


def sampled(summary: Any, out: Path, *, as_json: bool) -> None:
    """What a synthetic world holds."""
    if as_json:
        return as_json_text(summary)
    OUT.print(
        f"Made {summary.releases:,} synthetic releases of {summary.processes:,} processes in {out}, seed {summary.seed}."
        f" {SYNTHETIC}"
    )
    if len(summary.compare) > 1:
        OUT.print("To compare: threepoint compare " + " ".join(summary.compare), soft_wrap=True)
    else:
        OUT.print(
            "To compare contracts, make a larger world: three that are worth it are among the first 200 releases."
        )
    return None
