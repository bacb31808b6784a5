r"""Names that name no organisation. Two equal ones never count as one organisation.

A name is matched in lower case, without punctuation around it. Text may follow after a bracket, a colon, a comma or a spaced
hyphen: "Individual - care costs" is no one, but "Individual Solutions Ltd" and "Sundry-Foods" are someone. The patterns mean
the same in DuckDB and Spark: they have no lookahead.
"""

import ibis

_PUNCTUATION = r"[\s!-/:-@\[-`{-~–—…“”•·]"
_NUMBER = r"(\s+(no\.? ?)?\d+)?$"  # as in "Supplier 2"
_TRAILING_TEXT = r"(\s*[(:;,/\[].*|\s+[-–—].*|\s+(no\.? ?)?\d+)?$"

# The name is hidden on purpose.
_HIDDEN_WORDS = (
    r"((commercial(ly)?|strictly|private and|personal and) )?confidential( (information|data|name|payee|payment|supplier|details))?",
    r"commercially sensitive|(commercial )?in (strict )?confidence",
    r"((name|supplier|payee|details|information|identity) )?((is|was|are) )?(not (to be )?|un|non[- ]?)(disclosed|published|released)",
    r"anonym(ous|ised|ized)( (supplier|payee|recipient|individual|person|data))?",
    r"(name|supplier|payee|details) (removed|hidden|suppressed)",
    r"(contains )?(personal|protected|private) (data|information|details|identity)|private",
    r"(foi|gdpr|dpa)( exempt(ion|ed)?)?|exempt(ed|ion)?( (under|from) .*)?|data protection( act)?",
)
# The words mean no one, several or someone.
_NO_ONE_WORDS = (
    r"individuals?|(a|an|the|named|private|other|various) (individual|person|citizen)s?|private persons?",
    r"members? of (the )?(public|staff)|employees?|staff|sole[- ]?traders?|self[- ]?employed",
    r"(foster )?carers?|clients?|patients?|pupils?|tenants?",
    r"not (applicable|known|given|stated|specified|provided|available|assigned|listed|recorded|reported|required|found|set)",
    r"n\W?a|n\W?k|none|nil|null|nan|no (one|name|supplier|data|value|vendor|payee)( given)?|noname|blank|empty|dummy|test",
    r"x{2,}|0+|9{3,}|tb[acd]|pending",
    r"to be (confirmed|announced|advised|agreed|appointed|awarded|decided|determined|identified)",
    r"(please )?(see|refer to|as per) (the )?(v[ivx\d]*\.|attached|attachments?|enclosed|section|annex|appendix|above|below)\b.*",
    r"(please )?(see|refer to|as per) (the )?(schedule|notices?|documents?|description|list|notes?|lots?|contract|award|tender)\b.*",
    r"as (above|below|attached)",
)
_NOUNS = (
    r"(nhs )?(suppliers?|vendors?|payees?|providers?|contractors?|creditors?|bidders?|tenderers?|recipients?|beneficiar(y|ies)"
    r"|claimants?|customers?|compan(y|ies)|organi[sz]ations?|bod(y|ies)|firms?|trusts?|schools?|departments?|councils?|landlords?)"
)
_SEVERAL = (
    "various|sundry|sundries|misc|miscellaneous|multiple|several|many|unknown|unnamed|unspecified|unidentified|others?"
)
_ADJECTIVES = "new|general|generic|dummy|test|temporary|one[- ]?(off|time)|the|successful|winning|preferred"

HIDDEN_NAME_PATTERN = f"withheld|section ?94|redacted|^({'|'.join(_HIDDEN_WORDS)}){_TRAILING_TEXT}"
PLACEHOLDER_NAME_PATTERN = (
    f"^$|^({'|'.join(_NO_ONE_WORDS)}|({_SEVERAL})( {_NOUNS})?){_TRAILING_TEXT}"
    f"|^(({_ADJECTIVES}) )?{_NOUNS}( name)?{_NUMBER}"
)


def fold_text(text: ibis.Value) -> ibis.Value:
    """Return a text in lower case, with single spaces and none around it."""
    return text.strip().re_replace(r"\s+", " ").lower()


def is_hidden_name(name: ibis.Value) -> ibis.Value:
    """Return true if a name hides someone, such as "Redacted - personal data"."""
    return _trim_name(name).re_search(HIDDEN_NAME_PATTERN)


def is_placeholder_name(name: ibis.Value) -> ibis.Value:
    """Return true if a name means no one or several, such as "Sundry suppliers" or "-"."""
    return _trim_name(name).re_search(PLACEHOLDER_NAME_PATTERN)


def _trim_name(name: ibis.Value) -> ibis.Value:
    return fold_text(name).re_replace(f"^{_PUNCTUATION}+|{_PUNCTUATION}+$", "")
