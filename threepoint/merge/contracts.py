"""Contracts: baseline from the first notice, the last word since, and what follows for duties and phases."""

import ibis
from ibis import Table as Rows

from threepoint.merge.awards import build_award_id
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal, subtract_amounts
from threepoint.merge.ocds_merge import FIRST_VALUE_SUFFIX, ORDER_SUFFIX, PLACES_PER_RELEASE
from threepoint.merge.organisations import add_body_key, build_org_id

KPI_DUTY_THRESHOLD_POUNDS = (
    5_000_000  # pounds with VAT: above it a public contract needs three KPIs (Procurement Act 2023, section 52)
)


def build_contract_id(rows: Rows, local: str = "local_id") -> ibis.Value:
    """The address of a contract: its local id is unique only within its process."""
    return rows.ocid + "/contracts/" + rows[local]


def add_release_key(rows: Rows, at: ibis.Value, world: MergeContext) -> Rows:
    """`rows` and the release_key of the release whose order is `at`'s."""
    releases = world.history.releases.select("release_key", release_at="at")
    return rows.mutate(release_at=at // PLACES_PER_RELEASE).left_join(releases, "release_at").drop("release_at_right")


def add_org_id_by_reference(rows: Rows, world: MergeContext, ref: str, name: str, made: str) -> Rows:
    """`rows` (with release_key) and a column `made`: the organisation that `ref` and `name` stand for in that release."""
    rows = add_body_key(rows, world["party_keys"], ref, name, "key_" + made)
    known = world["addresses"].select(known="identifier", address_found="address")
    rows = rows.left_join(known, rows["key_" + made] == known.known)
    return rows.mutate(**{made: build_org_id(rows["key_" + made], rows.address_found)}).drop("known", "address_found")


def find_buyers(world: MergeContext) -> Rows:
    """ocid, buyer_org_id, procuring_org_id: as named in the last release that names them."""
    rows = world["m_process"].select(
        "ocid", "buyer_ref", "buyer_name", "procuring_ref", "procuring_name", "buyer_name" + ORDER_SUFFIX
    )
    rows = add_release_key(rows, rows["buyer_name" + ORDER_SUFFIX], world)
    rows = add_org_id_by_reference(rows, world, "buyer_ref", "buyer_name", "buyer_org_id")
    rows = add_org_id_by_reference(rows, world, "procuring_ref", "procuring_name", "procuring_org_id")
    return rows.select("ocid", "buyer_org_id", "procuring_org_id")


def _count_related_rows(world: MergeContext) -> Rows:
    """ocid, local_id and what hangs below each contract, counted."""
    kpi, seen, paid = world["kpi_rows"], world["observation_rows"], world["m_transaction"]
    kpis = kpi.filter(kpi.agreed).group_by("ocid", "parent_id").agg(kpis=kpi.metric_id.nunique())
    rated = seen.group_by("ocid", "parent_id").agg(kpis_rated=seen.rating.count())
    spent = paid.group_by("ocid", "local_id").agg(spend_net=paid.value_net.sum(), payments=paid.count())
    papers = world["m_document"]
    signed = papers.filter(papers.section == "contracts/documents", papers.document_type == "contractSigned")
    signed = signed.group_by("ocid", "parent_id").agg(papers=signed.count())
    rows = world["m_contract"].select("ocid", "local_id")
    rows = rows.left_join(signed, [rows.ocid == signed.ocid, rows.local_id == signed.parent_id]).select(
        rows, signed.papers
    )
    rows = rows.left_join(kpis, [rows.ocid == kpis.ocid, rows.local_id == kpis.parent_id]).select(rows, kpis.kpis)
    rows = rows.left_join(rated, [rows.ocid == rated.ocid, rows.local_id == rated.parent_id]).select(
        rows, rated.kpis_rated
    )
    both = rows.left_join(spent, ["ocid", "local_id"])
    return both.select(rows, spent.spend_net, payments=spent.payments.fill_null(0))


def build_contract_suppliers(world: MergeContext) -> Rows:
    """Rows of CONTRACT_SUPPLIER: the contract's own suppliers where it names any, else those of its award."""
    own = world["m_contract_supplier"]
    own = add_release_key(own, own.last_at, world)
    own = add_org_id_by_reference(own, world, "party_ref", "name", "org_id")
    own = own.filter(own.org_id.notnull()).group_by("ocid", "local_id", "org_id").agg(name=own.name.max())
    award = world["award_supplier"].filter(world["award_supplier"].current)
    award = award.select("ocid", "org_id", "name", award_ref="local_id")
    through = world["m_contract"].select("ocid", "local_id", "award_ref").join(award, ["ocid", "award_ref"])
    through = through.anti_join(own, ["ocid", "local_id"]).select("ocid", "local_id", "org_id", "name")
    both = ibis.union(own.select("ocid", "local_id", "org_id", "name"), through)
    return both.mutate(contract_id=build_contract_id(both))


def build_contracts(world: MergeContext) -> Rows:
    """Rows of CONTRACT, with the row orders `x__at`."""
    rows = world["m_contract"].left_join(_count_related_rows(world), ["ocid", "local_id"], rname="{name}_counted")
    named = world["contract_supplier"].group_by("ocid", "local_id").agg(suppliers=lambda t: t.count())
    rows = rows.left_join(named, ["ocid", "local_id"], rname="{name}_named")
    changed = world["change"].filter(world["change"].subject_type == "contract")
    changes = changed.group_by(changed_id=changed.subject_id).agg(changes=changed.count())
    rows = rows.mutate(contract_id=build_contract_id(rows))
    rows = rows.left_join(changes, rows.contract_id == changes.changed_id)
    process = world["contracting_process"].select(
        "ocid", "under_act", "is_framework", "is_call_off", "parent_ocid", "scheme_id", "special_regime",
        process_title="title",
    )  # fmt: skip
    rows = rows.left_join(process, "ocid", rname="{name}_process")
    award = world["award"].select("ocid", award_local="local_id", award_title="title")
    rows = rows.left_join(award, [rows.ocid == award.ocid, rows.award_ref == award.award_local], rname="{name}_award")
    rows = rows.left_join(_find_first_notices(world), ["ocid", "local_id"], rname="{name}_first")
    return _derive_contract_fields(rows, world)


def _find_first_notices(world: MergeContext) -> Rows:
    """ocid, local_id, amendment_only: the contract was first seen in a change notice; ended: a termination notice names it."""
    rows = world.history.tables["contract"].select("release_key", "local_id")
    rows = rows.join(world["notice"].select("release_key", "ocid", "at", "notice_type", "tag", "stage"), "release_key")
    change = (rows.notice_type == "UK10") | (rows.notice_type.isnull() & (rows.tag == "contractAmendment"))
    found = rows.mutate(change=change.fill_null(ibis.literal(value=False)))
    return found.group_by("ocid", "local_id").agg(
        amendment_only=found.change.argmin(found["at"]), terminated=(found.stage == "ended").max()
    )


def _derive_contract_fields(rows: Rows, world: MergeContext) -> Rows:
    no = ibis.literal(value=False)
    today = world.today
    rows = rows.mutate(
        end_first=rows["end_date" + FIRST_VALUE_SUFFIX],
        end_current=rows.end_date,
        value_net_first=rows["value_net" + FIRST_VALUE_SUFFIX],
        value_gross_first=rows["value_gross" + FIRST_VALUE_SUFFIX],
        currency_first=rows["value_currency" + FIRST_VALUE_SUFFIX],
        currency=rows.value_currency,
        changes=rows.changes.fill_null(0),
        kpis=rows.kpis.fill_null(0),
        kpis_rated=rows.kpis_rated.fill_null(0),
    )
    over = rows.status.isin(["terminated", "cancelled"]).fill_null(no) | rows.terminated.fill_null(no)
    past = (rows.end_actual.fill_null(rows.end_current) < today).fill_null(no)
    same_money = rows.currency_first.identical_to(rows.currency)
    known = ~rows.amendment_only.fill_null(no)
    return rows.mutate(
        # A contract first seen in a change notice has no known baseline: what that notice says is its current state.
        end_first=known.ifelse(rows.end_first, ibis.null("date")),
        value_net_first=known.ifelse(rows.value_net_first, ibis.null("decimal(18,2)")),
        value_gross_first=known.ifelse(rows.value_gross_first, ibis.null("decimal(18,2)")),
        award_id=build_award_id(rows, "award_ref"),
        title=rows.title.fill_null(rows.award_title).fill_null(rows.process_title),
        link_method=rows.scheme_id.notnull().ifelse("declared by the publisher", ibis.null("string")),
        phase=(over | past).ifelse("closed", "in_delivery"),
        vat_basis=derive_vat_basis(rows.value_net, rows.value_gross, rows.under_act),
        nominal_value=is_nominal(rows.value_net),
        is_ceiling=rows.is_framework.fill_null(no) & rows.value_net.notnull(),
        value_change=(same_money & known).ifelse(
            subtract_amounts(rows.value_net, rows.value_net_first), ibis.null("decimal(18,2)")
        ),
        end_change_days=known.ifelse((rows.end_current - rows.end_first).cast("int64"), ibis.null("int64")),
        value_final=rows.final_net,
        value_final_gross=rows.final_gross,
        kpi_duty=_derive_kpi_duty(rows),
        framework_ocid=rows.parent_ocid,
        published_document=rows.papers.notnull(),
    )


def _derive_kpi_duty(rows: Rows) -> ibis.Value:
    no = ibis.literal(value=False)
    light = rows.special_regime.re_search("(?i)light|utilit|concession").fill_null(no)
    exempt = ~rows.under_act.fill_null(no) | rows.is_framework.fill_null(no) | light
    return ibis.cases(
        (exempt, "exempt"),
        (rows.value_gross.isnull(), "unknown"),
        (rows.value_gross > KPI_DUTY_THRESHOLD_POUNDS, "required"),
        else_="below_5m",
    )
