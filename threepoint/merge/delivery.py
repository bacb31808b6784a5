"""What hangs below a contract: milestones, KPIs and their results, failures, payments, documents."""

import ibis
from ibis import Table as Rows

from threepoint.merge.contracts import contract_id, named_body, with_release
from threepoint.merge.merge_context import World
from threepoint.merge.money import vat_basis
from threepoint.merge.ocds_merge import FIRST

AGREED = "contracts/agreedMetrics"
REPORTED = "contracts/implementation/metrics"


def milestones(world: World) -> Rows:
    """Rows of MILESTONE, with the row orders `x__at`."""
    rows = world["m_milestone"]
    of_contract = rows.section.startswith("contracts")
    owner = (rows.parent_id == "").ifelse("", "/" + rows.parent_id)
    return rows.mutate(
        milestone_id=rows.ocid + "/" + rows.section + owner + "/" + rows.milestone_id,
        contract_id=of_contract.ifelse(contract_id(rows, "parent_id"), ibis.null("string")),
        due_first=rows["due_date" + FIRST],
        due_current=rows.due_date,
        payment_value=rows.value_net,
        currency=rows.value_currency,
    )


def kpi_rows(world: World) -> Rows:
    """ocid, parent_id, metric_id, title, description, agreed and row orders, for each KPI agreed or only reported."""
    rows = world["m_metric"].filter(lambda t: t.section.isin([AGREED, REPORTED]))
    best = (rows.section == AGREED).ifelse(1, 0)
    return rows.group_by("ocid", "parent_id", "metric_id").agg(
        title=rows.title.argmax(best, where=rows.title.notnull()),
        description=rows.description.argmax(best, where=rows.description.notnull()),
        agreed=(rows.section == AGREED).max(),
        last_at=rows.last_at.max(),
    )


def observation_rows(world: World) -> Rows:
    """Results of contracts' KPIs: the merged rows of implementation metrics."""
    rows = world["m_observation"]
    return rows.filter(rows.section == REPORTED + "/observations")


def kpi_id(rows: Rows) -> ibis.Value:
    """The address of a KPI."""
    return contract_id(rows, "parent_id") + "/kpis/" + rows.metric_id


def kpis(world: World) -> Rows:
    """Rows of KPI."""
    rows, aims, seen = world["kpi_rows"], world["m_observation"], world["observation_rows"]
    aims = aims.filter(aims.section == AGREED + "/observations")
    key = ["ocid", "parent_id", "metric_id"]
    target = aims.group_by(key).agg(target_text=aims.measure.argmax(aims.last_at), aim_unit=aims.unit_name.max())
    result = seen.group_by(key).agg(results=seen.count(), rated=seen.rating.count(), seen_unit=seen.unit_name.max())
    rows = rows.left_join(target, key, rname="{name}_t").left_join(result, key, rname="{name}_r")
    return rows.mutate(
        kpi_id=kpi_id(rows),
        contract_id=contract_id(rows, "parent_id"),
        code=rows.metric_id,
        unit=rows.aim_unit.fill_null(rows.seen_unit),
        target=rows.target_text.try_cast("float64"),
        results=rows.results.fill_null(0),
        rated=rows.rated.fill_null(0),
    )


def observation_id(rows: Rows) -> ibis.Value:
    """The address of a KPI's result."""
    return kpi_id(rows) + "/" + rows.observation_id


def observations(world: World) -> Rows:
    """Rows of OBSERVATION. A notice is the buyer's word."""
    rows = world["observation_rows"]
    rows = with_release(rows, rows.last_at, world)
    rows = rows.left_join(world["notice"].select("release_key", "release_id"), "release_key", rname="{name}_n")
    return rows.mutate(
        obs_id=observation_id(rows), kpi_id=kpi_id(rows), contract_id=contract_id(rows, "parent_id"),
        assessor=ibis.literal("buyer"), measure_text=rows.measure, measure=rows.measure.try_cast("float64"),
        unit=rows.unit_name, currency=rows.value_currency,
    )  # fmt: skip


def dimensions(world: World) -> Rows:
    """Rows of OBSERVATION_DIMENSION."""
    rows = world["m_observation_dimension"]
    rows = rows.filter(rows.section == REPORTED + "/observations/dimensions")
    return rows.mutate(obs_id=observation_id(rows))


def failures(world: World) -> Rows:
    """Rows of FAILURE_EVENT."""
    rows = world["m_failure"]
    return rows.mutate(contract_id=contract_id(rows))


def spend(world: World) -> Rows:
    """Rows of SPEND from payments in contract notices; each names its contract, so the link is certain."""
    rows = world["m_transaction"]
    rows = with_release(rows, rows.last_at, world)
    rows = named_body(rows, world, "payer_ref", "payer_name", "payer_org_id")
    rows = named_body(rows, world, "payee_ref", "payee_name", "payee_org_id")
    return rows.mutate(
        spend_id=contract_id(rows) + "/transactions/" + rows.transaction_id,
        amount=rows.value_net.fill_null(rows.value_gross),
        currency=rows.value_currency,
        vat_basis=vat_basis(rows.value_net, rows.value_gross, ibis.literal(value=False)),
        contract_id=contract_id(rows),
        feed=ibis.literal("uk8"),
        link_method=ibis.literal("named by the notice"),
        link_confidence=ibis.literal(1.0),
    )


def documents(world: World) -> Rows:
    """Rows of DOCUMENT."""
    return world["m_document"]
