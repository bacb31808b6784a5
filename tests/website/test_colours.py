"""Every text of ours can be read on every ground of ours, in light and in dark (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).resolve().parents[2] / "website" / "common" / "style" / "_colours.scss"
GROUNDS = ["tp-ground", "tp-surface"]
TEXTS = ["tp-ink", "tp-quiet", "tp-changed", "govuk-error-colour"] + [
    f"govuk-link{state}-colour" for state in ("", "-visited", "-hover", "-active")
]
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS]
PAIRS += [("tp-button-text", "tp-button"), ("tp-button-text", "tp-button-hover"), ("tp-brand", "tp-surface")]


def read_colours(mode: str) -> dict[str, str]:
    block = re.search(rf"@mixin {mode} \{{(.*?)\n\}}", SHEET.read_text(), re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): #(\w+);", block))


def compute_luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    whole = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def compute_contrast(one: str, other: str) -> float:
    dark, light = sorted((compute_luminance(one), compute_luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read(mode, text, ground):
    here = read_colours(mode)
    assert compute_contrast(here[text], here[ground]) >= 4.5
