"""The state of every Core and Important field: observed, worked out, or why it is not there. Blank is not a state.

Each subject has a table of rules below: what a missing value means. What is not listed is simply not reported. Withheld
and unreadable values are laid over from what publishers say and from what reading found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.merge.delivery import AGREED
from threepoint.merge.latest import AT, FIRST_AT, PLACES
from threepoint.merge.subjects import SUBJECTS, Subject
from threepoint.merge.world import World
from threepoint.standard.days import ASSESSED_EVERY, FIRST_ASSESSMENT

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


def field_states(rows: Rows, subject: Subject, world: World) -> Rows:
    """table, key, ocid, home_key, field, state, detail, due_on, at: one row per Core and Important field of each row.

    Further amounts (`Subject.amounts`) have a row where they have a value, so that no amount is without its source.
    """
    fields = subject.traced
    numbers = world["field_numbers"]
    numbered = numbers.filter(numbers.n < len(fields))
    slim = rows.mutate(home_key=_home_key(rows, subject)).cross_join(numbered)
    given = [(slim.n == fields.index(name), slim[name].notnull()) for name in subject.amounts]
    slim = slim.filter(ibis.cases(*given, else_=True)) if given else slim
    per_field = [_one_field(slim, subject, name, world) for name in fields]
    picked = {
        part: ibis.cases(*[(slim.n == place, parts[part]) for place, parts in enumerate(per_field)])
        for part in ("state", "detail", "due_on", "at")
    }
    names = ibis.cases(*[(slim.n == place, name) for place, name in enumerate(fields)])
    ocid = slim.ocid if "ocid" in rows.columns else ibis.null("string")
    return slim.select(
        table=ibis.literal(subject.table.name),
        key=slim[subject.key],
        ocid=ocid,
        home_key="home_key",
        field=names,
        **picked,
    )


def _home_key(rows: Rows, subject: Subject) -> Any:
    parts = [rows[name].cast("string") for name in subject.home_key]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")


def _one_field(rows: Rows, subject: Subject, name: str, world: World) -> dict[str, Any]:
    value, rule = rows[name], MISSING.get(subject.table.name, {}).get(name)
    there = value.notnull() & (value != "") if value.type().is_string() else value.notnull()
    if name in ("kpis", "kpis_rated", "suppliers"):
        there = there & (value > 0)
    cases = rule.cases(rows, world) if rule else []
    state = ibis.cases(
        (there, _there(rows, subject, name)), *[(when, state) for when, state, _ in cases], else_="not_reported"
    )
    detail = ibis.cases(
        (there, _there_detail(rows, name)), *[(when, _text(why)) for when, _, why in cases], else_=_text(None)
    )
    due = rule.due(rows) if rule and rule.due else ibis.null("date")
    at = _origin(rows, subject.origin.get(name, name), first=name.endswith("_first"))
    return {"state": state, "detail": detail, "due_on": state.isin(DUE_STATES).ifelse(due, ibis.null("date")), "at": at}


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


def withheld_fields(world: World) -> Rows:
    """ocid, table, field, state, detail, due: the fields that publishers say they withhold."""
    told, known = world["withheld_information"], world["withheld_paths"]
    path = told.field.fill_null("").re_replace(r"\[\d*\]|/\d+", "").re_replace(r"^[./]+|/+$", "").replace(".", "/")
    both = told.mutate(path=path).join(known, "path", rname="{name}_known")
    return both.group_by("ocid", "table", field=both.field_known).agg(
        held_state=both.state.min(), held_detail=both.detail.min(), held_until=both.availability_date.min(),
        held_at=both.last_at.max() // PLACES,
    )  # fmt: skip


def overlaid(rows: Rows, world: World) -> Rows:
    """Rows of FIELD_STATE: the rules' states, with what is withheld or could not be read laid over missing values."""
    held = withheld_fields(world)
    rows = rows.left_join(held, ["ocid", "table", "field"], rname="{name}_held")
    rows = rows.left_join(_unreadable(world), ["ocid", "table", "home_key", "field"], rname="{name}_bad")
    missing = rows.state.isin(["not_reported", "not_yet_due"])
    is_held, is_bad = missing & rows.held_state.notnull(), missing & rows.bad_detail.notnull()
    rows = rows.mutate(
        state=ibis.cases((is_held, rows.held_state), (is_bad, "invalid"), else_=rows.state),
        detail=ibis.cases((is_held, rows.held_detail), (is_bad, rows.bad_detail), else_=rows.detail),
        due_on=is_held.ifelse(rows.held_until, rows.due_on),
        at=ibis.cases((is_held, rows.held_at), (is_bad, rows.bad_at), else_=rows["at"]),
    )
    notice = world["notice"].select("at", "notice_id", "release_id", release_date="date")
    return _with_evidence(rows.left_join(notice, "at", rname="{name}_notice"))


def _with_evidence(rows: Rows) -> Rows:
    derived = rows.state.isin(["derived", "below_notice_floor"])
    return rows.mutate(evidence_level=derived.ifelse("derived", "published_notice"))


def _unreadable(world: World) -> Rows:
    rows = world.history.tables["invalid_value"].join(world.history.releases, "release_key")
    names = world["readable_names"]
    both = rows.join(names, [rows.table == names.home, rows.field == names.column])
    return both.group_by("ocid", table=both.found_table, home_key=both.key, field=both.found_field).agg(
        bad_detail=(both.found + ": " + both.reason).argmax(both["at"]), bad_at=both["at"].max()
    )


def process_states(world: World) -> Rows:
    """Rows of FIELD_STATE for every subject that belongs to one process."""
    own = {name: subject for name, subject in SUBJECTS.items() if name != "organisation"}
    made = [field_states(_prepared(world, name), subject, world) for name, subject in own.items()]
    return overlaid(ibis.union(*made), world)


def organisation_states(world: World) -> Rows:
    """Rows of FIELD_STATE for organisations: many notices speak of one, so no field names the notice it comes from."""
    return _with_evidence(field_states(world["organisation"], SUBJECTS["organisation"], world))


def _prepared(world: World, name: str) -> Rows:
    rows = world[name]
    if name == "milestone":
        return rows.mutate(local_milestone=rows.milestone_id.re_extract(r"([^/]*)$", 1))
    return rows.mutate(home_section=ibis.literal(AGREED)) if name == "kpi" else rows
