"""Find packages of tables among the files to load, and import one as a store's snapshot.

A package contains results of a build, not published data. So a store contains either a history, with the snapshots built
from it, or a package (docs/decisions/0008-store-a-data-package-as-a-snapshot.md).
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

MAX_DESCRIPTOR_BYTES = 64 * 1024 * 1024
ProgressCallback = Callable[[str, int, int], None]
SnapshotFinisher = Callable[[Path, Path], None]  # (snapshot, scratch)
OWN_STORE_ADVICE = "load it alone, into a store of its own: --store FOLDER"


@dataclass(frozen=True)
class InputPackage:
    """A package among the files to load: the path of its descriptor, and the package that it describes."""

    path: Path
    package: DataPackage

    @property
    def files(self) -> set[Path]:
        """Paths of the descriptor and the files that it names."""
        return {self.path, *(self.path.parent / part.path for part in self.package.parts)}


def separate_packages(files: Iterable[Path], problems: list[str]) -> tuple[list[InputPackage], list[Path]]:
    """Return the packages among these files, and the files outside packages. Add unreadable descriptors to `problems`."""
    packages: list[InputPackage] = []
    paths = list(files)
    for path in paths:
        try:
            package = _read_package(path)
        except UserError as error:
            problems.append(f"{path}: {error}")
            continue
        if package:
            packages.append(InputPackage(path, package))
    package_files = {file for package in packages for file in package.files}
    extra_files = {package.path.parent / name for package in packages for name in ("README.md", CHECKSUMS_FILE_NAME)}
    return packages, [path for path in paths if path not in package_files | extra_files]


def _read_package(path: Path) -> DataPackage | None:
    if not path.is_file():
        return None  # reading a pipe might never end
    try:
        with path.open("rb") as handle:
            head = handle.read(package_descriptor.DESCRIPTOR_HEAD_BYTES)
            if not package_descriptor.looks_like_descriptor(head):
                return None
            return package_descriptor.parse_descriptor(head + handle.read(MAX_DESCRIPTOR_BYTES))
    except OSError:
        return None  # reported when the file is loaded


def reject_history_load(layout: StorePaths) -> None:
    """Raise UserError if the store contains a package, so no releases can be loaded into it."""
    from threepoint.store import data_package

    if data_package.is_from_package(layout):
        raise UserError(
            f"{layout.root} contains a package of tables; load published files into another store: --store FOLDER"
        )


def reject_build(layout: StorePaths) -> None:
    """Raise UserError if the store's snapshot was imported from a package, so there is nothing to build from."""
    from threepoint.store import data_package

    if data_package.is_from_package(layout):
        raise UserError(f"the snapshot of {layout.root} comes from a package of tables; there is nothing to build")


def load_package(
    layout: StorePaths,
    packages: list[InputPackage],
    problems: list[str],
    *,
    alone: bool,
    finish: SnapshotFinisher,
    tell: ProgressCallback,
) -> tuple[dict[str, int], int]:
    """Import the one package found as the store's snapshot. Return rows by table, and 1 if it was imported before.

    `alone` is True if nothing else is to be loaded. `finish` adds the files that are derived from the tables. If the
    package cannot be imported, the reason is added to `problems`, and the load continues without it.
    """
    try:
        rows = _load_package(layout, packages, alone=alone, finish=finish, tell=tell)
    except UserError as error:
        problems.append(str(error))
        return {}, 0
    return rows or {}, int(rows is None)


def _load_package(
    layout: StorePaths, packages: list[InputPackage], *, alone: bool, finish: SnapshotFinisher, tell: ProgressCallback
) -> dict[str, int] | None:
    from threepoint.store import data_package

    if len(packages) > 1:
        names = ", ".join(str(package.path.parent) for package in packages)
        raise UserError(f"these are {len(packages)} packages of tables ({names}); load each into a store of its own")
    (input_package,) = packages
    folder = input_package.path.parent
    if not alone:
        raise UserError(f"{folder} is a package of tables; {OWN_STORE_ADVICE}")
    if any(entry.files for entry in history.read_committed_batches(layout)):
        raise UserError(f"{layout.root} contains a history, and {folder} is a package of tables; {OWN_STORE_ADVICE}")
    rows = data_package.import_package(layout, input_package.package, folder, finish, tell)
    snapshots.remove_old_snapshots(layout)
    return rows


def describe_package_store(layout: StorePaths) -> dict[str, Any] | None:
    """Return the status of a store that contains a package, in the form of `pipeline.status`; None for any other store."""
    from threepoint.store import data_package

    current = data_package.read_current_package(layout)
    if current is None:
        return None
    name, manifest = current
    sources = [
        {
            "publisher": source["title"],
            "group": source["group"],
            "releases": source.get("notices", 0),
            "compiled": 0,
            "ocids": source.get("processes", 0),
            "rows": 0,  # of the history, which is not part of a package
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
        "skipped": manifest.get("skipped", {}),
        "package": {name: manifest["package"][name] for name in ("sha256", "format")} | {"of": manifest["snapshot"]},
    }
