"""Personal data stops at the door: no e-mail address passes into history (decision 44). Contact points are never read."""

import re

REMOVED = "[email removed]"

# A part before @ of letters, digits and the signs that RFC 5322 allows unquoted; a domain with at least one dot.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
# Links that a mail filter rewrote carry the reader's address (GMPP report of 2026); what is escaped before it stays.
_IN_LINK = re.compile(r"(?:(%[0-9A-Fa-f]{2})|(?<![\w.+-]))[\w.+-]+%(?:25)*40[\w-]+(?:\.[\w-]+)+")
_LABEL = rb"(?:[\w\x80-\xff-]|\\u[0-9a-fA-F]{4})+"  # letters may come as themselves or as JSON escapes
_DOMAIN = re.compile(b"@" + _LABEL + rb"(?:\." + _LABEL + b")+")
_ENDS_BEFORE = frozenset(b" \t\r\n\"<>()[],;:\\@")  # what cannot stand in the part before @ (unquoted)
_ESCAPED_AT = re.compile(rb"\\u0040", re.IGNORECASE)


def scrub_text(text: str) -> str:
    """The text with each e-mail address replaced by `[email removed]`, also inside links, where @ is written %40."""
    if "40" in text:
        text = _IN_LINK.sub(rf"\1{REMOVED}", text)
    return _ADDRESS.sub(REMOVED, text) if "@" in text else text


def scrub_json(raw: bytes) -> bytes:
    """JSON text with each e-mail address inside its strings replaced. Works before parsing, so that no field is forgotten.

    Only the neighbourhood of each @ is looked at: a notice is mostly text without one.
    """
    if b"\\u0040" in raw:
        raw = _ESCAPED_AT.sub(b"@", raw)
    parts, done = [], 0
    at = raw.find(b"@")
    while at >= 0:
        start, end = _address_around(raw, at, done)
        if start < end:
            parts += [raw[done:start], REMOVED.encode()]
            done = end
        at = raw.find(b"@", max(end, at + 1))
    return b"".join([*parts, raw[done:]]) if parts else raw


def _address_around(raw: bytes, at: int, floor: int) -> tuple[int, int]:
    """Start and end of the address around the @ at `at`, not before `floor`; (at, at) where there is none."""
    domain = _DOMAIN.match(raw, at)
    start = at
    while domain and start > floor and raw[start - 1] not in _ENDS_BEFORE:
        start -= 1
    if not domain or start == at:
        return at, at
    return min(start + _inside_escape(raw, start), at), domain.end()


def _inside_escape(raw: bytes, start: int) -> int:
    r"""How many bytes at `start` belong to a JSON escape such as \n or \u00e9 that begins just before it."""
    slashes = 0
    while start - slashes > 0 and raw[start - slashes - 1] == 0x5C:
        slashes += 1
    if slashes % 2 == 0:
        return 0
    return 5 if raw[start : start + 1] == b"u" else 1
