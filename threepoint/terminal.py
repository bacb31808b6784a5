"""Output of the commands in the terminal. Results go to standard output, progress to the error stream."""

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
from threepoint.standard.publishers import UNNAMED_PUBLISHER

if TYPE_CHECKING:
    from rich.table import Table

    from threepoint.compare import Comparison
    from threepoint.publish.manifest import Publication


class PlainConsole(Console):
    """A console that prints markup as text, and replaces control characters instead of obeying them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: Any, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of a renderable, each control character replaced by one visible character."""
        for segment in super().render(renderable, options):
            yield (
                segment
                if segment.control
                else Segment(CONTROL_CHARACTER_PATTERN.sub("\ufffd", segment.text), segment.style)
            )


# All control characters except the line feed.
CONTROL_CHARACTER_PATTERN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
STDOUT_CONSOLE = PlainConsole(soft_wrap=False)
STDERR_CONSOLE = PlainConsole(stderr=True)
MAX_FAILURES_SHOWN = 40
HEADING_BY_COLUMN = {"ocids": "processes"}
# Tables whose rows are counted in the summary of a snapshot, with the noun for a row.
SNAPSHOT_TABLE_NOUNS = (("contracting_process", "process"), ("award", "award"), ("contract", "contract"), ("scheme", "major project"),
        ("change", "change"), ("spend", "payment"), ("sale", "sale"), ("pipeline_entry", "plan"))  # fmt: skip


