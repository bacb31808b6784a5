"""The descriptor of a package of tables, told from its content: what the package holds, or what is wrong with it."""

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any

from threepoint.errors import UserError
from threepoint.standard.data_package import EXTENSION_KEY, PACKAGE_NAME_BY_FORMAT, DataPackage, PackageTableFile
from threepoint.standard.sdes import SDES_TABLES, SDES_VERSION

DESCRIPTOR_HEAD_BYTES = 4096  # bytes in which a descriptor says what it is
_NAME_PREFIX = f'"{next(iter(PACKAGE_NAME_BY_FORMAT.values())).rsplit("-", 1)[0]}-'.encode()


def looks_like_descriptor(head: bytes) -> bool:
    """True for the first bytes of a descriptor that this software wrote, and for little else."""
    return head.lstrip()[:1] == b"{" and _NAME_PREFIX in head[:DESCRIPTOR_HEAD_BYTES]


def parse_descriptor(data: bytes) -> DataPackage | None:
    """The package that a descriptor tells of; None for any other document. Problem where it is one that cannot be read."""
    try:
        told = json.loads(data)
    except ValueError:
        return None
    if (
        not isinstance(told, dict)
        or told.get("name") not in PACKAGE_NAME_BY_FORMAT.values()
        or not isinstance(told.get(EXTENSION_KEY), dict)
    ):
        return None
    said = told[EXTENSION_KEY]
    version = str(said.get("manifest", {}).get("standard_version"))
    if version.split(".", maxsplit=1)[0] != SDES_VERSION.split(".", maxsplit=1)[0]:
        raise UserError(
            f"this package follows SDES {version} and this program SDES {SDES_VERSION}; ask for a newer package"
        )
    try:
        parts = tuple(_parse_part(resource) for resource in told["resources"])
        package = DataPackage(
            said["format"], bool(said["guarded"]), parts, said["manifest"], told["sources"],
            hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as why:
        raise UserError(f"this package's descriptor is not whole ({why}); ask for the package again") from None
    _check_package(package)
    return package


def _parse_part(resource: dict[str, Any]) -> PackageTableFile:
    path = PurePosixPath(resource["path"])
    if path.is_absolute() or ".." in path.parts or "\\" in str(path):
        raise ValueError(f"{path} is not below its folder")
    return PackageTableFile(
        resource["name"], str(path), int(resource["bytes"]), resource["hash"].removeprefix("sha256:")
    )


def _check_package(package: DataPackage) -> None:
    names = [part.table for part in package.parts]
    if unknown := sorted(set(names) - set(SDES_TABLES)):
        raise UserError(f"this package holds tables that SDES {SDES_VERSION} has not: {', '.join(unknown)}")
    wanted = package.manifest.get("tables", {})
    if sorted(names) != sorted(wanted):
        missing = ", ".join(sorted(set(wanted) ^ set(names))) or "a table stands twice"
        raise UserError(f"this package is not whole ({missing}); ask for it again")
    if package.format not in PACKAGE_NAME_BY_FORMAT:
        raise UserError(f"this package is of the form {package.format}; csv and parquet are read")
