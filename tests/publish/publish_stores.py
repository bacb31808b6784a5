"""Small stores to publish from."""

import json
from pathlib import Path
from typing import Any

from threepoint import pipeline

RELEASE = {"ocid": "ocds-h6vhtk-000001", "id": "1", "date": "2026-01-02T03:04:05Z", "tag": ["tender"],
           "initiationType": "tender", "tender": {"id": "1", "title": "Licences"}}  # fmt: skip


def load_package(folder: Path, *releases: dict[str, Any], package: dict[str, Any] | None = None) -> Path:
    """Load a package with these releases into a new store and return the store's folder."""
    file = folder / "in.json"
    file.write_text(json.dumps({**(package or {}), "releases": list(releases)}))
    pipeline.load(folder / "store", [file])
    return folder / "store"
