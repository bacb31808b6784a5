"""Read the descriptor of a package of tables: return its contents, or report what is wrong with it."""

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any

from threepoint.errors import UserError
from threepoint.standard.data_package import EXTENSION_KEY, PACKAGE_NAME_BY_FORMAT, DataPackage, PackageTableFile
from threepoint.standard.sdes import SDES_TABLES, SDES_VERSION

DESCRIPTOR_HEAD_BYTES = 4096  # a descriptor's name is in these first bytes
_NAME_PREFIX = f'"{next(iter(PACKAGE_NAME_BY_FORMAT.values())).rsplit("-", 1)[0]}-'.encode()


def looks_like_descriptor(head: bytes) -> bool:
    """Return True for the first bytes of a descriptor that this software wrote; false positives are rare."""
    return head.lstrip()[:1] == b"{" and _NAME_PREFIX in head[:DESCRIPTOR_HEAD_BYTES]


def parse_descriptor(data: bytes) -> DataPackage | None:
    """Return the package that a descriptor describes; None for other documents. Raises UserError if the descriptor is invalid."""
    try:
        descriptor = json.loads(data)
    except ValueError:
        return None
    if (
        not isinstance(descriptor, dict)
        or descriptor.get("name") not in PACKAGE_NAME_BY_FORMAT.values()
        or not isinstance(descriptor.get(EXTENSION_KEY), dict)
    ):
        return None
    extension = descriptor[EXTENSION_KEY]
    version = str(extension.get("manifest", {}).get("standard_version"))
    if version.split(".", maxsplit=1)[0] != SDES_VERSION.split(".", maxsplit=1)[0]:
        raise UserError(
            f"this package follows SDES {version} and this program SDES {SDES_VERSION}; ask for a newer package"
        )
    try:
        parts = tuple(_parse_part(resource) for resource in descriptor["resources"])
        package = DataPackage(
            extension["format"], bool(extension["guarded"]), parts, extension["manifest"], descriptor["sources"],
            hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as why:
        raise UserError(f"this package's descriptor is invalid ({why}); ask for the package again") from None
    _check_package(package)
    return package


def _parse_part(resource: dict[str, Any]) -> PackageTableFile:
    path = PurePosixPath(resource["path"])
    if path.is_absolute() or ".." in path.parts or "\\" in str(path):
        raise ValueError(f"{path} is outside the package's folder")
    return PackageTableFile(
        resource["name"], str(path), int(resource["bytes"]), resource["hash"].removeprefix("sha256:")
    )


def _check_package(package: DataPackage) -> None:
    names = [part.table for part in package.parts]
    if unknown := sorted(set(names) - set(SDES_TABLES)):
        raise UserError(f"this package holds tables that are not in SDES {SDES_VERSION}: {', '.join(unknown)}")
    expected = package.manifest.get("tables", {})
    if sorted(names) != sorted(expected):
        missing = ", ".join(sorted(set(expected) ^ set(names))) or "a table is listed twice"
        raise UserError(f"this package is incomplete ({missing}); ask for it again")
    if package.format not in PACKAGE_NAME_BY_FORMAT:
        raise UserError(f"this package has the format {package.format}; ask for one in csv or parquet")
