"""Which report a file is: the year in which its financial year ends, told by its content and not by its name.

Headings are left over from the year before (the report of 2018 is headed 2016/17, that of 2023 speaks of 2021/22), so
what the rows say comes first:

1. compared: from 2021 on, rows say "Compared to financial year 22/23-Q4"; this is the report after that one.
2. rows: the financial year that most rows name, where at least ten rows name it.
3. heading: the year at the head of the money columns, such as "2013/2014 Budget".
4. rows again, where fewer name it; then ids: the newest quarter in which a project joined.
5. file_name: the hint, which makes the year derived.

Whatever was told, no report is older than the newest project in it: then the ids tell the year.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from threepoint.errors import Unreadable

# 2018/19, 2018-19, 18/19 or Q2 1819; not part of a date such as 2018-19-01 or 01/18/19.
_FINANCIAL_YEAR = re.compile(
    r"(?<![\d/_-])(?:20)?(\d\d)[/-](?:20)?(\d\d)(?![\d/]|-\d)|\bq[1-4] ?(\d\d)(\d\d)(?!\d)", re.IGNORECASE
)
_COMPARED = re.compile(
    r"compared (?:to|with) (?:the )?(?:financial year )?(?:fy ?)?(\d\d)/?(\d\d) ?-? ?q[24]", re.IGNORECASE
)
_HEADED = re.compile(r"\A\s*20(\d\d)/(?:20)?(\d\d)\s")
_JOINED = re.compile(r"_(\d\d)(\d\d)-Q[1-4]\s*$", re.IGNORECASE)
_NAMED = re.compile(r"20(\d\d)[/_-](?:20)?(\d\d)(?!\d)")
_ENOUGH = 10  # rows; in each report of 2014-2020 at least 38 rows name its own year and at most 32 the next

Tally = dict[int, tuple[int, int]]  # year: how many rows name it, how often it is named


def told(rows: list[Mapping[str, str]], headings: Iterable[str], hint: str = "") -> tuple[int, str]:
    """(report year, what told it). Raises Unreadable when nothing does."""
    named = _tally(_years(_FINANCIAL_YEAR, _all(row)) for row in rows)
    newest = max((year for row in rows for year in _years(_JOINED, row.get("gmpp_id", ""))), default=None)
    ways = (
        ("compared", _most(_tally([year + 1 for year in _years(_COMPARED, _all(row))] for row in rows))),
        ("rows", _most(named, least=_ENOUGH)),
        ("heading", _most(_tally(_years(_HEADED, heading) for heading in headings))),
        ("rows", _most(named)),
        ("ids", newest),
        ("file_name", _in_name(hint)),
    )
    for basis, year in ways:
        if year:
            return (newest, "ids") if newest and newest > year else (year, basis)
    raise Unreadable("nothing in this file tells its year: name it for the year of its report, such as gmpp-2019.csv")


def _all(row: Mapping[str, str]) -> str:
    return "\n".join(cell for field, cell in row.items() if field != "gmpp_id")


def _years(pattern: re.Pattern[str], text: str) -> list[int]:
    """When the financial years named in the text end; two numbers that do not follow on name none."""
    pairs = [[part for part in found.groups() if part] for found in pattern.finditer(text)]
    return [2000 + int(end) for start, end in pairs if (int(start) + 1) % 100 == int(end)]


def _tally(named: Iterable[list[int]]) -> Tally:
    rows: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for years in named:
        rows.update(set(years))
        times.update(years)
    return {year: (count, times[year]) for year, count in rows.items()}


def _most(tally: Tally, least: int = 1) -> int | None:
    """The year named most; None when two are named alike, or fewer than `least` rows name it."""
    first = max(tally, key=lambda year: tally[year], default=0)
    if not first or tally[first][0] < least:
        return None
    return None if list(tally.values()).count(tally[first]) > 1 else first


def _in_name(hint: str) -> int | None:
    years = _years(_NAMED, hint) or [int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", hint)]
    return years[-1] if years else None
