"""What could not be read: why, where, its length and first bytes. Private, like raw; counted wherever totals are shown."""

import hashlib

from threepoint.store.atomic_files import replacing
from threepoint.store.store_paths import Layout

HEAD = 64 * 1024  # bytes kept of a part; never the bytes twice, since raw holds the file (decision 19)


def drop(layout: Layout, name: str) -> bool:
    """Drops the first bytes of a part; False where they were dropped before."""
    target = layout.quarantine / name
    held = target.exists()
    target.unlink(missing_ok=True)
    return held


def keep(layout: Layout, head: bytes) -> str:
    """Keeps the first bytes of a part under their sha256, and returns it."""
    head = head[:HEAD]
    name = hashlib.sha256(head).hexdigest()
    target = layout.quarantine / name
    if not target.exists():
        with replacing(target) as fresh:
            fresh.write_bytes(head)
    return name
