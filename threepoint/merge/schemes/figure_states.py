"""Each figure of each report: whether it was given, else its state and the reason in words an official knows."""

import ibis
from ibis import Table as Rows

from threepoint.standard.tables_projects import FOI_SECTIONS

_FOI_ACT_PHRASE = " of the Freedom of Information Act 2000"


def derive_figure_states(rows: Rows) -> Rows:
    """Rows of scheme_id, report_year, snapshot_date, figure, given, state and why; `given` is true where it stands."""
    said = [
        _select_figure(rows, "title", rows.name.notnull(), ibis.literal("observed")),
        _select_figure(
            rows, "description", rows.description_state == "observed", section=rows.description_exempt_section
        ),
        _select_figure(rows, "start", rows.start.notnull(), text=rows.start_text, section=rows.start_exempt_section),
        _select_figure(rows, "end", rows.end_mid.notnull(), text=rows.end_text, section=rows.end_exempt_section),
        _select_figure(rows, "wlc", rows.wlc_mid.notnull(), text=rows.wlc_text, section=rows.wlc_exempt_section),
    ]
    both = ibis.union(*said)
    ranged = ~both.given & (both.state == "observed")
    state = ranged.ifelse("not_reported", both.state)
    why = ranged.ifelse("it was published as a range without a middle figure", _explain_state(both))
    return both.mutate(state=state, why=why).drop("text", "section")


def _select_figure(
    rows: Rows, figure: str, given: ibis.Value, state: ibis.Value = None,
    text: ibis.Value = None, section: ibis.Value = None,
) -> Rows:  # fmt: skip
    blank = ibis.null("string")
    return rows.select(
        "scheme_id", "report_year", "snapshot_date",
        figure=ibis.literal(figure),
        given=given.fill_null(False),
        state=rows[f"{figure}_state"] if state is None else state,
        text=blank if text is None else text,
        section=blank if section is None else section,
    )  # fmt: skip


def _explain_state(said: Rows) -> ibis.Value:
    return ibis.cases(
        (
            said.state.startswith("withheld") & said.section.isnull(),
            f"it was exempt under a section{_FOI_ACT_PHRASE} not named",
        ),
        (said.state.startswith("withheld"), explain_exemption(said.section)),
        (said.text.isnull(), "it was left blank"),
        (said.state == "invalid", ibis.literal("it could not be read: ") + said.text),
        else_=ibis.literal("the entry was: ") + said.text,
    )


def explain_exemption(section: ibis.Value) -> ibis.Value:
    """From "43": exempt under section 43 of the Freedom of Information Act 2000 (commercial interests)."""
    words = ibis.literal("")
    for code, meaning in FOI_SECTIONS.items():  # a code never hides in another, nor in a subsection such as (2)
        words = words + section.contains(code).ifelse(f"; {meaning}", "")
    number = section.contains(";").ifelse("sections ", "section ") + section.replace("; ", ", ")
    return ibis.literal("exempt under ") + number + _FOI_ACT_PHRASE + " (" + words.substr(2) + ")"
