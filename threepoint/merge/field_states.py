"""The state of every Core and Important field: observed, worked out, or why it is not there. Blank is not a state.

Each subject has a table of rules below: what a missing value means. What is not listed is simply not reported. Withheld
and unreadable values are laid over from what publishers say and from what reading found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.merge.delivery import AGREED
from threepoint.merge.field_origins import SUBJECTS, Subject, list_published_fields
from threepoint.merge.merge_context import World
from threepoint.merge.ocds_merge import AT, FIRST_AT, PLACES
from threepoint.standard.deadlines import ASSESSED_EVERY, FIRST_ASSESSMENT
from threepoint.standard.tables_states import (
    DETAIL,
    DUE_ON,
    SOURCE,
    STATE,
    STATE_TABLES,
    TRACED_AMOUNTS,
    list_traced_fields,
)

DUE_STATES = ("not_yet_due", "not_reported")  # the states that a day belongs to
FLOOR = "changes under 10% need no notice"
KPI_LAW = "the duty to set three KPIs begins above £5m with VAT"


@dataclass(frozen=True)
class Missing:
    """What a missing value of one field means: (condition, state, detail) in order, and when the value is due."""

    cases: Callable[[Rows, World], list[tuple[Any, str, Any]]]
    due: Callable[[Rows], Any] | None = None


def _stage_is(*stages: str) -> Callable[[Rows, World], list[tuple[Any, str, Any]]]:
    return lambda rows, _world: [(rows.stage.isin(stages), "not_yet_due", "the process is not that far yet")]


def _engagement(rows: Rows, _world: World) -> list[tuple[Any, str, Any]]:
    return [
        (rows.no_engagement_rationale.notnull(), "not_applicable", rows.no_engagement_rationale),
        (rows.stage == "planning", "not_yet_due", "the process is still in planning"),
        (~rows.under_act.fill_null(ibis.literal(value=False)), "not_applicable",
         "the notice began with the Procurement Act 2023"),
    ]  # fmt: skip


def _delivery(rows: Rows, _world: World) -> list[tuple[Any, str, Any]]:
    return [(rows.phase == "in_delivery", "not_yet_due", "the contract is still running")]


def _baseline(rows: Rows, _world: World) -> list[tuple[Any, str, Any]]:
    unknown = rows.amendment_only.fill_null(ibis.literal(value=False))
    return [(unknown, "not_reported", "first seen in a change notice, so its baseline is not known")]


def _change(rows: Rows, world: World) -> list[tuple[Any, str, Any]]:
    other = ~rows.currency_first.identical_to(rows.currency)
    return [*_baseline(rows, world), (other, "not_reported", "the currency changed")]


def _kpis(rows: Rows, _world: World) -> list[tuple[Any, str, Any]]:
    return [
        (rows.no_kpi_rationale.notnull(), "not_applicable", rows.no_kpi_rationale),
        (rows.kpi_duty == "below_5m", "not_applicable", KPI_LAW),
        (rows.kpi_duty == "exempt", "not_applicable", "no KPI duty: a framework, a special regime or before the Act"),
    ]


def _rated(rows: Rows, world: World) -> list[tuple[Any, str, Any]]:
    return [
        (rows.kpis == 0, "not_applicable", "no KPIs were published"),
        (_assessment(rows) > world.today, "not_yet_due", "KPIs are assessed at least every 12 months (UK9)"),
    ]


def _assessment(rows: Rows) -> Any:
    signed = rows.date_signed.fill_null(rows.start_date)
    return ibis.greatest(
        signed + ibis.interval(years=ASSESSED_EVERY), ibis.literal(FIRST_ASSESSMENT).cast("date")
    ).cast("date")


def _is(state: str, detail: str) -> Callable[[Rows, World], list[tuple[Any, str, Any]]]:
    return lambda _rows, _world: [(ibis.literal(value=True), state, detail)]


PROCESS_MISSING = {
    "method": Missing(_stage_is("planning")),
    "tender_start": Missing(_stage_is("planning")),
    "tender_end": Missing(_stage_is("planning")),
    "final_stage_bids": Missing(_stage_is("planning", "tender", "cancelled")),
    "engagement_notice_date": Missing(_engagement),
}
CONTRACT_MISSING = {
    "end_actual": Missing(_delivery, lambda rows: rows.end_current),
    "value_final": Missing(_delivery, lambda rows: rows.end_current),
    "value_net_first": Missing(_baseline),
    "end_first": Missing(_baseline),
    "value_change": Missing(_change),
    "end_change_days": Missing(_change),
    "kpis": Missing(_kpis),
    "kpis_rated": Missing(_rated, _assessment),
}
ORGANISATION_MISSING = {
    "buyer_class": Missing(
        lambda rows, _world: [(~rows.kind.isin(["buyer", "both"]), "not_applicable", "it is not a buyer")]
    ),
    "scale": Missing(
        lambda rows, _world: [(~rows.kind.isin(["supplier", "both"]), "not_applicable", "it is not a supplier")]
    ),
    "match_confidence": Missing(
        _is("not_applicable", "bodies are told apart by published name; names are not resolved yet")
    ),
}
MISSING: dict[str, dict[str, Missing]] = {
    "organisation": ORGANISATION_MISSING,
    "contracting_process": PROCESS_MISSING,
    "contract": CONTRACT_MISSING,
}


def derive_states(rows: Rows, subject: Subject, world: World) -> Rows:
    """Return rows of the subject's state table, with the subject's ocid (null where it has none) and `home_key`."""
    columns: dict[str, Any] = {}
    for field in list_traced_fields(subject.table.name):
        told = _one_field(rows, subject, field, world)
        there = rows[field].notnull() if field in TRACED_AMOUNTS.get(subject.table.name, ()) else None
        for ending, value in told.items():
            columns[field + ending] = value if there is None else there.ifelse(value, ibis.null(value.type()))
    ocid = rows.ocid if "ocid" in rows.columns else ibis.null("string")
    return rows.select(subject_key=subject.key, subject_ocid=ocid, home_key=_home_key(rows, subject), **columns)


def _home_key(rows: Rows, subject: Subject) -> Any:
    parts = [rows[name].cast("string") for name in subject.home_key]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")


def _one_field(rows: Rows, subject: Subject, name: str, world: World) -> dict[str, Any]:
    """Return the state, detail, due day and source of one field, by the ending of their columns."""
    value, rule = rows[name], MISSING.get(subject.table.name, {}).get(name)
    there = value.notnull() & (value != "") if value.type().is_string() else value.notnull()
    if name in ("kpis", "kpis_rated", "suppliers"):
        there = there & (value > 0)
    cases = rule.cases(rows, world) if rule else []
    state = ibis.cases(
        (there, _there(rows, subject, name)), *[(when, state) for when, state, _ in cases], else_="not_reported"
    )
    detail = _there_detail(rows, name)
    if cases:
        detail = ibis.cases((there, detail), *[(when, _text(why)) for when, _, why in cases], else_=_text(None))
    due = state.isin(DUE_STATES).ifelse(rule.due(rows), ibis.null("date")) if rule and rule.due else ibis.null("date")
    source = _origin(rows, subject.origin.get(name, name), first=name.endswith("_first"))
    return {STATE: state, DETAIL: detail, DUE_ON: due, SOURCE: source}


def _origin(rows: Rows, column: str, *, first: bool) -> Any:
    """The order of the release that a value came from: of the first that said it for a baseline, else of the last."""
    for name in ([column + FIRST_AT] if first else []) + [column + AT, "last_at"]:
        if name in rows.columns:
            return rows[name] // PLACES
    return ibis.null("int64")


def _text(why: Any) -> Any:
    return ibis.null("string") if why is None else (ibis.literal(why) if isinstance(why, str) else why)


def _there(rows: Rows, subject: Subject, name: str) -> Any:
    if name in ("value_change", "end_change_days"):
        return (rows[name] == 0).ifelse("below_notice_floor", "derived")
    if name == "is_framework":
        return rows.framework_stated.ifelse("observed", "derived")
    if name == "tender_start":
        return rows.tender_start_given.ifelse("observed", "derived")
    return ibis.literal("derived" if name in subject.derived else "observed")


def _there_detail(rows: Rows, name: str) -> Any:
    if name in ("value_change", "end_change_days"):
        return (rows[name] == 0).ifelse(FLOOR, ibis.null("string"))
    return ibis.null("string")


def find_withheld_fields(world: World) -> Rows:
    """ocid, table, field, state, detail, until, source: the fields that publishers say they withhold."""
    told, known = world["withheld_information"], world["withheld_paths"]
    path = told.field.fill_null("").re_replace(r"\[\d*\]|/\d+", "").re_replace(r"^[./]+|/+$", "").replace(".", "/")
    both = told.mutate(path=path).join(known, "path", rname="{name}_known")
    return both.group_by("ocid", "table", field=both.field_known).agg(
        state=both.state.min(), detail=both.detail.min(), until=both.availability_date.min(),
        source=both.last_at.max() // PLACES,
    )  # fmt: skip


def find_unreadable_fields(world: World) -> Rows:
    """ocid, table, home_key, field, detail, source: the values that reading could not read."""
    rows = world.history.tables["invalid_value"].join(world.history.releases, "release_key")
    names = world["readable_names"]
    both = rows.join(names, [rows.table == names.home, rows.field == names.column])
    return both.group_by("ocid", table=both.found_table, home_key=both.key, field=both.found_field).agg(
        detail=(both.found + ": " + both.reason).argmax(both["at"]), source=both["at"].max()
    )


def _with_exceptions(rows: Rows, subject: Subject, world: World) -> Rows:
    """Replace the states of missing values that are withheld or could not be read."""
    fields = list_published_fields(subject)
    held = widen_rows(
        _of(world["withheld_fields"], subject), ["ocid"], fields, {part: f"__held_{part}" for part in HELD}
    )
    bad = widen_rows(
        _of(world["unreadable_fields"], subject), ["ocid", "home_key"], fields, {part: f"__bad_{part}" for part in BAD}
    )
    both = rows.left_join(held, rows.subject_ocid == held.ocid)
    both = both.left_join(bad, [both.subject_ocid == bad.ocid, both.home_key == bad.home_key], rname="{name}_bad")
    return both.mutate(**{name: value for field in fields for name, value in _excepted(both, field).items()})


HELD, BAD = ("state", "detail", "until", "source"), ("detail", "source")


def _of(rows: Rows, subject: Subject) -> Rows:
    return rows.filter(rows.table == subject.table.name)


def _excepted(rows: Rows, field: str) -> dict[str, Any]:
    missing = rows[field].isin(["not_reported", "not_yet_due"])
    is_held = missing & rows[f"{field}__held_state"].notnull()
    is_bad = missing & rows[f"{field}__bad_detail"].notnull()
    return {
        field + STATE: ibis.cases(
            (is_held, rows[f"{field}__held_state"]), (is_bad, "invalid"), else_=rows[field + STATE]
        ),
        field + DETAIL: ibis.cases(
            (is_held, rows[f"{field}__held_detail"]), (is_bad, rows[f"{field}__bad_detail"]), else_=rows[field + DETAIL]
        ),
        field + DUE_ON: is_held.ifelse(rows[f"{field}__held_until"], rows[field + DUE_ON]),
        field + SOURCE: ibis.cases(
            (is_held, rows[f"{field}__held_source"]), (is_bad, rows[f"{field}__bad_source"]), else_=rows[field + SOURCE]
        ),
    }


def widen_rows(rows: Rows, key: list[str], fields: Sequence[str], endings: Mapping[str, str]) -> Rows:
    """Return one row per key, from rows with a `field`: a column per field and part, named by the part's ending."""
    columns = {
        field + ending: rows[part].max(where=rows.field == field)
        for field in fields
        for part, ending in endings.items()
    }
    return rows.group_by(key).agg(**columns)


def derive_process_states(name: str) -> Callable[[World], Rows]:
    """Return the step that makes the state table of a subject that belongs to one process."""
    return lambda world: _named(
        _with_exceptions(derive_states(_prepared(world, name), SUBJECTS[name], world), SUBJECTS[name], world), name
    )


def derive_organisation_states(world: World) -> Rows:
    """Return the state table of organisations: many notices name one, so no field names the notice it comes from."""
    return _named(derive_states(world["organisation"], SUBJECTS["organisation"], world), "organisation")


def _named(rows: Rows, name: str) -> Rows:
    table = STATE_TABLES[name]
    return rows.select(**{table.key[0]: rows.subject_key}, **{column: rows[column] for column in table.names[1:]})


def list_sources(world: World) -> Rows:
    """Return rows of STATE_SOURCE: the releases of processes."""
    notice = world["notice"]
    return notice.select("notice_id", "release_id", number="at", release_date="date")


def _prepared(world: World, name: str) -> Rows:
    rows = world[name]
    if name == "milestone":
        return rows.mutate(local_milestone=rows.milestone_id.re_extract(r"([^/]*)$", 1))
    return rows.mutate(home_section=ibis.literal(AGREED)) if name == "kpi" else rows
