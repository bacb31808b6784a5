"""The state of every Core and Important field: observed, derived, or the reason why it is missing. Blank is not a state.

Each subject has a table of rules that say what a missing value means. A field without a rule is not reported. States of
withheld values (from the publishers' notices) and of unreadable values (found when reading) replace them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.merge.delivery import AGREED_METRICS_PATH
from threepoint.merge.end_dates import CALCULATED_END_DETAIL, DURATION_ONLY_DETAIL, EARLIER_DURATION_DETAIL
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

DUE_STATES = ("not_yet_due", "not_reported")  # the states with a due date
BELOW_FLOOR_DETAIL = "changes under 10% need no notice"
STALE_NET_DETAIL = "the newest value is published with VAT only"
BELOW_KPI_DUTY_DETAIL = "KPIs are required only above £5m with VAT"


@dataclass(frozen=True)
class MissingValueRule:
    """Meaning of a missing value of one field: (condition, state, detail) in order, and the date when it is due."""

    cases: Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]
    due: Callable[[Rows], Any] | None = None


def _make_stage_cases(*stages: str) -> Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]:
    return lambda rows, _context: [
        (rows.stage.isin(stages), "not_yet_due", "the process has not reached this stage yet"),
        (rows.stage.isin(["cancelled", "withdrawn"]), "not_applicable", "the procurement was cancelled"),
    ]


def _list_engagement_cases(rows: Rows, _context: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.no_engagement_rationale.notnull(), "not_applicable", rows.no_engagement_rationale),
        (rows.stage == "planning", "not_yet_due", "the process is still in planning"),
        (~rows.under_act.fill_null(ibis.literal(value=False)), "not_applicable",
         "the Procurement Act 2023 does not cover this procurement"),
    ]  # fmt: skip


def _list_delivery_cases(rows: Rows, _context: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.is_void, "not_applicable", "the contract was cancelled"),
        (rows.phase == "in_delivery", "not_yet_due", "the contract is still running"),
    ]


def _list_baseline_cases(rows: Rows, _context: MergeContext) -> list[tuple[Any, str, Any]]:
    baseline_unknown = rows.amendment_only.fill_null(ibis.literal(value=False))
    return [(baseline_unknown, "not_reported", "first seen in a change notice, so the baseline is unknown")]


def _list_value_change_cases(rows: Rows, context: MergeContext) -> list[tuple[Any, str, Any]]:
    currency_changed = rows.value_net.notnull() & ~rows.currency_first.identical_to(rows.currency)
    return [
        *_list_baseline_cases(rows, context),
        (currency_changed, "not_reported", "the currency changed"),
        (rows.net_is_stale, "not_reported", STALE_NET_DETAIL),
    ]


def _list_end_cases(rows: Rows, _context: MergeContext) -> list[tuple[Any, str, Any]]:
    has_duration = rows.duration_days.notnull() | rows.duration_months.notnull()
    return [(has_duration, "not_reported", DURATION_ONLY_DETAIL)]


def _list_first_end_cases(rows: Rows, context: MergeContext) -> list[tuple[Any, str, Any]]:
    return [*_list_baseline_cases(rows, context), *_list_end_cases(rows, context)]


def _list_end_change_cases(rows: Rows, context: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        *_list_baseline_cases(rows, context),
        (rows.end_from_duration, "not_reported", EARLIER_DURATION_DETAIL),
        *_list_end_cases(rows, context),
    ]


def _list_kpi_cases(rows: Rows, _context: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.no_kpi_rationale.notnull(), "not_applicable", rows.no_kpi_rationale),
        (rows.kpi_duty == "below_5m", "not_applicable", BELOW_KPI_DUTY_DETAIL),
        (
            rows.kpi_duty == "exempt",
            "not_applicable",
            "no KPI duty: a framework, a special regime or before the Procurement Act 2023",
        ),
    ]


def _list_rated_kpi_cases(rows: Rows, context: MergeContext) -> list[tuple[Any, str, Any]]:
    return [
        (rows.kpis == 0, "not_applicable", "no KPIs were published"),
        (
            _derive_assessment_day(rows) > context.today,
            "not_yet_due",
            "KPIs are assessed at least every 12 months (UK9)",
        ),
    ]


def _derive_assessment_day(rows: Rows) -> Any:
    signed = rows.date_signed.fill_null(rows.start_date)
    return ibis.greatest(
        signed + ibis.interval(years=KPI_ASSESSMENT_INTERVAL_YEARS),
        ibis.literal(FIRST_KPI_ASSESSMENT_DATE).cast("date"),
    ).cast("date")


def _make_fixed_case(state: str, detail: str) -> Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]:
    return lambda _rows, _context: [(ibis.literal(value=True), state, detail)]


def _list_code_cases(rows: Rows, _context: MergeContext) -> list[tuple[Any, str, Any]]:
    count = rows.cpv_codes.fill_null(0)
    return [
        (count > 0, "not_applicable", count.cast("string") + " CPV codes are published, none of them as the main one")
    ]


def _make_gross_cases(gross: str) -> Callable[[Rows, MergeContext], list[tuple[Any, str, Any]]]:
    return lambda rows, _context: [(rows[gross].notnull(), "not_reported", "published with VAT only")]


PROCESS_MISSING_RULES = {
    "cpv_main": MissingValueRule(_list_code_cases),
    "estimate_net": MissingValueRule(_make_gross_cases("estimate_gross")),
    "method": MissingValueRule(_make_stage_cases("planning")),
    "tender_start": MissingValueRule(_make_stage_cases("planning")),
    "tender_end": MissingValueRule(_make_stage_cases("planning")),
    "final_stage_bids": MissingValueRule(_make_stage_cases("planning", "tender")),
    "engagement_notice_date": MissingValueRule(_list_engagement_cases),
}
AWARD_MISSING_RULES = {
    "value_net": MissingValueRule(_make_gross_cases("value_gross")),
    "end_date": MissingValueRule(_list_end_cases),
}
CONTRACT_MISSING_RULES = {
    "value_net": MissingValueRule(_make_gross_cases("value_gross")),
    "end_actual": MissingValueRule(_list_delivery_cases, lambda rows: rows.end_current),
    "value_final": MissingValueRule(_list_delivery_cases, lambda rows: rows.end_current),
    "value_net_first": MissingValueRule(_list_baseline_cases),
    "end_first": MissingValueRule(_list_first_end_cases),
    "end_current": MissingValueRule(_list_end_cases),
    "value_change": MissingValueRule(_list_value_change_cases),
    "end_change_days": MissingValueRule(_list_end_change_cases),
    "kpis": MissingValueRule(_list_kpi_cases),
    "kpis_rated": MissingValueRule(_list_rated_kpi_cases, _derive_assessment_day),
}
ORGANISATION_MISSING_RULES = {
    "buyer_class": MissingValueRule(
        lambda rows, _context: [(~rows.kind.isin(["buyer", "both"]), "not_applicable", "it is not a buyer")]
    ),
    "scale": MissingValueRule(
        lambda rows, _context: [(~rows.kind.isin(["supplier", "both"]), "not_applicable", "it is not a supplier")]
    ),
    "match_confidence": MissingValueRule(
        _make_fixed_case("not_applicable", "we do not join different spellings of a name yet")
    ),
}
MISSING_RULES_BY_SUBJECT: dict[str, dict[str, MissingValueRule]] = {
    "organisation": ORGANISATION_MISSING_RULES,
    "contracting_process": PROCESS_MISSING_RULES,
    "award": AWARD_MISSING_RULES,
    "contract": CONTRACT_MISSING_RULES,
}


def derive_states(rows: Rows, subject: TracedSubject, context: MergeContext) -> Rows:
    """Return rows of the subject's state table, with `subject_ocid` (null if it has none) and `home_key`."""
    columns: dict[str, Any] = {}
    for field in list_traced_fields(subject.table.name):
        state_columns = _derive_field_state(rows, subject, field, context)
        has_value = rows[field].notnull() if field in TRACED_AMOUNTS.get(subject.table.name, ()) else None
        for suffix, value in state_columns.items():
            columns[field + suffix] = value if has_value is None else has_value.ifelse(value, ibis.null(value.type()))
    ocid = rows.ocid if "ocid" in rows.columns else ibis.null("string")
    return rows.select(subject_key=subject.key, subject_ocid=ocid, home_key=_build_home_key(rows, subject), **columns)


