"""Public technology procurement, from notice to lesson.

read → merge → check → facts, compare, publish.     The order is in pipeline/.
Every room takes and returns the nouns in standard/, and knows no other room.

`import threepoint` gives load, build, status, show, side_by_side, check_file, make_sample, prune and publish_…; see `threepoint.api`.
"""

from typing import Any

__version__ = "0.1.0"
__all__ = [
    "build",
    "check_file",
    "load",
    "make_sample",
    "prune",
    "publish_ocds",
    "publish_projects",
    "publish_tables",
    "show",
    "side_by_side",
    "status",
]  # given by __getattr__


def __getattr__(name: str) -> Any:
    """The names of the API, imported when first used, so that `import threepoint` is quick."""
    if name not in __all__:
        raise AttributeError(f"module threepoint has no attribute {name}")
    from importlib import import_module

    return getattr(import_module("threepoint.api"), name)
