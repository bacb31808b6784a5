"""Numbers that are no JSON, put in quotation marks: so that they cost no more than their own field.

Published files hold ` 000,`, `NaN` and `1e9999`; so do numbers with thousands of digits. In quotation marks they are texts
where a number belongs, which the careful reader tells as such with the text as published. Nothing else is changed.
"""

import re

LONGEST = 400  # characters; a float's widest exact text has fewer than 400 digits before its point
_EXPONENT = 4  # digits; more than any number that is meant

# A text is passed whole, so that nothing in one is taken for a number; then whatever stands bare up to the next sign.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^"\s,:\[\]{}][^",:\[\]{}]*+', re.DOTALL)
_WELL_FORMED = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]{1,%d})?|true|false|null" % _EXPONENT)
_NUMBER_LIKE = re.compile(rb"[-+.]?(?:[0-9][-+.0-9eE \t_]*+|inf(?:inity)?|nan)", re.IGNORECASE)


def mended(data: bytes) -> bytes | None:
    """The same JSON with numbers that are none as texts; None where there are no such numbers."""
    made = _TOKEN.sub(_quoted, data)
    return None if made == data else made


def _quoted(found: re.Match[bytes]) -> bytes:
    bare = found[0].rstrip()
    if bare[:1] == b'"' or (len(bare) < LONGEST and _WELL_FORMED.fullmatch(bare)) or not _NUMBER_LIKE.fullmatch(bare):
        return found[0]
    return b'"' + bare.replace(b"\t", b" ") + b'"' + found[0][len(bare) :]
