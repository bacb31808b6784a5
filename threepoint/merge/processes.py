"""Processes, their codes, lots, bids and relations: the last word per field, with the rules that stand above it."""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal
from threepoint.standard.code_lists import make_technology_pattern

# Counts of bids, best first: bids that reached the decision, then valid ones, then all.
BID_COUNT_MEASURES = ("finalStageBids", "validBids", "bids")


def build_cpv_codes(world: MergeContext) -> Rows:
    """Rows of PROCESS_CPV: codes of the tender and of all items, once each."""
    process, item, item_class, more = (world[name] for name in ("m_process", "m_item", "m_item_class", "m_process_cpv"))
    main = process.filter(process.class_scheme.upper() == "CPV", process.class_code.notnull())
    items = item.filter(item.class_scheme.upper() == "CPV", item.class_code.notnull())
    codes = ibis.union(
        main.select("ocid", cpv="class_code", description="class_text", main=ibis.literal(1)),
        items.select("ocid", cpv="class_code", description="class_text", main=ibis.literal(0)),
        _select_further_codes(item_class, item_class.code),
        _select_further_codes(more, more.class_id),
    )
    codes = codes.mutate(cpv=codes.cpv.re_extract(r"^(\d{8})", 1))
    codes = codes.filter(codes.cpv != "")
    found = codes.group_by("ocid", "cpv").agg(description=codes.description.max(), main=codes.main.max())
    return found.mutate(is_main=found.main == 1, is_technology=found.cpv.re_search(make_technology_pattern()))


def _select_further_codes(rows: Rows, code: ibis.Value) -> Rows:
    kept = rows.filter(rows.scheme.upper() == "CPV", code.notnull())
    return kept.select("ocid", cpv=code, description="description", main=ibis.literal(0))


def build_bid_statistics(world: MergeContext) -> Rows:
    """Rows of BID_STATISTIC. Repeats are one; where statements differ, the value is left empty and `agree` is false."""
    rows = world["m_bid_statistic"]
    rows = rows.filter(rows.measure.notnull()).mutate(lot_id=rows.related_lot.fill_null(""))
    found = rows.group_by("ocid", "lot_id", "measure").agg(
        least=rows.value.min(), most=rows.value.max(), currency=rows.currency.max(), statements=rows.count()
    )
    agree = (found.least == found.most) | found.least.isnull()
    return found.mutate(agree=agree, value=agree.ifelse(found.least, ibis.null("float64")))


def select_bid_counts(world: MergeContext) -> Rows:
    """ocid, lot_id, and for each count of bids its value: final_stage_bids with its basis, and those of small firms."""
    rows = world["bid_statistic"]
    counts = {name: rows.value.max(where=rows.measure == name) for name in BID_COUNT_MEASURES}
    found = rows.group_by("ocid", "lot_id").agg(
        **counts,
        sme_final_stage_bids=rows.value.max(where=rows.measure == "smeFinalStageBids").try_cast("int64"),
        vcse_final_stage_bids=rows.value.max(where=rows.measure == "vcseFinalStageBids").try_cast("int64"),
    )
    return found.mutate(
        final_stage_bids=ibis.coalesce(*[found[name] for name in BID_COUNT_MEASURES]).try_cast("int64"),
        bid_count_basis=ibis.cases(
            *[(found[name].notnull(), name) for name in BID_COUNT_MEASURES], else_=ibis.null("string")
        ),
    )


def select_process_bid_counts(world: MergeContext) -> Rows:
    """Bid counts of whole processes: as stated for the process, else of its only lot; several lots make no sum."""
    rows = select_bid_counts(world)
    whole = rows.group_by("ocid").agg(
        lots=(rows.lot_id != "").sum(),
        **{
            name: rows[name].max(where=rows.lot_id == "").fill_null(rows[name].max())
            for name in ("final_stage_bids", "sme_final_stage_bids", "vcse_final_stage_bids", "bid_count_basis")
        },
        stated=(rows.lot_id == "").max(),
    )
    return whole.filter(whole.stated | (whole.lots == 1)).drop("lots", "stated")


