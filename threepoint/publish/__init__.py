"""Publish the store's data as OCDS, OC4IDS, CSV and Parquet. Each format has its own module."""

from threepoint.publish.manifest import Publication

__all__ = ["Publication"]
