"""Processes, their codes, lots, bids and relations: the last value of each field, with the rules that override it."""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal
from threepoint.standard.code_lists import make_technology_pattern

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
    """Return ocid and parent_ocid of processes that call off a framework."""
    rows = context["m_related_process"]
    call_offs = rows.filter(rows.relationship.re_search("ramework"), rows.scheme == "ocid", rows.identifier.notnull())
    return call_offs.group_by("ocid").agg(parent_ocid=call_offs.identifier.min())


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
    method_details = rows.method_details.lower().fill_null("")
    is_call_off = rows.parent_ocid.notnull() | method_details.re_search("call-?off")
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
        tender_start=rows.tender_start.fill_null(rows.date_published).fill_null(rows.tendered.date()),
        award_expected=rows.award_period_start,
        engagement_notice_date=rows.engaged.date().fill_null(rows.engagement_due),
        final_stage_bids=rows.final_stage_bids.fill_null(rows.tenderers),
        bid_count_basis=rows.bid_count_basis.fill_null(
            rows.tenderers.notnull().ifelse("numberOfTenderers", ibis.null("string"))
        ),
        scheme_id=_strip_text(rows.budget_project_id),
    )


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