def _build_home_key(rows: Rows, subject: TracedSubject) -> Any:
    parts = [rows[name].cast("string") for name in subject.home_key]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")


def _derive_field_state(rows: Rows, subject: TracedSubject, name: str, context: MergeContext) -> dict[str, Any]:
    """Return the state, detail, due date and source of one field, by the suffix of their columns."""
    value, rule = rows[name], MISSING_RULES_BY_SUBJECT.get(subject.table.name, {}).get(name)
    is_present = value.notnull() & (value != "") if value.type().is_string() else value.notnull()
    if name in ("kpis", "kpis_rated", "suppliers"):
        is_present = is_present & (value > 0)
    cases = rule.cases(rows, context) if rule else []
    state = ibis.cases(
        (is_present, _derive_present_state(rows, subject, name)),
        *[(condition, state) for condition, state, _ in cases],
        else_="not_reported",
    )
    detail = _derive_present_detail(rows, name)
    if cases:
        detail = ibis.cases(
            (is_present, detail),
            *[(condition, _to_text_expression(reason)) for condition, _, reason in cases],
            else_=_to_text_expression(None),
        )
    due = state.isin(DUE_STATES).ifelse(rule.due(rows), ibis.null("date")) if rule and rule.due else ibis.null("date")
    source = _find_origin(rows, subject.origin.get(name, name), first=name.endswith("_first"))
    return {STATE_SUFFIX: state, DETAIL_SUFFIX: detail, DUE_ON_SUFFIX: due, SOURCE_SUFFIX: source}


