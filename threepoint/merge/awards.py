"""Awards and their suppliers.

An award that a newer notice repeats under a new id is superseded: it is stored and shown, and totals leave it out.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.end_dates import add_calculated_end
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal
from threepoint.merge.ocds_merge import FIRST_VALUE_SUFFIX, PLACES_PER_RELEASE
from threepoint.merge.organisations import add_body_key, add_org_id_by_key
from threepoint.standard.code_lists import STAGES_WITHOUT_RESULT, VOID_AWARD_STATUSES

# Publishers whose party ids mean nothing outside their release: a newer list of suppliers replaces an older one.
RELEASE_SCOPED_PUBLISHERS = ("Find a Tender", "Three Point synthetic data (not real)")

# Exceeds the place of any row within its release, and stays below the distance between two releases.
EQUAL_VALUE_BONUS = PLACES_PER_RELEASE // 2


def resolve_supplier_keys(context: MergeContext, table: str, column: str = "body_key") -> Rows:
    """Return a supplier table of the history with `column`: the body key that each supplier has in its release."""
    rows = context.history.tables[table].join(context.history.releases, "release_key")
    return add_body_key(rows, context["party_keys"], "party_ref", "name", column)


def build_award_suppliers(context: MergeContext) -> Rows:
    """Return rows of AWARD_SUPPLIER, with ocid and local_id.

    For publishers with release-scoped party ids, `current` is true only for suppliers in the last notice that names any
    supplier of the award; for other publishers it is always true.
    """
    rows = resolve_supplier_keys(context, "award_supplier")
    rows = rows.mutate(seq=rows["at"] * PLACES_PER_RELEASE + rows.place)
    rows = add_org_id_by_key(rows, context["addresses"]).filter(lambda row: row.body_key.notnull())
    suppliers = rows.group_by("ocid", "local_id", "org_id").agg(
        name=rows.name.argmax(rows.seq, where=rows.name.notnull()), seen=rows["at"].max()
    )
    dated = suppliers.mutate(newest=suppliers.seen.max().over(ibis.window(group_by=["ocid", "local_id"])))
    dated = dated.left_join(context["stages"].select("ocid", "publisher"), "ocid", rname="{name}_stage")
    scoped = dated.publisher.isin(RELEASE_SCOPED_PUBLISHERS)
    return dated.mutate(award_id=build_award_id(dated), current=~scoped | (dated.seen == dated.newest))


def build_award_id(rows: Rows, local: str = "local_id") -> ibis.Value:
    """Return the id of an award: its process and its local id, which is unique only within the process."""
    return rows.ocid + "/awards/" + rows[local]


def pair_repeated_awards(context: MergeContext) -> Rows:
    """Return pairs of awards in which a newer notice repeats the older award under a new id, with equal suppliers and date.

    Columns: ocid, local_id (the older award), newer, first_at, first_at_newer (their row orders) and same (1 if their
    values are equal). Contracts Finder repeats awards this way to correct a notice. Awards of one notice, and awards of
    different lots, never count as repeats.
    """
    suppliers = context["award_supplier"].filter(context["award_supplier"].current)
    signatories = suppliers.group_by("ocid", "local_id").agg(who=suppliers.org_id.collect().sort().join(" "))
    rows = context["m_award"].join(signatories, ["ocid", "local_id"])
    rows = rows.filter(rows.date.notnull()).select(
        "ocid", "local_id", "who", "date", "last_at", "first_at", "related_lots", "value_net"
    )
    newer = rows.view()
    pairs = rows.join(
        newer,
        [
            rows.ocid == newer.ocid,
            rows.who == newer.who,
            rows.date == newer.date,
            rows.last_at // PLACES_PER_RELEASE < newer.first_at // PLACES_PER_RELEASE,
            (rows.related_lots == newer.related_lots).fill_null(ibis.literal(value=True)),
        ],
        rname="{name}_newer",
    )
    is_equal = pairs.value_net.identical_to(pairs.value_net_newer).ifelse(1, 0)
    return pairs.select("ocid", "local_id", "first_at", "first_at_newer", newer="local_id_newer", same=is_equal)


def find_superseding_awards(context: MergeContext) -> Rows:
    """Return ocid, local_id, by (the newest award that repeats it) and then (the next one).

    If one notice has several repeats, an award of equal value wins.
    """
    pairs = context["award_repeats"]
    return pairs.group_by("ocid", "local_id").agg(
        by=pairs.newer.argmax(pairs.first_at_newer + pairs.same * EQUAL_VALUE_BONUS),
        then=pairs.newer.argmin(pairs.first_at_newer - pairs.same * EQUAL_VALUE_BONUS),
    )


def find_repeated_awards(context: MergeContext) -> Rows:
    """Return ocid, local_id and repeats: the oldest award that it repeats; within one notice, an award of equal value wins."""
    pairs = context["award_repeats"]
    oldest = pairs.local_id.argmin(pairs.first_at - pairs.same * EQUAL_VALUE_BONUS)
    return pairs.group_by("ocid", local_id=pairs.newer).agg(repeats=oldest)


def count_same_ids(context: MergeContext, table: str) -> Rows:
    """Return ocid, local_id and same_id_in_notice: the largest number of rows that one release has under this id."""
    rows = context.history.tables[table].join(context.history.releases, "release_key")
    counts = rows.group_by("ocid", "local_id", "release_key").agg(n=rows.count())
    return counts.group_by("ocid", "local_id").agg(same_id_in_notice=counts.n.max())


def build_awards(context: MergeContext) -> Rows:
    """Return rows of AWARD, with row orders in `<field>__at`."""
    rows, suppliers = context["m_award"], context["award_supplier"]
    counts = suppliers.filter(suppliers.current).group_by("ocid", "local_id").agg(suppliers=suppliers.org_id.count())
    rows = rows.left_join(counts, ["ocid", "local_id"], rname="{name}_named")
    rows = rows.left_join(find_superseding_awards(context), ["ocid", "local_id"], rname="{name}_sup")
    rows = rows.left_join(find_repeated_awards(context), ["ocid", "local_id"], rname="{name}_rep")
    rows = rows.left_join(context["shared_awards"], ["ocid", "local_id"], rname="{name}_shared")
    rows = rows.left_join(count_same_ids(context, "award"), ["ocid", "local_id"], rname="{name}_same")
    process = context["contracting_process"].select("ocid", "under_act", "is_framework", "stage")
    rows = add_calculated_end(rows.left_join(process, "ocid", rname="{name}_process"))
    false = ibis.literal(value=False)
    is_ceiling = rows.is_framework.fill_null(false) & rows.value_net.notnull()
    has_nominal_value = is_nominal(rows.value_net)
    is_superseded = rows.by.notnull()
    is_void = (rows.status.isin(VOID_AWARD_STATUSES) | rows.stage.isin(STAGES_WITHOUT_RESULT)).fill_null(false)
    is_excluded = is_superseded | has_nominal_value | is_ceiling | is_void | rows.counted_there.fill_null(false)
    return rows.mutate(
        award_id=build_award_id(rows),
        lot_id=rows.related_lots.contains("; ").ifelse(ibis.null("string"), rows.related_lots),
        value_net_first=rows["value_net" + FIRST_VALUE_SUFFIX],
        value_gross_first=rows["value_gross" + FIRST_VALUE_SUFFIX],
        currency=rows.value_currency,
        vat_basis=derive_vat_basis(rows.value_net, rows.value_gross, rows.under_act),
        nominal_value=has_nominal_value,
        is_ceiling=is_ceiling,
        end_date_first=rows["end_date" + FIRST_VALUE_SUFFIX],
        superseded_award=is_superseded,
        is_void=is_void,
        superseded_by=rows.ocid + "/awards/" + rows.by,
        repeats_award=rows.ocid + "/awards/" + rows.repeats,
        counted=~is_excluded & rows.value_net.notnull(),
        subcontract_min_share=rows.subcontract_min,
        subcontract_max_share=rows.subcontract_max,
    )
