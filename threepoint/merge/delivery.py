"""Rows related to a contract: milestones, KPIs and their results, failures, payments, documents."""

import ibis
from ibis import Table as Rows

from threepoint.merge.contracts import add_org_id_by_reference, add_release_key, build_contract_id
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis
from threepoint.merge.ocds_merge import FIRST_VALUE_SUFFIX

AGREED_METRICS_PATH = "contracts/agreedMetrics"
REPORTED_METRICS_PATH = "contracts/implementation/metrics"


def build_milestones(context: MergeContext) -> Rows:
    """Return rows of MILESTONE, with row orders in `<field>__at`."""
    rows = context["m_milestone"]
    of_contract = rows.section.startswith("contracts")
    owner = (rows.parent_id == "").ifelse("", "/" + rows.parent_id)
    return rows.mutate(
        milestone_id=rows.ocid + "/" + rows.section + owner + "/" + rows.milestone_id,
        contract_id=of_contract.ifelse(build_contract_id(rows, "parent_id"), ibis.null("string")),
        due_first=rows["due_date" + FIRST_VALUE_SUFFIX],
        due_current=rows.due_date,
        payment_value=rows.value_net,
        currency=rows.value_currency,
    )


def select_kpi_rows(context: MergeContext) -> Rows:
    """Return one row per KPI, agreed or only reported: ocid, parent_id, metric_id, title, description, agreed, last_at."""
    rows = context["m_metric"].filter(lambda t: t.section.isin([AGREED_METRICS_PATH, REPORTED_METRICS_PATH]))
    is_agreed = (rows.section == AGREED_METRICS_PATH).ifelse(1, 0)
    return rows.group_by("ocid", "parent_id", "metric_id").agg(
        title=rows.title.argmax(is_agreed, where=rows.title.notnull()),
        description=rows.description.argmax(is_agreed, where=rows.description.notnull()),
        agreed=(rows.section == AGREED_METRICS_PATH).max(),
        last_at=rows.last_at.max(),
    )


def select_observation_rows(context: MergeContext) -> Rows:
    """Return the results of contracts' KPIs: the merged observations of implementation metrics."""
    rows = context["m_observation"]
    return rows.filter(rows.section == REPORTED_METRICS_PATH + "/observations")


def build_kpi_id(rows: Rows) -> ibis.Value:
    """Return the id of a KPI."""
    return build_contract_id(rows, "parent_id") + "/kpis/" + rows.metric_id


def build_kpis(context: MergeContext) -> Rows:
    """Return rows of KPI."""
    rows, targets, observations = context["kpi_rows"], context["m_observation"], context["observation_rows"]
    targets = targets.filter(targets.section == AGREED_METRICS_PATH + "/observations")
    key = ["ocid", "parent_id", "metric_id"]
    target_texts = targets.group_by(key).agg(
        target_text=targets.measure.argmax(targets.last_at), aim_unit=targets.unit_name.max()
    )
    result_counts = observations.group_by(key).agg(
        results=observations.count(), rated=observations.rating.count(), seen_unit=observations.unit_name.max()
    )
    rows = rows.left_join(target_texts, key, rname="{name}_t").left_join(result_counts, key, rname="{name}_r")
    return rows.mutate(
        kpi_id=build_kpi_id(rows),
        contract_id=build_contract_id(rows, "parent_id"),
        code=rows.metric_id,
        unit=rows.aim_unit.fill_null(rows.seen_unit),
        target=rows.target_text.try_cast("float64"),
        results=rows.results.fill_null(0),
        rated=rows.rated.fill_null(0),
    )


def build_observation_id(rows: Rows) -> ibis.Value:
    """Return the id of a KPI's result."""
    return build_kpi_id(rows) + "/" + rows.observation_id


def build_observations(context: MergeContext) -> Rows:
    """Return rows of OBSERVATION. The assessor is always the buyer, who publishes the notice."""
    rows = context["observation_rows"]
    rows = add_release_key(rows, rows.last_at, context)
    rows = rows.left_join(context["notice"].select("release_key", "release_id"), "release_key", rname="{name}_n")
    return rows.mutate(
        obs_id=build_observation_id(rows), kpi_id=build_kpi_id(rows), contract_id=build_contract_id(rows, "parent_id"),
        assessor=ibis.literal("buyer"), measure_text=rows.measure, measure=rows.measure.try_cast("float64"),
        unit=rows.unit_name, currency=rows.value_currency,
    )  # fmt: skip


def build_observation_dimensions(context: MergeContext) -> Rows:
    """Return rows of OBSERVATION_DIMENSION."""
    rows = context["m_observation_dimension"]
    rows = rows.filter(rows.section == REPORTED_METRICS_PATH + "/observations/dimensions")
    return rows.mutate(obs_id=build_observation_id(rows))


def build_failure_events(context: MergeContext) -> Rows:
    """Return rows of FAILURE_EVENT."""
    rows = context["m_failure"]
    return rows.mutate(contract_id=build_contract_id(rows))


def select_notice_payments(context: MergeContext) -> Rows:
    """Return rows of SPEND from payments in contract notices; each names its contract, so the link is certain."""
    rows = context["m_transaction"]
    rows = add_release_key(rows, rows.last_at, context)
    rows = add_org_id_by_reference(rows, context, "payer_ref", "payer_name", "payer_org_id")
    rows = add_org_id_by_reference(rows, context, "payee_ref", "payee_name", "payee_org_id")
    return rows.mutate(
        spend_id=build_contract_id(rows) + "/transactions/" + rows.transaction_id,
        amount=rows.value_net.fill_null(rows.value_gross),
        currency=rows.value_currency,
        vat_basis=derive_vat_basis(rows.value_net, rows.value_gross, ibis.literal(value=False)),
        contract_id=build_contract_id(rows),
        feed=ibis.literal("uk8"),
        link_method=ibis.literal("named by the notice"),
        link_confidence=ibis.literal(1.0),
    )


def build_documents(context: MergeContext) -> Rows:
    """Return rows of DOCUMENT."""
    return context["m_document"]
