"""Money beside the notices: sales, and their sums. Every line is kept; those that look alike are marked (decision 17)."""

from collections.abc import Iterable

import ibis
from ibis import Table as Rows

from threepoint.merge.bodies import name_key, org_id
from threepoint.merge.world import World

IN_ID = 12  # characters of a file's sha256 in the address of one of its lines
POUNDS = "GBP"
# What makes two lines of sales alike: every column of the file but the number of the line.
SALE_ALIKE = (
    "framework", "lot", "supplier_name", "customer_name", "month", "description", "amount", "sector", "supplier_size",
)  # fmt: skip


def line_id(rows: Rows, kind: str) -> ibis.Value:
    """The address of a line of a file: what it is, its file and its row."""
    return ibis.literal(f"{kind}-") + rows.source_id.left(IN_ID) + "-" + rows.row_number.cast("string")


def with_org(rows: Rows, name: str, made: str, line: str) -> Rows:
    """`rows` and a column `made`: the organisation that the published `name` stands for; null where there is no name."""
    named = rows.mutate(name=rows[name])
    found = org_id(name_key(named, named[line] + "|" + name), ibis.null("string"))
    return named.mutate(**{made: named.name.notnull().ifelse(found, ibis.null("string"))}).drop("name")


def marked(rows: Rows, line: str, alike: Iterable[str]) -> Rows:
    """`rows` with possible_duplicate and duplicate_of: of lines with an amount and equal in `alike`, all but the first.

    Whether a publisher repeats a line or paid twice cannot be told, so all of them are kept.
    """
    window = ibis.window(group_by=list(alike), order_by=["source_id", "row_number"])
    rows = rows.mutate(nth=ibis.row_number().over(window), first_line=rows[line].first().over(window))
    again = (rows.nth > 0) & rows.amount.notnull()
    return rows.mutate(possible_duplicate=again, duplicate_of=again.ifelse(rows.first_line, ibis.null("string")))


def sales(world: World) -> Rows:
    """Rows of SALES."""
    rows = world.history.tables["sale"]
    rows = marked(rows.mutate(sale_id=line_id(rows, "sale")), "sale_id", SALE_ALIKE)
    rows = with_org(rows, "supplier_name", "supplier_org_id", "sale_id")
    rows = with_org(rows, "customer_name", "customer_org_id", "sale_id")
    return rows.mutate(
        currency=ibis.literal(POUNDS),
        vat_basis=ibis.literal("unknown"),
    )


def _parties(rows: Rows, line: str, *sides: tuple[str, str]) -> list[Rows]:
    """(name, role, line) of each side of the rows that has a name; a side is (column of the name, role)."""
    found = [
        rows.select(name=rows[name], roles=ibis.literal(role), line=rows[line] + "|" + name) for name, role in sides
    ]
    return [each.filter(each.name.notnull()) for each in found]


def bodies(world: World) -> Rows:
    """name, roles, body_key, org_id, seq: the bodies that sales name. `seq` comes before that of any notice."""
    named = _parties(world["sale"], "sale_id", ("supplier_name", "supplier"), ("customer_name", "buyer"))
    rows = ibis.union(*named)
    rows = rows.mutate(body_key=name_key(rows, rows.line)).select("name", "roles", "body_key").distinct()
    place = ibis.row_number().over(ibis.window(order_by=["name", "roles", "body_key"]))
    return rows.mutate(org_id=org_id(rows.body_key, ibis.null("string")), seq=-1 - place.cast("int64"))


def with_bodies(known: Rows, more: Rows) -> Rows:
    """The party statements of notices, and after them those of `bodies` in the same columns."""
    types = known.schema()
    columns = {name: more[name] if name in more.columns else ibis.null(types[name]) for name in known.columns}
    return known.union(more.select(**columns))


def totals(world: World) -> Rows:
    """Rows of PAYMENT_TOTAL."""
    sold = world["sale"].select(
        "publisher", "currency", "amount", "possible_duplicate", kind=ibis.literal("sale"), date="month"
    )
    rows = sold.mutate(publisher=sold.publisher.fill_null(""), currency=sold.currency.fill_null(""))
    once, credit = ~rows.possible_duplicate, rows.amount < 0
    return rows.group_by("kind", "publisher", "currency").agg(
        lines=rows.count(),
        without_amount=rows.amount.isnull().sum(),
        without_date=rows.date.isnull().sum(),
        duplicates=rows.possible_duplicate.sum(),
        credits=credit.sum().fill_null(0),
        amount=rows.amount.sum(),
        amount_once=rows.amount.sum(where=once),
        credit_amount=rows.amount.sum(where=credit),
        first_date=rows.date.min(),
        last_date=rows.date.max(),
    )
