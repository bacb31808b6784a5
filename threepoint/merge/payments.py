"""Money beside the notices: payments, sales, their sums, and plans to buy.

Every line is kept; those that look alike are marked, never dropped (decision 17).
"""

from collections.abc import Iterable

import ibis
from ibis import Table as Rows

from threepoint.merge import delivery
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.organisations import WITHHELD_NAME_PATTERN, build_name_key, build_org_id
from threepoint.merge.table_columns import conform_to_table
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.standard.tables_delivery import SPEND

LINE_ID_HASH_CHARS = 12  # characters of a file's sha256 in the address of one of its lines
LIST_CURRENCY = "GBP"
PLAN_CPV_DIGITS = (7, 8)  # of a code as plans give it: the last one of each plan is cut short
# What makes two lines of sales alike: every column of the file but the number of the line.
SALE_DUPLICATE_COLUMNS = (
    "framework", "lot", "supplier_name", "customer_name", "month", "description", "amount", "sector", "supplier_size",
)  # fmt: skip

# What makes two payments alike (standard.md G, without the line, which no list numbers). Payments without a number are
# alike where payer and amount are.
SPEND_DUPLICATE_COLUMNS = ("publisher", "payer_or_file", "transaction_no", "amount", "currency")


def build_line_id(rows: Rows, kind: str) -> ibis.Value:
    """The address of a line of a file: what it is, its file and its row."""
    return ibis.literal(f"{kind}-") + rows.source_id.left(LINE_ID_HASH_CHARS) + "-" + rows.row_number.cast("string")


def add_org_id_by_name(rows: Rows, name: str, made: str, line: str) -> Rows:
    """`rows` and a column `made`: the organisation that the published `name` stands for; null where there is no name."""
    named = rows.mutate(name=rows[name])
    found = build_org_id(build_name_key(named, named[line] + "|" + name), ibis.null("string"))
    return named.mutate(**{made: named.name.notnull().ifelse(found, ibis.null("string"))}).drop("name")


def derive_name_states(rows: Rows, *names: str) -> dict[str, ibis.Value]:
    """`…_state` of each published name: withheld where the publisher put a word such as "redacted" in its place."""
    return {
        f"{name}_state": ibis.cases(
            (rows[name].isnull(), "not_reported"),
            (rows[name].re_search(WITHHELD_NAME_PATTERN), "withheld_other"),
            else_="observed",
        )
        for name in names
    }


def mark_duplicates(rows: Rows, line: str, alike: Iterable[str]) -> Rows:
    """`rows` with possible_duplicate and duplicate_of: of lines with an amount and equal in `alike`, all but the first.

    Whether a publisher repeats a line or paid twice cannot be told, so all of them are kept.
    """
    window = ibis.window(group_by=list(alike), order_by=["source_id", "row_number"])
    rows = rows.mutate(nth=ibis.row_number().over(window), first_line=rows[line].first().over(window))
    again = (rows.nth > 0) & rows.amount.notnull()
    return rows.mutate(possible_duplicate=again, duplicate_of=again.ifelse(rows.first_line, ibis.null("string")))


def build_notice_payments(world: MergeContext) -> Rows:
    """Rows of SPEND: payments that contract notices give."""
    rows = delivery.select_notice_payments(world)
    publisher = world["stages"].select("ocid", publisher="publisher")
    rows = rows.left_join(publisher, "ocid", rname="{name}_stage")
    rows = rows.mutate(possible_duplicate=ibis.literal(value=False), transaction_no="transaction_id")
    stated = derive_name_states(rows, "payer_name", "payee_name")
    stated |= {f"{name}_state": rows[name].notnull().ifelse("observed", "not_reported") for name in ("date", "amount")}
    return conform_to_table(rows.mutate(**stated), SPEND)


def build_listed_payments(world: MergeContext) -> Rows:
    """Rows of SPEND: payments of lists over £25,000."""
    rows = world.history.tables["spend_line"].rename(transaction_no="transaction_number", payee_name="supplier_name")
    payer = rows.payer_name.fill_null(rows.payer_code).fill_null(rows.payer_family)
    rows = rows.mutate(payer=payer, payer_or_file=payer.fill_null(rows.source_id), spend_id=build_line_id(rows, "pay"))
    rows = mark_duplicates(rows, "spend_id", SPEND_DUPLICATE_COLUMNS).drop("payer_name").rename(payer_name="payer")
    rows = add_org_id_by_name(rows, "payer_name", "payer_org_id", "spend_id")
    rows = add_org_id_by_name(rows, "payee_name", "payee_org_id", "spend_id")
    told = {"vat_basis": "unknown", "feed": "25k", "link_method": "no link"}
    stated = derive_name_states(rows, "payer_name", "payee_name")
    return conform_to_table(rows.mutate(**stated, **{name: ibis.literal(word) for name, word in told.items()}), SPEND)


