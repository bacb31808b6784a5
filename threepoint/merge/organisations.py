"""Organisations: identify parties by exact identifiers only, and merge what notices and lists say about them.

Every party statement gets a `body_key`: its identifier, or a key made from its published name, which no step resolves
any further. Keys map to organisation ids (called addresses here) that never change: `organisation_ids.assign_org_ids`
freezes them.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.ocds_merge import PLACES_PER_RELEASE, History
from threepoint.merge.placeholder_names import fold_text, is_hidden_name, is_placeholder_name


def build_name_key(rows: Rows, unique: ibis.Value) -> ibis.Value:
    """Return a key from the published name, ignoring case and spaces; from `unique` if the name identifies no one."""
    name = fold_text(rows.name)
    return ibis.cases(
        (rows.name.isnull() | (name == ""), ibis.literal("unnamed:") + unique),
        (is_hidden_name(rows.name), ibis.literal("withheld:") + unique),
        (is_placeholder_name(rows.name), ibis.literal("placeholder:") + unique),
        else_=ibis.literal("name:") + name,
    )


def select_party_statements(history: History) -> Rows:
    """Return every party statement that counts: release_key, ocid, seq, body_key and the columns of the party history.

    Party ids are looked up only within their own release: on Find a Tender they mean nothing outside it.
    """
    rows = history.tables["party"].join(history.releases, "release_key")
    rows = rows.mutate(seq=rows["at"] * PLACES_PER_RELEASE + rows.place)
    return rows.mutate(body_key=rows.body.fill_null(build_name_key(rows, rows.ocid + "|" + rows.party_id)))


def select_identifiers(history: History) -> Rows:
    """Return the identifiers (`identifier`) in the party statements that count."""
    rows = history.tables["party"].join(history.releases, "release_key")
    return rows.filter(rows.body.notnull()).select(identifier="body").distinct()


def add_org_id_by_key(rows: Rows, addresses: Rows) -> Rows:
    """Return `rows` (with body_key) and the org_id of each: its frozen address, or an id hashed from its key."""
    matched = rows.left_join(addresses, rows.body_key == addresses.identifier, rname="{name}_known")
    return matched.mutate(org_id=build_org_id(matched.body_key, matched.address)).select(*rows.columns, "org_id")


def list_party_organisations(history: History, addresses: Rows) -> Rows:
    """Return org_id and method_key (the least body_key) of every organisation that is a party to a process."""
    keys = add_org_id_by_key(select_party_statements(history).select("body_key").distinct(), addresses)
    return keys.group_by("org_id").agg(method_key=keys.body_key.min())


def list_known_organisations(keys: Rows, listed: Rows) -> Rows:
    """Return org_id and match_method of every organisation in `keys` (step `held_keys`) or `listed` (org_id, body_key)."""
    all_keys = keys.union(listed.select("org_id", method_key="body_key"))
    organisations = all_keys.group_by("org_id").agg(method_key=all_keys.method_key.min())
    prefix = organisations.method_key.re_extract("^(name|withheld|placeholder|unnamed):", 1)
    method = ibis.cases(
        (prefix == "name", "published_name"),
        (prefix == "withheld", "withheld"),
        (prefix == "", "exact_id"),
        else_="placeholder",
    )
    return organisations.select("org_id", match_method=method)


def map_party_keys(parties: Rows) -> Rows:
    """Return release_key, party_id and known_key: the body_key of a party id in its own release."""
    return parties.group_by("release_key", "party_id").agg(known_key=parties.body_key.argmax(parties.seq))


def add_body_key(rows: Rows, party_keys: Rows, ref: str, name: str, column: str) -> Rows:
    """Return `rows` (with release_key and ocid) and `column`: the body_key of the party id in `ref` within its release.

    If the release does not list the party, the key comes from `name`; it is null without a name.
    """
    references = rows.select("release_key", "ocid", ref_id=rows[ref], name=rows[name]).distinct()
    resolved = references.left_join(
        party_keys, [references.release_key == party_keys.release_key, references.ref_id == party_keys.party_id]
    )
    own_key = resolved.name.isnull().ifelse(
        ibis.null("string"), build_name_key(resolved, resolved.ocid + "|" + resolved.ref_id.fill_null(""))
    )
    resolved = resolved.select("release_key", "ref_id", "name", **{column: resolved.known_key.fill_null(own_key)})
    matches = [
        rows.release_key == resolved.release_key,
        rows[ref].identical_to(resolved.ref_id),
        rows[name].identical_to(resolved.name),
    ]
    return rows.left_join(resolved, matches).select(rows, resolved[column])


def pair_identifiers(history: History) -> Rows:
    """Return pairs of identifiers that occur in one party statement: (one, other)."""
    parties = history.tables["party"].select("release_key", "party_id", one="body")
    further = history.tables["party_identifier"].select("release_key", "party_id", other="body")
    pairs = parties.join(further, ["release_key", "party_id"])
    return (
        pairs.filter(pairs.one.notnull(), pairs.other.notnull(), pairs.one != pairs.other)
        .select("one", "other")
        .distinct()
    )


def build_org_id(body_key: ibis.Value, address: ibis.Value) -> ibis.Value:
    """Return the organisation id of a body key: its frozen address, or ORG- and a hash of the key."""
    return address.fill_null(ibis.literal("ORG-") + body_key.hexdigest("sha256").left(12))


# Fields of an organisation that take the last published value, in any process.
PARTY_DETAIL_FIELDS = (
    "name",
    "legal_name",
    "buyer_class",
    "scale",
    "vcse",
    "public_mission",
    "sheltered_workshop",
    "region",
    "locality",
    "country_code",
)


LIST_MOMENT_OFFSET_SECONDS = 1 << 60  # dates lists before 1970, earlier than any notice
MOMENT_SUFFIX = "__on"  # when the value was published, as `moment` of `ocds_merge.order_releases`


def merge_party_details(bodies: Rows, classes: Rows) -> Rows:
    """Return one row per process and organisation: the last value of each of PARTY_DETAIL_FIELDS with its date, and roles.

    `bodies` has body_key and org_id; `classes` has release_key, party_id, scheme and code. `method_key` is the least
    body_key.
    """
    buyer_classes = (
        classes.filter(classes.scheme == "UK_CA_TYPE").select("release_key", "party_id", buyer_class="code").distinct()
    )
    rows = bodies.left_join(buyer_classes, ["release_key", "party_id"])
    last_values = {name: rows[name].argmax(rows.seq, where=rows[name].notnull()) for name in PARTY_DETAIL_FIELDS}
    moments = {name + MOMENT_SUFFIX: rows.moment.max(where=rows[name].notnull()) for name in PARTY_DETAIL_FIELDS}
    return rows.group_by("ocid", "org_id").agg(
        **last_values,
        **moments,
        buys=rows.roles.re_search("buyer|procuringEntity").max(),
        sells=rows.roles.re_search("supplier|tenderer").max(),
        method_key=rows.body_key.min(),
    )


def add_list_details(details: Rows, listed: Rows) -> Rows:
    """Return `details` and, in the same columns, what lists of payments, sales and plans say (step `listed_bodies`)."""
    listed_details = listed.group_by("org_id").agg(
        name=listed.name.argmax(listed.seq),
        **{"name" + MOMENT_SUFFIX: listed.seq.max() - LIST_MOMENT_OFFSET_SECONDS},  # earlier than any notice
        buys=listed.roles.re_search("buyer").max(),
        sells=listed.roles.re_search("supplier").max(),
    )
    types = details.schema()
    columns = {
        name: listed_details[name] if name in listed_details.columns else ibis.null(types[name])
        for name in details.columns
    }
    return details.union(listed_details.select(**columns))


def build_organisations(details: Rows, names: Rows, match_methods: Rows) -> Rows:
    """Return rows of ORGANISATION, from the steps `party_details` (with list details), `organisation_name` and `known_organisations`.

    If several processes publish a value in the same second, the value that sorts last wins.
    """
    last_values = {
        name: details[name].argmax(
            ibis.struct({"published_on": details[name + MOMENT_SUFFIX], "word": details[name]}),
            where=details[name].notnull(),
        )
        for name in PARTY_DETAIL_FIELDS
    }
    rows = details.group_by("org_id").agg(
        **last_values, buys=details.buys.max(), sells=details.sells.max(), processes=details.ocid.count()
    )
    rows = rows.left_join(match_methods, "org_id", rname="{name}_known").drop("org_id_known")
    name_counts = names.group_by("org_id").agg(names=names.count())
    rows = rows.left_join(name_counts, "org_id", rname="{name}_spelt").drop("org_id_spelt")
    return rows.mutate(
        names=rows.names.fill_null(0),
        kind=ibis.cases(
            (rows.buys & rows.sells, "both"), (rows.buys, "buyer"), (rows.sells, "supplier"), else_="other"
        ),
        match_confidence=(rows.match_method == "exact_id").ifelse(1.0, ibis.null("float64")),
    )


def list_name_spellings(bodies: Rows) -> Rows:
    """Return ocid, org_id and name: each name of an organisation in each process, or in lists (ocid null)."""
    return bodies.filter(bodies.name.notnull()).select("ocid", "org_id", "name").distinct()


def build_party_roles(bodies: Rows) -> Rows:
    """Return rows of PARTY_ROLE: each organisation's last name in each process, with the roles of its last release that has any.

    A release may name one organisation as several parties with different roles: all of the roles count.
    """
    rows = bodies.mutate(at=bodies.seq // PLACES_PER_RELEASE)
    last_statements = rows.group_by("ocid", "org_id").agg(
        last_at=rows["at"].max(where=rows.roles.notnull()),
        name=rows.name.argmax(rows.seq, where=rows.name.notnull()),
    )
    stated = rows.select("ocid", "org_id", "at", "roles").filter(rows.roles.notnull())
    stated = stated.inner_join(last_statements, ["ocid", "org_id"]).filter(lambda both: both["at"] == both.last_at)
    return stated.select("ocid", "org_id", "name", role=stated.roles.split("; ").unnest()).distinct()
