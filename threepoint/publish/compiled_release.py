"""The OCDS merge of the releases of one process: the compiled release of its record.

The rules are those of the 1.1 merging guidance, for the paths that the standard reads: objects in arrays are matched by
id, those without one stand apart; the last value of a field stands; a null takes it back; lists that the schema replaces
as one, and lists of words, are replaced as one. ocdsmerge is the second opinion in the tests.
"""

from collections.abc import Sequence
from typing import Any

from threepoint.publish.ocds_release import ARRAY_MAPPINGS
from threepoint.standard.history_tables import WHOLE_LIST_FIELDS

UNMERGED_FIELDS = frozenset({"id", "date", "tag"})  # say which release it is, so they are not merged
WHOLE_LIST_PATHS = frozenset(
    tuple(step.rstrip("[]") for step in place.name.split("/")) for place in ARRAY_MAPPINGS if place.table.whole_list
)

FieldPath = tuple[str, ...]


def compile_release(releases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The compiled release of one process's releases, oldest first. The releases are not changed."""
    last, merged = releases[-1], dict[str, Any]()
    for release in releases:
        _merge_object(merged, {name: value for name, value in release.items() if name not in UNMERGED_FIELDS}, ())
    head = {"ocid": merged["ocid"], "id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"]}
    return head | {name: value for name, value in merged.items() if name != "ocid"}


def _merge_object(held: dict[str, Any], said: dict[str, Any], path: FieldPath) -> None:
    for name, value in said.items():
        at = (*path, name)
        if isinstance(value, dict):
            below = held.get(name)
            fresh = below if isinstance(below, dict) else {}
            _merge_object(fresh, value, at)
            _set_or_remove_field(held, name, fresh)
        elif isinstance(value, list) and not _is_whole_list(value, at):
            _set_or_remove_field(held, name, _merge_list(held.get(name) or [], value, at))
        else:
            _set_or_remove_field(held, name, _copy_without_nulls(value))


def _is_whole_list(value: list[Any], at: FieldPath) -> bool:
    return at in WHOLE_LIST_PATHS or at[-1] in WHOLE_LIST_FIELDS or not all(isinstance(entry, dict) for entry in value)


def _set_or_remove_field(held: dict[str, Any], name: str, value: Any) -> None:
    if value is None or value in ({}, []):
        held.pop(name, None)
    else:
        held[name] = value


def _copy_without_nulls(value: Any) -> Any:
    """The same in objects of its own, without the nulls in it."""
    if isinstance(value, dict):
        return {name: _copy_without_nulls(entry) for name, entry in value.items() if entry is not None}
    return [_copy_without_nulls(entry) for entry in value] if isinstance(value, list) else value


def _merge_list(held: list[dict[str, Any]], said: list[dict[str, Any]], at: FieldPath) -> list[dict[str, Any]]:
    known = {entry["id"]: entry for entry in held if "id" in entry}
    for entry in said:
        home = known.get(entry.get("id")) if entry.get("id") is not None else None
        if home is None:
            home = {}
            held.append(home)
            if entry.get("id") is not None:
                known[entry["id"]] = home
        _merge_object(home, entry, at)
    return held
