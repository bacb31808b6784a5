"""Words and tables in the terminal: what each command prints. Progress goes to the error stream, answers to the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
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
from threepoint.standard import words
from threepoint.standard.codes import RATINGS
from threepoint.standard.records import Fact, Record
from threepoint.standard.sdes import SDES
from threepoint.standard.states import STATES

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
    return None


def _count(number: int, noun: str) -> str:
    """1 file, 2 files."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


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
    OUT.print(f"{found.kind.replace('_', ' ')} · {found.id} · {found.publisher}", soft_wrap=True)
    if found.synthetic:
        OUT.print(Text(SYNTHETIC, style="italic"))
    grade = f"{found.grade}" if found.grade else "nothing due"
    OUT.print(f"Coverage of this record: {grade}" + (f" ({found.cap})" if found.cap else ""), soft_wrap=True)
    page = _Page(found)
    table = _table("", "", "state", "where from", show_header=False)
    table.columns[0].no_wrap = table.columns[3].no_wrap = True
    for fact in _worth_showing(found):
        table.add_row(words.field(fact.name), page.said(fact), _state(fact), page.origin(fact))
    OUT.print(table)
    page.below()
    return None


def _worth_showing(found: Record) -> list[Fact]:
    """Core and Important fields, and others where they say something; not the address, which stands at the top."""
    address = (found.id, *found.id.split("/", maxsplit=2)[::2]) if "/" in found.id else (found.id,)
    facts = [fact for fact in found.facts.values() if fact.type != "id" or fact.value not in address]
    return [fact for fact in facts if fact.level != "Useful" or fact.value not in (None, "", False)]


def _state(fact: Fact) -> str:
    if not fact.known:
        return fact.why_not
    said = STATES[fact.state].words
    return f"{said}: {fact.detail}" if fact.detail else said


@dataclass(frozen=True)
class _List:
    """What hangs below a thing: its heading, the table of the standard its rows are of, and the columns shown."""

    heading: str
    table: str
    columns: tuple[str, ...]


LISTS: dict[str, _List] = {
    "cpv": _List("CPV codes", "process_cpv", ("cpv", "description", "is_main")),
    "awards": _List("Awards", "award", ("award_id", "date", "status", "value_net", "superseded_by")),
    "earlier": _List("Earlier awards that this one repeats", "award", ("award_id", "date", "status", "value_net")),
    "contracts": _List("Contracts", "contract", (
        "contract_id", "status", "value_net_first", "value_net", "end_first", "end_current")),
    "suppliers": _List("Suppliers", "award_supplier", ("name", "org_id", "current")),
    "buyer": _List("Buyer", "organisation", ("name", "org_id")),
    "changes": _List("Changes", "change", (
        "date", "subject_id", "type", "before", "after", "reason")),
    "notices": _List("Notices", "notice", ("number", "notice_id", "words", "date")),
    "withheld": _List("Withheld", "withheld_information", ("field", "detail", "availability_date", "rationale")),
    "kpis": _List("KPIs", "kpi", ("code", "title", "unit", "target_text", "results", "rated")),
    "observations": _List("Results of KPIs", "observation", ("kpi", "period_end", "measure_text", "rating")),
    "milestones": _List("Milestones", "milestone", (
        "title", "due_first", "due_current", "met_date", "status", "stated_in")),
    "failures": _List("Failures", "failure_event", ("decision_date", "category", "description")),
    "years": _List("Years", "scheme_year", (
        "report_year", "title", "rating", "rating_scale", "rater", "wlc_mid", "wlc_state", "end_mid", "price_base")),
    "identifiers": _List("Identifiers", "scheme_identifier", ("identifier", "kind", "match_method")),
    "names": _List("Names", "organisation_name", ("name", "processes")),
    "roles": _List("Roles", "party_role", ("role", "processes")),
}  # fmt: skip
HEADS = {"number": "", "kpi": "KPI", "type": "what",
         "current": "", "subject_id": "of", "is_main": "main", "words": "notice", "notice_id": "id",
         "wlc_mid": "whole-life cost", "wlc_state": "state of it", "end_mid": "end"}  # fmt: skip
UNBROKEN = ("money", "date", "timestamp", "integer", "number")  # types whose values are never folded
MOST_ROWS, MOST_TEXT = 50, 80  # of a list, and characters of a cell
LONG_ID = 20  # characters; a longer id of a notice is told by its number in the list of notices


