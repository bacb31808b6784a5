"""Words and tables in the terminal: what each command prints. Progress goes to the error stream, answers to the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from threepoint import page
from threepoint.compare import Comparison
from threepoint.page import SYNTHETIC, columns
from threepoint.pipeline import Built, Checked, Loaded, Watch
from threepoint.standard.records import Record

OUT = Console(highlight=False, soft_wrap=False)
ERR = Console(stderr=True, highlight=False)


@contextmanager
def progress(doing: str, unit: str, *, quiet: bool) -> Iterator[Watch]:
    """A bar with rate and time left on the error stream, where that is a terminal; else nothing moves."""
    if quiet or not ERR.is_terminal:
        yield Watch(say=ERR.print)
        return
    counts = (DownloadColumn(), TransferSpeedColumn()) if unit == "bytes" else (MofNCompleteColumn(),)
    columns = (TextColumn(f"{doing} {{task.description}}"), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield Watch(
            lambda what, done, total: bar.update(task, description=what[:30], completed=done, total=total), ERR.print
        )


def plain(value: Any) -> Any:
    """Any answer as JSON can hold it: money as exact text, dates as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, Path)) else value


def as_json_text(value: Any) -> None:
    """Prints an answer as JSON."""
    print(json.dumps(plain(value), indent=1, ensure_ascii=False))  # noqa: T201  # the command's answer


def loaded(done: Loaded, *, as_json: bool) -> None:
    """What a load did; the last line counts what was quarantined."""
    if as_json:
        return as_json_text(done)
    _read(done)
    return None


def _read(done: Loaded) -> None:
    releases, years = done.rows.get("release", 0), done.rows.get("gmpp_year", 0)
    OUT.print(
        f"Read {_count(done.files, 'file')}: {_count(releases, 'release')}, {_count(years, 'project-year')}."
        f" {_count(done.held, 'file')} {'was' if done.held == 1 else 'were'} held already."
    )
    for kind, count in sorted(done.passed_over.items()):
        OUT.print(f"  passed over: {count:,} × {kind}")
    for problem in done.problems:
        OUT.print(f"  not read: {problem}")
    for reason in done.quarantined[:10]:
        OUT.print(f"  quarantined: {reason}")
    OUT.print(f"Quarantined: {len(done.quarantined):,}.")


def _count(number: int, noun: str) -> str:
    """1 file, 2 files."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def built(made: Built, *, as_json: bool) -> None:
    """What a build made."""
    if as_json:
        return as_json_text(made)
    rows = made.rows
    if made.inbox.files or made.inbox.problems:
        OUT.print("From the store's inbox:")
        _read(made.inbox)
    OUT.print(
        f"Built snapshot {made.snapshot}: {rows.get('contracting_process', 0):,} processes, {rows.get('award', 0):,} awards,"
        f" {rows.get('contract', 0):,} contracts, {rows.get('scheme', 0):,} major projects, {rows.get('change', 0):,} changes."
    )
    return None


def status(told: dict[str, Any], *, as_json: bool) -> None:
    """What is in the store."""
    if as_json:
        return as_json_text(told)
    OUT.print(f"Snapshot: {told['snapshot'] or 'none yet – run `threepoint build`'}")
    table = columns("publisher", "group", "releases", "processes", "rows")
    for source in told["sources"]:
        table.add_row(source["publisher"], source["group"], *(f"{source[n]:,}" for n in ("releases", "ocids", "rows")))
    OUT.print(table)
    for kind, count in told["passed_over"].items():
        OUT.print(f"Passed over: {count:,} × {kind}")
    OUT.print(f"Quarantined: {told['quarantine']['parts']:,} parts of {told['quarantine']['sources']:,} files.")
    return None


def checked(found: Checked, *, as_json: bool) -> None:
    """What the checks say of a file."""
    if as_json:
        return as_json_text(found)
    _read(found.loaded)
    if not found.loaded.rows:
        return None
    OUT.print("\nWhat is filled, by publisher and notice type:")
    _filled(found.filled)
    OUT.print(
        "\nCoverage grades: " + (", ".join(f"{grade}: {n}" for grade, n in found.grades.items()) or "nothing due")
    )
    made, failed = sum(row["made"] for row in found.summary), sum(row["failed"] for row in found.summary)
    OUT.print(f"\nChecks made: {made:,}; failed: {failed:,}")
    for row in found.failures[:40]:
        OUT.print(f"  {row['severity']}: {row['subject_id']}: {row['detail']}", soft_wrap=True)
    if len(found.failures) > 40:  # as many as a person reads
        OUT.print(f"  … and {len(found.failures) - 40:,} more; use --json for all")
    return None


def _filled(rows: list[dict[str, Any]]) -> None:
    table = columns("publisher", "notice", "table", "filled always", "filled sometimes", "never filled")
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["publisher"] or "", row["notice_type"] or "", row["table"]), []).append(row)
    for (publisher, notice, name), fields in groups.items():
        always = [row["field"] for row in fields if row["filled"] == row["rows"]]
        some = [
            f"{row['field']} {row['filled'] / row['rows']:.0%}" for row in fields if 0 < row["filled"] < row["rows"]
        ]
        never = [row["field"] for row in fields if not row["filled"]]
        table.add_row(publisher, notice, name, ", ".join(always) or "–", ", ".join(some) or "–", str(len(never)))
    OUT.print(table)


def record(found: Record, *, as_json: bool) -> None:
    """The record of one thing: each figure with its state, source and date."""
    if as_json:
        return as_json_text(found)
    for part in page.record(found):
        OUT.print(part, soft_wrap=isinstance(part, Text))
    return None


def comparison(found: Comparison, *, as_json: bool) -> None:
    """Two to six things side by side."""
    if as_json:
        return as_json_text(found)
    if found.synthetic:
        OUT.print(Text(SYNTHETIC, style="italic"))
    table = columns("", "", *[f"{'ABCDEF'[n]}: {title}" for n, title in enumerate(found.headings)])
    last = ""
    for line in found.lines:
        group = line.group if line.group != last else ""
        last = line.group
        table.add_row(
            Text(group, style="bold"),
            line.label,
            *[cell.text + (f"\n({cell.note})" if cell.note else "") for cell in line.cells],
        )
    table.add_row("", "address", *found.ids)
    OUT.print(table)
    OUT.print(Text("Are these alike?", style="bold"))
    for sentence in found.alike:
        OUT.print(f"  {sentence}", soft_wrap=True)
    for letter, notes in zip("ABCDEF", found.notes, strict=False):
        for note in notes:
            OUT.print(f"  {letter}: {note}", soft_wrap=True)
    return None


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
