"""Which organisation a party is: by exact identifiers only. Names are resolved in a later step and never here.

Every party statement gets a `body_key`: its identifier, or a key made of its published name. Keys map to addresses that
never change (decision 11): `identity.assign` freezes them.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.ocds_merge import PLACES_PER_RELEASE, History

# Names that hide a supplier or stand for none: never matched, never counted as one (QUIRKS 1).
WITHHELD_NAME_PATTERN = r"(?i)withheld|section ?94|redacted"
PLACEHOLDER_NAME_PATTERN = (
    r"(?i)^(see (v[ivx\d]*\.|section|annex|notice|above|below)\b.*"
    r"|not applicable|n/?a|none|tb[cda]|various|multiple suppliers)\.?$"
)


def build_name_key(rows: Rows, unique: ibis.Value) -> ibis.Value:
    """A key from the published name: equal for equal names but for case and spaces; `unique` where a name tells nothing."""
    name = rows.name.strip().re_replace(r"\s+", " ").lower()
    return ibis.cases(
        (rows.name.isnull() | (name == ""), ibis.literal("unnamed:") + unique),
        (rows.name.re_search(WITHHELD_NAME_PATTERN), ibis.literal("withheld:") + unique),
        (rows.name.re_search(PLACEHOLDER_NAME_PATTERN), ibis.literal("placeholder:") + unique),
        else_=ibis.literal("name:") + name,
    )


def select_party_statements(history: History) -> Rows:
    """Every party statement that counts: release_key, ocid, seq, body_key and the columns of the party history.

    Party ids are looked up within their own release alone: on Find a Tender they mean nothing outside it (decision 16).
    """
    rows = history.tables["party"].join(history.releases, "release_key")
    rows = rows.mutate(seq=rows["at"] * PLACES_PER_RELEASE + rows.place)
    return rows.mutate(body_key=rows.body.fill_null(build_name_key(rows, rows.ocid + "|" + rows.party_id)))


def select_identifiers(history: History) -> Rows:
    """identifier: each that a party statement that counts is known by."""
    rows = history.tables["party"].join(history.releases, "release_key")
    return rows.filter(rows.body.notnull()).select(identifier="body").distinct()


def add_org_id_by_key(rows: Rows, addresses: Rows) -> Rows:
    """`rows` (with body_key) and the org_id of each, by its frozen address or else by its key."""
    known = rows.left_join(addresses, rows.body_key == addresses.identifier, rname="{name}_known")
    return known.mutate(org_id=build_org_id(known.body_key, known.address)).select(*rows.columns, "org_id")


def list_party_organisations(history: History, addresses: Rows) -> Rows:
    """org_id and least body_key, method_key, of every organisation that is a party to some process."""
    keys = add_org_id_by_key(select_party_statements(history).select("body_key").distinct(), addresses)
    return keys.group_by("org_id").agg(method_key=keys.body_key.min())


def list_known_organisations(keys: Rows, listed: Rows) -> Rows:
    """org_id and match_method of every organisation of `held_keys` or that a list names (org_id, body_key)."""
    both = keys.union(listed.select("org_id", method_key="body_key"))
    found = both.group_by("org_id").agg(method_key=both.method_key.min())
    prefix = found.method_key.re_extract("^(name|withheld|placeholder|unnamed):", 1)
    method = ibis.cases(
        (prefix == "name", "published_name"),
        (prefix == "withheld", "withheld"),
        (prefix == "", "exact_id"),
        else_="placeholder",
    )
    return found.select("org_id", match_method=method)


def map_party_keys(bodies: Rows) -> Rows:
    """release_key, party_id, known_key: the body_key that a party id stands for in its own release."""
    return bodies.group_by("release_key", "party_id").agg(known_key=bodies.body_key.argmax(bodies.seq))


def add_body_key(rows: Rows, known: Rows, ref: str, name: str, made: str) -> Rows:
    """`rows` (with release_key) and a column `made`: the body_key that the party id in `ref` stands for in its release.

    `known` is `party_keys`. Where the release does not repeat the party, the identifier in the reference itself or else
    its name decides.
    """
    named = rows.select("release_key", ref_id=rows[ref], name=rows[name]).distinct()
    both = named.left_join(known, [named.release_key == known.release_key, named.ref_id == known.party_id])
    own = both.name.isnull().ifelse(ibis.null("string"), build_name_key(both, both.ref_id.fill_null("")))
    both = both.select("release_key", "ref_id", "name", **{made: both.known_key.fill_null(own)})
    same = [
        rows.release_key == both.release_key,
        rows[ref].identical_to(both.ref_id),
        rows[name].identical_to(both.name),
    ]
    return rows.left_join(both, same).select(rows, both[made])


def pair_identifiers(history: History) -> Rows:
    """Identifiers that one party statement carries together: (one, other)."""
    party = history.tables["party"].select("release_key", "party_id", one="body")
    more = history.tables["party_identifier"].select("release_key", "party_id", other="body")
    both = party.join(more, ["release_key", "party_id"])
    return (
        both.filter(both.one.notnull(), both.other.notnull(), both.one != both.other).select("one", "other").distinct()
    )


def build_org_id(body_key: ibis.Value, address: ibis.Value) -> ibis.Value:
    """The organisation id of a body key: its frozen address, else ORG- and a hash of the name key."""
    return address.fill_null(ibis.literal("ORG-") + body_key.hexdigest("sha256").left(12))


# What is last said of an organisation, in whatever process.
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


LIST_MOMENT_OFFSET_SECONDS = 1 << 60  # seconds: as far before 1970 as no notice is
MOMENT_SUFFIX = "__on"  # suffix: when the value was said, as `moment` of `latest.ordered`


def merge_party_details(bodies: Rows, classes: Rows) -> Rows:
    """What each process says of each organisation: ocid, org_id, the last word of each of SAID and when, roles, method_key.

    `bodies` has body_key and org_id, `classes` has release_key, party_id, scheme and code. `method_key` is the least
    body_key.
    """
    kinds = (
        classes.filter(classes.scheme == "UK_CA_TYPE").select("release_key", "party_id", buyer_class="code").distinct()
    )
    rows = bodies.left_join(kinds, ["release_key", "party_id"])
    last = {name: rows[name].argmax(rows.seq, where=rows[name].notnull()) for name in PARTY_DETAIL_FIELDS}
    moments = {name + MOMENT_SUFFIX: rows.moment.max(where=rows[name].notnull()) for name in PARTY_DETAIL_FIELDS}
    return rows.group_by("ocid", "org_id").agg(
        **last,
        **moments,
        buys=rows.roles.re_search("buyer|procuringEntity").max(),
        sells=rows.roles.re_search("supplier|tenderer").max(),
        method_key=rows.body_key.min(),
    )


def add_list_details(parts: Rows, listed: Rows) -> Rows:
    """`said`, and what lists of payments, sales and plans say in the same columns; `listed` is `payments.bodies`."""
    told = listed.group_by("org_id").agg(
        name=listed.name.argmax(listed.seq),
        **{"name" + MOMENT_SUFFIX: listed.seq.max() - LIST_MOMENT_OFFSET_SECONDS},  # before all that a notice says
        buys=listed.roles.re_search("buyer").max(),
        sells=listed.roles.re_search("supplier").max(),
    )
    types = parts.schema()
    columns = {name: told[name] if name in told.columns else ibis.null(types[name]) for name in parts.columns}
    return parts.union(told.select(**columns))


def build_organisations(parts: Rows, names: Rows, known: Rows) -> Rows:
    """Rows of ORGANISATION, from `said`, ORGANISATION_NAME and `held`.

    Of what several processes say in the same second, the word that sorts last stands.
    """
    last = {
        name: parts[name].argmax(
            ibis.struct({"said_on": parts[name + MOMENT_SUFFIX], "word": parts[name]}), where=parts[name].notnull()
        )
        for name in PARTY_DETAIL_FIELDS
    }
    found = parts.group_by("org_id").agg(
        **last, buys=parts.buys.max(), sells=parts.sells.max(), processes=parts.ocid.count()
    )
    found = found.left_join(known, "org_id", rname="{name}_known").drop("org_id_known")
    spelt = names.group_by("org_id").agg(names=names.count())
    found = found.left_join(spelt, "org_id", rname="{name}_spelt").drop("org_id_spelt")
    return found.mutate(
        names=found.names.fill_null(0),
        kind=ibis.cases(
            (found.buys & found.sells, "both"), (found.buys, "buyer"), (found.sells, "supplier"), else_="other"
        ),
        match_confidence=(found.match_method == "exact_id").ifelse(1.0, ibis.null("float64")),
    )


def list_name_spellings(bodies: Rows) -> Rows:
    """ocid, org_id and name: each name that an organisation has in each process, or in lists (ocid null)."""
    return bodies.filter(bodies.name.notnull()).select("ocid", "org_id", "name").distinct()


def build_party_roles(bodies: Rows) -> Rows:
    """Rows of PARTY_ROLE: the last name of each organisation in each process, and the roles of the last release that says any.

    A release may name one organisation as several parties, each with roles of its own: all of them stand.
    """
    rows = bodies.mutate(at=bodies.seq // PLACES_PER_RELEASE)
    last = rows.group_by("ocid", "org_id").agg(
        last_at=rows["at"].max(where=rows.roles.notnull()),
        name=rows.name.argmax(rows.seq, where=rows.name.notnull()),
    )
    stated = rows.select("ocid", "org_id", "at", "roles").filter(rows.roles.notnull())
    stated = stated.inner_join(last, ["ocid", "org_id"]).filter(lambda both: both["at"] == both.last_at)
    return stated.select("ocid", "org_id", "name", role=stated.roles.split("; ").unnest()).distinct()
