"""Days on which something is told otherwise though nothing new was published."""

# Section 71 of the Procurement Act 2023 asks for an assessment of KPIs at least every 12 months, and is in force from
# 1 January 2026.
FIRST_ASSESSMENT = "2026-12-31"
ASSESSED_EVERY = 1  # years
STALE = 18  # months without a new fact while a contract is in delivery, after which its grade is capped
