"""Pence, as everything is reckoned, to pounds, as everything is published."""

GROSS_PER_MILLE_BY_VAT = {
    "standard": 1200,
    "same": 1000,
    "odd": 1141,
}  # per mille; buyers who give no gross amount are not here


def convert_to_pounds(pence: int) -> int | float:
    """A whole number where there are no pence, as publishers mix both."""
    whole, rest = divmod(pence, 100)
    return pence / 100 if rest else whole


def add_vat(pence: int, vat: str) -> int:
    """With VAT, or what the publisher takes for it."""
    return pence * GROSS_PER_MILLE_BY_VAT.get(vat, 1200) // 1000
