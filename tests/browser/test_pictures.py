"""The README's screenshots exist and can be taken; `PICTURES=1 pytest tests/browser/test_pictures.py` replaces them."""

import os
import struct
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
CONTRACTS = [f"ocds-sample-070000{number}/contracts/1" for number in ("09", "11", "1a")]
PICTURES = {
    "search": "/search/?q=hosting", "contract": f"/contracts/{CONTRACTS[0]}",
    "compare": "/compare/?" + "&".join(f"id={ident}" for ident in CONTRACTS),
}  # fmt: skip
SIZE = (1000, 900)


@pytest.mark.parametrize("name", PICTURES)
def test_screenshot_of_page_has_size_of_picture(look, name, tmp_path):
    seen = look(PICTURES[name], width=SIZE[0])
    assert "Synthetic data" in seen.page.locator("main").inner_text() or name == "search"
    target = FOLDER / f"{name}.png" if os.environ.get("PICTURES") == "1" else tmp_path / "taken.png"
    target.parent.mkdir(exist_ok=True)
    seen.page.screenshot(path=target)
    assert read_size(target) == read_size(FOLDER / f"{name}.png") == SIZE


def read_size(path):
    """Return the width and height in the header of a PNG."""
    return struct.unpack(">II", path.read_bytes()[16:24])