@contextmanager
def show_progress(activity: str, unit: str, *, quiet: bool) -> Iterator[ProgressReporter]:
    """Show a progress bar on the error stream if that is a terminal; otherwise print messages only."""
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
    columns = (TextColumn(f"{activity} {{task.description}}"), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=STDERR_CONSOLE, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield ProgressReporter(
            lambda item, done, total: bar.update(task, description=item[:30], completed=done, total=total),
            STDERR_CONSOLE.print,
        )


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    text = json.dumps(make_jsonable(value), indent=1, ensure_ascii=False)
    print(text.encode(errors="backslashreplace").decode())  # noqa: T201  # the output of the command


# Tables whose rows are counted in the summary of a load, with the noun for a row. Counts of ALWAYS_COUNTED_TABLES are
# shown even if they are 0.
HISTORY_TABLE_NOUNS = (("release", "release"), ("gmpp_year", "project-year"), ("spend_line", "payment"), ("sale", "sale"),
        ("pipeline_entry", "plan"), ("register_entry", "register line"))  # fmt: skip
ALWAYS_COUNTED_TABLES = ("release", "gmpp_year", "contracting_process", "award", "contract", "scheme", "change")


def print_load(result: LoadResult, *, as_json: bool) -> None:
    """Print the result of a load; the last line counts quarantined parts."""
    if as_json:
        return print_json(_convert_load(result))
    _print_load_counts(result)
    return None


def _convert_load(result: LoadResult) -> dict[str, Any]:
    return {**make_jsonable(result), "quarantined": list(map(str, result.quarantined))}


def _print_load_counts(result: LoadResult) -> None:
    STDOUT_CONSOLE.print(
        f"Read {_format_count(result.files, 'file')}: {_format_counts(result.rows, HISTORY_TABLE_NOUNS)}."
        f" {_format_count(result.already_loaded, 'file')} {'was' if result.already_loaded == 1 else 'were'} already loaded."
    )
    if result.tables:
        rows = sum(result.tables.values())
        STDOUT_CONSOLE.print(f"Read a package of {len(result.tables):,} tables, {rows:,} rows. It is now the snapshot.")
    for kind, count in sorted(result.skipped.items()):
        STDOUT_CONSOLE.print(f"  skipped: {count:,} × {kind}")
    for problem in result.problems:
        STDOUT_CONSOLE.print(f"  not read: {problem}")
    for reason in result.quarantined[:10]:
        STDOUT_CONSOLE.print(f"  quarantined: {reason}")
    STDOUT_CONSOLE.print(f"Quarantined: {result.parts:,}.")


def _format_count(number: int, noun: str) -> str:
    """Return a count with its noun in the singular or plural: 1 file, 2 processes."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}{'es' if noun.endswith('s') else 's'}"


def _format_counts(rows: dict[str, int], nouns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(
        _format_count(rows.get(name, 0), noun)
        for name, noun in nouns
        if rows.get(name) or name in ALWAYS_COUNTED_TABLES
    )


def print_build(result: BuildResult, *, as_json: bool) -> None:
    """Print the result of a build."""
    if as_json:
        return print_json(make_jsonable(result) | {"inbox": _convert_load(result.inbox)})
    if result.inbox.files or result.inbox.problems:
        STDOUT_CONSOLE.print("From the store's inbox:")
        _print_load_counts(result.inbox)
    STDOUT_CONSOLE.print(f"Built snapshot {result.snapshot}: {_format_counts(result.rows, SNAPSHOT_TABLE_NOUNS)}.")
    return None


def print_prune(result: PruneResult, *, as_json: bool) -> None:
    """Print the result of a prune: deleted and kept files."""
    if as_json:
        return print_json(result)
    STDOUT_CONSOLE.print(
        f"Deleted the content of {_format_count(result.files, 'file')} ({result.bytes:,} bytes) and the first bytes of"
        f" {_format_count(result.heads, 'quarantined part')}. Kept: {_format_count(result.kept, 'file')}."
        " The data read from all files stays."
    )
    return None


def print_publication(publication: "Publication", *, as_json: bool) -> None:
    """Print what a publication contains, and what it leaves out."""
    if as_json:
        return print_json(asdict(publication) | publication.labels())
    size = sum(file.bytes for file in publication.files)
    STDOUT_CONSOLE.print(
        f"Wrote {len(publication.files):,} files, {size:,} bytes, to {publication.out}.", soft_wrap=True
    )
    counts = publication.counts
    if publication.format not in ("ocds", "oc4ids"):
        counts = {"tables": len(counts), "rows": sum(counts.values())}
    STDOUT_CONSOLE.print(
        "  " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()), soft_wrap=True
    )
    for source in publication.sources:
        STDOUT_CONSOLE.print(f"  from {source['title']}: licence {source['licence']}", soft_wrap=True, markup=False)
    STDOUT_CONSOLE.print("Left out:")
    for name, value in publication.left_out.items():
        for line in value if name == "never_held" else [_format_left_out(name, value)]:
            STDOUT_CONSOLE.print(f"  {line}", soft_wrap=True, markup=False)
    if publication.synthetic:
        STDOUT_CONSOLE.print(SYNTHETIC_WARNING)
    return None


def _format_left_out(name: str, value: Any) -> str:
    label = "skipped" if name == "skipped" else name.replace("_", " ")
    if isinstance(value, dict):
        return f"{label}: " + (", ".join(f"{count:,} × {kind}" for kind, count in value.items()) or "none")
    return f"{label}: {value:,}"


def print_status(status: dict[str, Any], *, as_json: bool) -> None:
    """Print the content of the store."""
    if as_json:
        return print_json(status)
    from threepoint.record_text import create_text_table

    STDOUT_CONSOLE.print(f"Snapshot: {status['snapshot'] or 'none yet – run `threepoint build`'}")
    if status["snapshot"]:
        STDOUT_CONSOLE.print(f"In it: {_format_counts(status['standard'], SNAPSHOT_TABLE_NOUNS)}.")
    names = [
        "releases",
        *(["compiled"] if any(source["compiled"] for source in status["sources"]) else []),
        "ocids",
        "rows",
    ]
    table = create_text_table("publisher", "group", *[HEADING_BY_COLUMN.get(name, name) for name in names])
    for source in _collapse_publishers(status["sources"]):
        table.add_row(source["publisher"], source["group"], *(f"{source[name]:,}" for name in names))
    for column in table.columns[2:]:
        column.justify = "right"
    STDOUT_CONSOLE.print(table)
    for kind, count in status["skipped"].items():
        STDOUT_CONSOLE.print(f"Skipped: {count:,} × {kind}")
    quarantine = status["quarantine"]
    STDOUT_CONSOLE.print(
        f"Quarantined: {_format_count(quarantine['parts'], 'part')} of {_format_count(quarantine['sources'], 'file')}."
    )
    for reason, count in quarantine["reasons"].items():
        STDOUT_CONSOLE.print(f"  {count:,} × {reason}", soft_wrap=True)
    return None


MAX_PUBLISHERS_LISTED = 8  # in one group; more share one line


def _collapse_publishers(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Combine the publishers of lists in a group of many into one source. `--json` names each."""
    by_name: dict[str, dict[str, Any]] = {}
    group_sizes = Counter(source["group"] for source in sources)
    for source in sources:
        is_combined = group_sizes[source["group"]] > MAX_PUBLISHERS_LISTED and not source["releases"]
        name = f"{group_sizes[source['group']]:,} publishers" if is_combined else source["publisher"]
        line = by_name.setdefault(f"{source['group']} {name}", {**source, "publisher": name, "rows": 0})
        line["rows"] += source["rows"]
    return list(by_name.values())


def print_file_check(result: FileCheckResult, *, as_json: bool) -> None:
    """Print the results of checking a file."""
    if as_json:
        return print_json(make_jsonable(result) | {"loaded": _convert_load(result.loaded)})
    _print_load_counts(result.loaded)
    if not result.loaded.rows:
        return None
    check_count, failed_count = (sum(row[name] for row in result.summary) for name in ("made", "failed"))
    STDOUT_CONSOLE.print(f"\nChecks made: {check_count:,}; failed: {failed_count:,}")
    for row in result.failures[:MAX_FAILURES_SHOWN]:
        STDOUT_CONSOLE.print(f"  {row['severity']}: {row['subject_id']}: {row['detail']}", soft_wrap=True)
    if len(result.failures) > MAX_FAILURES_SHOWN:
        STDOUT_CONSOLE.print(f"  … and {len(result.failures) - MAX_FAILURES_SHOWN:,} more; use --json for all")
    graded = ", ".join(f"{grade}: {count:,}" for grade, count in result.grades.items())
    STDOUT_CONSOLE.print(f"\nCoverage grades: {graded or 'nothing due'}")
    STDOUT_CONSOLE.print("\nFilled fields, by publisher and notice type:")
    _print_filled_fields(result.filled)
    return None


def _print_filled_fields(rows: list[dict[str, Any]]) -> None:
    """Print a table for each publisher and notice type: the fields filled always, sometimes and never."""
    from threepoint.record_text import create_text_table

    def source(row: dict[str, Any]) -> tuple[str, str]:
        return row["publisher"] or UNNAMED_PUBLISHER, row["notice_type"] or "notice not named"

    for (publisher, notice), source_rows in groupby(rows, key=source):
        STDOUT_CONSOLE.print(f"\n{publisher} · {' '.join([notice, *NOTICE_TYPES.get(notice, ())[:1]])}", soft_wrap=True)
        table = create_text_table("", "", "", show_header=False)
        for name, fields in groupby(source_rows, key=lambda row: str(row["table"])):
            for number, (frequency, labels) in enumerate(_group_by_share(list(fields))):
                table.add_row("" if number else name, frequency, labels)
        table.columns[0].no_wrap = table.columns[1].no_wrap = True
        STDOUT_CONSOLE.print(table)


def _group_by_share(fields: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return labels of fields filled always and sometimes (with the share), and the number of fields never filled."""
    parts: dict[str, list[str]] = {"always": [], "sometimes": []}
    never = 0
    for row in fields:
        label = formatting.format_field_name(row["field"])
        if row["filled"] == row["rows"]:
            parts["always"].append(label)
        elif row["filled"]:
            parts["sometimes"].append(f"{label} {row['filled'] / row['rows']:.0%}")
        else:
            never += 1
    lines = [(frequency, ", ".join(labels)) for frequency, labels in parts.items() if labels]
    return [*lines, *([("never", _format_count(never, "field"))] if never else [])]


def print_record(record: Record, *, as_json: bool) -> None:
    """Print a record: each fact with its state, source and date, and its lists."""
    if as_json:
        return print_json(record)
    from threepoint import record_text

    for part in record_text.format_record(record, STDOUT_CONSOLE.width):
        STDOUT_CONSOLE.print(part, soft_wrap=isinstance(part, Text))
    return None


def print_comparison(comparison: "Comparison", *, as_json: bool) -> None:
    """Print two to six records side by side."""
    if as_json:
        return print_json(comparison.in_words())
    from threepoint.compare import format_likeness, format_note

    if comparison.synthetic:
        STDOUT_CONSOLE.print(Text(SYNTHETIC_WARNING, style="italic"))
    letters = "ABCDEF"[: len(comparison.ids)]
    for letter, title, record_id in zip(letters, comparison.headings, comparison.ids, strict=True):
        STDOUT_CONSOLE.print(f"{letter}  {title}" + (f"\n   {record_id}" if record_id != title else ""), soft_wrap=True)
    STDOUT_CONSOLE.print(_create_comparison_table(comparison, letters))
    STDOUT_CONSOLE.print(Text("How alike these records are", style="bold"))
    for likeness in comparison.alike:
        STDOUT_CONSOLE.print(f"  {format_likeness(likeness)}", soft_wrap=True)
    for letter, notes in zip(letters, comparison.notes, strict=True):
        for note in notes:
            STDOUT_CONSOLE.print(f"  {letter}: {format_note(note)}", soft_wrap=True)
    return None


def _create_comparison_table(comparison: "Comparison", letters: str) -> "Table":
    """Return the lines of a comparison under their group headings, with a column for each record, headed by its letter."""
    from rich.padding import Padding

    from threepoint.record_text import create_text_table

    table = create_text_table("", *letters)
    for group, lines in groupby(comparison.lines, key=lambda line: line.group):
        if group:
            table.add_row(Text(group, style="bold"))
        for line in lines:
            cells = [cell.text + (f"\n({cell.note})" if cell.note else "") for cell in line.cells]
            table.add_row(Padding(line.label, (0, 0, 0, 2 if group else 0)), *cells)
    return table


def print_sample(summary: Any, out: Path, *, as_json: bool) -> None:
    """Print the summary of a synthetic world."""
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
            "To compare contracts, make a larger world: the first 200 releases include three contracts worth comparing."
        )
    return None
