"""Where our time goes: a clock around each part of a load and around each step of a build.

The clock counts the CPU time of the whole process. It costs a little itself, so that the parts of a load add up to
slightly more than a load without clocks.
"""

import importlib
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Parts of a load: what is done, and the function (module, name, method) that does it. No part is inside another.
PARTS = (
    ("sha256 of the file", "threepoint.store.raw", "look", None),
    ("keep the bytes, packed", "threepoint.store.raw", "keep", None),
    ("decode JSON", "threepoint.read.ocds.releases", "_FAST", "decode"),
    ("digest of each release", "threepoint.read.ocds.releases", "_digest", None),
    ("lay flat", "threepoint.read.ocds.releases", "lay_flat", None),
    ("row of the release itself", "threepoint.read.ocds.releases", "_release_row", None),
    ("rows to columns", "threepoint.store.history", "to_arrow", None),
    ("write Parquet", "pyarrow.parquet", "ParquetWriter", "write_table"),
)
# Parts of a build beside its steps, likewise.
BESIDE = (
    ("dossiers of all things", "threepoint.store.shelf", "add", None),
    ("dossiers of all things", "threepoint.store.shelf", "add_beside", None),
    ("search index", "threepoint.facts.index", "Writer", "_add"),
)
REST = "all else, start of Python included"
WRITING = "write the snapshot"


def of_load(releases: Path, store: Path) -> list[tuple[str, float]]:
    """(part, CPU seconds) of one load, in the order of the work."""
    spent: Counter[str] = Counter()
    _clocks(PARTS, spent)
    import threepoint

    threepoint.load([releases], store)
    found = [(label, spent[label]) for label, *_ in PARTS]
    return [*found, (REST, time.process_time() - sum(spent.values()))]


def of_build(store: Path) -> list[tuple[str, float]]:
    """(step, CPU seconds) of one build, dearest first; each step is named after the rows that it keeps."""
    from threepoint.store import engine

    spent: Counter[str] = Counter()
    keep, write = engine.keep, engine.write
    engine.keep = lambda connection, name, sql: _timed(spent, name, keep, connection, name, sql)
    engine.write = lambda *arguments: _timed(spent, WRITING, write, *arguments)
    _clocks(BESIDE, spent)
    import threepoint

    threepoint.build(store, whole=True)
    spent[REST] = time.process_time() - sum(spent.values())
    return spent.most_common()


def _clocks(parts: tuple[tuple[str, str, str, str | None], ...], spent: Counter[str]) -> None:
    for label, module, name, method in parts:
        _clock(importlib.import_module(module), name, method, label, spent)


def _clock(module: Any, name: str, method: str | None, label: str, spent: Counter[str]) -> None:
    held = getattr(module, name)
    if method is None:
        setattr(module, name, lambda *given, **named: _timed(spent, label, held, *given, **named))
    elif isinstance(held, type):
        inner = getattr(held, method)
        setattr(held, method, lambda *given, **named: _timed(spent, label, inner, *given, **named))
    else:  # an object that takes no new attributes, such as a decoder: another one stands in for it
        stand_in = type("Clocked", (), {method: lambda _, *given: _timed(spent, label, getattr(held, method), *given)})
        setattr(module, name, stand_in())


def _timed(spent: Counter[str], label: str, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    start = time.process_time()
    try:
        return call(*given, **named)
    finally:
        spent[label] += time.process_time() - start