class _Page:
    """A record being printed: addresses below it are shortened, and notices with long ids are told by number."""

    def __init__(self, found: Record) -> None:
        self.found = found
        self.home = found.id.split("/", maxsplit=1)[0]
        notices = [dict(row, number=str(number)) for number, row in enumerate(found.rows.get("notices", []), 1)]
        self.notices = {row["notice_id"]: row["number"] for row in notices}
        kpis = {row["kpi_id"]: row["title"] or row["code"] for row in found.rows.get("kpis", [])}
        self.rows = {
            **found.rows,
            "notices": notices,
            "milestones": _together(found.rows.get("milestones", [])),
            "changes": [self._change(row) for row in found.rows.get("changes", [])],
            "observations": [row | {"kpi": kpis.get(row["kpi_id"])} for row in found.rows.get("observations", [])],
        }

    def said(self, fact: Fact) -> str:
        """The value of a fact in words; a dash where there is none."""
        if not fact.known and fact.value is None:
            return "–"
        if fact.name == "buyer_org_id" and self.found.rows.get("buyer"):
            return self.found.rows["buyer"][0]["name"] or str(fact.value)
        return self._text(fact.name, fact.value, fact.type, SDES[self.found.kind].field(fact.name).unit, 120)

    def origin(self, fact: Fact) -> str:
        """The notice and date that a fact is from; nothing where nothing was found."""
        if fact.state in ("not_reported", "not_yet_due"):
            return ""
        source = fact.source
        if len(source) > LONG_ID and source in self.notices:
            source = f"notice {self.notices[source]}"
        return " · ".join(part for part in (source, words.short_day(fact.source_date)) if part)

    def _change(self, row: dict[str, Any]) -> dict[str, Any]:
        """A change with what stood before and after: its amounts, its ends, or both."""
        said: dict[str, Any] = {"subject_id": None if row["subject_id"] == self.found.id else row["subject_id"]}
        for name, when in (("before", "old"), ("after", "new")):
            value, end = row[f"{when}_value"], row[f"{when}_end"]
            amount = "" if value is None else words.exact_money(value, row["currency"])
            said[name] = ", ".join(part for part in (amount, words.short_day(end)) if part) or "–"
        return row | said

    def _text(self, name: str, value: Any, kind: str, unit: str, most: int, currency: str | None = None) -> str:
        if name == "rating" and value in RATINGS:  # the publisher's own word, never one of ours
            return RATINGS[value]
        if name == "current":
            return "" if value else "named in an earlier notice only"
        if kind == "id" and value is not None:
            return self.address(str(value))
        if kind == "code" and value is not None:
            return STATES[value].words if name.endswith("_state") and value in STATES else words.code(name, value)
        if kind in ("date", "timestamp"):
            return words.short_day(value)
        shown = words.text(value, kind, currency or self.found.value("currency") or "GBP", unit)
        return shown if len(shown) <= most else shown[: most - 1] + "…"

    def address(self, ident: str) -> str:
        """An address below this record's process without what all have in common; any other id whole."""
        return ident.replace(self.home, "…") if "/" in ident and ident.startswith(f"{self.home}/") else ident

    def below(self) -> None:
        """Each list of what hangs below the record, with its number of rows."""
        shortened = False
        for name, shown in LISTS.items():
            rows = self.rows.get(name, [])
            if rows:
                self._list(shown, rows, len(self.found.rows[name]))
                shortened |= any(
                    self.address(str(row.get(c))) != str(row.get(c)) for row in rows for c in shown.columns
                )
        if shortened:
            OUT.print(f"\n… in an address stands for {self.home}", soft_wrap=True)

    def _list(self, shown: _List, rows: list[dict[str, Any]], stated: int) -> None:
        columns = [name for name in shown.columns if any(_tells(name, row.get(name)) for row in rows)]
        times = f", stated {stated:,} times" if stated > len(rows) else ""
        OUT.print(f"\n{shown.heading} ({len(rows):,}{times})")
        table = _table(*[HEADS.get(name, words.field(name)) for name in columns])
        kinds = {field.name: (field.type, field.unit) for field in SDES[shown.table].fields}
        for name, column in zip(columns, table.columns, strict=True):
            column.no_wrap = kinds.get(name, ("", ""))[0] in UNBROKEN or name in ("before", "after")
        for row in rows[:MOST_ROWS]:
            cells = [(name, row.get(name), *kinds.get(name, ("text", ""))) for name in columns]
            table.add_row(*[self._text(*cell, MOST_TEXT, row.get("currency")) for cell in cells])
        OUT.print(table)
        if len(rows) > MOST_ROWS:
            OUT.print(f"… and {len(rows) - MOST_ROWS:,} more; use --json for all")


def _tells(name: str, value: Any) -> bool:
    """Whether a cell says anything: that a supplier is current goes without saying."""
    return value is False if name == "current" else value is not None


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Milestones, those that plan and progress state alike as one line; where they differ, one line each."""
    known = {row["milestone_id"]: row for row in rows}
    made = []
    for row in rows:
        twin = known.get(row["twin"])
        if twin is None or not _alike(row, twin):
            made.append(row)
        elif row["stated_in"] == "progress":
            made.append(_merged(row, twin))
    return made


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    names = ("due_first", "due_current", "met_date", "type", "payment_value")
    return all(None in (one[name], other[name]) or one[name] == other[name] for name in names)


def _merged(progress: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    both = {name: plan[name] if value is None else value for name, value in progress.items()}
    planned, now = words.code("status", plan["status"] or ""), words.code("status", both["status"] or "")
    told = now if planned in ("", now) else f"{now} (in the plan: {planned})"
    return both | {"status": told or None, "stated_in": "plan and progress"}


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
    if len(summary.compare) > 1:
        OUT.print("To compare: threepoint compare " + " ".join(summary.compare), soft_wrap=True)
    else:
        OUT.print(
            "To compare contracts, make a larger world: three that are worth it are among the first 200 releases."
        )
    return None
