"""The yearly portfolio → schemes: one scheme over the years, its first and last figures, its changes, its states.

    identity  which rows are one scheme
    series    its yearly rows and cost lines
    changes   each change of the approved cost or end
    ends      its first and its last published figures
    states    what is known of each judged field, and why not

The portfolio publishes the latest approved figures and no outturn: "first" is the first published, which need not be
the first approved, and "last" is the last published, which is never what was spent in the end.
"""

from ibis import Table as Rows

from threepoint.merge.schemes.changes import changes
from threepoint.merge.schemes.ends import scheme
from threepoint.merge.schemes.identity import identified, identifiers
from threepoint.merge.schemes.series import cost_lines, scheme_years, without_zeros
from threepoint.merge.schemes.states import scheme_states

__all__ = ["tables"]


def tables(gmpp_year: Rows) -> dict[str, Rows]:
    """The tables made of `gmpp_year` (the Ibis table of that history table), by name.

    scheme, scheme_identifier, scheme_year and cost_line have the columns of the standard; `change` and
    `field_state` hold the rows of schemes, to be put beside those of contracts. Amounts are DECIMAL(18,2) pounds.
    Rows come in no order. Nothing is computed until a table is asked for.
    """
    rows = without_zeros(identified(gmpp_year))
    changed = changes(rows)
    return {
        "scheme": scheme(rows, changed),
        "scheme_identifier": identifiers(rows),
        "scheme_year": scheme_years(rows),
        "cost_line": cost_lines(rows),
        "change": changed,
        "field_state": scheme_states(rows),
    }
