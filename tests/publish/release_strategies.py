"""Random releases with all paths that the standard reads: unusual values, nulls, missing ids and repeated ids."""

import random
from typing import Any

from threepoint.read.ocds.release_structs import ReleaseNode, build_release_tree

TREE = build_release_tree()
TEXTS = [
    "alpha", "", " ", "a; b", "Ünïcode – “quotes”\n", "one|two", "#1-2", "write to someone@example.org", "=1+1", "-0",
]  # fmt: skip
CODES = [text for text in TEXTS if "@" not in text]  # values are derived from codes before addresses are removed
DATES = ["2026-01-01T00:00:00Z", "2026-07-01T23:59:59+01:00", "2025-12-31", "1999-06-30T22:30:00Z", "0001-01-01",
         "9999-12-31", "2026-03-29T00:30:00Z", "1970-01-01T00:00:00"]  # fmt: skip
MONEY = [0, 0.01, 1, 54393.6, 1e9, 123456789012345.67, -5, 1.005, 2.675, 0.1 + 0.2]
IDS: list[Any] = ["1", "2", 1, 7, "a|b", "#x", "", 2**62]


def draw_value(rng: random.Random, kind: str) -> Any:
    """Return a random value that the type of a leaf allows."""
    return {
        "id": lambda: rng.choice(IDS), "text": lambda: rng.choice(TEXTS), "code": lambda: rng.choice(CODES),
        "list": lambda: [rng.choice(["uk", "x", "a; b", ""]) for _ in range(rng.randint(0, 3))],
        "any": lambda: rng.choice(
            [0, 7, -3, 1.5, "7", "07", "1.50", "1e5", "1E+2", "ok", "-0", "true", 10**15, 10**18]
        ),
        "integer": lambda: rng.choice([0, 1, -4, 2**62]),
        "number": lambda: rng.choice([0, 1.5, 2, 1e300, -0.25, 1e16]), "share": lambda: rng.choice([0, 0.25, 1]),
        "money": lambda: rng.choice(MONEY), "boolean": lambda: rng.choice([True, False]),
        "date": lambda: rng.choice(DATES),
    }[kind]()  # fmt: skip


def draw_release(seed: int) -> dict[str, Any]:
    """Return a random release; the same seed gives the same release."""
    rng = random.Random(seed)
    release = _draw_object(rng, TREE, rng.choice([0.05, 0.2, 0.5]), rng.choice([0.0, 0.0, 0.1]))
    release |= {"ocid": rng.choice(["ocds-213czf-1", "ocds-213czf-2", "ocds-zzzzzz-1"])}
    release |= {"date": rng.choice(["2026-01-01T10:00:00Z", "2026-01-02T00:00:00+01:00", "2026-02-01T00:00:00.125Z"])}
    release |= {"tag": rng.choice([["tender"], ["award", "contract"], ["planning"]])}
    for name in ("id", "initiationType", "language"):
        if release.get(name) is None:
            release.pop(name, None)
    return release


def _draw_object(rng: random.Random, node: ReleaseNode, field_share: float, null_share: float) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, kind in node.leaves.items():
        if rng.random() < field_share:
            values[name] = None if rng.random() < null_share else draw_value(rng, kind)
    for child in node.children.values():
        if rng.random() < field_share:
            values[child.name] = _draw_child(rng, child, field_share, null_share)
    return values


def _draw_child(rng: random.Random, node: ReleaseNode, field_share: float, null_share: float) -> Any:
    if rng.random() < null_share:
        return rng.choice([None, [], {}]) if node.kind != "object" else None
    if node.kind == "map":
        return {rng.choice(["size", "region", "a|b"]): rng.choice(["1", "x", "1.50"]) for _ in range(2)}
    if node.kind == "object":
        return _draw_object(rng, node, field_share, null_share)
    return [_draw_object(rng, node, field_share, null_share) | _draw_id(rng, node) for _ in range(rng.randint(0, 3))]


def _draw_id(rng: random.Random, node: ReleaseNode) -> dict[str, Any]:
    return {"id": rng.choice(IDS)} if "id" not in node.leaves or rng.random() < 0.7 else {}