def _find_origin(rows: Rows, column: str, *, first: bool) -> Any:
    """Return the order of the release that a value came from: the first one for a baseline, otherwise the last one."""
    for name in ([column + FIRST_ORDER_SUFFIX] if first else []) + [column + ORDER_SUFFIX, "last_at"]:
        if name in rows.columns:
            return rows[name] // PLACES_PER_RELEASE
    return ibis.null("int64")


def _to_text_expression(reason: Any) -> Any:
    return ibis.null("string") if reason is None else (ibis.literal(reason) if isinstance(reason, str) else reason)


def _derive_present_state(rows: Rows, subject: TracedSubject, name: str) -> Any:
    if name in NOTIFIED_CHANGES_BY_FIELD:
        return _has_no_change(rows, name).ifelse("below_notice_floor", "derived")
    if name == "is_framework":
        return rows.framework_stated.ifelse("observed", "derived")
    if name in ("end_current", "end_date"):
        return rows.end_published.notnull().ifelse("observed", "derived")
    if name == "tender_start":
        return rows.tender_start_given.ifelse("observed", "derived")
    return ibis.literal("derived" if name in subject.derived else "observed")


def _derive_present_detail(rows: Rows, name: str) -> Any:
    if name in NOTIFIED_CHANGES_BY_FIELD:
        return _has_no_change(rows, name).ifelse(BELOW_FLOOR_DETAIL, ibis.null("string"))
    if name in ("end_current", "end_date"):
        return rows.end_published.isnull().ifelse(CALCULATED_END_DETAIL, ibis.null("string"))
    return ibis.null("string")


NOTIFIED_CHANGES_BY_FIELD = {"value_change": "value_changes", "end_change_days": "end_changes"}


def _has_no_change(rows: Rows, name: str) -> Any:
    return (rows[name] == 0) & (rows[NOTIFIED_CHANGES_BY_FIELD[name]] == 0)


def find_withheld_fields(context: MergeContext) -> Rows:
    """Return the fields that publishers say they withhold: ocid, table, field, state, detail, until, source."""
    withheld, known_paths = context["withheld_information"], context["withheld_paths"]
    path = withheld.field.fill_null("").re_replace(r"\[\d*\]|/\d+", "").re_replace(r"^[./]+|/+$", "").replace(".", "/")
    joined = withheld.mutate(path=path).join(known_paths, "path", rname="{name}_known")
    return joined.group_by("ocid", "table", field=joined.field_known).agg(
        state=joined.state.min(), detail=joined.detail.min(), until=joined.availability_date.min(),
        source=joined.last_at.max() // PLACES_PER_RELEASE,
    )  # fmt: skip


def find_unreadable_fields(context: MergeContext) -> Rows:
    """Return the values that could not be read: ocid, table, home_key, field, detail, source."""
    rows = context.history.tables["invalid_value"].join(context.history.releases, "release_key")
    readable_names = context["readable_names"]
    joined = rows.join(readable_names, [rows.table == readable_names.home, rows.field == readable_names.column])
    return joined.group_by("ocid", table=joined.found_table, home_key=joined.key, field=joined.found_field).agg(
        detail=(joined.found + ": " + joined.reason).argmax(joined["at"]), source=joined["at"].max()
    )


