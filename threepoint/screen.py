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
from rich.table import Table
from rich.text import Text

from threepoint.compare import Comparison
from threepoint.pipeline import Built, Checked, Loaded, Watch
from threepoint.publish.published import Published
from threepoint.standard import words
from threepoint.standard.codes import RATINGS
from threepoint.standard.records import Fact, Record

OUT = Console(highlight=False, soft_wrap=False)
ERR = Console(stderr=True, highlight=False)
SYNTHETIC = "Synthetic data: nothing here is real."


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


def _table(*headings: str, show_header: bool = True) -> Table:
    """A table without lines; what is too long for its column is folded, never cut."""
    table = Table(box=None, pad_edge=False, show_header=show_header)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


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
    releases, years = done.rows.get("release", 0), done.rows.get("gmpp_year", 0)
    OUT.print(
        f"Read {done.files:,} files: {releases:,} releases, {years:,} project-years. {done.held:,} files were held already."
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
    OUT.print(f"Quarantined: {len(done.quarantined):,}.")
    return None


def built(made: Built, *, as_json: bool) -> None:
    """What a build made."""
    if as_json:
        return as_json_text(made)
    rows = made.rows
    OUT.print(
        f"Built snapshot {made.snapshot}: {rows.get('contracting_process', 0):,} processes, {rows.get('award', 0):,} awards,"
        f" {rows.get('contract', 0):,} contracts, {rows.get('scheme', 0):,} major projects, {rows.get('change', 0):,} changes."
    )
    return None


def published(done: Published, *, as_json: bool) -> None:
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
    if isinstance(told, list):
        return f"{words}: {', '.join(told) or 'none'}"
    return f"{words}: {told:,}"


def status(told: dict[str, Any], *, as_json: bool) -> None:
    """What is in the store."""
    if as_json:
        return as_json_text(told)
    OUT.print(f"Snapshot: {told['snapshot'] or 'none yet – run `threepoint build`'}")
    table = _table("publisher", "group", "releases", "processes", "rows")
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
    loaded(found.loaded, as_json=False)
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
    table = _table("publisher", "notice", "table", "filled always", "filled sometimes", "never filled")
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
    OUT.print(Text(found.title or found.id, style="bold"))
    OUT.print(f"{found.kind.replace('_', ' ')} · {found.id} · {found.publisher}")
    if found.synthetic:
        OUT.print(Text(SYNTHETIC, style="italic"))
    grade = f"{found.grade}" if found.grade else "nothing due"
    OUT.print(f"Coverage of this record: {grade}" + (f" ({found.cap})" if found.cap else ""))
    table = _table("", "", "state", "where from", show_header=False)
    for fact in _worth_showing(found):
        table.add_row(
            fact.name.replace("_", " "),
            _said(fact, found),
            fact.why_not if not fact.known else _state(fact),
            _from(fact),
        )
    OUT.print(table)
    _below(found)
    return None


def _worth_showing(found: Record) -> list[Fact]:
    return [fact for fact in found.facts.values() if fact.level != "Useful" or fact.value not in (None, "", False)]


def _said(fact: Fact, found: Record) -> str:
    if not fact.known and fact.value is None:
        return "–"
    shown = words.text(fact.value, fact.type, found.value("currency") or "GBP")
    return shown if len(shown) <= 120 else shown[:117] + "…"  # a line of text


def _state(fact: Fact) -> str:
    from threepoint.standard.states import STATES

    said = STATES[fact.state].words
    return f"{said}: {fact.detail}" if fact.detail else said


def _from(fact: Fact) -> str:
    return " · ".join(part for part in (fact.source, words.in_words(fact.source_date)) if part)


# Columns shown of what hangs below a thing, by list.
COLUMNS: dict[str, tuple[str, ...]] = {
    "awards": ("award_id", "date", "status", "value_net", "superseded_by"),
    "contracts": ("contract_id", "status", "value_net_first", "value_net", "end_first", "end_current"),
    "suppliers": ("name", "org_id"),
    "buyer": ("name", "org_id"),
    "changes": ("date", "subject_id", "type", "old_value", "new_value", "old_end", "new_end", "reason"),
    "notices": ("notice_id", "words", "date"),
    "withheld": ("field", "detail", "availability_date", "rationale"),
    "kpis": ("title", "unit", "target_text", "results", "rated"),
    "observations": ("kpi_id", "period_end", "measure_text", "rating"),
    "milestones": ("title", "due_first", "due_current", "met_date", "status"),
    "failures": ("decision_date", "category", "description"),
    "years": (
        "report_year",
        "title",
        "rating",
        "rating_scale",
        "rater",
        "wlc_mid",
        "wlc_state",
        "end_mid",
        "price_base",
    ),
    "identifiers": ("identifier", "kind", "match_method"),
    "names": ("name", "processes"),
    "roles": ("role", "processes"),
}


def _below(found: Record) -> None:
    for name, rows in found.rows.items():
        columns = [column for column in COLUMNS.get(name, ()) if any(row.get(column) is not None for row in rows)]
        if not rows or not columns:
            continue
        OUT.print(f"\n{name.capitalize()} ({len(rows):,})")
        table = _table(*[column.replace("_", " ") for column in columns])
        for row in rows[:50]:
            table.add_row(*[_cell(column, row) for column in columns])
        OUT.print(table)


def _cell(column: str, row: dict[str, Any]) -> str:
    if column == "rating" and row[column] in RATINGS:  # the publisher's own word, never one of ours
        return RATINGS[row[column]]
    return _short(row[column], row.get("currency") or "GBP")


def _short(value: Any, currency: str) -> str:
    kind = "money" if isinstance(value, Decimal) else "text"
    shown = words.text(value, kind, currency)
    return shown if len(shown) <= 80 else shown[:77] + "…"  # a cell


def comparison(found: Comparison, *, as_json: bool) -> None:
    """Two to six things side by side."""
    if as_json:
        return as_json_text(found)
    if found.synthetic:
        OUT.print(Text(SYNTHETIC, style="italic"))
    table = _table("", "", *[f"{'ABCDEF'[n]}: {title}" for n, title in enumerate(found.headings)])
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
    OUT.print("To compare: threepoint compare " + " ".join(summary.compare), soft_wrap=True)
    return None
