"""Money beside the notices: payments, sales, their sums, and plans to buy.

Every line is kept; those that look alike are marked, never dropped (decision 17).
"""

from collections.abc import Iterable

import ibis
from ibis import Table as Rows

from threepoint.merge import delivery
from threepoint.merge.merge_context import World
from threepoint.merge.organisations import HIDDEN, name_key, org_id
from threepoint.merge.table_columns import shaped
from threepoint.standard.publishers import NO_NAME
from threepoint.standard.tables_delivery import SPEND

IN_ID = 12  # characters of a file's sha256 in the address of one of its lines
POUNDS = "GBP"
CPV_DIGITS = (7, 8)  # of a code as plans give it: the last one of each plan is cut short
# What makes two lines of sales alike: every column of the file but the number of the line.
SALE_ALIKE = (
    "framework", "lot", "supplier_name", "customer_name", "month", "description", "amount", "sector", "supplier_size",
)  # fmt: skip

# What makes two payments alike (standard.md G, without the line, which no list numbers). Payments without a number are
# alike where payer and amount are.
SPEND_ALIKE = ("publisher", "payer_or_file", "transaction_no", "amount", "currency")


def line_id(rows: Rows, kind: str) -> ibis.Value:
    """The address of a line of a file: what it is, its file and its row."""
    return ibis.literal(f"{kind}-") + rows.source_id.left(IN_ID) + "-" + rows.row_number.cast("string")


def with_org(rows: Rows, name: str, made: str, line: str) -> Rows:
    """`rows` and a column `made`: the organisation that the published `name` stands for; null where there is no name."""
    named = rows.mutate(name=rows[name])
    found = org_id(name_key(named, named[line] + "|" + name), ibis.null("string"))
    return named.mutate(**{made: named.name.notnull().ifelse(found, ibis.null("string"))}).drop("name")


def name_states(rows: Rows, *names: str) -> dict[str, ibis.Value]:
    """`…_state` of each published name: withheld where the publisher put a word such as "redacted" in its place."""
    return {
        f"{name}_state": ibis.cases(
            (rows[name].isnull(), "not_reported"),
            (rows[name].re_search(HIDDEN), "withheld_other"),
            else_="observed",
        )
        for name in names
    }


def marked(rows: Rows, line: str, alike: Iterable[str]) -> Rows:
    """`rows` with possible_duplicate and duplicate_of: of lines with an amount and equal in `alike`, all but the first.

    Whether a publisher repeats a line or paid twice cannot be told, so all of them are kept.
    """
    window = ibis.window(group_by=list(alike), order_by=["source_id", "row_number"])
    rows = rows.mutate(nth=ibis.row_number().over(window), first_line=rows[line].first().over(window))
    again = (rows.nth > 0) & rows.amount.notnull()
    return rows.mutate(possible_duplicate=again, duplicate_of=again.ifelse(rows.first_line, ibis.null("string")))


def notified(world: World) -> Rows:
    """Rows of SPEND: payments that contract notices give."""
    rows = delivery.spend(world)
    publisher = world["stages"].select("ocid", publisher="publisher")
    rows = rows.left_join(publisher, "ocid", rname="{name}_stage")
    rows = rows.mutate(possible_duplicate=ibis.literal(value=False), transaction_no="transaction_id")
    stated = name_states(rows, "payer_name", "payee_name")
    stated |= {f"{name}_state": rows[name].notnull().ifelse("observed", "not_reported") for name in ("date", "amount")}
    return shaped(rows.mutate(**stated), SPEND)


def listed(world: World) -> Rows:
    """Rows of SPEND: payments of lists over £25,000."""
    rows = world.history.tables["spend_line"].rename(transaction_no="transaction_number", payee_name="supplier_name")
    payer = rows.payer_name.fill_null(rows.payer_code).fill_null(rows.payer_family)
    rows = rows.mutate(payer=payer, payer_or_file=payer.fill_null(rows.source_id), spend_id=line_id(rows, "pay"))
    rows = marked(rows, "spend_id", SPEND_ALIKE).drop("payer_name").rename(payer_name="payer")
    rows = with_org(rows, "payer_name", "payer_org_id", "spend_id")
    rows = with_org(rows, "payee_name", "payee_org_id", "spend_id")
    told = {"vat_basis": "unknown", "feed": "25k", "link_method": "no link"}
    stated = name_states(rows, "payer_name", "payee_name")
    return shaped(rows.mutate(**stated, **{name: ibis.literal(word) for name, word in told.items()}), SPEND)


def sales(world: World) -> Rows:
    """Rows of SALES."""
    rows = world.history.tables["sale"]
    rows = marked(rows.mutate(sale_id=line_id(rows, "sale")), "sale_id", SALE_ALIKE)
    rows = with_org(rows, "supplier_name", "supplier_org_id", "sale_id")
    rows = with_org(rows, "customer_name", "customer_org_id", "sale_id")
    stated = name_states(rows, "supplier_name", "customer_name")
    return rows.mutate(**stated, currency=ibis.literal(POUNDS), vat_basis=ibis.literal("unknown"))


