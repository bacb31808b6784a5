"""Dates on which the state of a record changes although nothing new is published."""

# Section 71 of the Procurement Act 2023 requires an assessment of KPIs at least every 12 months, and is in force from
# 1 January 2026.
FIRST_KPI_ASSESSMENT_DATE = "2026-12-31"
KPI_ASSESSMENT_INTERVAL_YEARS = 1
# The grade of a contract in delivery is capped after this many months without a new fact.
STALE_AFTER_MONTHS = 18
