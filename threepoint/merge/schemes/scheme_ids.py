"""Scheme ids: find the rows of the portfolio that belong to one scheme.

Rows match by the full GMPP id in capitals, with DH_ replaced by DOH_: between the reports of 2020 and 2021, four ids of
the Department of Health were reissued with the other prefix, and four ids of other departments in capitals. Neither the
number nor the department alone is unique. Two ids that match but occur in the same report stay separate.

Reports before 2020 have no ids. A history that has only a name is linked to an id if its normalised name belongs to
exactly one id, that id had been issued by then, and no report has both: two rows of one report are two projects. If no
name is equal, the core of the name is compared in the same way (no brackets, no "programme" or "project", the same
numbers). Every other history is a separate scheme: too few links are better than wrong ones.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.table_conformance import conform_to_table
from threepoint.standard.tables_projects import SCHEME_IDENTIFIER

SCHEME_ID_PREFIX = "sdes-gmpp-"
# By compared column, in the order of comparison.
MATCH_METHOD_BY_COLUMN = {"name_key": "name_equal", "name_core": "name_core_equal"}


def identify_schemes(gmpp_year: Rows) -> Rows:
    """Return gmpp_year with `scheme_id` and `match_method`: one row per scheme and report.

    If two files have the same project for the same report, the row of the file whose id sorts first wins.
    """
    rows = _add_root_id(_drop_repeated_rows(gmpp_year))
    by_id = rows.filter(rows.gmpp_id.notnull())
    by_name = rows.filter(rows.gmpp_id.isnull())
    links = _link_by_id(by_id).union(_link_by_name(by_id, by_name))
    return rows.drop("root").join(links, "scheme_key")


def build_scheme_identifiers(rows: Rows) -> Rows:
    """Return SCHEME_IDENTIFIER: every key of each scheme."""
    keys = rows.group_by("scheme_id", "scheme_key", "match_method").agg(
        first_year=rows.report_year.min(), last_year=rows.report_year.max()
    )
    kind = keys.match_method.startswith("gmpp_id").ifelse("gmpp_id", "name")
    return conform_to_table(keys.mutate(identifier=keys.scheme_key, kind=kind), SCHEME_IDENTIFIER)


def _drop_repeated_rows(gmpp_year: Rows) -> Rows:
    repeats = ibis.window(group_by=["scheme_key", "report_year"], order_by=["source_id", "row_number"])
    ranked = gmpp_year.mutate(place=ibis.row_number().over(repeats))
    return ranked.filter(ranked.place == 0).drop("place")


def _add_root_id(rows: Rows) -> Rows:
    """Add `root`: the id that rows of one scheme share. It is the published id if two such ids occur in one report."""
    upper_id = rows.gmpp_id.upper()
    rows = rows.mutate(root=upper_id.startswith("DH_").ifelse(ibis.literal("DOH_") + upper_id.substr(3), upper_id))
    same_report = ibis.window(group_by=["root", "report_year"])
    rows = rows.mutate(
        crowd=(rows.gmpp_id.min().over(same_report) != rows.gmpp_id.max().over(same_report)).cast("int64")
    )
    is_ambiguous = rows.crowd.max().over(ibis.window(group_by="root")) == 1
    return rows.mutate(root=is_ambiguous.ifelse(rows.gmpp_id, rows.root)).drop("crowd")


def _link_by_id(by_id: Rows) -> Rows:
    keys = by_id.select("scheme_key", "root").distinct()
    keys = keys.mutate(alike=keys.count().over(ibis.window(group_by="root")))
    method = ((keys.scheme_key == keys.root) | (keys.alike == 1)).ifelse("gmpp_id", "gmpp_id_reissued")
    return keys.select("scheme_key", scheme_id=ibis.literal(SCHEME_ID_PREFIX) + keys.root, match_method=method)


def _link_by_name(by_id: Rows, by_name: Rows) -> Rows:
    taken_reports = by_id.select("root", "report_year")
    links = []
    for column, method in MATCH_METHOD_BY_COLUMN.items():
        claims = _find_name_claims(by_id, by_name, column)
        accepted = _select_undisputed(claims, taken_reports)
        links.append(accepted.mutate(match_method=ibis.literal(method)))
        taken_reports = taken_reports.union(claims.semi_join(accepted, "scheme_key").select("root", "report_year"))
        by_name = by_name.anti_join(accepted, "scheme_key")
    unlinked = by_name.select("scheme_key", root=by_name.scheme_key.replace(" ", "-")).distinct()
    links.append(unlinked.mutate(match_method=ibis.literal("name_only")))
    all_links = ibis.union(*links)
    return all_links.select(
        "scheme_key", scheme_id=ibis.literal(SCHEME_ID_PREFIX) + all_links.root, match_method=all_links.match_method
    )


def _find_name_claims(by_id: Rows, by_name: Rows, column: str) -> Rows:
    """Return (root, report_year, scheme_key, early): every report of the name-only keys whose `column` matches one id."""
    ids_by_name = _select_unambiguous(by_id, column, "root")
    issue_dates = by_id.group_by("root").agg(issued_on=by_id.joined_on.min())
    keys_by_name = _select_unambiguous(by_name, "scheme_key", column)
    claims = (
        by_name.select("scheme_key", "report_year", "snapshot_date")
        .join(keys_by_name, "scheme_key")
        .join(ids_by_name, column)
    )
    claims = claims.join(issue_dates, "root")
    is_early = (claims.issued_on > claims.snapshot_date).fill_null(False)
    return claims.select("root", "report_year", "scheme_key", early=is_early)


def _select_unambiguous(rows: Rows, key: str, column: str) -> Rows:
    """Return (key, column) for each `key` whose rows have one distinct `column`, ignoring nulls."""
    values = rows.group_by(key).agg(**{column: rows[column].min(), "other": rows[column].max()})
    return values.filter(values[column] == values.other).drop("other")


def _select_undisputed(claims: Rows, taken_reports: Rows) -> Rows:
    """Return (scheme_key, root) of the names of which no report is taken, claimed by another name, or earlier than the id."""
    other_claims = taken_reports.mutate(scheme_key=ibis.null("string"), early=ibis.literal(False)).select(
        *claims.columns
    )
    all_claims = claims.union(other_claims)
    all_claims = all_claims.mutate(rows=all_claims.count().over(ibis.window(group_by=["root", "report_year"])))
    name_claims = all_claims.filter(all_claims.scheme_key.notnull())
    name_claims = name_claims.mutate(bad=(name_claims.early | (name_claims.rows > 1)).cast("int64"))
    verdicts = name_claims.group_by("scheme_key", "root").agg(bad=name_claims.bad.max())
    return verdicts.filter(verdicts.bad == 0).select("scheme_key", "root")
