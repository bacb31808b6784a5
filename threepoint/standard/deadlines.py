"""Days on which something is told otherwise though nothing new was published."""

# Section 71 of the Procurement Act 2023 asks for an assessment of KPIs at least every 12 months, and is in force from
# 1 January 2026.
FIRST_KPI_ASSESSMENT_DATE = "2026-12-31"
KPI_ASSESSMENT_INTERVAL_YEARS = 1  # years
STALE_AFTER_MONTHS = 18  # months without a new fact while a contract is in delivery, after which its grade is capped
