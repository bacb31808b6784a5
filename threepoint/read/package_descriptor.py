"""The descriptor of a package of tables, told from its content: what the package holds, or what is wrong with it."""

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any

from threepoint.errors import Problem
from threepoint.standard.data_package import NAMES, SAID, Package, Part
from threepoint.standard.sdes import SDES, VERSION

HEAD = 4096  # bytes in which a descriptor says what it is
_SIGN = f'"{next(iter(NAMES.values())).rsplit("-", 1)[0]}-'.encode()


def looks_like_one(head: bytes) -> bool:
    """True for the first bytes of a descriptor that this software wrote, and for little else."""
    return head.lstrip()[:1] == b"{" and _SIGN in head[:HEAD]


def parse(data: bytes) -> Package | None:
    """The package that a descriptor tells of; None for any other document. Problem where it is one that cannot be read."""
    try:
        told = json.loads(data)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("name") not in NAMES.values() or not isinstance(told.get(SAID), dict):
        return None
    said = told[SAID]
    version = str(said.get("manifest", {}).get("standard_version"))
    if version.split(".", maxsplit=1)[0] != VERSION.split(".", maxsplit=1)[0]:
        raise Problem(f"this package follows SDES {version} and this program SDES {VERSION}; ask for a newer package")
    try:
        parts = tuple(_part(resource) for resource in told["resources"])
        package = Package(
            said["format"], bool(said["guarded"]), parts, said["manifest"], told["sources"],
            hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as why:
        raise Problem(f"this package's descriptor is not whole ({why}); ask for the package again") from None
    _check(package)
    return package


def _part(resource: dict[str, Any]) -> Part:
    path = PurePosixPath(resource["path"])
    if path.is_absolute() or ".." in path.parts or "\\" in str(path):
        raise ValueError(f"{path} is not below its folder")
    return Part(resource["name"], str(path), int(resource["bytes"]), resource["hash"].removeprefix("sha256:"))


def _check(package: Package) -> None:
    names = [part.table for part in package.parts]
    if unknown := sorted(set(names) - set(SDES)):
        raise Problem(f"this package holds tables that SDES {VERSION} has not: {', '.join(unknown)}")
    wanted = package.manifest.get("tables", {})
    if sorted(names) != sorted(wanted):
        missing = ", ".join(sorted(set(wanted) ^ set(names))) or "a table stands twice"
        raise Problem(f"this package is not whole ({missing}); ask for it again")
    if package.format not in NAMES:
        raise Problem(f"this package is of the form {package.format}; csv and parquet are read")
