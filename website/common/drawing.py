"""Parts of pages as HTML. Those that stand on a page by the hundred, and whole records, are drawn by Jinja.

Measured on the page of a contract with some 60 values: Django's own templates took 22 ms for it, of 29 ms
in all; with these parts in Jinja it is 10 of 18.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from threepoint.standard import words

FOLDER = Path(__file__).with_name("jinja")


def html(template: str, part: Any) -> SafeString:
    """A part drawn by its template: `parts/…` are Jinja's, all others Django's."""
    if not template.startswith("parts/"):
        return render_to_string(template, {"part": part})
    drawn = _environment(get_language()).get_template(template).render(part=part)
    return mark_safe(drawn.strip())  # noqa: S308  # Jinja has escaped it


@cache
def _environment(_language: str | None) -> jinja2.Environment:
    """The environment of a language: words that stand in templates are translated once, not each time they are drawn."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined, trim_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.install_gettext_callables(cache(gettext), ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    made.filters |= {"short_day": words.short_day, "in_words": words.in_words}
    return made


_CANNOT_BE_DRAWN = re.compile(
    r"<(script|style|foreignObject|image|a)\b|\sstyle\s*=|\son\w+\s*=|javascript:", re.IGNORECASE
)


def drawn(svg: str) -> SafeString:
    """The SVG, marked as safe to put in a page. Only for charts that we made; refuses what our policy would block."""
    if not svg.startswith("<svg") or _CANNOT_BE_DRAWN.search(svg):
        raise ValueError("not a plain drawing: it holds script, style or a link")
    return mark_safe(svg)  # noqa: S308  # made by our own code, and looked through just above
