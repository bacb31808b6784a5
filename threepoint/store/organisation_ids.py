"""Addresses of organisations, once given, for ever: the identifiers seen so far and the organisation each stands for."""

import json
from collections.abc import Mapping

from threepoint.store.atomic_files import write_text
from threepoint.store.store_paths import StorePaths


def read_organisation_ids(layout: StorePaths) -> dict[str, str]:
    """Organisation id by identifier, as frozen by earlier builds."""
    path = layout.history / "identities.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def write_organisation_ids(layout: StorePaths, made: Mapping[str, str]) -> None:
    """Keeps the addresses given by this build, in one move."""
    write_text(layout.history / "identities.json", json.dumps(dict(sorted(made.items())), indent=0))
