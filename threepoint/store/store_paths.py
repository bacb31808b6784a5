"""Folders of a store. Published data is in raw, history and quarantine; data that builds derive from it in snapshots."""

import os
from pathlib import Path

HISTORY_VERSION = 2  # version of the history's format; for any other, load the files into a new store


def get_default_store() -> Path:
    """Return the store's folder: THREEPOINT_STORE, or ./store by default."""
    return Path(os.environ.get("THREEPOINT_STORE") or "store")


class StorePaths:
    """Paths of one store under `root`. Creating an instance changes nothing on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw = root / "raw"
        self.history = root / "history"
        self.log = self.history / "log"
        self.quarantine = root / "quarantine"
        self.inbox = root / "inbox"
        self.snapshots = root / "snapshots"
        self.current = root / "current"
        self.lock = root / "lock"
        self.scratch = root / "scratch"

    def make(self) -> None:
        """Create the folders. Only their owner may read raw and quarantine, which may contain contact details."""
        for folder in (self.raw, self.quarantine):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        for folder in (self.log, self.inbox, self.snapshots, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
