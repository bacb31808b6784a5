"""Numbers that are no JSON, put in quotation marks: so that they cost no more than their own field.

Published files hold ` 000,`, `NaN` and `1e9999`; so do numbers with thousands of digits. In quotation marks they are texts
where a number belongs, which the careful reader tells as such with the text as published. Nothing else is changed.
"""

import re

MAX_NUMBER_CHARS = 400  # characters; a float's widest exact text has fewer than 400 digits before its point
_MAX_EXPONENT_DIGITS = 4  # digits; more than any number that is meant

# A text is passed whole, so that nothing in one is taken for a number; then whatever stands bare up to the next sign.
_TOKEN_PATTERN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^"\s,:\[\]{}][^",:\[\]{}]*+', re.DOTALL)
_VALID_TOKEN_PATTERN = re.compile(
    rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]{1,%d})?|true|false|null" % _MAX_EXPONENT_DIGITS
)
_NUMBER_LIKE_PATTERN = re.compile(rb"[-+.]?(?:[0-9][-+.0-9eE \t_]*+|inf(?:inity)?|nan)", re.IGNORECASE)


def quote_invalid_numbers(data: bytes) -> bytes | None:
    """The same JSON with numbers that are none as texts; None where there are no such numbers."""
    made = _TOKEN_PATTERN.sub(_quote_token, data)
    return None if made == data else made


def _quote_token(found: re.Match[bytes]) -> bytes:
    bare = found[0].rstrip()
    if (
        bare[:1] == b'"'
        or (len(bare) < MAX_NUMBER_CHARS and _VALID_TOKEN_PATTERN.fullmatch(bare))
        or not _NUMBER_LIKE_PATTERN.fullmatch(bare)
    ):
        return found[0]
    return b'"' + bare.replace(b"\t", b" ") + b'"' + found[0][len(bare) :]
