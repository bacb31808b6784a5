"""Which organisation a party is: by exact identifiers only. Names are resolved in a later step and never here.

Every party statement gets a `body_key`: its identifier, or a key made of its published name. Keys map to addresses that
never change (decision 11): `identity.assign` freezes them.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.latest import PLACES, History

# Names that hide a supplier or stand for none: never matched, never counted as one (QUIRKS 1).
HIDDEN = r"(?i)withheld|section ?94|redacted"
PLACEHOLDER = (
    r"(?i)^(see (v[ivx\d]*\.|section|annex|notice|above|below)\b.*"
    r"|not applicable|n/?a|none|tb[cda]|various|multiple suppliers)\.?$"
)


def name_key(rows: Rows, unique: ibis.Value) -> ibis.Value:
    """A key from the published name: equal for equal names but for case and spaces; `unique` where a name tells nothing."""
    name = rows.name.strip().re_replace(r"\s+", " ").lower()
    return ibis.cases(
        (rows.name.isnull() | (name == ""), ibis.literal("unnamed:") + unique),
        (rows.name.re_search(HIDDEN), ibis.literal("withheld:") + unique),
        (rows.name.re_search(PLACEHOLDER), ibis.literal("placeholder:") + unique),
        else_=ibis.literal("name:") + name,
    )


def parties(history: History) -> Rows:
    """Every party statement that counts: release_key, ocid, seq, body_key and the columns of the party history.

    Party ids are looked up within their own release alone: on Find a Tender they mean nothing outside it (decision 16).
    """
    rows = history.tables["party"].join(history.releases, "release_key")
    rows = rows.mutate(seq=rows["at"] * PLACES + rows.place)
    return rows.mutate(body_key=rows.body.fill_null(name_key(rows, rows.ocid + "|" + rows.party_id)))


def with_body(rows: Rows, bodies: Rows, ref: str, name: str, made: str) -> Rows:
    """`rows` (with release_key) and a column `made`: the body_key that the party id in `ref` stands for in its release.

    Where the release does not repeat the party, the identifier in the reference itself or else its name decides.
    """
    known = bodies.group_by("release_key", "party_id").agg(known_key=bodies.body_key.argmax(bodies.seq))
    named = rows.select("release_key", ref_id=rows[ref], name=rows[name]).distinct()
    both = named.left_join(known, [named.release_key == known.release_key, named.ref_id == known.party_id])
    own = both.name.isnull().ifelse(ibis.null("string"), name_key(both, both.ref_id.fill_null("")))
    both = both.select("release_key", "ref_id", "name", **{made: both.known_key.fill_null(own)})
    same = [
        rows.release_key == both.release_key,
        rows[ref].identical_to(both.ref_id),
        rows[name].identical_to(both.name),
    ]
    return rows.left_join(both, same).select(rows, both[made])


def pairs(history: History) -> Rows:
    """Identifiers that one party statement carries together: (one, other)."""
    party = history.tables["party"].select("release_key", "party_id", one="body")
    more = history.tables["party_identifier"].select("release_key", "party_id", other="body")
    both = party.join(more, ["release_key", "party_id"])
    return (
        both.filter(both.one.notnull(), both.other.notnull(), both.one != both.other).select("one", "other").distinct()
    )


def org_id(body_key: ibis.Value, address: ibis.Value) -> ibis.Value:
    """The organisation id of a body key: its frozen address, else ORG- and a hash of the name key."""
    return address.fill_null(ibis.literal("ORG-") + body_key.hexdigest("sha256").left(12))


def organisations(bodies: Rows, classes: Rows) -> Rows:
    """Rows of ORGANISATION. `bodies` has body_key and org_id, `classes` has release_key, party_id, scheme and code."""
    kinds = (
        classes.filter(classes.scheme == "UK_CA_TYPE").select("release_key", "party_id", buyer_class="code").distinct()
    )
    rows = bodies.left_join(kinds, ["release_key", "party_id"])
    last = {
        name: rows[name].argmax(rows.seq, where=rows[name].notnull())
        for name in (
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
    }
    found = rows.group_by("org_id").agg(
        **last,
        buys=rows.roles.re_search("buyer|procuringEntity").max(),
        sells=rows.roles.re_search("supplier|tenderer").max(),
        method_key=rows.body_key.min(),
        names=rows.name.nunique(),
        processes=rows.ocid.nunique(),
    )
    prefix = found.method_key.re_extract("^(name|withheld|placeholder|unnamed):", 1)
    return found.mutate(
        kind=ibis.cases(
            (found.buys & found.sells, "both"), (found.buys, "buyer"), (found.sells, "supplier"), else_="other"
        ),
        match_method=ibis.cases(
            (prefix == "name", "published_name"),
            (prefix == "withheld", "withheld"),
            (prefix == "", "exact_id"),
            else_="placeholder",
        ),
        match_confidence=(prefix == "").ifelse(1.0, ibis.null("float64")),
    )


def spellings(bodies: Rows) -> Rows:
    """Rows of ORGANISATION_NAME."""
    named = bodies.filter(bodies.name.notnull())
    return named.group_by("org_id", "name").agg(processes=named.ocid.nunique())


def roles(bodies: Rows) -> Rows:
    """Rows of PARTY_ROLE: the last roles and name that each organisation has in each process."""
    last = bodies.group_by("ocid", "org_id").agg(
        roles=bodies.roles.argmax(bodies.seq, where=bodies.roles.notnull()),
        name=bodies.name.argmax(bodies.seq, where=bodies.name.notnull()),
    )
    stated = last.filter(last.roles.notnull())
    return stated.select("ocid", "org_id", "name", role=stated.roles.split("; ").unnest()).distinct()
