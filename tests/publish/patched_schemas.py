"""The OCDS schemas with all extensions patched in, and the errors that they find in a document."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs


def _patch(schema: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    patched = dict(schema) if isinstance(schema, dict) else {}
    for name, value in patch.items():
        patched[name] = _patch(patched.get(name), value)
        if value is None:
            patched.pop(name)
    return patched


def read_release_schema(ocds: Path) -> dict[str, Any]:
    """Return the core release schema with all extensions in `ocds/extensions` patched in."""
    schema = json.loads((ocds / "schema" / "release-schema-1.1.json").read_text())
    extensions = sorted((ocds / "extensions").glob("*/release-schema.json"))
    assert len(extensions) == 8
    for path in extensions:
        schema = _patch(schema, json.loads(path.read_text()))
    schema.pop("id")
    return schema


def make_validator(ocds: Path) -> Any:
    """Return a validator for single releases."""
    return jsonschema_rs.Draft4Validator(read_release_schema(ocds), validate_formats=True)


def make_package_validator(ocds: Path) -> Any:
    """Return a validator for record packages: the standard's schemas with the patched release schema."""
    with zipfile.ZipFile(ocds / "schema" / "standard-1.1.zip") as archive:
        names = {Path(name).name: name for name in archive.namelist() if "/schema/" in name}
        package, record = (
            json.loads(archive.read(names[f"{name}-schema.json"])) for name in ("record-package", "record")
        )
    release = read_release_schema(ocds)
    reference = {"$ref": "#/definitions/Release"}
    record.pop("id")
    record["properties"].pop("versionedRelease")
    record["properties"] |= {
        "releases": {"type": "array", "items": reference, "minItems": 1},
        "compiledRelease": reference,
    }
    package["properties"]["records"]["items"] = {key: record[key] for key in ("type", "properties", "required")}
    package.pop("id")
    package["definitions"] = release["definitions"] | {
        "Release": {k: v for k, v in release.items() if k != "definitions"}
    }
    return jsonschema_rs.Draft4Validator(package, validate_formats=True)


def count_errors(validator: Any, document: Any) -> Counter:
    """Count a document's errors by (kind of error, path)."""
    return Counter(
        (type(error.kind).__name__, "/".join(map(str, error.instance_path)))
        for error in validator.iter_errors(document)
    )
