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

from threepoint.pipeline import BuildResult, FileCheckResult, LoadResult, ProgressReporter, PruneResult
from threepoint.presentation import formatting
from threepoint.presentation.jsonable import make_jsonable
from threepoint.presentation.record_lists import SYNTHETIC_WARNING
from threepoint.presentation.records import Record
from threepoint.standard.code_lists import NOTICE_TYPES

if TYPE_CHECKING:
    from rich.table import Table

    from threepoint.compare import Comparison
    from threepoint.publish.manifest import Publication


class PlainConsole(Console):
    """A console that takes no text for its own markup, and shows control characters instead of obeying them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: Any, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of anything that can be shown; a control character is one sign wide."""
        for segment in super().render(renderable, options):
            yield (
                segment
                if segment.control
                else Segment(CONTROL_CHARACTER_PATTERN.sub("\ufffd", segment.text), segment.style)
            )


CONTROL_CHARACTER_PATTERN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)  # all but the line's end
STDOUT_CONSOLE = PlainConsole(soft_wrap=False)
STDERR_CONSOLE = PlainConsole(stderr=True)
MAX_FAILURES_SHOWN = 40  # as many as a person reads
HEADING_BY_COLUMN = {"ocids": "processes"}
# What a snapshot is told by: tables of the standard and what one of their rows is called.
SNAPSHOT_TABLE_NOUNS = (("contracting_process", "process"), ("award", "award"), ("contract", "contract"), ("scheme", "major project"),
        ("change", "change"), ("spend", "payment"), ("sale", "sale"), ("pipeline_entry", "plan"))  # fmt: skip


