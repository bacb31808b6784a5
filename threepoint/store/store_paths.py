"""Where things stand in a store. What publishers said: raw, history, quarantine. What we make of it: snapshots."""

import os
from pathlib import Path

HISTORY_VERSION = 1  # of the history's own shape; another one needs the files loaded into a new store


def get_default_store() -> Path:
    """The store's folder: THREEPOINT_STORE, else ./store (decision 25)."""
    return Path(os.environ.get("THREEPOINT_STORE") or "store")


class StorePaths:
    """The folders of one store, under `root`. Making one changes nothing on disk."""

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
        """Makes the folders; raw and quarantine hold bytes as published, so only their owner may read them (decision 44)."""
        for folder in (self.raw, self.quarantine):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        for folder in (self.log, self.inbox, self.snapshots, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
