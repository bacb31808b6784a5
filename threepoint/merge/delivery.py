"""What hangs below a contract: milestones, KPIs and their results, failures, payments, documents."""

import ibis
from ibis import Table as Rows

from threepoint.merge.contracts import add_org_id_by_reference, add_release_key, build_contract_id
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis
from threepoint.merge.ocds_merge import FIRST_VALUE_SUFFIX

AGREED_METRICS_PATH = "contracts/agreedMetrics"
REPORTED_METRICS_PATH = "contracts/implementation/metrics"


def build_milestones(world: MergeContext) -> Rows:
    """Rows of MILESTONE, with the row orders `x__at`."""
    rows = world["m_milestone"]
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


def select_kpi_rows(world: MergeContext) -> Rows:
    """ocid, parent_id, metric_id, title, description, agreed and row orders, for each KPI agreed or only reported."""
    rows = world["m_metric"].filter(lambda t: t.section.isin([AGREED_METRICS_PATH, REPORTED_METRICS_PATH]))
    best = (rows.section == AGREED_METRICS_PATH).ifelse(1, 0)
    return rows.group_by("ocid", "parent_id", "metric_id").agg(
        title=rows.title.argmax(best, where=rows.title.notnull()),
        description=rows.description.argmax(best, where=rows.description.notnull()),
        agreed=(rows.section == AGREED_METRICS_PATH).max(),
        last_at=rows.last_at.max(),
    )


def select_observation_rows(world: MergeContext) -> Rows:
    """Results of contracts' KPIs: the merged rows of implementation metrics."""
    rows = world["m_observation"]
    return rows.filter(rows.section == REPORTED_METRICS_PATH + "/observations")


def build_kpi_id(rows: Rows) -> ibis.Value:
    """The address of a KPI."""
    return build_contract_id(rows, "parent_id") + "/kpis/" + rows.metric_id


def build_kpis(world: MergeContext) -> Rows:
    """Rows of KPI."""
    rows, aims, seen = world["kpi_rows"], world["m_observation"], world["observation_rows"]
    aims = aims.filter(aims.section == AGREED_METRICS_PATH + "/observations")
    key = ["ocid", "parent_id", "metric_id"]
    target = aims.group_by(key).agg(target_text=aims.measure.argmax(aims.last_at), aim_unit=aims.unit_name.max())
    result = seen.group_by(key).agg(results=seen.count(), rated=seen.rating.count(), seen_unit=seen.unit_name.max())
    rows = rows.left_join(target, key, rname="{name}_t").left_join(result, key, rname="{name}_r")
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
    """The address of a KPI's result."""
    return build_kpi_id(rows) + "/" + rows.observation_id


def build_observations(world: MergeContext) -> Rows:
    """Rows of OBSERVATION. A notice is the buyer's word."""
    rows = world["observation_rows"]
    rows = add_release_key(rows, rows.last_at, world)
    rows = rows.left_join(world["notice"].select("release_key", "release_id"), "release_key", rname="{name}_n")
    return rows.mutate(
        obs_id=build_observation_id(rows), kpi_id=build_kpi_id(rows), contract_id=build_contract_id(rows, "parent_id"),
        assessor=ibis.literal("buyer"), measure_text=rows.measure, measure=rows.measure.try_cast("float64"),
        unit=rows.unit_name, currency=rows.value_currency,
    )  # fmt: skip


def build_observation_dimensions(world: MergeContext) -> Rows:
    """Rows of OBSERVATION_DIMENSION."""
    rows = world["m_observation_dimension"]
    rows = rows.filter(rows.section == REPORTED_METRICS_PATH + "/observations/dimensions")
    return rows.mutate(obs_id=build_observation_id(rows))


def build_failure_events(world: MergeContext) -> Rows:
    """Rows of FAILURE_EVENT."""
    rows = world["m_failure"]
    return rows.mutate(contract_id=build_contract_id(rows))


def select_notice_payments(world: MergeContext) -> Rows:
    """Rows of SPEND from payments in contract notices; each names its contract, so the link is certain."""
    rows = world["m_transaction"]
    rows = add_release_key(rows, rows.last_at, world)
    rows = add_org_id_by_reference(rows, world, "payer_ref", "payer_name", "payer_org_id")
    rows = add_org_id_by_reference(rows, world, "payee_ref", "payee_name", "payee_org_id")
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


def build_documents(world: MergeContext) -> Rows:
    """Rows of DOCUMENT."""
    return world["m_document"]
