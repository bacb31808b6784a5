"""Convert one release from bytes to history rows, with the fast reader if possible and otherwise with the tolerant reader."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read.ocds.fast_reader import flatten_release
from threepoint.read.ocds.release_structs import RELEASE_TREE
from threepoint.read.ocds.tolerant_reader import MAX_INVALID_VALUE_CHARS, UNKNOWN_TAG, ReleaseFindings, read_release
from threepoint.read.ocds.version_upgrade import upgrade_release
from threepoint.read.read_result import REQUEST_FILE_ADVICE, HistoryRows
from threepoint.read.value_parsing import NeedsTolerantReader, decode_json, encode_canonical_json, parse_publication
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.publishers import find_publisher

_RELEASE_DECODER = msgspec.json.Decoder(RELEASE_TREE.struct)
_DIGEST_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_BYTE_OFFSET_PATTERN = re.compile(r"\(byte (\d+)\)$")  # at the end of msgspec's messages


@dataclass(frozen=True)
class ReleaseOrigin:
    """The origin of releases: the file's sha256, the package's publisher, and the kind of release."""

    source_id: str
    publisher: str | None = None
    kind: str = "release"


def make_empty_rows() -> HistoryRows:
    """Return an empty list of rows for every history table."""
    return {name: [] for name in HISTORY_TABLES}


def append_release(raw: bytes, origin: ReleaseOrigin, out: HistoryRows, seen: set[int]) -> bool:
    """Append the rows of one release to `out`; if its key is already in `seen`, append only a sighting and return False.

    Raises UnreadableInputError if the release must be quarantined; `out` is then unchanged.
    """
    try:
        return _append_rows(_RELEASE_DECODER.decode(raw), ReleaseFindings(), raw, origin, out, seen)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NeedsTolerantReader):
        pass
    return _append_rows(*_read_with_tolerance(raw), raw, origin, out, seen)


def _read_with_tolerance(raw: bytes) -> tuple[Any, ReleaseFindings]:
    release = _decode_release(raw)
    if not isinstance(release, dict):
        raise UnreadableInputError("this is not a release: a JSON object belongs here")
    return read_release(upgrade_release(release))


def _decode_release(raw: bytes) -> Any:
    try:
        return decode_json(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise make_json_error(why, REQUEST_FILE_ADVICE) from None
    except RecursionError:
        raise UnreadableInputError("this JSON is nested too deeply to be a release") from None


def make_json_error(why: Exception, advice: str, remark: str = "") -> UnreadableInputError:
    """Return the error for bytes that are not JSON, with the decoder's message."""
    match = _BYTE_OFFSET_PATTERN.search(str(why))
    return UnreadableInputError(f"this is not valid JSON ({why}){remark}", advice, int(match[1]) if match else None)


def _append_rows(
    release: Any, findings: ReleaseFindings, raw: bytes, origin: ReleaseOrigin, out: HistoryRows, seen: set[int]
) -> bool:
    if not release.ocid:  # also if it is an array or an object
        raise UnreadableInputError(
            "the release has no ocid, so it belongs to no process", "ask the publisher to add one"
        )
    digest = _hash_release(release, findings)
    key = int.from_bytes(digest[:8], "big", signed=True)
    if key in seen:
        out["sighting"].append((key, origin.source_id))
        return False
    tag = digest.hex()[:12]
    row = _make_release_row(release, key, digest, raw, origin)
    try:
        flatten_release(release, key, tag, out)
    except NeedsTolerantReader:
        _remove_rows(out, key)
        raise
    out["release"].append(row)
    placeholder, id_prefix = f"#{UNKNOWN_TAG}-", f"#{tag}-"
    out["removed"] += [
        (key, table, row_key.replace(placeholder, id_prefix), column) for table, row_key, column in findings.removed
    ]
    out["invalid_value"] += [
        (key, table, row_key.replace(placeholder, id_prefix), *rest) for table, row_key, *rest in findings.invalid
    ]
    seen.add(key)
    return True


def _hash_release(release: Any, findings: ReleaseFindings) -> bytes:
    """Return the sha256 of a release's content, so that its layout in the file does not matter."""
    packed = _DIGEST_ENCODER.encode(release)
    if findings.removed or findings.invalid:
        packed += repr((findings.removed, findings.invalid)).encode()
    return hashlib.sha256(packed).digest()


def _make_release_row(release: Any, key: int, digest: bytes, raw: bytes, origin: ReleaseOrigin) -> tuple[Any, ...]:
    try:
        time, day = parse_publication(release.date)
    except (ValueError, OverflowError, TypeError):
        published_date = repr(release.date)[:MAX_INVALID_VALUE_CHARS]
        why = f"the release's date is {published_date}, so it cannot be put in order"
        raise UnreadableInputError(why, "ask the publisher") from None
    tags = release.tag or []
    kind = "compiled" if "compiled" in tags and origin.kind == "release" else origin.kind
    release_id = release.id if release.id is not None else f"{release.ocid}-{_hash_canonical_json(raw)[:12]}"
    publisher = find_publisher(release.ocid, origin.publisher)
    return (
        key, release.ocid, str(release_id), release.id is None, time, day, kind, "; ".join(tags) or None, release.initiationType,
        release.language, publisher.name, publisher.group, origin.source_id, digest.hex(),
    )  # fmt: skip


def _hash_canonical_json(raw: bytes) -> str:
    """Return the sha256 of the release as JSON with sorted keys and no spaces."""
    return hashlib.sha256(encode_canonical_json(_decode_release(raw))).hexdigest()


def _remove_rows(out: HistoryRows, key: int) -> None:
    for rows in out.values():
        while rows and rows[-1][0] == key:
            rows.pop()
