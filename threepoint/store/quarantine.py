"""What could not be read: why, where, its length and first bytes. Private, like raw; counted wherever totals are shown."""

import hashlib

from threepoint.store.atomic_files import replace_file
from threepoint.store.store_paths import StorePaths

MAX_HEAD_BYTES = 64 * 1024  # bytes kept of a part; never the bytes twice, since raw holds the file (decision 19)


def delete_head(layout: StorePaths, name: str) -> bool:
    """Drops the first bytes of a part; False where they were dropped before."""
    target = layout.quarantine / name
    held = target.exists()
    target.unlink(missing_ok=True)
    return held


def store_head(layout: StorePaths, head: bytes) -> str:
    """Keeps the first bytes of a part under their sha256, and returns it."""
    head = head[:MAX_HEAD_BYTES]
    name = hashlib.sha256(head).hexdigest()
    target = layout.quarantine / name
    if not target.exists():
        with replace_file(target) as fresh:
            fresh.write_bytes(head)
    return name