def build_sales(world: MergeContext) -> Rows:
    """Rows of SALES."""
    rows = world.history.tables["sale"]
    rows = mark_duplicates(rows.mutate(sale_id=build_line_id(rows, "sale")), "sale_id", SALE_DUPLICATE_COLUMNS)
    rows = add_org_id_by_name(rows, "supplier_name", "supplier_org_id", "sale_id")
    rows = add_org_id_by_name(rows, "customer_name", "customer_org_id", "sale_id")
    stated = derive_name_states(rows, "supplier_name", "customer_name")
    return rows.mutate(**stated, currency=ibis.literal(LIST_CURRENCY), vat_basis=ibis.literal("unknown"))


def build_plans(world: MergeContext) -> Rows:
    """Rows of PLANS."""
    rows = world.history.tables["pipeline_entry"]
    rows = add_org_id_by_name(rows.mutate(entry_id=build_line_id(rows, "plan")), "body_name", "body_org_id", "entry_id")
    values = world["pipeline_value"]
    sums = values.group_by("entry_id").agg(years_total=_cast_to_money(values.amount.sum()), years=values.amount.count())
    rows = rows.left_join(sums, "entry_id", rname="{name}_sum")
    return rows.mutate(years=rows.years.fill_null(0), currency=ibis.literal(LIST_CURRENCY))


def build_plan_values(world: MergeContext) -> Rows:
    """Rows of PLAN_VALUE."""
    rows = world.history.tables["pipeline_value"]
    return rows.mutate(entry_id=build_line_id(rows, "plan"))


def build_plan_codes(world: MergeContext) -> Rows:
    """Rows of PLAN_CPV."""
    rows = world.history.tables["pipeline_entry"]
    stated = rows.filter(rows.cpv.notnull())
    codes = stated.select(entry_id=build_line_id(stated, "plan"), code=stated.cpv.split("; ").unnest()).distinct()
    known = world["register_entry"].filter(lambda row: row.register == "cpv")
    begins = ibis.union(*[known.select(code=known.code.left(n), full=known.code, name="name") for n in PLAN_CPV_DIGITS])
    only = begins.group_by("code").agg(full_code=begins.full.min(), name=begins.name.min(), n=begins.count())
    rows = codes.left_join(only.filter(only.n == 1).drop("n"), "code", rname="{name}_known")
    return rows.mutate(is_whole=rows.code.length() == max(PLAN_CPV_DIGITS))


def build_register_entries(world: MergeContext) -> Rows:
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


def _select_named_parties(rows: Rows, line: str, *sides: tuple[str, str]) -> list[Rows]:
    """(name, role, line) of each side of the rows that has a name; a side is (column of the name, role)."""
    found = [
        rows.select(name=rows[name], roles=ibis.literal(role), line=rows[line] + "|" + name) for name, role in sides
    ]
    return [each.filter(each.name.notnull()) for each in found]


def list_listed_organisations(world: MergeContext) -> Rows:
    """name, roles, body_key, org_id, seq, and ocid, null: the bodies that lists name. `seq` is before that of any notice."""
    sold = _select_named_parties(world["sale"], "sale_id", ("supplier_name", "supplier"), ("customer_name", "buyer"))
    paid = world["listed_spend"]
    planned = _select_named_parties(world["pipeline_entry"], "entry_id", ("body_name", "buyer"))
    rows = ibis.union(
        *sold, *planned, *_select_named_parties(paid, "spend_id", ("payee_name", "supplier"), ("payer_name", "buyer"))
    )
    rows = rows.mutate(body_key=build_name_key(rows, rows.line)).select("name", "roles", "body_key").distinct()
    place = ibis.row_number().over(ibis.window(order_by=["name", "roles", "body_key"]))
    return rows.mutate(
        org_id=build_org_id(rows.body_key, ibis.null("string")), seq=-1 - place.cast("int64"), ocid=ibis.null("string")
    )


def sum_payments(world: MergeContext) -> Rows:
    """Rows of PAYMENT_TOTAL, from all sales and all payments, those of notices and those of lists."""
    names = ("publisher", "currency", "amount", "possible_duplicate")
    sold = world["sale"].select(*names, kind=ibis.literal("sale"), date="month")
    rows = sold.union(world["spend"].select(*names, kind="feed", date="date"))
    rows = rows.mutate(publisher=rows.publisher.fill_null(UNNAMED_PUBLISHER), currency=rows.currency.fill_null(""))
    once, credit = ~rows.possible_duplicate, rows.amount < 0
    return rows.group_by("kind", "publisher", "currency").agg(
        lines=rows.count(),
        without_amount=rows.amount.isnull().sum(),
        without_date=rows.date.isnull().sum(),
        duplicates=rows.possible_duplicate.sum(),
        credits=credit.sum().fill_null(0),
        amount=_cast_to_money(rows.amount.sum()),
        amount_once=_cast_to_money(rows.amount.sum(where=once)),
        credit_amount=_cast_to_money(rows.amount.sum(where=credit)),
        first_date=rows.date.min(),
        last_date=rows.date.max(),
    )


def _cast_to_money(amount: ibis.Value) -> ibis.Value:
    """A sum as money; null where it is too large for it, which only absurd amounts make it."""
    return amount.try_cast("decimal(18,2)")
