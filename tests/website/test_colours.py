"""Contrast of the site's text and background colours, in light and dark mode (WCAG 2.2, 1.4.3)."""

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
    """Return the relative luminance as WCAG defines it."""
    digits = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def compute_contrast(first: str, second: str) -> float:
    dark, light = sorted((compute_luminance(first), compute_luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_has_enough_contrast(mode, text, ground):
    colours = read_colours(mode)
    assert compute_contrast(colours[text], colours[ground]) >= 4.5