def _apply_exceptions(rows: Rows, subject: TracedSubject, context: MergeContext) -> Rows:
    """Replace the states of missing values that are withheld or could not be read."""
    fields = list_published_fields(subject)
    withheld = widen_rows(
        _select_subject_rows(context["withheld_fields"], subject),
        ["ocid"],
        fields,
        {part: f"__held_{part}" for part in WITHHELD_PARTS},
    )
    unreadable = widen_rows(
        _select_subject_rows(context["unreadable_fields"], subject),
        ["ocid", "home_key"],
        fields,
        {part: f"__bad_{part}" for part in UNREADABLE_PARTS},
    )
    joined = rows.left_join(withheld, rows.subject_ocid == withheld.ocid)
    joined = joined.left_join(
        unreadable, [joined.subject_ocid == unreadable.ocid, joined.home_key == unreadable.home_key], rname="{name}_bad"
    )
    return joined.mutate(
        **{name: value for field in fields for name, value in _replace_field_state(joined, field).items()}
    )


WITHHELD_PARTS, UNREADABLE_PARTS = ("state", "detail", "until", "source"), ("detail", "source")


def _select_subject_rows(rows: Rows, subject: TracedSubject) -> Rows:
    return rows.filter(rows.table == subject.table.name)


def _replace_field_state(rows: Rows, field: str) -> dict[str, Any]:
    is_missing = rows[field].isin(["not_reported", "not_yet_due"])
    is_withheld = is_missing & rows[f"{field}__held_state"].notnull()
    is_unreadable = is_missing & rows[f"{field}__bad_detail"].notnull()
    return {
        field + STATE_SUFFIX: ibis.cases(
            (is_withheld, rows[f"{field}__held_state"]), (is_unreadable, "invalid"), else_=rows[field + STATE_SUFFIX]
        ),
        field + DETAIL_SUFFIX: ibis.cases(
            (is_withheld, rows[f"{field}__held_detail"]),
            (is_unreadable, rows[f"{field}__bad_detail"]),
            else_=rows[field + DETAIL_SUFFIX],
        ),
        field + DUE_ON_SUFFIX: is_withheld.ifelse(rows[f"{field}__held_until"], rows[field + DUE_ON_SUFFIX]),
        field + SOURCE_SUFFIX: ibis.cases(
            (is_withheld, rows[f"{field}__held_source"]),
            (is_unreadable, rows[f"{field}__bad_source"]),
            else_=rows[field + SOURCE_SUFFIX],
        ),
    }


def widen_rows(rows: Rows, key: list[str], fields: Sequence[str], suffixes: Mapping[str, str]) -> Rows:
    """Return one row per key, from rows with a `field`: a column per field and part, named by the part's suffix."""
    columns = {
        field + suffix: rows[part].max(where=rows.field == field)
        for field in fields
        for part, suffix in suffixes.items()
    }
    return rows.group_by(key).agg(**columns)


def derive_process_states(name: str) -> Callable[[MergeContext], Rows]:
    """Return the step that builds the state table of a subject whose rows belong to one process each."""
    return lambda context: _name_state_columns(
        _apply_exceptions(
            derive_states(_add_home_columns(context, name), TRACED_SUBJECTS[name], context),
            TRACED_SUBJECTS[name],
            context,
        ),
        name,
    )


def derive_organisation_states(context: MergeContext) -> Rows:
    """Return the state table of organisations. Many notices name an organisation, so no field has a source notice."""
    return _name_state_columns(
        derive_states(context["organisation"], TRACED_SUBJECTS["organisation"], context), "organisation"
    )


def _name_state_columns(rows: Rows, name: str) -> Rows:
    table = STATE_TABLES[name]
    return rows.select(**{table.key[0]: rows.subject_key}, **{column: rows[column] for column in table.names[1:]})


def list_sources(context: MergeContext) -> Rows:
    """Return rows of STATE_SOURCE, one per release of a process."""
    notices = context["notice"]
    return notices.select("notice_id", "release_id", number="at", release_date="date")


def _add_home_columns(context: MergeContext, name: str) -> Rows:
    rows = context[name]
    if name == "milestone":
        return rows.mutate(local_milestone=rows.milestone_id.re_extract(r"([^/]*)$", 1))
    return rows.mutate(home_section=ibis.literal(AGREED_METRICS_PATH)) if name == "kpi" else rows
