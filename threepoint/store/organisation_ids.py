"""Permanent ids of organisations: a file that maps each known identifier to its organisation's id."""

import json
from collections.abc import Mapping

from threepoint.store.atomic_files import write_text
from threepoint.store.store_paths import StorePaths


def read_organisation_ids(layout: StorePaths) -> dict[str, str]:
    """Return organisation ids by identifier, as earlier builds assigned them."""
    path = layout.history / "identities.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def write_organisation_ids(layout: StorePaths, org_ids: Mapping[str, str]) -> None:
    """Write organisation ids by identifier, atomically."""
    write_text(layout.history / "identities.json", json.dumps(dict(sorted(org_ids.items())), indent=0))
