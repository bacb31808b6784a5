"""The state of each figure in each report, and the reason if the figure is missing, in terms that officials use."""

import ibis
from ibis import Table as Rows

from threepoint.standard.tables_projects import FOI_SECTIONS

_FOI_ACT_PHRASE = " of the Freedom of Information Act 2000"


def derive_figure_states(rows: Rows) -> Rows:
    """Return rows of scheme_id, report_year, snapshot_date, figure, given, state and why; `given` is true if published."""
    parts = [
        _select_figure(rows, "title", rows.name.notnull(), ibis.literal("observed")),
        _select_figure(
            rows, "description", rows.description_state == "observed", section=rows.description_exempt_section
        ),
        _select_figure(rows, "start", rows.start.notnull(), text=rows.start_text, section=rows.start_exempt_section),
        _select_figure(rows, "end", rows.end_mid.notnull(), text=rows.end_text, section=rows.end_exempt_section),
        _select_figure(rows, "wlc", rows.wlc_mid.notnull(), text=rows.wlc_text, section=rows.wlc_exempt_section),
    ]
    figures = ibis.union(*parts)
    is_range = ~figures.given & (figures.state == "observed")
    state = is_range.ifelse("not_reported", figures.state)
    reason = is_range.ifelse("it was published as a range without a middle figure", _explain_state(figures))
    return figures.mutate(state=state, why=reason).drop("text", "section")


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


def _explain_state(figures: Rows) -> ibis.Value:
    return ibis.cases(
        (
            figures.state.startswith("withheld") & figures.section.isnull(),
            f"it was exempt under a section{_FOI_ACT_PHRASE} not named",
        ),
        (figures.state.startswith("withheld"), explain_exemption(figures.section)),
        (figures.text.isnull(), "it was left blank"),
        (figures.state == "invalid", ibis.literal("it could not be read: ") + figures.text),
        else_=ibis.literal("the entry was: ") + figures.text,
    )


def explain_exemption(section: ibis.Value) -> ibis.Value:
    """Turn "43" into: exempt under section 43 of the Freedom of Information Act 2000 (commercial interests)."""
    meanings = ibis.literal("")
    for code, meaning in FOI_SECTIONS.items():  # no code is part of another code or of a subsection such as (2)
        meanings = meanings + section.contains(code).ifelse(f"; {meaning}", "")
    number = section.contains(";").ifelse("sections ", "section ") + section.replace("; ", ", ")
    return ibis.literal("exempt under ") + number + _FOI_ACT_PHRASE + " (" + meanings.substr(2) + ")"
