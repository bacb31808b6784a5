"""Awards and their suppliers. A newer notice that gives the same award a new id supersedes it: kept, shown, counted once."""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.money import derive_vat_basis, is_nominal
from threepoint.merge.ocds_merge import FIRST_VALUE_SUFFIX, PLACES_PER_RELEASE
from threepoint.merge.organisations import add_body_key, add_org_id_by_key

# Publishers whose party ids mean nothing outside their release, so that a newer list of suppliers replaces an older one.
RELEASE_SCOPED_PUBLISHERS = ("Find a Tender", "Three Point synthetic data (not real)")

# Between the places of a row within its release and the order of releases: more than the one, less than the other.
EQUAL_VALUE_BONUS = PLACES_PER_RELEASE // 2


def resolve_supplier_keys(world: MergeContext, table: str, made: str = "body_key") -> Rows:
    """The history rows of a table of suppliers with the body that each names in its own release."""
    return add_body_key(world.history.tables[table], world["party_keys"], "party_ref", "name", made)


def build_award_suppliers(world: MergeContext) -> Rows:
    """Rows of AWARD_SUPPLIER, with ocid and local_id. `current`: named in the last notice that names any of the award's."""
    history = world.history
    rows = resolve_supplier_keys(world, "award_supplier").join(history.releases, "release_key")
    rows = rows.mutate(seq=rows["at"] * PLACES_PER_RELEASE + rows.place)
    rows = add_org_id_by_key(rows, world["addresses"]).filter(lambda row: row.body_key.notnull())
    found = rows.group_by("ocid", "local_id", "org_id").agg(
        name=rows.name.argmax(rows.seq, where=rows.name.notnull()), seen=rows["at"].max()
    )
    last = found.mutate(newest=found.seen.max().over(ibis.window(group_by=["ocid", "local_id"])))
    last = last.left_join(world["stages"].select("ocid", "publisher"), "ocid", rname="{name}_stage")
    scoped = last.publisher.isin(RELEASE_SCOPED_PUBLISHERS)
    return last.mutate(award_id=build_award_id(last), current=~scoped | (last.seen == last.newest))


def build_award_id(rows: Rows, local: str = "local_id") -> ibis.Value:
    """The address of an award: its local id is unique only within its process."""
    return rows.ocid + "/awards/" + rows[local]


def pair_repeated_awards(world: MergeContext) -> Rows:
    """Pairs of awards of which a newer notice repeats the older one under a new id, with the same suppliers and date.

    Columns: ocid, local_id and newer, both their row orders and values (`first_at`, `first_at_newer`, `same`: equal
    values). Contracts Finder repeats so to correct a notice. Several awards of one notice, and awards of different lots,
    are never taken for repeats.
    """
    named = world["award_supplier"].filter(world["award_supplier"].current)
    signed = named.group_by("ocid", "local_id").agg(who=named.org_id.collect().sort().join(" "))
    rows = world["m_award"].join(signed, ["ocid", "local_id"])
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
    same = pairs.value_net.identical_to(pairs.value_net_newer).ifelse(1, 0)
    return pairs.select("ocid", "local_id", "first_at", "first_at_newer", newer="local_id_newer", same=same)


def find_superseding_awards(world: MergeContext) -> Rows:
    """ocid, local_id, by (the newest award that repeats it), then (the next one). Of several in one notice: the equal one."""
    pairs = world["award_repeats"]
    return pairs.group_by("ocid", "local_id").agg(
        by=pairs.newer.argmax(pairs.first_at_newer + pairs.same * EQUAL_VALUE_BONUS),
        then=pairs.newer.argmin(pairs.first_at_newer - pairs.same * EQUAL_VALUE_BONUS),
    )


def find_repeated_awards(world: MergeContext) -> Rows:
    """ocid, local_id, repeats: the oldest award that it repeats. Of several in one notice: the one of equal value."""
    pairs = world["award_repeats"]
    oldest = pairs.local_id.argmin(pairs.first_at - pairs.same * EQUAL_VALUE_BONUS)
    return pairs.group_by("ocid", local_id=pairs.newer).agg(repeats=oldest)


def build_awards(world: MergeContext) -> Rows:
    """Rows of AWARD, with the row orders `x__at`."""
    rows, named = world["m_award"], world["award_supplier"]
    counts = named.filter(named.current).group_by("ocid", "local_id").agg(suppliers=named.org_id.count())
    rows = rows.left_join(counts, ["ocid", "local_id"], rname="{name}_named")
    rows = rows.left_join(find_superseding_awards(world), ["ocid", "local_id"], rname="{name}_sup")
    rows = rows.left_join(find_repeated_awards(world), ["ocid", "local_id"], rname="{name}_rep")
    process = world["contracting_process"].select("ocid", "under_act", "is_framework")
    rows = rows.left_join(process, "ocid", rname="{name}_process")
    ceiling = rows.is_framework.fill_null(ibis.literal(value=False)) & rows.value_net.notnull()
    nominal = is_nominal(rows.value_net)
    old = rows.by.notnull()
    void = rows.status.isin(["cancelled", "unsuccessful"]).fill_null(ibis.literal(value=False))
    return rows.mutate(
        award_id=build_award_id(rows),
        lot_id=rows.related_lots.contains("; ").ifelse(ibis.null("string"), rows.related_lots),
        value_net_first=rows["value_net" + FIRST_VALUE_SUFFIX],
        value_gross_first=rows["value_gross" + FIRST_VALUE_SUFFIX],
        currency=rows.value_currency,
        vat_basis=derive_vat_basis(rows.value_net, rows.value_gross, rows.under_act),
        nominal_value=nominal,
        is_ceiling=ceiling,
        end_date_first=rows["end_date" + FIRST_VALUE_SUFFIX],
        superseded_award=old,
        superseded_by=rows.ocid + "/awards/" + rows.by,
        repeats_award=rows.ocid + "/awards/" + rows.repeats,
        counted=~old & ~nominal & ~ceiling & ~void & rows.value_net.notnull(),
        subcontract_min_share=rows.subcontract_min,
        subcontract_max_share=rows.subcontract_max,
    )