def find_parent_frameworks(world: MergeContext) -> Rows:
    """ocid and parent_ocid of processes that call off a framework."""
    rows = world["m_related_process"]
    called = rows.filter(rows.relationship.re_search("ramework"), rows.scheme == "ocid", rows.identifier.notnull())
    return called.group_by("ocid").agg(parent_ocid=called.identifier.min())


def _summarise_cpv_codes(world: MergeContext) -> Rows:
    rows = world["process_cpv"]
    return rows.group_by("ocid").agg(
        main=rows.cpv.min(where=rows.is_main),
        items=rows.cpv.nunique(),
        only=rows.cpv.min(),
        is_technology=rows.is_technology.max(),
    )


def _find_engagement_dates(world: MergeContext) -> Rows:
    rows = world["m_milestone"]
    asked = rows.filter(rows.section == "planning/milestones", rows.type == "engagement", rows.due_date.notnull())
    return asked.group_by("ocid").agg(engagement_due=asked.due_date.min())


def build_processes(world: MergeContext) -> Rows:
    """Rows of CONTRACTING_PROCESS, with the row orders `x__at` that the states need."""
    rows = world["m_process"]
    for name in ("stages", "buyers", "process_bids", "frameworks"):
        rows = rows.left_join(world[name], "ocid", rname="{name}_" + name)
    rows = rows.left_join(_summarise_cpv_codes(world), "ocid", rname="{name}_cpv")
    rows = rows.left_join(_find_engagement_dates(world), "ocid", rname="{name}_engaged")
    details = rows.method_details.lower().fill_null("")
    call_off = rows.parent_ocid.notnull() | details.re_search("call-?off")
    framework = rows.is_framework.fill_null(ibis.literal(value=False)) & ~call_off
    return rows.mutate(
        title=_strip_text(rows.title).fill_null(_strip_text(rows.release_title)),
        description=_strip_text(rows.description).fill_null(_strip_text(rows.release_description)),
        cpv_main=ibis.coalesce(rows.main, (rows["items"] == 1).ifelse(rows.only, ibis.null("string"))),
        is_technology=rows.is_technology.fill_null(ibis.literal(value=False)),
        is_framework=framework,
        is_call_off=call_off,
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
    """The text, or nothing where it is empty."""
    return value.strip().nullif("")


def build_lots(world: MergeContext) -> Rows:
    """Rows of LOT."""
    rows = world["m_lot"].left_join(select_bid_counts(world), ["ocid", "lot_id"], rname="{name}_bids")
    return rows.mutate(estimate_net=rows.value_net, estimate_gross=rows.value_gross, currency=rows.value_currency)


def build_bids(world: MergeContext) -> Rows:
    """Rows of BID."""
    tenderer = world["m_bid_tenderer"]
    made = tenderer.group_by("ocid", "bid_id").agg(tenderers=tenderer.count())
    rows = world["m_bid"].left_join(made, ["ocid", "bid_id"], rname="{name}_made")
    return rows.mutate(currency=rows.value_currency, tenderers=rows.tenderers.fill_null(0))


def build_related_processes(world: MergeContext) -> Rows:
    """Rows of RELATED_PROCESS."""
    rows = world["m_related_process"]
    held = world["ocids"].select(identifier="ocid", is_held=ibis.literal(value=True))
    rows = rows.left_join(held, "identifier", rname="{name}_held")
    contract = (rows.parent_id == "").ifelse("", rows.ocid + "/contracts/" + rows.parent_id)
    return rows.mutate(contract_id=contract, held=rows.is_held.fill_null(ibis.literal(value=False)))


def build_withheld_information(world: MergeContext, grounds: dict[str, tuple[str, str]]) -> Rows:
    """Rows of WITHHELD_INFORMATION; `grounds` gives state and words by ground code."""
    rows, ground = world["m_withheld"], world["m_withheld_ground"]
    first = ground.group_by("ocid", "withheld_id").agg(ground=ground.ground_id.min())
    rows = rows.left_join(first, ["ocid", "withheld_id"], rname="{name}_ground")
    states = [(rows.ground == code, state) for code, (state, _) in grounds.items()]
    words = [(rows.ground == code, text) for code, (_, text) in grounds.items()]
    return rows.mutate(
        state=ibis.cases(*states, else_="withheld_other"),
        detail=ibis.cases(*words, else_=rows.ground.fill_null(rows.rationale).fill_null("no ground given")),
    )
