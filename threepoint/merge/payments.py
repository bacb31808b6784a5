"""Payments, sales, their sums, and plans to buy. Lines that look alike are marked as duplicates, never dropped."""

from collections.abc import Iterable

import ibis
from ibis import Table as Rows

from threepoint.merge import delivery
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.organisations import build_name_key, build_org_id
from threepoint.merge.placeholder_names import is_hidden_name
from threepoint.merge.table_conformance import conform_to_table
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.standard.tables_contracts import SPEND

LINE_ID_HASH_CHARS = 12  # characters of a file's sha256 in the ids of its lines
LIST_CURRENCY = "GBP"
PLAN_CPV_DIGITS = (7, 8)  # the last code of each plan is published with a digit missing
# Two lines of sales are alike if all columns of the file are equal, except the number of the line.
SALE_DUPLICATE_COLUMNS = (
    "framework", "lot", "supplier_name", "customer_name", "month", "description", "amount", "sector", "supplier_size",
)  # fmt: skip

# Two payments are alike if these columns are equal. Payments without a number are alike if payer and amount are equal.
SPEND_DUPLICATE_COLUMNS = ("publisher", "payer_or_file", "transaction_no", "amount", "currency")


def build_line_id(rows: Rows, kind: str) -> ibis.Value:
    """Return the id of a line of a file: its kind, its file and its row."""
    return ibis.literal(f"{kind}-") + rows.source_id.left(LINE_ID_HASH_CHARS) + "-" + rows.row_number.cast("string")


def add_org_id_by_name(rows: Rows, name: str, column: str, line: str) -> Rows:
    """Return `rows` and `column`: the id of the organisation with the published `name`; null if there is no name."""
    with_name = rows.mutate(name=rows[name])
    org_id = build_org_id(build_name_key(with_name, with_name[line] + "|" + name), ibis.null("string"))
    return with_name.mutate(**{column: with_name.name.notnull().ifelse(org_id, ibis.null("string"))}).drop("name")


def derive_name_states(rows: Rows, *names: str) -> dict[str, ibis.Value]:
    """Return `<name>_state` of each published name: withheld if the publisher replaced it with a word like "redacted"."""
    return {
        f"{name}_state": ibis.cases(
            (rows[name].isnull(), "not_reported"),
            (is_hidden_name(rows[name]), "withheld_other"),
            else_="observed",
        )
        for name in names
    }


def mark_duplicates(rows: Rows, line: str, duplicate_columns: Iterable[str]) -> Rows:
    """Return `rows` with possible_duplicate and duplicate_of.

    Of lines that are equal in `duplicate_columns`, all but the first are marked if they have an amount. No line is dropped:
    the data does not say whether the publisher repeated it or paid twice.
    """
    window = ibis.window(group_by=list(duplicate_columns), order_by=["source_id", "row_number"])
    rows = rows.mutate(nth=ibis.row_number().over(window), first_line=rows[line].first().over(window))
    is_duplicate = (rows.nth > 0) & rows.amount.notnull()
    return rows.mutate(
        possible_duplicate=is_duplicate, duplicate_of=is_duplicate.ifelse(rows.first_line, ibis.null("string"))
    )


def build_notice_payments(context: MergeContext) -> Rows:
    """Return rows of SPEND: payments in contract notices."""
    rows = delivery.select_notice_payments(context)
    publishers = context["stages"].select("ocid", publisher="publisher")
    rows = rows.left_join(publishers, "ocid", rname="{name}_stage")
    rows = rows.mutate(possible_duplicate=ibis.literal(value=False), transaction_no="transaction_id")
    states = derive_name_states(rows, "payer_name", "payee_name")
    states |= {f"{name}_state": rows[name].notnull().ifelse("observed", "not_reported") for name in ("date", "amount")}
    return conform_to_table(rows.mutate(**states), SPEND)


def build_listed_payments(context: MergeContext) -> Rows:
    """Return rows of SPEND: payments in lists of payments over £25,000."""
    rows = context.history.tables["spend_line"].rename(transaction_no="transaction_number", payee_name="supplier_name")
    payer = rows.payer_name.fill_null(rows.payer_code).fill_null(rows.payer_family)
    rows = rows.mutate(payer=payer, payer_or_file=payer.fill_null(rows.source_id), spend_id=build_line_id(rows, "pay"))
    rows = mark_duplicates(rows, "spend_id", SPEND_DUPLICATE_COLUMNS).drop("payer_name").rename(payer_name="payer")
    rows = add_org_id_by_name(rows, "payer_name", "payer_org_id", "spend_id")
    rows = add_org_id_by_name(rows, "payee_name", "payee_org_id", "spend_id")
    constants = {"vat_basis": "unknown", "feed": "25k", "link_method": "no link"}
    states = derive_name_states(rows, "payer_name", "payee_name")
    return conform_to_table(
        rows.mutate(**states, **{name: ibis.literal(value) for name, value in constants.items()}), SPEND
    )


def build_sales(context: MergeContext) -> Rows:
    """Return rows of SALE."""
    rows = context.history.tables["sale"]
    rows = mark_duplicates(rows.mutate(sale_id=build_line_id(rows, "sale")), "sale_id", SALE_DUPLICATE_COLUMNS)
    rows = add_org_id_by_name(rows, "supplier_name", "supplier_org_id", "sale_id")
    rows = add_org_id_by_name(rows, "customer_name", "customer_org_id", "sale_id")
    states = derive_name_states(rows, "supplier_name", "customer_name")
    return rows.mutate(**states, currency=ibis.literal(LIST_CURRENCY), vat_basis=ibis.literal("unknown"))


