"""Processes, their codes, lots, bids and relations: the last value of each field, with the rules that override it."""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal
from threepoint.merge.ocds_merge import ORDER_SUFFIX, PLACES_PER_RELEASE
from threepoint.standard.code_lists import VOID_AWARD_STATUSES, make_technology_pattern

# Measures of the number of bids, best first: bids in the final stage, valid bids, all bids.
BID_COUNT_MEASURES = ("finalStageBids", "validBids", "bids")


def build_cpv_codes(context: MergeContext) -> Rows:
    """Return rows of PROCESS_CPV: the distinct codes of the tender and of all items."""
    process, item, item_class, process_cpv = (
        context[name] for name in ("m_process", "m_item", "m_item_class", "m_process_cpv")
    )
    main = process.filter(process.class_scheme.upper() == "CPV", process.class_code.notnull())
    items = item.filter(item.class_scheme.upper() == "CPV", item.class_code.notnull())
    codes = ibis.union(
        main.select("ocid", cpv="class_code", description="class_text", main=ibis.literal(1)),
        items.select("ocid", cpv="class_code", description="class_text", main=ibis.literal(0)),
        _select_further_codes(item_class, item_class.code),
        _select_further_codes(process_cpv, process_cpv.class_id),
    )
    codes = codes.mutate(cpv=codes.cpv.re_extract(r"^(\d{8})", 1))
    codes = codes.filter(codes.cpv != "")
    distinct = codes.group_by("ocid", "cpv").agg(description=codes.description.max(), main=codes.main.max())
    return distinct.mutate(is_main=distinct.main == 1, is_technology=distinct.cpv.re_search(make_technology_pattern()))


def _select_further_codes(rows: Rows, code: ibis.Value) -> Rows:
    cpv_rows = rows.filter(rows.scheme.upper() == "CPV", code.notnull())
    return cpv_rows.select("ocid", cpv=code, description="description", main=ibis.literal(0))


def build_bid_statistics(context: MergeContext) -> Rows:
    """Return rows of BID_STATISTIC. If statements of one measure differ, the value is null and `agree` is false."""
    rows = context["m_bid_statistic"]
    rows = rows.filter(rows.measure.notnull()).mutate(lot_id=rows.related_lot.fill_null(""))
    statistics = rows.group_by("ocid", "lot_id", "measure").agg(
        least=rows.value.min(), most=rows.value.max(), currency=rows.currency.max(), statements=rows.count()
    )
    agree = (statistics.least == statistics.most) | statistics.least.isnull()
    return statistics.mutate(agree=agree, value=agree.ifelse(statistics.least, ibis.null("float64")))


def select_bid_counts(context: MergeContext) -> Rows:
    """Return ocid, lot_id and bid counts: of each measure, final_stage_bids with its basis, and those of SMEs and VCSEs."""
    rows = context["bid_statistic"]
    counts = {name: rows.value.max(where=rows.measure == name) for name in BID_COUNT_MEASURES}
    pivoted = rows.group_by("ocid", "lot_id").agg(
        **counts,
        sme_final_stage_bids=rows.value.max(where=rows.measure == "smeFinalStageBids").try_cast("int64"),
        vcse_final_stage_bids=rows.value.max(where=rows.measure == "vcseFinalStageBids").try_cast("int64"),
    )
    return pivoted.mutate(
        final_stage_bids=ibis.coalesce(*[pivoted[name] for name in BID_COUNT_MEASURES]).try_cast("int64"),
        bid_count_basis=ibis.cases(
            *[(pivoted[name].notnull(), name) for name in BID_COUNT_MEASURES], else_=ibis.null("string")
        ),
    )


def select_process_bid_counts(context: MergeContext) -> Rows:
    """Return the bid counts of each process: as stated for the process, or of its only lot. Lots are never summed."""
    rows = select_bid_counts(context)
    whole = rows.group_by("ocid").agg(
        lots=(rows.lot_id != "").sum(),
        **{
            name: rows[name].max(where=rows.lot_id == "").fill_null(rows[name].max())
            for name in ("final_stage_bids", "sme_final_stage_bids", "vcse_final_stage_bids", "bid_count_basis")
        },
        stated=(rows.lot_id == "").max(),
    )
    return whole.filter(whole.stated | (whole.lots == 1)).drop("lots", "stated")


