"""Kinds of JSON that publishers put next to OCDS, named by what their objects contain, so that `load` can say what it skipped."""

from collections.abc import Mapping

import msgspec

from threepoint.read.read_result import SkippedItem

OTHER_JSON = SkippedItem("JSON of another kind", "it contains no OCDS release, package or record")
EXTENSION_LIST = SkippedItem("list of OCDS extensions", "it lists extensions and contains no release")
_OC4IDS_PROJECT = SkippedItem(
    "OC4IDS project", "it describes a project; load the releases of its contracting processes"
)
_BODS_STATEMENT = SkippedItem("statement of beneficial ownership", "it says who owns a company and contains no release")
_GEOJSON = SkippedItem("map data", "it is GeoJSON and contains no release")
_OC4IDS_NAMES = {"contractingProcesses", "publicAuthority", "assetLifetime"}

# The names that identify a document, one of which is enough, and its kind.
_KINDS = (
    ({"x-sdes"}, SkippedItem("package of tables", "unpack the archive and load the package's folder")),
    ({"$schema", "definitions", "properties"}, SkippedItem("JSON schema", "it describes data and contains none")),
    ({"compatibility", "codelists", "schemas"}, SkippedItem("OCDS extension", "it describes data and contains none")),
    ({"openapi", "swagger"}, SkippedItem("description of an API", "it describes data and contains none")),
    ({"statementID", "statementId"}, _BODS_STATEMENT),
    ({"grants"}, SkippedItem("package of grants", "it is 360Giving data and contains no release")),
)


def find_kind(values: Mapping[str, msgspec.Raw]) -> SkippedItem | None:
    """Return the kind of an object that is no OCDS, with the number of its entries; None if it is not known."""
    if "projects" in values and (entries := _decode_objects(values["projects"])):
        is_package = any(_OC4IDS_NAMES & entry.keys() for entry in entries) or "publishedDate" in values
        return SkippedItem(_OC4IDS_PROJECT.kind, _OC4IDS_PROJECT.why, len(entries)) if is_package else None
    if _OC4IDS_NAMES & values.keys():
        return _OC4IDS_PROJECT
    if "features" in values and "type" in values:
        return _GEOJSON
    return next((kind for names, kind in _KINDS if names & values.keys()), None)


def _decode_objects(array: msgspec.Raw) -> list[dict[str, msgspec.Raw]]:
    try:
        return msgspec.json.decode(array, type=list[dict[str, msgspec.Raw]])
    except msgspec.ValidationError:
        return []
