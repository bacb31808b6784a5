"""The OCDS merge of the releases of one process: the compiled release of its record.

The rules are those of the 1.1 merging guidance, for the paths that the standard reads: objects in arrays are matched by
id, those without one stand apart; the last value of a field stands; a null takes it back; lists that the schema replaces
as one, and lists of words, are replaced as one. ocdsmerge is the second opinion in the tests.
"""

from collections.abc import Sequence
from typing import Any

from threepoint.publish.ocds_release import PLACES
from threepoint.standard.history_tables import CORE_LISTS

APART = frozenset({"id", "date", "tag"})  # say which release it is, so they are not merged
WHOLE = frozenset(
    tuple(step.rstrip("[]") for step in place.name.split("/")) for place in PLACES if place.table.whole_list
)

Path = tuple[str, ...]


def compiled(releases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The compiled release of one process's releases, oldest first. The releases are not changed."""
    last, merged = releases[-1], dict[str, Any]()
    for release in releases:
        _merge(merged, {name: value for name, value in release.items() if name not in APART}, ())
    head = {"ocid": merged["ocid"], "id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"]}
    return head | {name: value for name, value in merged.items() if name != "ocid"}


def _merge(held: dict[str, Any], said: dict[str, Any], path: Path) -> None:
    for name, value in said.items():
        at = (*path, name)
        if isinstance(value, dict):
            below = held.get(name)
            fresh = below if isinstance(below, dict) else {}
            _merge(fresh, value, at)
            _keep(held, name, fresh)
        elif isinstance(value, list) and not _is_whole(value, at):
            _keep(held, name, _matched(held.get(name) or [], value, at))
        else:
            _keep(held, name, _copied(value))


def _is_whole(value: list[Any], at: Path) -> bool:
    return at in WHOLE or at[-1] in CORE_LISTS or not all(isinstance(entry, dict) for entry in value)


def _keep(held: dict[str, Any], name: str, value: Any) -> None:
    if value is None or value in ({}, []):
        held.pop(name, None)
    else:
        held[name] = value


def _copied(value: Any) -> Any:
    """The same in objects of its own, without the nulls in it."""
    if isinstance(value, dict):
        return {name: _copied(entry) for name, entry in value.items() if entry is not None}
    return [_copied(entry) for entry in value] if isinstance(value, list) else value


def _matched(held: list[dict[str, Any]], said: list[dict[str, Any]], at: Path) -> list[dict[str, Any]]:
    known = {entry["id"]: entry for entry in held if "id" in entry}
    for entry in said:
        home = known.get(entry.get("id")) if entry.get("id") is not None else None
        if home is None:
            home = {}
            held.append(home)
            if entry.get("id") is not None:
                known[entry["id"]] = home
        _merge(home, entry, at)
    return held