def find_parent_frameworks(context: MergeContext) -> Rows:
    """Return ocid, parent_ocid and framework_reference (if not named by an ocid) of processes that call off a framework."""
    rows = context["m_related_process"]
    rows = rows.filter(rows.relationship.re_search("ramework"))
    identifier, no_text = rows.identifier.nullif(""), ibis.null("string")
    is_ocid = ((rows.scheme.lower() == "ocid") & identifier.notnull()).fill_null(ibis.literal(value=False))
    number = (rows.scheme.fill_null("") + " " + identifier).strip()
    call_offs = rows.mutate(
        framework=is_ocid.ifelse(identifier, no_text),
        reference=is_ocid.ifelse(no_text, ibis.coalesce(number, rows.uri, rows.title, "not named")),
    )
    return call_offs.group_by("ocid").agg(
        parent_ocid=call_offs.framework.min(), framework_reference=call_offs.reference.min()
    )


def _summarise_cpv_codes(context: MergeContext) -> Rows:
    rows = context["process_cpv"]
    return rows.group_by("ocid").agg(
        main=rows.cpv.min(where=rows.is_main),
        cpv_codes=rows.cpv.nunique(),
        only=rows.cpv.min(),
        is_technology=rows.is_technology.max(),
    )


def _find_engagement_dates(context: MergeContext) -> Rows:
    rows = context["m_milestone"]
    engagements = rows.filter(rows.section == "planning/milestones", rows.type == "engagement", rows.due_date.notnull())
    return engagements.group_by("ocid").agg(engagement_due=engagements.due_date.min())


def build_processes(context: MergeContext) -> Rows:
    """Return rows of CONTRACTING_PROCESS, with the row orders `<field>__at` that the states need."""
    rows = context["m_process"]
    for name in ("stages", "buyers", "process_bids", "frameworks"):
        rows = rows.left_join(context[name], "ocid", rname="{name}_" + name)
    rows = rows.left_join(_summarise_cpv_codes(context), "ocid", rname="{name}_cpv")
    rows = rows.left_join(_find_engagement_dates(context), "ocid", rname="{name}_engaged")
    rows = rows.left_join(_count_results(context), "ocid", rname="{name}_results")
    rows = rows.mutate(stage=_correct_stage(rows))
    method_details = rows.method_details.lower().fill_null("")
    has_framework = rows.parent_ocid.notnull() | rows.framework_reference.notnull()
    is_call_off = has_framework | method_details.re_search("call-?off")
    is_framework = rows.is_framework.fill_null(ibis.literal(value=False)) & ~is_call_off
    return rows.mutate(
        title=_strip_text(rows.title).fill_null(_strip_text(rows.release_title)),
        description=_strip_text(rows.description).fill_null(_strip_text(rows.release_description)),
        cpv_main=ibis.coalesce(rows.main, (rows.cpv_codes == 1).ifelse(rows.only, ibis.null("string"))),
        is_technology=rows.is_technology.fill_null(ibis.literal(value=False)),
        is_framework=is_framework,
        is_call_off=is_call_off,
        estimate_net=rows.value_net,
        estimate_gross=rows.value_gross,
        estimate_net_first=rows.value_net__first,
        currency=rows.value_currency,
        vat_basis=derive_vat_basis(rows.value_net, rows.value_gross, rows.under_act),
        nominal_estimate=is_nominal(rows.value_net),
        framework_stated=rows.is_framework.notnull(),
        tender_start_given=rows.tender_start.notnull(),
        tender_start=rows.tender_start.fill_null(rows.date_published).fill_null(rows.tendered_on),
        award_expected=rows.award_period_start,
        engagement_notice_date=rows.engaged_on.fill_null(rows.engagement_due),
        final_stage_bids=rows.final_stage_bids.fill_null(rows.tenderers),
        bid_count_basis=rows.bid_count_basis.fill_null(
            rows.tenderers.notnull().ifelse("numberOfTenderers", ibis.null("string"))
        ),
        scheme_id=_strip_text(rows.budget_project_id),
    )


