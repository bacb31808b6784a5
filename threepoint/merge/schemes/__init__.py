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

from threepoint.merge.schemes.changes import build_scheme_changes
from threepoint.merge.schemes.first_and_last_figures import build_schemes
from threepoint.merge.schemes.scheme_ids import build_scheme_identifiers, identify_schemes
from threepoint.merge.schemes.scheme_states import derive_scheme_states, list_report_sources
from threepoint.merge.schemes.yearly_series import build_cost_lines, build_scheme_years, clear_zero_costs

__all__ = ["build_scheme_tables", "prepare_scheme_rows"]


def prepare_scheme_rows(gmpp_year: Rows) -> Rows:
    """The history table gmpp_year (an Ibis table) with scheme_id and match_method, one row a scheme and report.

    A whole-life cost of 0 becomes one not reported. Keep the result before `tables` reads it many times.
    """
    return clear_zero_costs(identify_schemes(gmpp_year))


def build_scheme_tables(rows: Rows) -> dict[str, Rows]:
    """The tables made of `scheme_rows`, by name; each an Ibis expression, its rows in no order, money in pounds.

    scheme, scheme_identifier, scheme_year, cost_line, scheme_state, and the rows that schemes add to change and state_source.
    """
    changed = build_scheme_changes(rows)
    return {
        "scheme": build_schemes(rows, changed),
        "scheme_identifier": build_scheme_identifiers(rows),
        "scheme_year": build_scheme_years(rows),
        "cost_line": build_cost_lines(rows),
        "change": changed,
        "scheme_state": derive_scheme_states(rows),
        "scheme_source": list_report_sources(rows),
    }
