"""First bytes of the parts of files that could not be read. Private, like raw files: they may contain contact details."""

import hashlib

from threepoint.store.atomic_files import replace_file
from threepoint.store.store_paths import StorePaths

MAX_HEAD_BYTES = 64 * 1024  # enough to show the problem; raw has the whole file, unless it was pruned


def delete_head(layout: StorePaths, name: str) -> bool:
    """Delete the first bytes of a part and return True, or False if they are deleted already."""
    target = layout.quarantine / name
    existed = target.exists()
    target.unlink(missing_ok=True)
    return existed


def store_head(layout: StorePaths, head: bytes) -> str:
    """Store the first bytes of a part under their sha256 and return it."""
    head = head[:MAX_HEAD_BYTES]
    name = hashlib.sha256(head).hexdigest()
    target = layout.quarantine / name
    if not target.exists():
        with replace_file(target) as fresh:
            fresh.write_bytes(head)
    return name
