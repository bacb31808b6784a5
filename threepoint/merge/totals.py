"""Totals of organisations and list lines, calculated from the rows of other records once the tables are complete."""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext


def count_roles(context: MergeContext) -> Rows:
    """Return rows of ORGANISATION_ROLE."""
    roles = context["party_role"]
    return roles.group_by("org_id", "role").agg(processes=roles.count())


def list_publishers(context: MergeContext) -> Rows:
    """Return rows of ORGANISATION_PUBLISHER."""
    joined = context["party_role"].join(context["contracting_process"], "ocid")
    return joined.select("org_id", "publisher", "publisher_group").distinct()


def add_up_lines(context: MergeContext) -> Rows:
    """Return rows of ORGANISATION_TOTAL."""
    spend, sale = context["spend"], context["sale"]
    return ibis.union(
        _sum_side(spend, "paid", "payer", "payee", spend.feed, spend.date),
        _sum_side(spend, "was paid", "payee", "payer", spend.feed, spend.date),
        _sum_side(sale, "bought", "customer", "supplier", ibis.literal("sale"), sale.month),
        _sum_side(sale, "sold", "supplier", "customer", ibis.literal("sale"), sale.month),
    )


def _sum_side(lines: Rows, name: str, own: str, other: str, kind: ibis.Value, day: ibis.Value) -> Rows:
    rows = lines.select(
        "currency", "amount", "possible_duplicate", org_id=lines[f"{own}_org_id"], list=ibis.literal(name),
        other=lines[f"{other}_name"], other_org_id=lines[f"{other}_org_id"], kind=kind, day=day,
    )  # fmt: skip
    rows = rows.filter(rows.org_id.notnull())
    return rows.group_by("org_id", "list", "other", "other_org_id", "kind", "currency").agg(
        since=rows.day.min(),
        until=rows.day.max(),
        lines=rows.count(),
        without_amount=rows.count() - rows.amount.count(),
        amount=rows.amount.sum().try_cast("decimal(18, 2)"),
        duplicates=rows.count(where=rows.possible_duplicate),
        amount_once=rows.amount.sum(where=~rows.possible_duplicate).try_cast("decimal(18, 2)"),
    )


def pair_repeated_lines(context: MergeContext) -> Rows:
    """Return rows of REPEATED_LINE."""
    spend, sale = context["spend"], context["sale"]
    return ibis.union(
        _pair_lines(spend, spend.spend_id, spend.payee_name, spend.date),
        _pair_lines(sale, sale.sale_id, sale.supplier_name, sale.month),
    )


def _pair_lines(lines: Rows, line: ibis.Value, name: ibis.Value, day: ibis.Value) -> Rows:
    first = lines.duplicate_of.fill_null(line)
    rows = lines.select("amount", line=line, first=first, name=name, date=day)
    repeated = lines.filter(lines.duplicate_of.notnull()).select(first="duplicate_of").distinct()
    rows = rows.semi_join(repeated, "first")
    other = rows.view()
    pairs = rows.join(other, [rows.first == other.first, rows.line != other.line], rname="{name}_other")
    return pairs.select(line="line", other="line_other", name="name_other", date="date_other", amount="amount_other")
