"""One release as bytes → rows of history. The fast reader first; the careful one where the fast one must not judge."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.errors import Unreadable
from threepoint.read.ocds.fast_reader import lay_flat
from threepoint.read.ocds.release_structs import RELEASE
from threepoint.read.ocds.tolerant_reader import MOST_SHOWN, UNKNOWN, Findings, read_release
from threepoint.read.ocds.version_upgrade import upgrade
from threepoint.read.read_result import AGAIN, Rows
from threepoint.read.value_parsing import NeedsCare, canonical, decoded, micros
from threepoint.standard.history_tables import HISTORY
from threepoint.standard.publishers import publisher_of

_FAST = msgspec.json.Decoder(RELEASE.struct)
_PACK = msgspec.msgpack.Encoder(order="deterministic")
_BYTE = re.compile(r"\(byte (\d+)\)$")  # ends what msgspec says


@dataclass(frozen=True)
class Origin:
    """Where releases come from: the file's sha256, the package's publisher, and the kind of release."""

    source_id: str
    publisher: str | None = None
    kind: str = "release"


def empty_rows() -> Rows:
    """No rows yet, for every history table."""
    return {name: [] for name in HISTORY}


def read_one(raw: bytes, origin: Origin, out: Rows, seen: set[int]) -> bool:
    """Appends the rows of one release to `out`; False when the same release is in `seen` (by its key) already,
    which is then but noted.

    Unreadable says why the release must be quarantined; `out` is then as it was.
    """
    try:
        return _keep(_FAST.decode(raw), Findings(), raw, origin, out, seen)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NeedsCare):
        pass
    return _keep(*_careful(raw), raw, origin, out, seen)


def _careful(raw: bytes) -> tuple[Any, Findings]:
    release = _decode(raw)
    if not isinstance(release, dict):
        raise Unreadable("this is not a release: a JSON object belongs here")
    return read_release(upgrade(release))


def _decode(raw: bytes) -> Any:
    try:
        return decoded(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise not_json(why, AGAIN) from None
    except RecursionError:
        raise Unreadable("this JSON is nested too deeply to be a release") from None


def not_json(why: Exception, advice: str, remark: str = "") -> Unreadable:
    """Return the error for bytes that are not JSON, from what the decoder says of them."""
    byte = _BYTE.search(str(why))
    return Unreadable(f"this is not valid JSON ({why}){remark}", advice, int(byte[1]) if byte else None)


def _keep(release: Any, findings: Findings, raw: bytes, origin: Origin, out: Rows, seen: set[int]) -> bool:
    if not release.ocid:  # also where it is an array or an object
        raise Unreadable("the release has no ocid, so it belongs to no process", "ask the publisher to add one")
    digest = _digest(release, findings)
    key = int.from_bytes(digest[:8], "big", signed=True)
    if key in seen:
        out["sighting"].append((key, origin.source_id))
        return False
    tag = digest.hex()[:12]
    row = _release_row(release, key, digest, raw, origin)
    try:
        lay_flat(release, key, tag, out)
    except NeedsCare:
        _take_back(out, key)
        raise
    out["release"].append(row)
    nameless, named = f"#{UNKNOWN}-", f"#{tag}-"
    out["removed"] += [(key, table, at.replace(nameless, named), column) for table, at, column in findings.removed]
    out["invalid_value"] += [(key, t, at.replace(nameless, named), *rest) for t, at, *rest in findings.invalid]
    seen.add(key)
    return True


def _digest(release: Any, findings: Findings) -> bytes:
    """sha256 of what the release says, so that the same release in another layout is the same release."""
    packed = _PACK.encode(release)
    if findings.removed or findings.invalid:
        packed += repr((findings.removed, findings.invalid)).encode()
    return hashlib.sha256(packed).digest()


def _release_row(release: Any, key: int, digest: bytes, raw: bytes, origin: Origin) -> tuple[Any, ...]:
    try:
        at = micros(release.date)
    except (ValueError, OverflowError, TypeError):
        found = repr(release.date)[:MOST_SHOWN]
        why = f"the release's date is {found}, so it cannot be put in order"
        raise Unreadable(why, "ask the publisher") from None
    tags = release.tag or []
    kind = "compiled" if "compiled" in tags and origin.kind == "release" else origin.kind
    ident = release.id if release.id is not None else f"{release.ocid}-{_canonical_sha(raw)[:12]}"
    publisher = publisher_of(release.ocid, origin.publisher)
    return (
        key, release.ocid, str(ident), release.id is None, at, kind, "; ".join(tags) or None, release.initiationType,
        release.language, publisher.name, publisher.group, origin.source_id, digest.hex(),
    )  # fmt: skip


def _canonical_sha(raw: bytes) -> str:
    """sha256 of the release as JSON with sorted keys and no spaces, so that the layout of a file does not matter."""
    return hashlib.sha256(canonical(_decode(raw))).hexdigest()


def _take_back(out: Rows, key: int) -> None:
    for rows in out.values():
        while rows and rows[-1][0] == key:
            rows.pop()