@contextmanager
def show_progress(doing: str, unit: str, *, quiet: bool) -> Iterator[ProgressReporter]:
    """A bar with rate and time left on the error stream, where that is a terminal; else nothing moves."""
    if quiet or not STDERR_CONSOLE.is_terminal:
        yield ProgressReporter(say=STDERR_CONSOLE.print)
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
    with Progress(*columns, console=STDERR_CONSOLE, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield ProgressReporter(
            lambda what, done, total: bar.update(task, description=what[:30], completed=done, total=total),
            STDERR_CONSOLE.print,
        )


def print_json(value: Any) -> None:
    """Prints an answer as JSON."""
    told = json.dumps(make_jsonable(value), indent=1, ensure_ascii=False)
    print(told.encode(errors="backslashreplace").decode())  # noqa: T201  # the command's answer


# What a load says it read, and what a build says it made, by table; ALWAYS even where there is none.
HISTORY_TABLE_NOUNS = (("release", "release"), ("gmpp_year", "project-year"), ("spend_line", "payment"), ("sale", "sale"),
        ("pipeline_entry", "plan"), ("register_entry", "register line"))  # fmt: skip
ALWAYS_COUNTED_TABLES = ("release", "gmpp_year", "contracting_process", "award", "contract", "scheme", "change")


def print_load(done: LoadResult, *, as_json: bool) -> None:
    """What a load did; the last line counts what was quarantined."""
    if as_json:
        return print_json(_convert_load(done))
    _print_load_counts(done)
    return None


def _convert_load(done: LoadResult) -> dict[str, Any]:
    return {**make_jsonable(done), "quarantined": list(map(str, done.quarantined))}


def _print_load_counts(done: LoadResult) -> None:
    STDOUT_CONSOLE.print(
        f"Read {_format_count(done.files, 'file')}: {_format_counts(done.rows, HISTORY_TABLE_NOUNS)}."
        f" {_format_count(done.held, 'file')} {'was' if done.held == 1 else 'were'} held already."
    )
    if done.tables:
        STDOUT_CONSOLE.print(
            f"Read a package of {len(done.tables):,} tables, {sum(done.tables.values()):,} rows: it is the snapshot now."
        )
    for kind, count in sorted(done.passed_over.items()):
        STDOUT_CONSOLE.print(f"  passed over: {count:,} × {kind}")
    for problem in done.problems:
        STDOUT_CONSOLE.print(f"  not read: {problem}")
    for reason in done.quarantined[:10]:
        STDOUT_CONSOLE.print(f"  quarantined: {reason}")
    STDOUT_CONSOLE.print(f"Quarantined: {done.parts:,}.")


def _format_count(number: int, noun: str) -> str:
    """1 file, 2 files."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}{'es' if noun.endswith('s') else 's'}"


def _format_counts(rows: dict[str, int], nouns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(
        _format_count(rows.get(name, 0), noun)
        for name, noun in nouns
        if rows.get(name) or name in ALWAYS_COUNTED_TABLES
    )


def print_build(made: BuildResult, *, as_json: bool) -> None:
    """What a build made."""
    if as_json:
        return print_json(make_jsonable(made) | {"inbox": _convert_load(made.inbox)})
    if made.inbox.files or made.inbox.problems:
        STDOUT_CONSOLE.print("From the store's inbox:")
        _print_load_counts(made.inbox)
    STDOUT_CONSOLE.print(f"Built snapshot {made.snapshot}: {_format_counts(made.rows, SNAPSHOT_TABLE_NOUNS)}.")
    return None


def print_prune(done: PruneResult, *, as_json: bool) -> None:
    """What was dropped, and what stays."""
    if as_json:
        return print_json(done)
    STDOUT_CONSOLE.print(
        f"Dropped the bytes of {_format_count(done.files, 'file')} ({done.bytes:,} bytes) and the first bytes of"
        f" {_format_count(done.heads, 'quarantined part')}. Kept: {_format_count(done.kept, 'file')}. What was read of them stays."
    )
    return None


def print_publication(done: "Publication", *, as_json: bool) -> None:
    """What was written, and what is left out of it."""
    if as_json:
        return print_json(asdict(done) | done.labels())
    size = sum(file.bytes for file in done.files)
    STDOUT_CONSOLE.print(f"Wrote {len(done.files):,} files, {size:,} bytes, to {done.out}.", soft_wrap=True)
    counts = (
        done.counts
        if done.format in ("ocds", "oc4ids")
        else {"tables": len(done.counts), "rows": sum(done.counts.values())}
    )
    STDOUT_CONSOLE.print(
        "  " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()), soft_wrap=True
    )
    for source in done.sources:
        STDOUT_CONSOLE.print(f"  from {source['title']}: licence {source['licence']}", soft_wrap=True, markup=False)
    STDOUT_CONSOLE.print("Left out:")
    for what, told in done.left_out.items():
        for line in told if what == "never_held" else [_format_left_out(what, told)]:
            STDOUT_CONSOLE.print(f"  {line}", soft_wrap=True, markup=False)
    if done.synthetic:
        STDOUT_CONSOLE.print(SYNTHETIC_WARNING)
    return None


def _format_left_out(what: str, told: Any) -> str:
    words = what.replace("_", " ")
    if isinstance(told, dict):
        return f"{words}: " + (", ".join(f"{count:,} × {kind}" for kind, count in told.items()) or "none")
    return f"{words}: {told:,}"


def print_status(told: dict[str, Any], *, as_json: bool) -> None:
    """What is in the store."""
    if as_json:
        return print_json(told)
    from threepoint.record_text import create_text_table

    STDOUT_CONSOLE.print(f"Snapshot: {told['snapshot'] or 'none yet – run `threepoint build`'}")
    if told["snapshot"]:
        STDOUT_CONSOLE.print(f"In it: {_format_counts(told['standard'], SNAPSHOT_TABLE_NOUNS)}.")
    names = [
        "releases",
        *(["compiled"] if any(source["compiled"] for source in told["sources"]) else []),
        "ocids",
        "rows",
    ]
    table = create_text_table("publisher", "group", *[HEADING_BY_COLUMN.get(name, name) for name in names])
    for source in _collapse_publishers(told["sources"]):
        table.add_row(source["publisher"], source["group"], *(f"{source[name]:,}" for name in names))
    for column in table.columns[2:]:
        column.justify = "right"
    STDOUT_CONSOLE.print(table)
    for kind, count in told["passed_over"].items():
        STDOUT_CONSOLE.print(f"Passed over: {count:,} × {kind}")
    held = told["quarantine"]
    STDOUT_CONSOLE.print(
        f"Quarantined: {_format_count(held['parts'], 'part')} of {_format_count(held['sources'], 'file')}."
    )
    for reason, count in held["reasons"].items():
        STDOUT_CONSOLE.print(f"  {count:,} × {reason}", soft_wrap=True)
    return None


MAX_PUBLISHERS_LISTED = 8  # publishers of one group that are named one by one


def _collapse_publishers(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sources; where a group of lists has many publishers, one line for all of them. `--json` names each."""
    made: dict[str, dict[str, Any]] = {}
    times = Counter(source["group"] for source in sources)
    for source in sources:
        many = times[source["group"]] > MAX_PUBLISHERS_LISTED and not source["releases"]
        name = f"{times[source['group']]:,} publishers" if many else source["publisher"]
        known = made.setdefault(f"{source['group']} {name}", {**source, "publisher": name, "rows": 0})
        known["rows"] += source["rows"]
    return list(made.values())


def print_file_check(found: FileCheckResult, *, as_json: bool) -> None:
    """What the checks say of a file."""
    if as_json:
        return print_json(make_jsonable(found) | {"loaded": _convert_load(found.loaded)})
    _print_load_counts(found.loaded)
    if not found.loaded.rows:
        return None
    made, failed = sum(row["made"] for row in found.summary), sum(row["failed"] for row in found.summary)
    STDOUT_CONSOLE.print(f"\nChecks made: {made:,}; failed: {failed:,}")
    for row in found.failures[:MAX_FAILURES_SHOWN]:
        STDOUT_CONSOLE.print(f"  {row['severity']}: {row['subject_id']}: {row['detail']}", soft_wrap=True)
    if len(found.failures) > MAX_FAILURES_SHOWN:
        STDOUT_CONSOLE.print(f"  … and {len(found.failures) - MAX_FAILURES_SHOWN:,} more; use --json for all")
    graded = ", ".join(f"{grade}: {count:,}" for grade, count in found.grades.items())
    STDOUT_CONSOLE.print(f"\nCoverage grades: {graded or 'nothing due'}")
    STDOUT_CONSOLE.print("\nWhat is filled, by publisher and notice type:")
    _print_filled_fields(found.filled)
    return None


def _print_filled_fields(rows: list[dict[str, Any]]) -> None:
    """A table for each publisher and notice type: which fields of which table are filled always, sometimes, never."""

    from threepoint.record_text import create_text_table

    def home(row: dict[str, Any]) -> tuple[str, str]:
        return row["publisher"] or "publisher not named", row["notice_type"] or "notice not named"

    for (publisher, notice), found in groupby(rows, key=home):
        STDOUT_CONSOLE.print(f"\n{publisher} · {' '.join([notice, *NOTICE_TYPES.get(notice, ())[:1]])}", soft_wrap=True)
        table = create_text_table("", "", "", show_header=False)
        for name, fields in groupby(found, key=lambda row: str(row["table"])):
            for number, (when, said) in enumerate(_group_by_share(list(fields))):
                table.add_row("" if number else name, when, said)
        table.columns[0].no_wrap = table.columns[1].no_wrap = True
        STDOUT_CONSOLE.print(table)


def _group_by_share(fields: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What is filled always and sometimes (with its share), in words, and how many fields never are."""
    parts: dict[str, list[str]] = {"always": [], "sometimes": []}
    never = 0
    for row in fields:
        said = formatting.format_field_name(row["field"])
        if row["filled"] == row["rows"]:
            parts["always"].append(said)
        elif row["filled"]:
            parts["sometimes"].append(f"{said} {row['filled'] / row['rows']:.0%}")
        else:
            never += 1
    told = [(when, ", ".join(said)) for when, said in parts.items() if said]
    return [*told, *([("never", _format_count(never, "field"))] if never else [])]


def print_record(found: Record, *, as_json: bool) -> None:
    """The record of one thing: each figure with its state, source and date."""
    if as_json:
        return print_json(found)
    from threepoint import record_text

    for part in record_text.format_record(found, STDOUT_CONSOLE.width):
        STDOUT_CONSOLE.print(part, soft_wrap=isinstance(part, Text))
    return None


def print_comparison(found: "Comparison", *, as_json: bool) -> None:
    """Two to six things side by side."""
    if as_json:
        return print_json(found.in_words())
    from threepoint.compare import format_likeness, format_note

    if found.synthetic:
        STDOUT_CONSOLE.print(Text(SYNTHETIC_WARNING, style="italic"))
    letters = "ABCDEF"[: len(found.ids)]
    for letter, title, ident in zip(letters, found.headings, found.ids, strict=True):
        STDOUT_CONSOLE.print(f"{letter}  {title}" + (f"\n   {ident}" if ident != title else ""), soft_wrap=True)
    STDOUT_CONSOLE.print(_create_comparison_table(found, letters))
    STDOUT_CONSOLE.print(Text("Are these alike?", style="bold"))
    for likeness in found.alike:
        STDOUT_CONSOLE.print(f"  {format_likeness(likeness)}", soft_wrap=True)
    for letter, notes in zip(letters, found.notes, strict=True):
        for note in notes:
            STDOUT_CONSOLE.print(f"  {letter}: {format_note(note)}", soft_wrap=True)
    return None


def _create_comparison_table(found: "Comparison", letters: str) -> "Table":
    """The lines of a comparison under the heading of their group; a column a thing, told by its letter."""
    from rich.padding import Padding

    from threepoint.record_text import create_text_table

    table = create_text_table("", *letters)
    for group, lines in groupby(found.lines, key=lambda line: line.group):
        if group:
            table.add_row(Text(group, style="bold"))
        for line in lines:
            cells = [cell.text + (f"\n({cell.note})" if cell.note else "") for cell in line.cells]
            table.add_row(Padding(line.label, (0, 0, 0, 2 if group else 0)), *cells)
    return table


def print_sample(summary: Any, out: Path, *, as_json: bool) -> None:
    """What a synthetic world holds."""
    if as_json:
        return print_json(summary)
    STDOUT_CONSOLE.print(
        f"Made {summary.releases:,} synthetic releases of {summary.processes:,} processes in {out}, seed {summary.seed}."
        f" {SYNTHETIC_WARNING}"
    )
    if len(summary.compare) > 1:
        STDOUT_CONSOLE.print("To compare: threepoint compare " + " ".join(summary.compare), soft_wrap=True)
    else:
        STDOUT_CONSOLE.print(
            "To compare contracts, make a larger world: three that are worth it are among the first 200 releases."
        )
    return None
