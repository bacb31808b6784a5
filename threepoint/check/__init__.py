"""Data quality: what is missing, wrong or incoherent, and the grade that follows. About the data, never about the scheme.

    checks    CHECKS: every check, with its severity, its rule, its sentence and its source
    dq        puts all checks to all subjects: failures, and how often each check was made and failed
    coverage  how much of what should be there is there, and the grade A to E
    report    which fields are filled, by publisher and notice type

`added_up` and `reports` add up what `tallies` and `report` say of some processes at a time.

All take and return Ibis expressions.
"""

from threepoint.check.check_queries import added_up, answers, dq, results, summary, tallies
from threepoint.check.coverage_grade import coverage
from threepoint.check.coverage_report import report, report_of_lists, reports
from threepoint.check.registry import CHECKS, SUBJECTS, TOGETHER

__all__ = [
    "CHECKS",
    "SUBJECTS",
    "TOGETHER",
    "added_up",
    "answers",
    "coverage",
    "dq",
    "report",
    "report_of_lists",
    "reports",
    "results",
    "summary",
    "tallies",
]
