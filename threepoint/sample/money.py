"""Conversion of pence, the unit of all calculations here, to pounds, the unit of publications."""

# Buyers who give no gross amount are not here.
GROSS_PER_MILLE_BY_VAT = {"standard": 1200, "same": 1000, "odd": 1141}


def convert_to_pounds(pence: int) -> int | float:
    """Return a whole number if there are no pence, because publishers mix whole and decimal numbers."""
    whole, rest = divmod(pence, 100)
    return pence / 100 if rest else whole


def add_vat(pence: int, vat: str) -> int:
    """Return the gross amount, at the rate that the publisher uses."""
    return pence * GROSS_PER_MILLE_BY_VAT.get(vat, 1200) // 1000