def build_plans(context: MergeContext) -> Rows:
    """Return rows of PIPELINE_ENTRY."""
    rows = context.history.tables["pipeline_entry"]
    rows = add_org_id_by_name(rows.mutate(entry_id=build_line_id(rows, "plan")), "body_name", "body_org_id", "entry_id")
    values = context["pipeline_value"]
    sums = values.group_by("entry_id").agg(years_total=_cast_to_money(values.amount.sum()), years=values.amount.count())
    rows = rows.left_join(sums, "entry_id", rname="{name}_sum")
    return rows.mutate(years=rows.years.fill_null(0), currency=ibis.literal(LIST_CURRENCY))


def build_plan_values(context: MergeContext) -> Rows:
    """Return rows of PIPELINE_VALUE."""
    rows = context.history.tables["pipeline_value"]
    return rows.mutate(entry_id=build_line_id(rows, "plan"))


def build_plan_codes(context: MergeContext) -> Rows:
    """Return rows of PIPELINE_CPV."""
    rows = context.history.tables["pipeline_entry"]
    coded = rows.filter(rows.cpv.notnull())
    codes = coded.select(entry_id=build_line_id(coded, "plan"), code=coded.cpv.split("; ").unnest()).distinct()
    cpv_codes = context["register_entry"].filter(lambda row: row.register == "cpv")
    short_codes = ibis.union(
        *[cpv_codes.select(code=cpv_codes.code.left(n), full=cpv_codes.code, name="name") for n in PLAN_CPV_DIGITS]
    )
    candidates = short_codes.group_by("code").agg(
        full_code=short_codes.full.min(), name=short_codes.name.min(), n=short_codes.count()
    )
    rows = codes.left_join(candidates.filter(candidates.n == 1).drop("n"), "code", rname="{name}_known")
    return rows.mutate(is_whole=rows.code.length() == max(PLAN_CPV_DIGITS))


def build_register_entries(context: MergeContext) -> Rows:
    """Return rows of REGISTER_ENTRY: of several copies the one last updated, then the first by file and row."""
    rows = context.history.tables["register_entry"]
    window = ibis.window(group_by=["register", "code"])
    place = ibis.row_number().over(
        ibis.window(
            group_by=["register", "code"], order_by=[ibis.desc("updated", nulls_first=False), "source_id", "row_number"]
        )
    )
    rows = rows.mutate(nth=place, copies=rows.count().over(window))
    return rows.filter(rows.nth == 0).drop("nth")


def _select_named_parties(rows: Rows, line: str, *sides: tuple[str, str]) -> list[Rows]:
    """Return (name, roles, line) of each named party; a side is (column of the name, role)."""
    parties = [
        rows.select(name=rows[name], roles=ibis.literal(role), line=rows[line] + "|" + name) for name, role in sides
    ]
    return [party.filter(party.name.notnull()) for party in parties]


def list_listed_organisations(context: MergeContext) -> Rows:
    """Return the organisations that lists name: name, roles, body_key, org_id, seq (below that of any notice), null ocid."""
    sale_parties = _select_named_parties(
        context["sale"], "sale_id", ("supplier_name", "supplier"), ("customer_name", "buyer")
    )
    listed_spend = context["listed_spend"]
    plan_parties = _select_named_parties(context["pipeline_entry"], "entry_id", ("body_name", "buyer"))
    rows = ibis.union(
        *sale_parties,
        *plan_parties,
        *_select_named_parties(listed_spend, "spend_id", ("payee_name", "supplier"), ("payer_name", "buyer")),
    )
    rows = rows.mutate(body_key=build_name_key(rows, rows.line)).select("name", "roles", "body_key").distinct()
    place = ibis.row_number().over(ibis.window(order_by=["name", "roles", "body_key"]))
    return rows.mutate(
        org_id=build_org_id(rows.body_key, ibis.null("string")), seq=-1 - place.cast("int64"), ocid=ibis.null("string")
    )


def sum_payments(context: MergeContext) -> Rows:
    """Return rows of PAYMENT_TOTAL, from all sales and all payments in notices and lists."""
    names = ("publisher", "currency", "amount", "possible_duplicate")
    sales = context["sale"].select(*names, kind=ibis.literal("sale"), date="month")
    rows = sales.union(context["spend"].select(*names, kind="feed", date="date"))
    rows = rows.mutate(publisher=rows.publisher.fill_null(UNNAMED_PUBLISHER), currency=rows.currency.fill_null(""))
    is_first, is_credit = ~rows.possible_duplicate, rows.amount < 0
    return rows.group_by("kind", "publisher", "currency").agg(
        lines=rows.count(),
        without_amount=rows.amount.isnull().sum(),
        without_date=rows.date.isnull().sum(),
        duplicates=rows.possible_duplicate.sum(),
        credits=is_credit.sum().fill_null(0),
        amount=_cast_to_money(rows.amount.sum()),
        amount_once=_cast_to_money(rows.amount.sum(where=is_first)),
        credit_amount=_cast_to_money(rows.amount.sum(where=is_credit)),
        first_date=rows.date.min(),
        last_date=rows.date.max(),
    )


def _cast_to_money(amount: ibis.Value) -> ibis.Value:
    """Return a sum as money; null if it is too large, which only absurd amounts cause."""
    return amount.try_cast("decimal(18,2)")
