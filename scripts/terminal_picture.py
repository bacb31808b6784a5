"""A terminal as an SVG picture, with no font, script or address from elsewhere."""

import io
import re

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

# Rich's own frame names fonts on a network; this one takes the reader's own monospaced font.
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img" xmlns="http://www.w3.org/2000/svg">
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
BUTTONS = re.compile(r"<circle[^>]*/>")  # of a window that this is not
INK = (25, 25, 25)
PAPER = TerminalTheme((255, 255, 255), INK, [INK] * 8)  # no colour carries meaning, so none is shown


def picture(command: str, output: str, width: int) -> str:
    """The command and its output (with the terminal's own codes for bold and the like) as the text of an SVG file."""
    console = Console(record=True, width=width, file=io.StringIO(), highlight=False)
    console.print(Text(f"$ {command}"), soft_wrap=True)
    console.print(Text.from_ansi(output), soft_wrap=True)
    made = console.export_svg(title="threepoint compare", theme=PAPER, code_format=FRAME, unique_id="terminal")
    return "".join(f"{line.strip()}\n" for line in BUTTONS.sub("", made).splitlines() if line.strip())
