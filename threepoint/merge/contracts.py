"""Contracts: the baseline from the first notice, the latest values, and the duties and phase that follow from them."""

import ibis
from ibis import Table as Rows

from threepoint.merge.awards import build_award_id, count_same_ids
from threepoint.merge.end_dates import add_calculated_end, has_earlier_duration
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal, subtract_amounts
from threepoint.merge.ocds_merge import FIRST_VALUE_SUFFIX, ORDER_SUFFIX, PLACES_PER_RELEASE
from threepoint.merge.organisations import add_body_key, build_org_id

# With VAT. A public contract above it needs three KPIs (Procurement Act 2023, section 52).
KPI_DUTY_THRESHOLD_POUNDS = 5_000_000


def build_contract_id(rows: Rows, local: str = "local_id") -> ibis.Value:
    """Return the id of a contract: its process and its local id, which is unique only within the process."""
    return rows.ocid + "/contracts/" + rows[local]


def add_release_key(rows: Rows, at: ibis.Value, context: MergeContext) -> Rows:
    """Return `rows` with the release_key of the release that the row order `at` belongs to."""
    releases = context.history.releases.select("release_key", release_at="at")
    return rows.mutate(release_at=at // PLACES_PER_RELEASE).left_join(releases, "release_at").drop("release_at_right")


def add_org_id_by_reference(rows: Rows, context: MergeContext, ref: str, name: str, column: str) -> Rows:
    """Return `rows` (with release_key) and `column`: the id of the organisation that `ref` and `name` mean in that release."""
    rows = add_body_key(rows, context["party_keys"], ref, name, "key_" + column)
    addresses = context["addresses"].select(known="identifier", address_found="address")
    rows = rows.left_join(addresses, rows["key_" + column] == addresses.known)
    return rows.mutate(**{column: build_org_id(rows["key_" + column], rows.address_found)}).drop(
        "known", "address_found"
    )


def find_buyers(context: MergeContext) -> Rows:
    """Return ocid, buyer_org_id and procuring_org_id, as named in the last release that names a buyer."""
    rows = context["m_process"].select(
        "ocid", "buyer_ref", "buyer_name", "procuring_ref", "procuring_name", "buyer_name" + ORDER_SUFFIX
    )
    rows = add_release_key(rows, rows["buyer_name" + ORDER_SUFFIX], context)
    rows = add_org_id_by_reference(rows, context, "buyer_ref", "buyer_name", "buyer_org_id")
    rows = add_org_id_by_reference(rows, context, "procuring_ref", "procuring_name", "procuring_org_id")
    return rows.select("ocid", "buyer_org_id", "procuring_org_id")


def _count_related_rows(context: MergeContext) -> Rows:

    kpis, observations, transactions = context["kpi_rows"], context["observation_rows"], context["m_transaction"]
    counted_kpis = kpis.filter(kpis.agreed).group_by("ocid", "parent_id").agg(kpis=kpis.metric_id.nunique())
    ratings = observations.group_by("ocid", "parent_id").agg(kpis_rated=observations.rating.count())
    sums = transactions.group_by("ocid", "local_id").agg(
        spend_net=transactions.value_net.sum(), payments=transactions.count()
    )
    documents = context["m_document"]
    signed = documents.filter(documents.section == "contracts/documents", documents.document_type == "contractSigned")
    signed = signed.group_by("ocid", "parent_id").agg(papers=signed.count())
    rows = context["m_contract"].select("ocid", "local_id")
    rows = rows.left_join(signed, [rows.ocid == signed.ocid, rows.local_id == signed.parent_id]).select(
        rows, signed.papers
    )
    rows = rows.left_join(
        counted_kpis, [rows.ocid == counted_kpis.ocid, rows.local_id == counted_kpis.parent_id]
    ).select(rows, counted_kpis.kpis)
    rows = rows.left_join(ratings, [rows.ocid == ratings.ocid, rows.local_id == ratings.parent_id]).select(
        rows, ratings.kpis_rated
    )
    joined = rows.left_join(sums, ["ocid", "local_id"])
    return joined.select(rows, sums.spend_net, payments=sums.payments.fill_null(0))


def build_contract_suppliers(context: MergeContext) -> Rows:
    """Return rows of CONTRACT_SUPPLIER: the suppliers that the contract names, or those of its award if it names none."""
    named = context["m_contract_supplier"]
    named = add_release_key(named, named.last_at, context)
    named = add_org_id_by_reference(named, context, "party_ref", "name", "org_id")
    named = named.filter(named.org_id.notnull()).group_by("ocid", "local_id", "org_id").agg(name=named.name.max())
    award_suppliers = context["award_supplier"].filter(context["award_supplier"].current)
    award_suppliers = award_suppliers.select("ocid", "org_id", "name", award_ref="local_id")
    inherited = (
        context["m_contract"].select("ocid", "local_id", "award_ref").join(award_suppliers, ["ocid", "award_ref"])
    )
    inherited = inherited.anti_join(named, ["ocid", "local_id"]).select("ocid", "local_id", "org_id", "name")
    suppliers = ibis.union(named.select("ocid", "local_id", "org_id", "name"), inherited)
    return suppliers.mutate(contract_id=build_contract_id(suppliers))


def build_contracts(context: MergeContext) -> Rows:
    """Return rows of CONTRACT, with row orders in `<field>__at`."""
    rows = context["m_contract"].left_join(_count_related_rows(context), ["ocid", "local_id"], rname="{name}_counted")
    supplier_counts = context["contract_supplier"].group_by("ocid", "local_id").agg(suppliers=lambda t: t.count())
    rows = rows.left_join(supplier_counts, ["ocid", "local_id"], rname="{name}_named")
    changes = context["change"].filter(context["change"].subject_type == "contract")
    releases = context.history.releases.select("release_key", changed_at="at")
    changes = changes.join(releases, "release_key")
    is_value = changes.type == "value"
    change_counts = changes.group_by(changed_id=changes.subject_id).agg(
        changes=changes.count(),
        value_changes=is_value.sum(),
        end_changes=(~is_value).sum(),
        net_changed_at=changes.changed_at.max(where=is_value & ~changes.with_vat),
        gross_changed_at=changes.changed_at.max(where=is_value & changes.with_vat),
    )
    rows = rows.mutate(contract_id=build_contract_id(rows))
    rows = rows.left_join(change_counts, rows.contract_id == change_counts.changed_id)
    processes = context["contracting_process"].select(
        "ocid", "under_act", "is_framework", "is_call_off", "parent_ocid", "framework_reference", "scheme_id", "special_regime",
        process_title="title",
    )  # fmt: skip
    rows = rows.left_join(processes, "ocid", rname="{name}_process")
    awards = context["award"].select("ocid", award_local="local_id", award_title="title", newer="by", older="repeats")
    rows = rows.left_join(
        awards, [rows.ocid == awards.ocid, rows.award_ref == awards.award_local], rname="{name}_award"
    )
    rows = _add_repeats(rows, context)
    rows = rows.left_join(_find_first_notices(context), ["ocid", "local_id"], rname="{name}_first")
    rows = rows.left_join(count_same_ids(context, "contract"), ["ocid", "local_id"], rname="{name}_same")
    return _derive_contract_fields(rows, context)


def _add_repeats(rows: Rows, context: MergeContext) -> Rows:
    """Return `rows` with superseded_contract and repeats_contract: if the award is superseded, so is its contract."""
    signed = context["m_contract"].select("ocid", "award_ref").distinct()
    for column, award in (("superseded_contract", "newer"), ("repeats_contract", "older")):
        others = signed.select(signed_ocid="ocid", signed_award="award_ref", **{column: ibis.literal(value=True)})
        rows = rows.left_join(others, [rows.ocid == others.signed_ocid, rows[award] == others.signed_award])
        rows = rows.drop("signed_ocid", "signed_award")
        rows = rows.mutate(**{column: rows[column].fill_null(ibis.literal(value=False))})
    return rows


def _find_first_notices(context: MergeContext) -> Rows:
    """Return ocid, local_id, amendment_only (first seen in a change notice), terminated (named in a termination notice)."""
    rows = context.history.tables["contract"].select("release_key", "local_id")
    rows = rows.join(
        context["notice"].select("release_key", "ocid", "at", "notice_type", "tag", "stage"), "release_key"
    )
    is_change = (rows.notice_type == "UK10") | (rows.notice_type.isnull() & (rows.tag == "contractAmendment"))
    mentions = rows.mutate(change=is_change.fill_null(ibis.literal(value=False)))
    return mentions.group_by("ocid", "local_id").agg(
        amendment_only=mentions.change.argmin(mentions["at"]), terminated=(mentions.stage == "ended").max()
    )


def _remove_stale_values(rows: Rows) -> Rows:
    """Return `rows` without the value on one VAT basis if a later notice changed only the value on the other."""
    bases = {"value_net": rows.gross_changed_at, "value_gross": rows.net_changed_at}
    stale = {
        name: (rows[name + ORDER_SUFFIX] // PLACES_PER_RELEASE < changed_at).fill_null(ibis.literal(value=False))
        for name, changed_at in bases.items()
    }
    return rows.mutate(
        net_is_stale=stale["value_net"],
        **{name: stale[name].ifelse(ibis.null("decimal(18,2)"), rows[name]) for name in bases},
    )


def _derive_contract_fields(rows: Rows, context: MergeContext) -> Rows:
    false = ibis.literal(value=False)
    today = context.today
    rows = add_calculated_end(_remove_stale_values(rows))
    rows = rows.mutate(
        end_first=rows["end_date" + FIRST_VALUE_SUFFIX],
        end_from_duration=has_earlier_duration(rows),
        end_current=rows.end_date,
        value_net_first=rows["value_net" + FIRST_VALUE_SUFFIX],
        value_gross_first=rows["value_gross" + FIRST_VALUE_SUFFIX],
        currency_first=rows["value_currency" + FIRST_VALUE_SUFFIX],
        currency=rows.value_currency,
        changes=rows.changes.fill_null(0),
        value_changes=rows.value_changes.fill_null(0),
        end_changes=rows.end_changes.fill_null(0),
        kpis=rows.kpis.fill_null(0),
        kpis_rated=rows.kpis_rated.fill_null(0),
    )
    is_void = (rows.status == "cancelled").fill_null(false)
    is_over = (rows.status == "terminated").fill_null(false) | rows.terminated.fill_null(false)
    is_past = (rows.end_actual.fill_null(rows.end_current) < today).fill_null(false)
    same_currency = rows.currency_first.identical_to(rows.currency)
    has_baseline = ~rows.amendment_only.fill_null(false)
    return rows.mutate(
        # A contract first seen in a change notice has no known baseline: the notice gives its current state.
        end_first=has_baseline.ifelse(rows.end_first, ibis.null("date")),
        value_net_first=has_baseline.ifelse(rows.value_net_first, ibis.null("decimal(18,2)")),
        value_gross_first=has_baseline.ifelse(rows.value_gross_first, ibis.null("decimal(18,2)")),
        award_id=build_award_id(rows, "award_ref"),
        title=rows.title.fill_null(rows.award_title).fill_null(rows.process_title),
        link_method=rows.scheme_id.notnull().ifelse("declared by the publisher", ibis.null("string")),
        is_void=is_void,
        phase=ibis.cases((is_void, "cancelled"), (is_over | is_past, "closed"), else_="in_delivery"),
        vat_basis=derive_vat_basis(rows.value_net, rows.value_gross, rows.under_act),
        nominal_value=is_nominal(rows.value_net),
        is_ceiling=rows.is_framework.fill_null(false) & rows.value_net.notnull(),
        value_change=(same_currency & has_baseline).ifelse(
            subtract_amounts(rows.value_net, rows.value_net_first), ibis.null("decimal(18,2)")
        ),
        end_change_days=(has_baseline & ~rows.end_from_duration).ifelse(
            (rows.end_published - rows.end_first).cast("int64"), ibis.null("int64")
        ),
        value_final=rows.final_net,
        value_final_gross=rows.final_gross,
        kpi_duty=_derive_kpi_duty(rows),
        framework_ocid=rows.parent_ocid,
        published_document=rows.papers.notnull(),
    )


def _derive_kpi_duty(rows: Rows) -> ibis.Value:
    false = ibis.literal(value=False)
    has_special_regime = rows.special_regime.re_search("(?i)light|utilit|concession").fill_null(false)
    is_exempt = ~rows.under_act.fill_null(false) | rows.is_framework.fill_null(false) | has_special_regime
    return ibis.cases(
        (is_exempt, "exempt"),
        (rows.value_gross.isnull(), "unknown"),
        (rows.value_gross > KPI_DUTY_THRESHOLD_POUNDS, "required"),
        else_="below_5m",
    )
