"""The state of every Core and Important field: observed, worked out, or why it is not there. Blank is not a state.

Each subject has a table of rules below: what a missing value means. What is not listed is simply not reported. Withheld
and unreadable values are laid over from what publishers say and from what reading found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.merge.delivery import AGREED_METRICS_PATH
from threepoint.merge.field_origins import TRACED_SUBJECTS, TracedSubject, list_published_fields
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.ocds_merge import FIRST_ORDER_SUFFIX, ORDER_SUFFIX, PLACES_PER_RELEASE
from threepoint.standard.deadlines import FIRST_KPI_ASSESSMENT_DATE, KPI_ASSESSMENT_INTERVAL_YEARS
from threepoint.standard.tables_states import (
    DETAIL_SUFFIX,
    DUE_ON_SUFFIX,
    SOURCE_SUFFIX,
    STATE_SUFFIX,
    STATE_TABLES,
    TRACED_AMOUNTS,
    list_traced_fields,
)

DUE_STATES = ("not_yet_due", "not_reported")  # the states that a day belongs to
BELOW_FLOOR_DETAIL = "changes under 10% need no notice"
BELOW_KPI_DUTY_DETAIL = "the duty to set three KPIs begins above £5m with VAT"


@dataclass(frozen=True)
class MissingValueRule:
    """What a missing value of one field means: (condition, state, detail) in order, and when the value is due."""

    cases: Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]
    due: Callable[[Rows], Any] | None = None


def _make_stage_cases(*stages: str) -> Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]:
    return lambda rows, _world: [(rows.stage.isin(stages), "not_yet_due", "the process is not that far yet")]


def _list_engagement_cases(rows: Rows, _world: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.no_engagement_rationale.notnull(), "not_applicable", rows.no_engagement_rationale),
        (rows.stage == "planning", "not_yet_due", "the process is still in planning"),
        (~rows.under_act.fill_null(ibis.literal(value=False)), "not_applicable",
         "the notice began with the Procurement Act 2023"),
    ]  # fmt: skip


def _list_delivery_cases(rows: Rows, _world: MergeContext) -> list[tuple[Any, str, Any]]:
    return [(rows.phase == "in_delivery", "not_yet_due", "the contract is still running")]


def _list_baseline_cases(rows: Rows, _world: MergeContext) -> list[tuple[Any, str, Any]]:
    unknown = rows.amendment_only.fill_null(ibis.literal(value=False))
    return [(unknown, "not_reported", "first seen in a change notice, so its baseline is not known")]


def _list_change_cases(rows: Rows, world: MergeContext) -> list[tuple[Any, str, Any]]:
    other = ~rows.currency_first.identical_to(rows.currency)
    return [*_list_baseline_cases(rows, world), (other, "not_reported", "the currency changed")]


def _list_kpi_cases(rows: Rows, _world: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.no_kpi_rationale.notnull(), "not_applicable", rows.no_kpi_rationale),
        (rows.kpi_duty == "below_5m", "not_applicable", BELOW_KPI_DUTY_DETAIL),
        (rows.kpi_duty == "exempt", "not_applicable", "no KPI duty: a framework, a special regime or before the Act"),
    ]


def _list_rated_kpi_cases(rows: Rows, world: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.kpis == 0, "not_applicable", "no KPIs were published"),
        (_derive_assessment_day(rows) > world.today, "not_yet_due", "KPIs are assessed at least every 12 months (UK9)"),
    ]


def _derive_assessment_day(rows: Rows) -> Any:
    signed = rows.date_signed.fill_null(rows.start_date)
    return ibis.greatest(
        signed + ibis.interval(years=KPI_ASSESSMENT_INTERVAL_YEARS),
        ibis.literal(FIRST_KPI_ASSESSMENT_DATE).cast("date"),
    ).cast("date")


def _make_fixed_case(state: str, detail: str) -> Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]:
    return lambda _rows, _world: [(ibis.literal(value=True), state, detail)]


PROCESS_MISSING_RULES = {
    "method": MissingValueRule(_make_stage_cases("planning")),
    "tender_start": MissingValueRule(_make_stage_cases("planning")),
    "tender_end": MissingValueRule(_make_stage_cases("planning")),
    "final_stage_bids": MissingValueRule(_make_stage_cases("planning", "tender", "cancelled")),
    "engagement_notice_date": MissingValueRule(_list_engagement_cases),
}
CONTRACT_MISSING_RULES = {
    "end_actual": MissingValueRule(_list_delivery_cases, lambda rows: rows.end_current),
    "value_final": MissingValueRule(_list_delivery_cases, lambda rows: rows.end_current),
    "value_net_first": MissingValueRule(_list_baseline_cases),
    "end_first": MissingValueRule(_list_baseline_cases),
    "value_change": MissingValueRule(_list_change_cases),
    "end_change_days": MissingValueRule(_list_change_cases),
    "kpis": MissingValueRule(_list_kpi_cases),
    "kpis_rated": MissingValueRule(_list_rated_kpi_cases, _derive_assessment_day),
}
ORGANISATION_MISSING_RULES = {
    "buyer_class": MissingValueRule(
        lambda rows, _world: [(~rows.kind.isin(["buyer", "both"]), "not_applicable", "it is not a buyer")]
    ),
    "scale": MissingValueRule(
        lambda rows, _world: [(~rows.kind.isin(["supplier", "both"]), "not_applicable", "it is not a supplier")]
    ),
    "match_confidence": MissingValueRule(
        _make_fixed_case("not_applicable", "bodies are told apart by published name; names are not resolved yet")
    ),
}
MISSING_RULES_BY_SUBJECT: dict[str, dict[str, MissingValueRule]] = {
    "organisation": ORGANISATION_MISSING_RULES,
    "contracting_process": PROCESS_MISSING_RULES,
    "contract": CONTRACT_MISSING_RULES,
}


def derive_states(rows: Rows, subject: TracedSubject, world: MergeContext) -> Rows:
    """Return rows of the subject's state table, with the subject's ocid (null where it has none) and `home_key`."""
    columns: dict[str, Any] = {}
    for field in list_traced_fields(subject.table.name):
        told = _derive_field_state(rows, subject, field, world)
        there = rows[field].notnull() if field in TRACED_AMOUNTS.get(subject.table.name, ()) else None
        for ending, value in told.items():
            columns[field + ending] = value if there is None else there.ifelse(value, ibis.null(value.type()))
    ocid = rows.ocid if "ocid" in rows.columns else ibis.null("string")
    return rows.select(subject_key=subject.key, subject_ocid=ocid, home_key=_build_home_key(rows, subject), **columns)


def _build_home_key(rows: Rows, subject: TracedSubject) -> Any:
    parts = [rows[name].cast("string") for name in subject.home_key]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")


def _derive_field_state(rows: Rows, subject: TracedSubject, name: str, world: MergeContext) -> dict[str, Any]:
    """Return the state, detail, due day and source of one field, by the ending of their columns."""
    value, rule = rows[name], MISSING_RULES_BY_SUBJECT.get(subject.table.name, {}).get(name)
    there = value.notnull() & (value != "") if value.type().is_string() else value.notnull()
    if name in ("kpis", "kpis_rated", "suppliers"):
        there = there & (value > 0)
    cases = rule.cases(rows, world) if rule else []
    state = ibis.cases(
        (there, _derive_present_state(rows, subject, name)),
        *[(when, state) for when, state, _ in cases],
        else_="not_reported",
    )
    detail = _derive_present_detail(rows, name)
    if cases:
        detail = ibis.cases(
            (there, detail),
            *[(when, _to_text_expression(why)) for when, _, why in cases],
            else_=_to_text_expression(None),
        )
    due = state.isin(DUE_STATES).ifelse(rule.due(rows), ibis.null("date")) if rule and rule.due else ibis.null("date")
    source = _find_origin(rows, subject.origin.get(name, name), first=name.endswith("_first"))
    return {STATE_SUFFIX: state, DETAIL_SUFFIX: detail, DUE_ON_SUFFIX: due, SOURCE_SUFFIX: source}


def _find_origin(rows: Rows, column: str, *, first: bool) -> Any:
    """The order of the release that a value came from: of the first that said it for a baseline, else of the last."""
    for name in ([column + FIRST_ORDER_SUFFIX] if first else []) + [column + ORDER_SUFFIX, "last_at"]:
        if name in rows.columns:
            return rows[name] // PLACES_PER_RELEASE
    return ibis.null("int64")


def _to_text_expression(why: Any) -> Any:
    return ibis.null("string") if why is None else (ibis.literal(why) if isinstance(why, str) else why)


def _derive_present_state(rows: Rows, subject: TracedSubject, name: str) -> Any:
    if name in ("value_change", "end_change_days"):
        return (rows[name] == 0).ifelse("below_notice_floor", "derived")
    if name == "is_framework":
        return rows.framework_stated.ifelse("observed", "derived")
    if name == "tender_start":
        return rows.tender_start_given.ifelse("observed", "derived")
    return ibis.literal("derived" if name in subject.derived else "observed")


def _derive_present_detail(rows: Rows, name: str) -> Any:
    if name in ("value_change", "end_change_days"):
        return (rows[name] == 0).ifelse(BELOW_FLOOR_DETAIL, ibis.null("string"))
    return ibis.null("string")


def find_withheld_fields(world: MergeContext) -> Rows:
    """ocid, table, field, state, detail, until, source: the fields that publishers say they withhold."""
    told, known = world["withheld_information"], world["withheld_paths"]
    path = told.field.fill_null("").re_replace(r"\[\d*\]|/\d+", "").re_replace(r"^[./]+|/+$", "").replace(".", "/")
    both = told.mutate(path=path).join(known, "path", rname="{name}_known")
    return both.group_by("ocid", "table", field=both.field_known).agg(
        state=both.state.min(), detail=both.detail.min(), until=both.availability_date.min(),
        source=both.last_at.max() // PLACES_PER_RELEASE,
    )  # fmt: skip


def find_unreadable_fields(world: MergeContext) -> Rows:
    """ocid, table, home_key, field, detail, source: the values that reading could not read."""
    rows = world.history.tables["invalid_value"].join(world.history.releases, "release_key")
    names = world["readable_names"]
    both = rows.join(names, [rows.table == names.home, rows.field == names.column])
    return both.group_by("ocid", table=both.found_table, home_key=both.key, field=both.found_field).agg(
        detail=(both.found + ": " + both.reason).argmax(both["at"]), source=both["at"].max()
    )


def _apply_exceptions(rows: Rows, subject: TracedSubject, world: MergeContext) -> Rows:
    """Replace the states of missing values that are withheld or could not be read."""
    fields = list_published_fields(subject)
    held = widen_rows(
        _select_subject_rows(world["withheld_fields"], subject),
        ["ocid"],
        fields,
        {part: f"__held_{part}" for part in WITHHELD_PARTS},
    )
    bad = widen_rows(
        _select_subject_rows(world["unreadable_fields"], subject),
        ["ocid", "home_key"],
        fields,
        {part: f"__bad_{part}" for part in UNREADABLE_PARTS},
    )
    both = rows.left_join(held, rows.subject_ocid == held.ocid)
    both = both.left_join(bad, [both.subject_ocid == bad.ocid, both.home_key == bad.home_key], rname="{name}_bad")
    return both.mutate(**{name: value for field in fields for name, value in _replace_field_state(both, field).items()})


WITHHELD_PARTS, UNREADABLE_PARTS = ("state", "detail", "until", "source"), ("detail", "source")


def _select_subject_rows(rows: Rows, subject: TracedSubject) -> Rows:
    return rows.filter(rows.table == subject.table.name)


def _replace_field_state(rows: Rows, field: str) -> dict[str, Any]:
    missing = rows[field].isin(["not_reported", "not_yet_due"])
    is_held = missing & rows[f"{field}__held_state"].notnull()
    is_bad = missing & rows[f"{field}__bad_detail"].notnull()
    return {
        field + STATE_SUFFIX: ibis.cases(
            (is_held, rows[f"{field}__held_state"]), (is_bad, "invalid"), else_=rows[field + STATE_SUFFIX]
        ),
        field + DETAIL_SUFFIX: ibis.cases(
            (is_held, rows[f"{field}__held_detail"]),
            (is_bad, rows[f"{field}__bad_detail"]),
            else_=rows[field + DETAIL_SUFFIX],
        ),
        field + DUE_ON_SUFFIX: is_held.ifelse(rows[f"{field}__held_until"], rows[field + DUE_ON_SUFFIX]),
        field + SOURCE_SUFFIX: ibis.cases(
            (is_held, rows[f"{field}__held_source"]),
            (is_bad, rows[f"{field}__bad_source"]),
            else_=rows[field + SOURCE_SUFFIX],
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


def derive_process_states(name: str) -> Callable[[MergeContext], Rows]:
    """Return the step that makes the state table of a subject that belongs to one process."""
    return lambda world: _name_state_columns(
        _apply_exceptions(
            derive_states(_add_home_columns(world, name), TRACED_SUBJECTS[name], world), TRACED_SUBJECTS[name], world
        ),
        name,
    )


def derive_organisation_states(world: MergeContext) -> Rows:
    """Return the state table of organisations: many notices name one, so no field names the notice it comes from."""
    return _name_state_columns(
        derive_states(world["organisation"], TRACED_SUBJECTS["organisation"], world), "organisation"
    )


def _name_state_columns(rows: Rows, name: str) -> Rows:
    table = STATE_TABLES[name]
    return rows.select(**{table.key[0]: rows.subject_key}, **{column: rows[column] for column in table.names[1:]})


def list_sources(world: MergeContext) -> Rows:
    """Return rows of STATE_SOURCE: the releases of processes."""
    notice = world["notice"]
    return notice.select("notice_id", "release_id", number="at", release_date="date")


def _add_home_columns(world: MergeContext, name: str) -> Rows:
    rows = world[name]
    if name == "milestone":
        return rows.mutate(local_milestone=rows.milestone_id.re_extract(r"([^/]*)$", 1))
    return rows.mutate(home_section=ibis.literal(AGREED_METRICS_PATH)) if name == "kpi" else rows
