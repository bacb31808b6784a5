"""Match column headings to fields. Headings contain definitions and line breaks, and their wording changes from year to year."""

import re

# The first pattern that matches the beginning of the heading, in lower case on one line, names the field.
_FIELD_PATTERN_LINES = """
name                | project name
gmpp_id             | gmpp id|major projects id
department          | department$
category            | annual report category
description         | description|project description
body_rating         | (mpa|ipa|nista) (rag rating|delivery confidence assessment)
sro_rating          | sro delivery confidence assessment
rating_narrative    | departmental commentary on
start               | (project - )?start date
end                 | (project - )?end date
schedule_narrative  | departmental narrative on schedule|schedule narrative
fy_baseline         | 20../[0-9]+ (budget|total baseline)|financial year baseline
fy_forecast         | 20../[0-9]+ (total )?forecast|financial year forecast
fy_variance         | 20../[0-9]+ variance %|variance budget / forecast|financial year variance
fy_variance_amount  | 20../[0-9]+ variance \\(
budget_narrative    | departmental narrative on budget ?/ ?forecast variance|in year variance narrative
wlc                 | (total budgeted|total baseline)? ?whole life costs?\\b
wlc_narrative       | departmental narrative on budgeted whole life costs|costs narrative
benefits            | (total baseline )?benefits \\(
benefits_narrative  | departmental narrative on budgeted benefits|benefits narrative
evaluation_plan     | does the project have an evaluation plan|evaluation plan
personal            | senior responsible owner
footnote            | the ipa annual report publishes
"""

_FIELD_PATTERNS = [
    (name.strip(), re.compile(pattern.strip()))
    for name, _, pattern in (line.partition("|") for line in _FIELD_PATTERN_LINES.strip().splitlines())
]

# Names of officials are personal data and are not read; the footnote explains costs and is in the column of headings.
IGNORED_FIELDS = frozenset({"personal", "footnote"})


def find_field(heading: str) -> str | None:
    """Return the field that a column heading names; None if it is unknown."""
    text = " ".join(heading.split()).lower()
    return next((name for name, pattern in _FIELD_PATTERNS if pattern.match(text)), None)
