"""A package of tables: the tables of one snapshot as CSV or Parquet files, and a descriptor that says what they are.

The descriptor is a Frictionless data package (datapackage.org, version 2). What it says beyond that stands under `x-sdes`.
"""

from dataclasses import dataclass, field
from typing import Any

PROFILE_URL = "https://datapackage.org/profiles/2.0/datapackage.json"
DESCRIPTOR_FILE_NAME = "datapackage.json"
MANIFEST_FILE_NAME = "manifest.json"  # what stands in its place beside files of OCDS and OC4IDS
CHECKSUMS_FILE_NAME = "SHA256SUMS"  # of every other file of a package, as `sha256sum -c` reads it
PACKAGE_NAME_BY_FORMAT = {"csv": "sdes-tables-csv", "parquet": "sdes-tables-parquet"}  # by which a descriptor is known
EXTENSION_KEY = "x-sdes"

# A spreadsheet takes a cell that begins like this for a formula, even out of a CSV file (OWASP, "CSV Injection").
FORMULA_START_CHARS = "=+-@\t\r\n"
FORMULA_GUARD = (
    "'"  # put before such a cell, and before one that begins with it; taken off when the package is read back
)


@dataclass(frozen=True)
class PackageTableFile:
    """One table's file: its path below the descriptor's folder, its length in bytes and its sha256."""

    table: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class DataPackage:
    """A package of tables as its descriptor tells of it. `guarded`: cells that look like formulas have a GUARD.

    `sha256` is the descriptor's own; as it holds those of all files, it tells the package.
    """

    format: str
    guarded: bool
    parts: tuple[PackageTableFile, ...]
    manifest: dict[str, Any] = field(repr=False)
    sources: list[dict[str, Any]] = field(repr=False)
    sha256: str = ""
