"""Removal of e-mail addresses on input, so that none is stored in the history. Contact points are never read."""

import re

EMAIL_PLACEHOLDER = "[email removed]"

# Before @: letters, digits and the characters that RFC 5322 allows unquoted. After it: a domain with at least one dot.
# The pattern also matches runs without @, so that each run is scanned once: otherwise time is quadratic in its length.
_EMAIL_RUN_PATTERN = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]++(@[\w-]++(?:\.[\w-]++)++)?")
# Links rewritten by a mail filter contain the reader's address (GMPP report of 2026). An escape before it is kept.
_LINK_EMAIL_PATTERN = re.compile(r"(?:(%[0-9A-Fa-f]{2})|(?<![\w.+-]))[\w.+-]+%(?:25)*40[\w-]+(?:\.[\w-]+)+")
# HTML entities for @.
_HTML_AT_SIGN_PATTERN = re.compile(r"&(?:#0*64|#[xX]0*40|commat);")


def scrub_text(text: str) -> str:
    """Return the text with each e-mail address replaced by `[email removed]`, also if @ is escaped for a link or HTML."""
    if "&" in text and _has_email_address(unescaped := _HTML_AT_SIGN_PATTERN.sub("@", text)):
        text = unescaped
    if "40" in text:
        text = _LINK_EMAIL_PATTERN.sub(rf"\1{EMAIL_PLACEHOLDER}", text)
    return (
        _EMAIL_RUN_PATTERN.sub(lambda match: EMAIL_PLACEHOLDER if match[1] else match[0], text) if "@" in text else text
    )


def _has_email_address(text: str) -> bool:
    return "@" in text and any(match[1] for match in _EMAIL_RUN_PATTERN.finditer(text))
