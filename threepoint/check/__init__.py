"""Data quality: what is missing, wrong or incoherent, and the grade that follows. About the data, never about the scheme.

    checks    CHECKS: every check, with its severity, its rule, its sentence and its source
    dq        puts all checks to all subjects: failures, and how often each check was made and failed
    coverage  how much of what should be there is there, and the grade A to E
    report    which fields are filled, by publisher and notice type

`added_up` and `reports` add up what `tallies` and `report` say of some processes at a time.

All take and return Ibis expressions.
"""

from threepoint.check.check_queries import (
    answer_checks,
    build_check_results,
    build_check_summary,
    count_answers,
    run_all_checks,
    summarise_answer_counts,
)
from threepoint.check.coverage_grade import grade_coverage
from threepoint.check.coverage_report import build_coverage_report, build_list_coverage_report, sum_coverage_reports
from threepoint.check.registry import CHECKS_BY_ID, CROSS_PROCESS_SUBJECTS, ROW_BUILDERS_BY_SUBJECT

__all__ = [
    "CHECKS_BY_ID",
    "CROSS_PROCESS_SUBJECTS",
    "ROW_BUILDERS_BY_SUBJECT",
    "answer_checks",
    "build_check_results",
    "build_check_summary",
    "build_coverage_report",
    "build_list_coverage_report",
    "count_answers",
    "grade_coverage",
    "run_all_checks",
    "sum_coverage_reports",
    "summarise_answer_counts",
]
