"""Load and build: the steps from published files to a snapshot, and their order.

load:   files → raw bytes stored → rows as published → history
build:  history → known organisations → for a part of the processes at a time: current state, baseline, changes, field
        states, checks → organisations, projects and publishers as a whole → a new snapshot
"""

from threepoint.pipeline.history_load import LoadResult, load
from threepoint.pipeline.progress import LOCK_TIMEOUT_SECONDS, ProgressReporter
from threepoint.pipeline.raw_file_pruning import PruneResult, prune
from threepoint.pipeline.sample_output import load_sample, write_sample_files
from threepoint.pipeline.snapshot_build import DUCKDB_ENGINE, ENGINE_NAMES, BuildResult, build
from threepoint.pipeline.store_status import FileCheckResult, check_file, status

__all__ = [
    "DUCKDB_ENGINE",
    "ENGINE_NAMES",
    "LOCK_TIMEOUT_SECONDS",
    "BuildResult",
    "FileCheckResult",
    "LoadResult",
    "ProgressReporter",
    "PruneResult",
    "build",
    "check_file",
    "load",
    "load_sample",
    "prune",
    "status",
    "write_sample_files",
]
