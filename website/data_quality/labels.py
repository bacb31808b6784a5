"""Words that several pages of this app say alike."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from threepoint.presentation import formatting

PUBLISHER_GROUP_ORDER = (
    "uk",
    "synthetic",
    "other",
    "example",
)  # publisher groups, in the order in which pages show them


def format_count(count: int) -> str:
    """12,345."""
    return f"{count:,}"


def read_page_number(asked: Mapping[str, str], total: int, size: int) -> tuple[int, int]:
    """Return the number of the page asked for, and of the last one; the first for what is no number."""
    last = max(1, -(-total // size))
    sent = asked.get("page", "1")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 1
    return min(max(1, number), last), last


def format_publisher_group(group: str) -> str:
    """A publisher group in words."""
    return _("synthetic") if group == "synthetic" else formatting.format_code("publisher_group", group)


def format_share(filled: int, due: int) -> str:
    """filled of due in per cent; 0% and 100% only for none and all."""
    if filled == due:
        return "100%"
    whole = round(filled / due * 100)
    return "<1%" if filled and whole == 0 else ">99%" if whole == 100 else f"{whole}%"
