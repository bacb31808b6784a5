"""Public technology procurement, from notice to lesson.

The order of work is read → merge → check → snapshot, compare, publish; pipeline/ runs it. Packages share the types in standard/.

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
]


def __getattr__(name: str) -> Any:
    """Import a name of the API when it is first used, so that `import threepoint` is quick."""
    if name not in __all__:
        raise AttributeError(f"module threepoint has no attribute {name}")
    from importlib import import_module

    return getattr(import_module("threepoint.api"), name)