def plans(world: World) -> Rows:
    """Rows of PLANS."""
    rows = world.history.tables["pipeline_entry"]
    rows = with_org(rows.mutate(entry_id=line_id(rows, "plan")), "body_name", "body_org_id", "entry_id")
    values = world["pipeline_value"]
    sums = values.group_by("entry_id").agg(years_total=_fitting(values.amount.sum()), years=values.amount.count())
    rows = rows.left_join(sums, "entry_id", rname="{name}_sum")
    return rows.mutate(years=rows.years.fill_null(0), currency=ibis.literal(POUNDS))


def plan_values(world: World) -> Rows:
    """Rows of PLAN_VALUE."""
    rows = world.history.tables["pipeline_value"]
    return rows.mutate(entry_id=line_id(rows, "plan"))


def plan_codes(world: World) -> Rows:
    """Rows of PLAN_CPV."""
    rows = world.history.tables["pipeline_entry"]
    stated = rows.filter(rows.cpv.notnull())
    codes = stated.select(entry_id=line_id(stated, "plan"), code=stated.cpv.split("; ").unnest()).distinct()
    known = world["register_entry"].filter(lambda row: row.register == "cpv")
    begins = ibis.union(*[known.select(code=known.code.left(n), full=known.code, name="name") for n in CPV_DIGITS])
    only = begins.group_by("code").agg(full_code=begins.full.min(), name=begins.name.min(), n=begins.count())
    rows = codes.left_join(only.filter(only.n == 1).drop("n"), "code", rname="{name}_known")
    return rows.mutate(is_whole=rows.code.length() == max(CPV_DIGITS))


def registers(world: World) -> Rows:
    """Rows of REGISTER: of several copies of an entry the one last changed, then the first by file and row."""
    rows = world.history.tables["register_entry"]
    window = ibis.window(group_by=["register", "code"])
    last = ibis.row_number().over(
        ibis.window(
            group_by=["register", "code"], order_by=[ibis.desc("updated", nulls_first=False), "source_id", "row_number"]
        )
    )
    rows = rows.mutate(nth=last, copies=rows.count().over(window))
    return rows.filter(rows.nth == 0).drop("nth")


def _parties(rows: Rows, line: str, *sides: tuple[str, str]) -> list[Rows]:
    """(name, role, line) of each side of the rows that has a name; a side is (column of the name, role)."""
    found = [
        rows.select(name=rows[name], roles=ibis.literal(role), line=rows[line] + "|" + name) for name, role in sides
    ]
    return [each.filter(each.name.notnull()) for each in found]


def bodies(world: World) -> Rows:
    """name, roles, body_key, org_id, seq, and ocid, null: the bodies that lists name. `seq` is before that of any notice."""
    sold = _parties(world["sale"], "sale_id", ("supplier_name", "supplier"), ("customer_name", "buyer"))
    paid = world["listed_spend"]
    planned = _parties(world["pipeline_entry"], "entry_id", ("body_name", "buyer"))
    rows = ibis.union(*sold, *planned, *_parties(paid, "spend_id", ("payee_name", "supplier"), ("payer_name", "buyer")))
    rows = rows.mutate(body_key=name_key(rows, rows.line)).select("name", "roles", "body_key").distinct()
    place = ibis.row_number().over(ibis.window(order_by=["name", "roles", "body_key"]))
    return rows.mutate(
        org_id=org_id(rows.body_key, ibis.null("string")), seq=-1 - place.cast("int64"), ocid=ibis.null("string")
    )


def totals(world: World) -> Rows:
    """Rows of PAYMENT_TOTAL, from all sales and all payments, those of notices and those of lists."""
    names = ("publisher", "currency", "amount", "possible_duplicate")
    sold = world["sale"].select(*names, kind=ibis.literal("sale"), date="month")
    rows = sold.union(world["spend"].select(*names, kind="feed", date="date"))
    rows = rows.mutate(publisher=rows.publisher.fill_null(NO_NAME), currency=rows.currency.fill_null(""))
    once, credit = ~rows.possible_duplicate, rows.amount < 0
    return rows.group_by("kind", "publisher", "currency").agg(
        lines=rows.count(),
        without_amount=rows.amount.isnull().sum(),
        without_date=rows.date.isnull().sum(),
        duplicates=rows.possible_duplicate.sum(),
        credits=credit.sum().fill_null(0),
        amount=_fitting(rows.amount.sum()),
        amount_once=_fitting(rows.amount.sum(where=once)),
        credit_amount=_fitting(rows.amount.sum(where=credit)),
        first_date=rows.date.min(),
        last_date=rows.date.max(),
    )


def _fitting(amount: ibis.Value) -> ibis.Value:
    """A sum as money; null where it is too large for it, which only absurd amounts make it."""
    return amount.try_cast("decimal(18,2)")
