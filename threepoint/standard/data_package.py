"""A package of tables: the tables of one snapshot as CSV or Parquet files, with a descriptor.

The descriptor is a Frictionless data package (datapackage.org, version 2), with extensions under `x-sdes`.
"""

from dataclasses import dataclass, field
from typing import Any

PROFILE_URL = "https://datapackage.org/profiles/2.0/datapackage.json"
DESCRIPTOR_FILE_NAME = "datapackage.json"
MANIFEST_FILE_NAME = "manifest.json"  # replaces the descriptor in packages of OCDS and OC4IDS
CHECKSUMS_FILE_NAME = "SHA256SUMS"  # checksums of all other files of a package, for `sha256sum -c`
# A descriptor with one of these names is ours.
PACKAGE_NAME_BY_FORMAT = {"csv": "sdes-tables-csv", "parquet": "sdes-tables-parquet"}
EXTENSION_KEY = "x-sdes"

# A spreadsheet treats a cell that starts with one of these as a formula, also from a CSV file (OWASP, "CSV Injection").
FORMULA_START_CHARS = "=+-@\t\r\n"
# Written before such a cell, and before a cell that starts with it; removed when the package is read back.
FORMULA_GUARD = "'"


@dataclass(frozen=True)
class PackageTableFile:
    """File of one table: its path from the descriptor's folder, its length in bytes and its sha256."""

    table: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class DataPackage:
    """A package of tables, read from its descriptor. `guarded`: cells that look like formulas have a FORMULA_GUARD.

    `sha256` is that of the descriptor. It identifies the package, because the descriptor lists the sha256 of each file.
    """

    format: str
    guarded: bool
    parts: tuple[PackageTableFile, ...]
    manifest: dict[str, Any] = field(repr=False)
    sources: list[dict[str, Any]] = field(repr=False)
    sha256: str = ""
