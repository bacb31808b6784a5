"""Data quality: missing, wrong and incoherent values, and the resulting grade of the data, never of the scheme.

    registry         every check, with its severity, rule, message and source
    check_queries    runs all checks on all subjects: failures, and how often each check was made and failed
    coverage_grade   the share of the required fields that are filled, and the grade A to E
    coverage_report  filled fields by publisher and notice type

`summarise_answer_counts` and `sum_coverage_reports` add up the results of `count_answers` and `build_coverage_report` for
parts of the processes.

All functions take and return Ibis expressions.
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
