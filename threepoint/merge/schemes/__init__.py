"""The yearly portfolio → schemes: one scheme over the years, its first and last figures, its changes, its states.

    identity  which rows are one scheme
    series    its yearly rows and cost lines
    changes   each change of the approved cost or end
    ends      its first and its last published figures
    states    what is known of each judged field, and why not (in the words of reasons)

The portfolio publishes the latest approved figures and no outturn: "first" is the first published, which need not be
the first approved, and "last" is the last published, which is never what was spent in the end.
"""

from ibis import Table as Rows

from threepoint.merge.schemes.changes import changes
from threepoint.merge.schemes.first_and_last_figures import scheme
from threepoint.merge.schemes.scheme_ids import identified, identifiers
from threepoint.merge.schemes.scheme_states import list_report_sources, scheme_states
from threepoint.merge.schemes.yearly_series import cost_lines, scheme_years, without_zeros

__all__ = ["scheme_rows", "tables"]


def scheme_rows(gmpp_year: Rows) -> Rows:
    """The history table gmpp_year (an Ibis table) with scheme_id and match_method, one row a scheme and report.

    A whole-life cost of 0 becomes one not reported. Keep the result before `tables` reads it many times.
    """
    return without_zeros(identified(gmpp_year))


def tables(rows: Rows) -> dict[str, Rows]:
    """The tables made of `scheme_rows`, by name; each an Ibis expression, its rows in no order, money in pounds.

    scheme, scheme_identifier, scheme_year, cost_line, scheme_state, and the rows that schemes add to change and state_source.
    """
    changed = changes(rows)
    return {
        "scheme": scheme(rows, changed),
        "scheme_identifier": identifiers(rows),
        "scheme_year": scheme_years(rows),
        "cost_line": cost_lines(rows),
        "change": changed,
        "scheme_state": scheme_states(rows),
        "scheme_source": list_report_sources(rows),
    }
