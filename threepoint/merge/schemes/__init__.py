"""Schemes from the yearly portfolio: their ids over the years, first and last figures, changes and states.

    scheme_ids              rows that belong to one scheme
    yearly_series           yearly rows and cost lines
    changes                 changes of the approved cost or end
    first_and_last_figures  the first and the last published figures
    scheme_states           the state of each judged field, with the reasons of figure_states

The portfolio publishes the latest approved figures and no final cost: "first" is the first published figure, which need not
be the first approved, and "last" is the last published, which is never the final cost.
"""

from ibis import Table as Rows

from threepoint.merge.schemes.changes import build_scheme_changes
from threepoint.merge.schemes.first_and_last_figures import build_schemes
from threepoint.merge.schemes.scheme_ids import build_scheme_identifiers, identify_schemes
from threepoint.merge.schemes.scheme_states import derive_scheme_states, list_report_sources
from threepoint.merge.schemes.yearly_series import build_cost_lines, build_scheme_years, clear_zero_costs

__all__ = ["build_scheme_tables", "prepare_scheme_rows"]


def prepare_scheme_rows(gmpp_year: Rows) -> Rows:
    """Return the history table gmpp_year with scheme_id and match_method, one row per scheme and report.

    A whole-life cost of 0 becomes "not reported". Store the result, since `build_scheme_tables` reads it many times.
    """
    return clear_zero_costs(identify_schemes(gmpp_year))


def build_scheme_tables(rows: Rows) -> dict[str, Rows]:
    """Return the tables built from `prepare_scheme_rows`, by name, as Ibis expressions; rows are unordered, money in pounds.

    They include the rows that schemes add to change and state_source.
    """
    changes = build_scheme_changes(rows)
    return {
        "scheme": build_schemes(rows, changes),
        "scheme_identifier": build_scheme_identifiers(rows),
        "scheme_year": build_scheme_years(rows),
        "cost_line": build_cost_lines(rows),
        "change": changes,
        "scheme_state": derive_scheme_states(rows),
        "scheme_source": list_report_sources(rows),
    }
