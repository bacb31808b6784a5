"""Packages of tables among the files to load: which they are, and how they become a store's snapshot.

A package holds what a build made, not what publishers said. So a store holds either a history, with the snapshots built from
it, or a package (docs/decisions/0008).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threepoint.errors import UserError
from threepoint.read import package_descriptor
from threepoint.standard.data_package import CHECKSUMS_FILE_NAME, DataPackage
from threepoint.store import history, snapshots
from threepoint.store.store_paths import StorePaths

MAX_DESCRIPTOR_BYTES = 64 * 1024 * 1024  # bytes of a descriptor
ProgressCallback = Callable[[str, int, int], None]
SnapshotFinisher = Callable[[Path, Path], None]  # (snapshot, scratch)
OWN_STORE_ADVICE = "load it alone, into a store of its own: --store FOLDER"


@dataclass(frozen=True)
class InputPackage:
    """A package among the files to load: its descriptor's file, and what it tells."""

    path: Path
    package: DataPackage

    @property
    def files(self) -> set[Path]:
        """The descriptor and the files that it names."""
        return {self.path, *(self.path.parent / part.path for part in self.package.parts)}


def separate_packages(wanted: Iterable[Path], problems: list[str]) -> tuple[list[InputPackage], list[Path]]:
    """The packages among these files, and the files that belong to none. What cannot be read is told in `problems`."""
    found: list[InputPackage] = []
    rest = list(wanted)
    for path in rest:
        try:
            package = _read_package(path)
        except UserError as why:
            problems.append(f"{path}: {why}")
            continue
        if package:
            found.append(InputPackage(path, package))
    theirs = {file for one in found for file in one.files}
    beside = {one.path.parent / name for one in found for name in ("README.md", CHECKSUMS_FILE_NAME)}
    return found, [path for path in rest if path not in theirs | beside]


def _read_package(path: Path) -> DataPackage | None:
    if not path.is_file():
        return None  # a pipe would be waited for without end
    try:
        with path.open("rb") as handle:
            head = handle.read(package_descriptor.DESCRIPTOR_HEAD_BYTES)
            if not package_descriptor.looks_like_descriptor(head):
                return None
            return package_descriptor.parse_descriptor(head + handle.read(MAX_DESCRIPTOR_BYTES))
    except OSError:
        return None  # said where the file is read


def reject_history_load(layout: StorePaths) -> None:
    """Problem where releases are to be read into a store that holds a package."""
    from threepoint.store import data_package

    if data_package.is_from_package(layout):
        raise UserError(
            f"{layout.root} holds a package of tables; load published files into another store: --store FOLDER"
        )


def reject_build(layout: StorePaths) -> None:
    """Problem where there is nothing to build from because the store's snapshot was read from a package."""
    from threepoint.store import data_package

    if data_package.is_from_package(layout):
        raise UserError(f"the snapshot of {layout.root} was read from a package of tables; there is nothing to build")


def load_package(
    layout: StorePaths,
    found: list[InputPackage],
    problems: list[str],
    *,
    alone: bool,
    finish: SnapshotFinisher,
    tell: ProgressCallback,
) -> tuple[dict[str, int], int]:
    """Makes the one package that was found the store's snapshot: rows by table, and 1 where it is that already.

    `finish` adds to the snapshot's folder what is made from its tables. Where the package cannot be taken, `problems` says
    why, and the load goes on without it.
    """
    try:
        rows = _load_package(layout, found, alone=alone, finish=finish, tell=tell)
    except UserError as why:
        problems.append(str(why))
        return {}, 0
    return rows or {}, int(rows is None)


def _load_package(
    layout: StorePaths, found: list[InputPackage], *, alone: bool, finish: SnapshotFinisher, tell: ProgressCallback
) -> dict[str, int] | None:
    from threepoint.store import data_package

    if len(found) > 1:
        names = ", ".join(str(one.path.parent) for one in found)
        raise UserError(f"these are {len(found)} packages of tables ({names}); load each into a store of its own")
    (one,) = found
    if not alone:
        raise UserError(f"{one.path.parent} is a package of tables; {OWN_STORE_ADVICE}")
    if any(entry.files for entry in history.read_committed_batches(layout)):
        raise UserError(
            f"{layout.root} holds a history, and {one.path.parent} is a package of tables; {OWN_STORE_ADVICE}"
        )
    rows = data_package.import_package(layout, one.package, one.path.parent, finish, tell)
    snapshots.remove_old_snapshots(layout)
    return rows


def describe_package_store(layout: StorePaths) -> dict[str, Any] | None:
    """What is in a store that holds a package, in the form of decision 22; None for any other store."""
    from threepoint.store import data_package

    told = data_package.read_current_package(layout)
    if told is None:
        return None
    name, manifest = told
    sources = [
        {
            "publisher": source["title"],
            "group": source["group"],
            "releases": source.get("notices", 0),
            "compiled": 0,
            "ocids": source.get("processes", 0),
            "rows": 0,  # of the history, which stayed where the package was made
        }
        for source in manifest["package"]["sources"]
    ]
    groups: dict[str, dict[str, int]] = {}
    for source in sources:
        group = groups.setdefault(source["group"], {"releases": 0, "compiled": 0, "ocids": 0})
        group["releases"] += source["releases"]
        group["ocids"] += source["ocids"]
    quarantine = {"parts": manifest["quarantined"], "sources": 0, "reasons": {}}
    return {
        "snapshot": name,
        "sources": sources,
        "groups": {group: counts for group, counts in groups.items() if counts["releases"]},
        "tables": {},
        "standard": manifest["tables"],
        "quarantine": quarantine,
        "passed_over": manifest.get("passed_over", {}),
        "package": {name: manifest["package"][name] for name in ("sha256", "format")} | {"of": manifest["snapshot"]},
    }
