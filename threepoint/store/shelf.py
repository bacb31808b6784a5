"""Dossiers: all that a snapshot holds of one process, organisation, project or payment, together, so that it is read in one go.

    shelf/base-0000.sqlite    dossiers of the processes whose rows are in the tables' base files
    shelf/delta-0000.sqlite   of those worked out anew since; empty ones for processes that no longer count in base files
    shelf/rest-0000.sqlite    of all else: organisations, projects, lists of payments, sales and plans

A dossier is told by its group (`layers`): what stands before the first `/` of an address. The tables stay what everything is
counted from; a dossier is a copy of their rows by group. Where several files hold a group, the newest one speaks.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pyarrow as pa

from threepoint.errors import Problem
from threepoint.standard.model import Field, Table
from threepoint.standard.sdes import SDES
from threepoint.store import beside, engine, layers
from threepoint.store.succession import link
from threepoint.store.touched import groups

FOLDER = "shelf"
# The column that tells whose a row is, where it is not the table's address.
OWNER = {"organisation_identifier": "org_id", "change": "subject_id", "spend": "coalesce(ocid, spend_id)",
         "plans": "body_org_id"}  # fmt: skip
BESIDE = "/"  # ends the name under which what is counted beside a dossier stands; no group has one
OF_NO_ONE = (
    "payment_total",
    "check_summary",
    "coverage_report",
    "register_entry",
    "vanished_notice",
)  # rows about whole lists, publishers or files
AT_A_TIME = 600_000  # rows whose dossiers are made together: 100 MB or so
# Other names of things: the kind of thing, the table that has the name, the name and the address in SQL.
NAMES = (
    ("contracting_process", "notice", "notice_id", "ocid"),
    ("contracting_process", "notice", "release_id", "ocid"),
    ("organisation", "organisation_identifier", "identifier", "org_id"),
    # A number as its register writes it, without the register.
    ("organisation", "organisation_identifier", "substr(identifier, length(scheme) + 2)", "org_id"),
    ("scheme", "scheme_identifier", "identifier", "scheme_id"),
)
Files = Mapping[str, Sequence[Path]]
Rows = list[dict[str, Any]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CODEC = pa.Codec("lz4_raw")  # half the time of zstd, at two fifths more room


# ---------------------------------------------------------------------------------------------- writing


@contextmanager
def writing(folder: Path, layer: str) -> Iterator[sqlite3.Connection]:
    """The next file of a layer of the snapshot `folder`, open for `add`; it is whole when the block ends well."""
    (folder / FOLDER).mkdir(exist_ok=True)
    with closing(sqlite3.connect(_next(folder, layer))) as made:
        # No journal: a file that is not finished is never part of a snapshot.
        made.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;" + _SHAPE)
        made.execute(f"PRAGMA user_version={_version()}")
        yield made
        made.executescript("CREATE INDEX names_name ON names (name); ANALYZE;")
        made.commit()


_SHAPE = """
CREATE TABLE dossier (id TEXT PRIMARY KEY, size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE names (name TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL);
"""


def _next(folder: Path, layer: str) -> Path:
    return folder / FOLDER / f"{layer}-{len(files(folder, layer)):04d}.sqlite"


def files(folder: Path, layer: str) -> list[Path]:
    """The files of one layer of a snapshot's shelf."""
    return sorted((folder / FOLDER).glob(f"{layer}-*.sqlite"))


def add(made: sqlite3.Connection, connection: engine.Engine, tables: Files) -> None:
    """Adds the dossiers of all groups that have rows in these files of tables; no group may be in two calls."""
    held = {SDES[name]: paths for name, paths in tables.items() if paths and name not in OF_NO_ONE}
    rows = sum(engine.rows_of(path) or 0 for paths in held.values() for path in paths)
    slices = max(-(-rows // AT_A_TIME), 1)
    for number in range(slices):
        _fill(made, connection, [_by_group(one, engine.parquet(paths), number, slices) for one, paths in held.items()])
    for kind, name, said, ident in NAMES:
        if paths := tables.get(name):
            query = f"SELECT DISTINCT {said}, '{kind}', {ident} FROM {engine.parquet(paths)} WHERE {said} IS NOT NULL"
            made.executemany("INSERT INTO names VALUES (?, ?, ?)", engine.rows(connection, query))


def add_beside(made: sqlite3.Connection, connection: engine.Engine, snapshot: Path) -> None:
    """Adds what `beside` counts over the tables of `snapshot`, of each organisation and payment, beside their own rows."""
    held = [name for name in beside.READ if layers.open_table(connection, SDES[name], snapshot, beside.view(name))]
    queries = [_by_group(of, f"({query})") for of, query in beside.queries(held)]
    _fill(made, connection, queries, BESIDE)


def take_over(connection: engine.Engine, old: Path, new: Path) -> None:
    """Takes over from the snapshot `old` what is not `touched`: base files by a second name, delta files by a copy.

    For each group that is `replaced`, the copy holds an empty dossier where it holds no other: older files no longer speak for it.
    """
    for path in files(old, layers.BASE):
        link(path, new / FOLDER / path.name)
    with writing(new, layers.DELTA) as made:
        made.execute("CREATE TEMP TABLE touched (id TEXT PRIMARY KEY)")
        made.executemany("INSERT INTO touched VALUES (?)", [(group,) for group in groups(connection)])
        made.commit()
        for path in reversed(
            files(old, layers.DELTA)
        ):  # the newest first: what it holds of a group is not to be replaced
            made.execute("ATTACH ? AS old", (str(path),))
            for name in ("dossier", "names"):
                made.execute(
                    f"INSERT OR IGNORE INTO {name} SELECT * FROM old.{name} WHERE {_GROUP} NOT IN (SELECT id FROM touched)"
                )
            made.commit()
            made.execute("DETACH old")
        gone = engine.rows(connection, 'SELECT "group" FROM replaced ORDER BY ALL')
        made.executemany("INSERT OR IGNORE INTO dossier VALUES (?, 0, x'')", gone)


def compact(folder: Path) -> None:
    """Makes base files of the delta files: what they say of a group still stands before what older ones say."""
    for path in files(folder, layers.DELTA):
        path.rename(_next(folder, layers.BASE))


_GROUP = "substr(id, 1, instr(id || '/', '/') - 1)"


def _by_group(of: Table, source: str, number: int = 0, slices: int = 1) -> tuple[str, str]:
    """A table's name, and SQL for its rows by group, as JSON arrays."""
    columns = ", ".join(_as_json(field) for field in of.fields)
    group = layers.group_of(OWNER.get(of.name, f'"{of.address}"'))
    some = f"{group} <> ''" + (f" AND hash({group}) % {slices} = {number}" if slices > 1 else "")
    rows = f"string_agg(json_array({columns}), ',')"
    return of.name, f"SELECT {group} AS grp, {rows} FROM {source} WHERE {some} GROUP BY grp"


def _as_json(field: Field) -> str:
    name = f'"{field.name}"'
    if field.type == "timestamp":
        return f"epoch_us({name})"
    return f"CASE WHEN isfinite({name}) THEN {name} END" if field.type in ("number", "share") else name


def _fill(
    made: sqlite3.Connection, connection: engine.Engine, queries: Iterable[tuple[str, str]], ending: str = ""
) -> None:
    """Adds a dossier, `{"table": [rows], …}`, for each group of the queries' (table, SQL of group and rows)."""
    bodies: dict[str, list[str]] = {}
    for name, query in queries:  # one at a time: together they would need all their memory at once
        for group, rows in engine.rows(connection, query):
            bodies.setdefault(group, []).append(f'"{name}":[{rows}]')
    said = ((group + ending, f"{{{','.join(bodies[group])}}}".encode()) for group in sorted(bodies))
    made.executemany(
        "INSERT INTO dossier VALUES (?, ?, ?)",
        ((group, len(body), _CODEC.compress(body, asbytes=True)) for group, body in said),
    )


# ---------------------------------------------------------------------------------------------- reading


class Dossier:
    """The rows of one group: of each table, and none where the group has none of it."""

    def __init__(self, bodies: Iterable[bytes]) -> None:
        self._raw: dict[str, msgspec.Raw] = {}
        self._rows: dict[str, Rows] = {}
        for body in bodies:
            self._raw |= msgspec.json.decode(body, type=dict[str, msgspec.Raw])

    def __bool__(self) -> bool:
        return bool(self._raw)

    def rows(self, name: str) -> Rows:
        """The rows of a table, in the order of its key, as name → value. Not to be changed."""
        if name not in self._rows:
            raw = self._raw.get(name)
            rows = [msgspec.structs.asdict(row) for row in _decoder(name).decode(raw)] if raw else []
            for column in _times(name):
                for row in rows:
                    row[column] = row[column] and EPOCH + timedelta(microseconds=row[column])
            self._rows[name] = sorted(rows, key=itemgetter(*_table(name).key)) if len(rows) > 1 else rows
        return self._rows[name]


def _table(name: str) -> Table:
    return SDES.get(name) or beside.TABLES[name]


@cache
def _decoder(name: str) -> Any:
    fields = [(field.name, _python(field)) for field in _table(name).fields]
    return msgspec.json.Decoder(list[msgspec.defstruct(f"Row_{name}", fields, array_like=True)])  # type: ignore[misc]  # a type made at run time


@cache
def _times(name: str) -> tuple[str, ...]:
    return tuple(field.name for field in _table(name).fields if field.type == "timestamp")


def _python(field: Field) -> Any:
    """The type of a field's values in Python."""
    kinds = {"integer": int, "key": int, "number": float, "share": float, "money": Decimal, "boolean": bool,
             "date": date, "timestamp": int}  # fmt: skip
    return kinds.get(field.type, str) | None


class Shelf:
    """A snapshot's dossiers, open for reading. Several threads may share it: SQLite lets them take turns."""

    def __init__(self, folder: Path) -> None:
        # The newest first: what it holds of a group replaces what older files hold.
        paths = [*files(folder, layers.DELTA)[::-1], *files(folder, layers.BASE)[::-1], *files(folder, layers.REST)]
        if not paths:
            raise Problem(f"the snapshot {folder.name} is not whole; run `threepoint build`")
        self._open: list[sqlite3.Connection] = []
        try:
            for path in paths:
                self._open.append(_reader(path))
            self._reach = [_reach(one) for one in self._open]
        except (sqlite3.Error, Problem) as why:
            self.close()
            if isinstance(why, Problem):
                raise
            raise Problem(
                f"the dossiers of the snapshot {folder.name} cannot be read ({why}); run `threepoint build`"
            ) from why
        self._layers = [path.name.partition("-")[0] for path in paths]

    def close(self) -> None:
        """Closes the files."""
        for one in self._open:
            one.close()

    def dossier(self, group: str) -> Dossier:
        """All that is held of a group; an empty one where nothing is."""
        files = zip(self._open, self._reach, strict=True)
        own = next(filter(None, (_body(one, group) for one, (first, last) in files if first <= group <= last)), None)
        counted = _body(self._open[-1], group + BESIDE)
        return Dossier(
            _CODEC.decompress(body, size, asbytes=True) for size, body in filter(None, (own, counted)) if size
        )

    def groups(self, start: str, end: str | None, most: int, kept_in: Collection[str]) -> list[str]:
        """At most `most` groups from `start` on, in order, as far as `end`, of the files of some layers.

        Some may have an empty dossier. Each file has its groups in order, so this reads no more than it gives.
        """
        last = "" if end is None else " AND id <= ?"
        sql = f"SELECT id FROM dossier WHERE id >= ?{last} AND substr(id, -1) <> '{BESIDE}' ORDER BY id LIMIT ?"
        values = [start, most] if end is None else [start, end, most]
        mine = [one for one, layer in zip(self._open, self._layers, strict=True) if layer in kept_in]
        return sorted({ident for one in mine for (ident,) in one.execute(sql, values)})[:most]

    def named(self, name: str) -> list[tuple[str, str]]:
        """(kind, address) of what is called so, in order."""
        found = set()
        for number, one in enumerate(self._open):
            newer = self._open[:number]
            for kind, ident in one.execute("SELECT kind, id FROM names WHERE name = ?", (name,)):
                if not any(_body(other, layers.group(ident)) for other in newer):
                    found.add((kind, ident))
        return sorted(found)


def _body(shelf: sqlite3.Connection, name: str) -> tuple[int, bytes] | None:
    found: tuple[int, bytes] | None = shelf.execute("SELECT size, body FROM dossier WHERE id = ?", (name,)).fetchone()
    return found


def _reach(shelf: sqlite3.Connection) -> tuple[str, str]:
    """The first and the last name that a file has: a whole build's files follow one another, so one of them answers for a group.

    SQLite orders texts by their bytes in UTF-8, Python by their letters: the same.
    """
    first, last = shelf.execute("SELECT (SELECT min(id) FROM dossier), (SELECT max(id) FROM dossier)").fetchone()
    return first or "", last or ""


@cache
def _version() -> int:
    """A number for the columns of all tables, in their order: rows are kept without the names of theirs."""
    shapes = [
        (one.name, [(field.name, field.type) for field in one.fields])
        for one in (*SDES.values(), *beside.TABLES.values())
    ]
    return crc32(repr(shapes).encode()) >> 1  # SQLite keeps 31 bits


def _reader(path: Path) -> sqlite3.Connection:
    # Immutable: a snapshot's files never change, so SQLite need neither lock nor look again.
    opened = sqlite3.connect(f"file:{path.resolve()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    if opened.execute("PRAGMA user_version").fetchone() != (_version(),):
        opened.close()
        raise Problem(f"the dossiers of {path.name} are of another version of Three Point; run `threepoint build`")
    return opened
