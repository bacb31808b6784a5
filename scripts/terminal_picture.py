"""SVG picture of a terminal that loads no fonts, scripts or other resources."""

import io
import re

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

# Rich's default template loads fonts from a network; this one uses the reader's monospaced font.
SVG_TEMPLATE = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
WINDOW_BUTTON_PATTERN = re.compile(r"<circle[^>]*/>")  # Rich's title bar buttons
INK_RGB = (25, 25, 25)
PAPER_THEME = TerminalTheme((255, 255, 255), INK_RGB, [INK_RGB] * 8)  # no colour carries meaning, so none is shown


def render_svg(command: str, output: str, width: int) -> str:
    """Return the command and its output, which may contain ANSI codes, as the text of an SVG file."""
    console = Console(record=True, width=width, file=io.StringIO(), highlight=False)
    console.print(Text(f"$ {command}"), soft_wrap=True)
    console.print(Text.from_ansi(output), soft_wrap=True)
    svg = console.export_svg(
        title="threepoint compare", theme=PAPER_THEME, code_format=SVG_TEMPLATE, unique_id="terminal"
    )
    return "".join(f"{line.strip()}\n" for line in WINDOW_BUTTON_PATTERN.sub("", svg).splitlines() if line.strip())
