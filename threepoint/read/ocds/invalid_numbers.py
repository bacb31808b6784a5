"""Put invalid JSON numbers in quotation marks, so that only their own fields are lost.

Published files contain ` 000,`, `NaN`, `1e9999` and numbers with thousands of digits. In quotation marks they are texts in
number fields, which the tolerant reader reports as published. Nothing else changes.
"""

import re

MAX_NUMBER_CHARS = 400  # the longest float has fewer than 400 digits before its point
_MAX_EXPONENT_DIGITS = 4  # more than any real number needs

# Matches whole texts, so that nothing inside a text counts as a number, and anything unquoted up to the next punctuation.
_TOKEN_PATTERN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^"\s,:\[\]{}][^",:\[\]{}]*+', re.DOTALL)
_VALID_TOKEN_PATTERN = re.compile(
    rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]{1,%d})?|true|false|null" % _MAX_EXPONENT_DIGITS
)
_NUMBER_LIKE_PATTERN = re.compile(rb"[-+.]?(?:[0-9][-+.0-9eE \t_]*+|inf(?:inity)?|nan)", re.IGNORECASE)


def quote_invalid_numbers(data: bytes) -> bytes | None:
    """Return the JSON with invalid numbers as texts; None if there are none."""
    quoted = _TOKEN_PATTERN.sub(_quote_token, data)
    return None if quoted == data else quoted


def _quote_token(match: re.Match[bytes]) -> bytes:
    token = match[0].rstrip()
    if (
        token[:1] == b'"'
        or (len(token) < MAX_NUMBER_CHARS and _VALID_TOKEN_PATTERN.fullmatch(token))
        or not _NUMBER_LIKE_PATTERN.fullmatch(token)
    ):
        return match[0]
    return b'"' + token.replace(b"\t", b" ") + b'"' + match[0][len(token) :]
