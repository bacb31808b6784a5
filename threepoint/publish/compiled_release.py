"""Merge the OCDS releases of a process into the compiled release of its record.

This follows the merging guidance of OCDS 1.1 for the paths that the standard reads. Objects in arrays are matched by id;
objects without an id stay separate. The last value of a field wins, and a null removes the field. Lists that the schema
replaces as a whole, and lists of words, are replaced as a whole. Tests compare the result with ocdsmerge.
"""

from collections.abc import Sequence
from typing import Any

from threepoint.publish.ocds_release import ARRAY_MAPPINGS
from threepoint.standard.history_tables import WHOLE_LIST_FIELDS

UNMERGED_FIELDS = frozenset({"id", "date", "tag"})  # they identify a release
WHOLE_LIST_PATHS = frozenset(
    tuple(step.rstrip("[]") for step in place.name.split("/")) for place in ARRAY_MAPPINGS if place.table.whole_list
)

FieldPath = tuple[str, ...]


def compile_release(releases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the compiled release of a process's releases, given oldest first. The releases do not change."""
    last, merged = releases[-1], dict[str, Any]()
    for release in releases:
        _merge_object(merged, {name: value for name, value in release.items() if name not in UNMERGED_FIELDS}, ())
    head = {"ocid": merged["ocid"], "id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"]}
    return head | {name: value for name, value in merged.items() if name != "ocid"}


def _merge_object(merged: dict[str, Any], release_object: dict[str, Any], path: FieldPath) -> None:
    for name, value in release_object.items():
        field_path = (*path, name)
        if isinstance(value, dict):
            current = merged.get(name)
            child = current if isinstance(current, dict) else {}
            _merge_object(child, value, field_path)
            _set_or_remove_field(merged, name, child)
        elif isinstance(value, list) and not _is_whole_list(value, field_path):
            _set_or_remove_field(merged, name, _merge_list(merged.get(name) or [], value, field_path))
        else:
            _set_or_remove_field(merged, name, _copy_without_nulls(value))


def _is_whole_list(value: list[Any], path: FieldPath) -> bool:
    if path in WHOLE_LIST_PATHS or path[-1] in WHOLE_LIST_FIELDS:
        return True
    return not all(isinstance(entry, dict) for entry in value)


def _set_or_remove_field(merged: dict[str, Any], name: str, value: Any) -> None:
    if value is None or value in ({}, []):
        merged.pop(name, None)
    else:
        merged[name] = value


def _copy_without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy_without_nulls(entry) for name, entry in value.items() if entry is not None}
    return [_copy_without_nulls(entry) for entry in value] if isinstance(value, list) else value


def _merge_list(
    merged: list[dict[str, Any]], release_list: list[dict[str, Any]], path: FieldPath
) -> list[dict[str, Any]]:
    merged_by_id = {entry["id"]: entry for entry in merged if "id" in entry}
    for entry in release_list:
        target = merged_by_id.get(entry.get("id")) if entry.get("id") is not None else None
        if target is None:
            target = {}
            merged.append(target)
            if entry.get("id") is not None:
                merged_by_id[entry["id"]] = target
        _merge_object(target, entry, path)
    return merged
