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

from threepoint.errors import UnreadableInputError

# 2018/19, 2018-19, 18/19 or Q2 1819; not part of a date such as 2018-19-01 or 01/18/19.
_FINANCIAL_YEAR_PATTERN = re.compile(
    r"(?<![\d/_-])(?:20)?(\d\d)[/-](?:20)?(\d\d)(?![\d/]|-\d)|\bq[1-4] ?(\d\d)(\d\d)(?!\d)", re.IGNORECASE
)
_COMPARED_YEAR_PATTERN = re.compile(
    r"compared (?:to|with) (?:the )?(?:financial year )?(?:fy ?)?(\d\d)/?(\d\d) ?-? ?q[24]", re.IGNORECASE
)
_HEADING_YEAR_PATTERN = re.compile(r"\A\s*20(\d\d)/(?:20)?(\d\d)\s")
_JOINING_YEAR_PATTERN = re.compile(r"_(\d\d)(\d\d)-Q[1-4]\s*$", re.IGNORECASE)
_FILE_NAME_YEAR_PATTERN = re.compile(r"20(\d\d)[/_-](?:20)?(\d\d)(?!\d)")
_MIN_NAMING_ROWS = 10  # rows; in each report of 2014-2020 at least 38 rows name its own year and at most 32 the next

YearTally = dict[int, tuple[int, int]]  # year: how many rows name it, how often it is named


def find_report_year(rows: list[Mapping[str, str]], headings: Iterable[str], hint: str = "") -> tuple[int, str]:
    """(report year, what told it). Raises Unreadable when nothing does."""
    named = _count_years(_find_years(_FINANCIAL_YEAR_PATTERN, _join_cells(row)) for row in rows)
    newest = max(
        (year for row in rows for year in _find_years(_JOINING_YEAR_PATTERN, row.get("gmpp_id", ""))), default=None
    )
    ways = (
        (
            "compared",
            _select_commonest_year(
                _count_years(
                    [year + 1 for year in _find_years(_COMPARED_YEAR_PATTERN, _join_cells(row))] for row in rows
                )
            ),
        ),
        ("rows", _select_commonest_year(named, least=_MIN_NAMING_ROWS)),
        (
            "heading",
            _select_commonest_year(_count_years(_find_years(_HEADING_YEAR_PATTERN, heading) for heading in headings)),
        ),
        ("rows", _select_commonest_year(named)),
        ("ids", newest),
        ("file_name", _find_file_name_year(hint)),
    )
    for basis, year in ways:
        if year:
            return (newest, "ids") if newest and newest > year else (year, basis)
    raise UnreadableInputError(
        "nothing in this file tells its year: name it for the year of its report, such as gmpp-2019.csv"
    )


def _join_cells(row: Mapping[str, str]) -> str:
    return "\n".join(cell for field, cell in row.items() if field != "gmpp_id")


def _find_years(pattern: re.Pattern[str], text: str) -> list[int]:
    """When the financial years named in the text end; two numbers that do not follow on name none."""
    pairs = [[part for part in found.groups() if part] for found in pattern.finditer(text)]
    return [2000 + int(end) for start, end in pairs if (int(start) + 1) % 100 == int(end)]


def _count_years(named: Iterable[list[int]]) -> YearTally:
    rows: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for years in named:
        rows.update(set(years))
        times.update(years)
    return {year: (count, times[year]) for year, count in rows.items()}


def _select_commonest_year(tally: YearTally, least: int = 1) -> int | None:
    """The year named most; None when two are named alike, or fewer than `least` rows name it."""
    first = max(tally, key=lambda year: tally[year], default=0)
    if not first or tally[first][0] < least:
        return None
    return None if list(tally.values()).count(tally[first]) > 1 else first


def _find_file_name_year(hint: str) -> int | None:
    years = _find_years(_FILE_NAME_YEAR_PATTERN, hint) or [
        int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", hint)
    ]
    return years[-1] if years else None
