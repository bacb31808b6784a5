"""The whole flow: what runs, in what order, with what passed on.

load:   files → raw bytes kept → rows as published → history                          (loading)
build:  history → organisations known → for some processes at a time: one state, its baseline, changes, field states,
        checks → organisations, projects and publishers as a whole → a new snapshot   (building)
"""

from threepoint.pipeline.history_load import Loaded, load
from threepoint.pipeline.progress import WAIT, Watch
from threepoint.pipeline.raw_file_pruning import Pruned, prune
from threepoint.pipeline.sample_output import sample_into, sample_tables
from threepoint.pipeline.snapshot_build import DUCKDB, ENGINES, Built, build
from threepoint.pipeline.store_status import Checked, check_file, status

__all__ = [
    "DUCKDB",
    "ENGINES",
    "WAIT",
    "Built",
    "Checked",
    "Loaded",
    "Pruned",
    "Watch",
    "build",
    "check_file",
    "load",
    "prune",
    "sample_into",
    "sample_tables",
    "status",
]
