"""Pence, as everything is reckoned, to pounds, as everything is published."""

GROSS_OF_NET = {"standard": 1200, "same": 1000, "odd": 1141}  # per mille; buyers who give no gross amount are not here


def pounds(pence: int) -> int | float:
    """A whole number where there are no pence, as publishers mix both."""
    whole, rest = divmod(pence, 100)
    return pence / 100 if rest else whole


def gross_of(pence: int, vat: str) -> int:
    """With VAT, or what the publisher takes for it."""
    return pence * GROSS_OF_NET.get(vat, 1200) // 1000
