"""Labels and formats that several pages of this app share."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from threepoint.presentation import formatting

PUBLISHER_GROUP_ORDER = ("uk", "synthetic", "other", "example")


def format_count(count: int) -> str:
    """Return a count with separators, such as 12,345."""
    return f"{count:,}"


def read_page_number(parameters: Mapping[str, str], total: int, size: int) -> tuple[int, int]:
    """Return the requested page and the last page; the first page if the parameter is not a number."""
    last = max(1, -(-total // size))
    text = parameters.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(1, number), last), last


def format_publisher_group(group: str) -> str:
    return _("synthetic") if group == "synthetic" else formatting.format_code("publisher_group", group)


def format_share(filled: int, due: int) -> str:
    """Return a share as a percentage; 0% only for none, and 100% only for all."""
    if filled == due:
        return "100%"
    percent = round(filled / due * 100)
    return "<1%" if filled and percent == 0 else ">99%" if percent == 100 else f"{percent}%"
