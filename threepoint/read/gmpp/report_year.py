"""Find the year of a report, in which its financial year ends, from its content rather than its name.

Headings are often left over from the previous year (the report of 2018 is headed 2016/17, that of 2023 mentions 2021/22), so
the content of the rows comes first:

1. compared: from 2021 on, rows say "Compared to financial year 22/23-Q4"; this report is the next one.
2. rows: the financial year that most rows name, if at least ten rows name it.
3. heading: the year at the beginning of the money columns' headings, such as "2013/2014 Budget".
4. rows again, if fewer rows name it; then ids: the latest quarter in which a project joined.
5. file_name: the hint, which makes the year derived.

A report is never older than the newest project in it: if it would be, the ids decide the year.
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
_MIN_NAMING_ROWS = 10  # in each report of 2014-2020, at least 38 rows name its own year and at most 32 the next one

YearTally = dict[int, tuple[int, int]]  # year: number of rows that name it, number of times it is named


def find_report_year(rows: list[Mapping[str, str]], headings: Iterable[str], hint: str = "") -> tuple[int, str]:
    """Return (report year, its basis). Raises UnreadableInputError if nothing gives the year."""
    tally = _count_years(_find_years(_FINANCIAL_YEAR_PATTERN, _join_cells(row)) for row in rows)
    newest_joining_year = max(
        (year for row in rows for year in _find_years(_JOINING_YEAR_PATTERN, row.get("gmpp_id", ""))), default=None
    )
    candidates = (
        (
            "compared",
            _select_commonest_year(
                _count_years(
                    [year + 1 for year in _find_years(_COMPARED_YEAR_PATTERN, _join_cells(row))] for row in rows
                )
            ),
        ),
        ("rows", _select_commonest_year(tally, least=_MIN_NAMING_ROWS)),
        (
            "heading",
            _select_commonest_year(_count_years(_find_years(_HEADING_YEAR_PATTERN, heading) for heading in headings)),
        ),
        ("rows", _select_commonest_year(tally)),
        ("ids", newest_joining_year),
        ("file_name", _find_file_name_year(hint)),
    )
    for basis, year in candidates:
        if year:
            return (newest_joining_year, "ids") if newest_joining_year and newest_joining_year > year else (year, basis)
    raise UnreadableInputError(
        "nothing in this file gives its year: put the year of its report in the file name, such as gmpp-2019.csv"
    )


def _join_cells(row: Mapping[str, str]) -> str:
    return "\n".join(cell for field, cell in row.items() if field != "gmpp_id")


def _find_years(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the end years of the financial years in a text; two numbers that are not consecutive do not name one."""
    pairs = [[part for part in match.groups() if part] for match in pattern.finditer(text)]
    return [2000 + int(end) for start, end in pairs if (int(start) + 1) % 100 == int(end)]


def _count_years(years_by_row: Iterable[list[int]]) -> YearTally:
    rows: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for years in years_by_row:
        rows.update(set(years))
        times.update(years)
    return {year: (count, times[year]) for year, count in rows.items()}


def _select_commonest_year(tally: YearTally, least: int = 1) -> int | None:
    """Return the year named most; None for a tie, or if fewer than `least` rows name it."""
    commonest = max(tally, key=lambda year: tally[year], default=0)
    if not commonest or tally[commonest][0] < least:
        return None
    return None if list(tally.values()).count(tally[commonest]) > 1 else commonest


def _find_file_name_year(hint: str) -> int | None:
    years = _find_years(_FILE_NAME_YEAR_PATTERN, hint) or [
        int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", hint)
    ]
    return years[-1] if years else None
