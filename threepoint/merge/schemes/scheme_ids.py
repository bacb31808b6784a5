"""Which rows of the portfolio are one scheme.

By the full GMPP id in capitals, with DH_ written as DOH_: four ids of the Department of Health were issued anew with
the other prefix between the reports of 2020 and 2021, and four of other departments in capitals. The number alone is
not unique, nor is the department. Two ids that would become one but stand in the same report stay two.

Before the report of 2020 there are no ids. A history that has only a name is joined to an id where its normalised name
is a name of exactly one id, that id had been issued by then, and no report has both: two rows of one report are two
projects. Where no name is equal, the core of the name is tried the same way (no brackets, no "programme" or "project",
the same numbers). All else is a scheme of its own: histories before 2020 are linked too little rather than too much.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_columns import conform_to_table
from threepoint.standard.tables_projects import SCHEME_IDENTIFIER

SCHEME_ID_PREFIX = "sdes-gmpp-"
MATCH_METHOD_BY_COLUMN = {
    "name_key": "name_equal",
    "name_core": "name_core_equal",
}  # what is compared, in this order: match_method


def identify_schemes(gmpp_year: Rows) -> Rows:
    """gmpp_year with `scheme_id` and `match_method`: one row a scheme and report.

    Where two files hold the same project for the same report, the row of the file whose id sorts first is taken.
    """
    rows = _add_root_id(_drop_repeated_rows(gmpp_year))
    by_id = rows.filter(rows.gmpp_id.notnull())
    by_name = rows.filter(rows.gmpp_id.isnull())
    links = _link_by_id(by_id).union(_link_by_name(by_id, by_name))
    return rows.drop("root").join(links, "scheme_key")


def build_scheme_identifiers(rows: Rows) -> Rows:
    """SCHEME_IDENTIFIER: every key of each scheme."""
    keys = rows.group_by("scheme_id", "scheme_key", "match_method").agg(
        first_year=rows.report_year.min(), last_year=rows.report_year.max()
    )
    kind = keys.match_method.startswith("gmpp_id").ifelse("gmpp_id", "name")
    return conform_to_table(keys.mutate(identifier=keys.scheme_key, kind=kind), SCHEME_IDENTIFIER)


def _drop_repeated_rows(gmpp_year: Rows) -> Rows:
    same = ibis.window(group_by=["scheme_key", "report_year"], order_by=["source_id", "row_number"])
    placed = gmpp_year.mutate(place=ibis.row_number().over(same))
    return placed.filter(placed.place == 0).drop("place")


def _add_root_id(rows: Rows) -> Rows:
    """With `root`: the id that rows of one scheme share; as published where two such ids stand in one report."""
    upper = rows.gmpp_id.upper()
    rows = rows.mutate(root=upper.startswith("DH_").ifelse(ibis.literal("DOH_") + upper.substr(3), upper))
    together = ibis.window(group_by=["root", "report_year"])
    rows = rows.mutate(crowd=(rows.gmpp_id.min().over(together) != rows.gmpp_id.max().over(together)).cast("int64"))
    crowded = rows.crowd.max().over(ibis.window(group_by="root")) == 1
    return rows.mutate(root=crowded.ifelse(rows.gmpp_id, rows.root)).drop("crowd")


def _link_by_id(by_id: Rows) -> Rows:
    keys = by_id.select("scheme_key", "root").distinct()
    keys = keys.mutate(alike=keys.count().over(ibis.window(group_by="root")))
    method = ((keys.scheme_key == keys.root) | (keys.alike == 1)).ifelse("gmpp_id", "gmpp_id_reissued")
    return keys.select("scheme_key", scheme_id=ibis.literal(SCHEME_ID_PREFIX) + keys.root, match_method=method)


def _link_by_name(by_id: Rows, by_name: Rows) -> Rows:
    taken = by_id.select("root", "report_year")
    links = []
    for column, method in MATCH_METHOD_BY_COLUMN.items():
        claims = _find_name_claims(by_id, by_name, column)
        joined = _select_undisputed(claims, taken)
        links.append(joined.mutate(match_method=ibis.literal(method)))
        taken = taken.union(claims.semi_join(joined, "scheme_key").select("root", "report_year"))
        by_name = by_name.anti_join(joined, "scheme_key")
    alone = by_name.select("scheme_key", root=by_name.scheme_key.replace(" ", "-")).distinct()
    links.append(alone.mutate(match_method=ibis.literal("name_only")))
    both = ibis.union(*links)
    return both.select(
        "scheme_key", scheme_id=ibis.literal(SCHEME_ID_PREFIX) + both.root, match_method=both.match_method
    )


def _find_name_claims(by_id: Rows, by_name: Rows, column: str) -> Rows:
    """(root, report_year, scheme_key, early): every report of the name-only keys whose `column` is that of one id."""
    ids = _select_unambiguous(by_id, column, "root")
    issued = by_id.group_by("root").agg(issued_on=by_id.joined_on.min())
    keys = _select_unambiguous(by_name, "scheme_key", column)
    found = by_name.select("scheme_key", "report_year", "snapshot_date").join(keys, "scheme_key").join(ids, column)
    found = found.join(issued, "root")
    early = (found.issued_on > found.snapshot_date).fill_null(False)
    return found.select("root", "report_year", "scheme_key", early=early)


def _select_unambiguous(rows: Rows, by: str, column: str) -> Rows:
    """(by, column) where all rows of one `by` that have a `column` have the same."""
    found = rows.group_by(by).agg(**{column: rows[column].min(), "other": rows[column].max()})
    return found.filter(found[column] == found.other).drop("other")


def _select_undisputed(claims: Rows, taken: Rows) -> Rows:
    """(scheme_key, root) of the names none of whose reports is taken, claimed by another name, or before the id."""
    others = taken.mutate(scheme_key=ibis.null("string"), early=ibis.literal(False)).select(*claims.columns)
    both = claims.union(others)
    both = both.mutate(rows=both.count().over(ibis.window(group_by=["root", "report_year"])))
    judged = both.filter(both.scheme_key.notnull())
    judged = judged.mutate(bad=(judged.early | (judged.rows > 1)).cast("int64"))
    keys = judged.group_by("scheme_key", "root").agg(bad=judged.bad.max())
    return keys.filter(keys.bad == 0).select("scheme_key", "root")