def _count_results(context: MergeContext) -> Rows:
    """Return for each process how many awards and contracts it has, and how many of them did not come to nothing."""
    awards, contracts = context["m_award"], context["m_contract"]
    no_status = ibis.literal("")
    award_counts = awards.group_by("ocid").agg(
        awards=awards.count(),
        valid_awards=(~awards.status.fill_null(no_status).isin(VOID_AWARD_STATUSES)).sum(),
        active_awards=(awards.status == "active").sum(),
    )
    contract_counts = contracts.group_by("ocid").agg(
        contracts=contracts.count(),
        valid_contracts=(contracts.status.fill_null(no_status) != "cancelled").sum(),
        running_contracts=(~contracts.status.fill_null(no_status).isin(["cancelled", "terminated"])).sum(),
    )
    return award_counts.outer_join(contract_counts, "ocid").mutate(ocid=lambda row: row.ocid.fill_null(row.ocid_right))


def _correct_stage(rows: Rows) -> ibis.Value:
    """Return the stage, corrected by the newest statement that the procurement or its results came to nothing.

    A cancellation after an award counts only if no award is active and there is no contract: it can concern one lot.
    """
    status_at = rows["status" + ORDER_SUFFIX] // PLACES_PER_RELEASE
    is_cancelled = rows.status.isin(["cancelled", "withdrawn"])
    cancelled_at = ibis.greatest(rows.cancelled_at.fill_null(0), is_cancelled.ifelse(status_at, 0).fill_null(0))
    has_contract, zero = rows.contracts.fill_null(0) > 0, ibis.literal(0)
    before_award, before_contract = rows.stage.isin(["planning", "tender", "cancelled"]), ~has_contract
    no_valid_award = (rows.awards.fill_null(zero) > 0) & (rows.valid_awards == 0)
    return ibis.cases(
        (has_contract & (rows.valid_contracts == 0), "contract_cancelled"),
        (has_contract & (rows.running_contracts == 0), "ended"),
        (before_award & (rows.status == "withdrawn"), "withdrawn"),
        (before_award & (rows.status == "cancelled"), "cancelled"),
        (
            (rows.stage == "award") & before_contract & (rows.active_awards.fill_null(zero) == 0)
            & (cancelled_at > rows.awarded_at),
            "terminated",
        ),
        (before_contract & rows.stage.isin(["tender", "award"]) & ((rows.status == "unsuccessful") | no_valid_award), "unsuccessful"),
        else_=rows.stage,
    )  # fmt: skip


def _strip_text(value: ibis.Value) -> ibis.Value:

    return value.strip().nullif("")


def build_lots(context: MergeContext) -> Rows:
    """Return rows of LOT."""
    rows = context["m_lot"].left_join(select_bid_counts(context), ["ocid", "lot_id"], rname="{name}_bids")
    return rows.mutate(estimate_net=rows.value_net, estimate_gross=rows.value_gross, currency=rows.value_currency)


def build_bids(context: MergeContext) -> Rows:
    """Return rows of BID."""
    tenderers = context["m_bid_tenderer"]
    tenderer_counts = tenderers.group_by("ocid", "bid_id").agg(tenderers=tenderers.count())
    rows = context["m_bid"].left_join(tenderer_counts, ["ocid", "bid_id"], rname="{name}_made")
    return rows.mutate(currency=rows.value_currency, tenderers=rows.tenderers.fill_null(0))


def build_related_processes(context: MergeContext) -> Rows:
    """Return rows of RELATED_PROCESS."""
    rows = context["m_related_process"]
    known_processes = context["ocids"].select(identifier="ocid", is_held=ibis.literal(value=True))
    rows = rows.left_join(known_processes, "identifier", rname="{name}_held")
    contract_id = (rows.parent_id == "").ifelse("", rows.ocid + "/contracts/" + rows.parent_id)
    return rows.mutate(contract_id=contract_id, is_loaded=rows.is_held.fill_null(ibis.literal(value=False)))


def build_withheld_information(context: MergeContext, grounds: dict[str, tuple[str, str]]) -> Rows:
    """Return rows of WITHHELD_INFORMATION; `grounds` gives state and detail by ground code."""
    rows, withheld_grounds = context["m_withheld"], context["m_withheld_ground"]
    first_grounds = withheld_grounds.group_by("ocid", "withheld_id").agg(ground=withheld_grounds.ground_id.min())
    rows = rows.left_join(first_grounds, ["ocid", "withheld_id"], rname="{name}_ground")
    states = [(rows.ground == code, state) for code, (state, _) in grounds.items()]
    details = [(rows.ground == code, text) for code, (_, text) in grounds.items()]
    return rows.mutate(
        state=ibis.cases(*states, else_="withheld_other"),
        detail=ibis.cases(*details, else_=rows.ground.fill_null(rows.rationale).fill_null("no ground given")),
    )
