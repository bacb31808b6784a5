"""Personal data stops at the door: no e-mail address passes into history (decision 44). Contact points are never read."""

import re

EMAIL_PLACEHOLDER = "[email removed]"

# A part before @ of letters, digits and the signs that RFC 5322 allows unquoted; a domain with at least one dot. Each
# run of such signs is met once, address or not: else a long run without @ costs the square of its length.
_EMAIL_RUN_PATTERN = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]++(@[\w-]++(?:\.[\w-]++)++)?")
# Links that a mail filter rewrote carry the reader's address (GMPP report of 2026); what is escaped before it stays.
_LINK_EMAIL_PATTERN = re.compile(r"(?:(%[0-9A-Fa-f]{2})|(?<![\w.+-]))[\w.+-]+%(?:25)*40[\w-]+(?:\.[\w-]+)+")


# How HTML spells @.
_HTML_AT_SIGN_PATTERN = re.compile(r"&(?:#0*64|#[xX]0*40|commat);")


def scrub_text(text: str) -> str:
    """The text with each e-mail address replaced by `[email removed]`, also where @ is spelt as in links or in HTML."""
    if "&" in text and _has_email_address(plain := _HTML_AT_SIGN_PATTERN.sub("@", text)):
        text = plain
    if "40" in text:
        text = _LINK_EMAIL_PATTERN.sub(rf"\1{EMAIL_PLACEHOLDER}", text)
    return (
        _EMAIL_RUN_PATTERN.sub(lambda found: EMAIL_PLACEHOLDER if found[1] else found[0], text) if "@" in text else text
    )


def _has_email_address(text: str) -> bool:
    return "@" in text and any(found[1] for found in _EMAIL_RUN_PATTERN.finditer(text))
