"""Writes what the store holds for others to use: OCDS, OC4IDS, CSV and Parquet. One module a format."""

from threepoint.publish.manifest import Publication

__all__ = ["Publication"]
