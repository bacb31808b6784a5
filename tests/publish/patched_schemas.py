"""The OCDS schemas with the extensions patched in, and what they say of a document (decision 29)."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs


def _patch(schema: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    made = dict(schema) if isinstance(schema, dict) else {}
    for name, value in patch.items():
        made[name] = _patch(made.get(name), value)
        if value is None:
            made.pop(name)
    return made


def read_release_schema(ocds: Path) -> dict[str, Any]:
    """The core release schema with every extension in `ocds/extensions` patched in."""
    schema = json.loads((ocds / "schema" / "release-schema-1.1.json").read_text())
    extensions = sorted((ocds / "extensions").glob("*/release-schema.json"))
    assert len(extensions) == 8
    for path in extensions:
        schema = _patch(schema, json.loads(path.read_text()))
    schema.pop("id")
    return schema


def make_validator(ocds: Path) -> Any:
    """Judges one release."""
    return jsonschema_rs.Draft4Validator(read_release_schema(ocds), validate_formats=True)


def make_package_validator(ocds: Path) -> Any:
    """Judges a record package: the standard's schema of packages and records, the patched one of releases."""
    with zipfile.ZipFile(ocds / "schema" / "standard-1.1.zip") as archive:
        names = {Path(name).name: name for name in archive.namelist() if "/schema/" in name}
        package, record = (
            json.loads(archive.read(names[f"{what}-schema.json"])) for what in ("record-package", "record")
        )
    release = read_release_schema(ocds)
    refs = {"$ref": "#/definitions/Release"}
    record.pop("id")
    record["properties"].pop("versionedRelease")
    record["properties"] |= {"releases": {"type": "array", "items": refs, "minItems": 1}, "compiledRelease": refs}
    package["properties"]["records"]["items"] = {key: record[key] for key in ("type", "properties", "required")}
    package.pop("id")
    package["definitions"] = release["definitions"] | {
        "Release": {k: v for k, v in release.items() if k != "definitions"}
    }
    return jsonschema_rs.Draft4Validator(package, validate_formats=True)


def count_errors(judge: Any, document: Any) -> Counter:
    """What is wrong: (kind of error, path) and how often."""
    return Counter(
        (type(error.kind).__name__, "/".join(map(str, error.instance_path))) for error in judge.iter_errors(document)
    )
