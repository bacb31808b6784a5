"""Checks of everything that one publisher published: shares that are implausible in real data."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.check.joins import left_join_unique, select_publishers

MIN_ROWS_FOR_RARE_SHARES = 1000  # 0.1% of fewer rows is less than one row. Pelican's own minimum for buyers
MIN_ROWS_FOR_SHARES = 100  # among fewer rows, a single one moves a share by more than 1%

# Codes that should occur, but not always: counted column -> (label in messages, Pelican's check, codes).
_EXPECTED_CODES = {
    "tender_status": ("processes with a status", "Tender status distribution", ("active", "complete")),
    "award_status": ("awards with a status", "Award status distribution", ("active",)),
    "contract_status": ("contracts with a status", "Contract status distribution", ("active", "terminated")),
    "method": ("processes with a method", "Procurement method distribution", ("open",)),
}
# Counted column -> (label in messages, Pelican's name).
_AMOUNT_KINDS = {
    "estimate": ("estimates", "Tender value"),
    "award_value": ("values of awards", "Awards value"),
    "contract_value": ("values of contracts", "Contracts value"),
}


def build_dataset_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return one row per publisher: counts of what it published, by kind. The subject is the publisher's name."""
    processes = tables["contracting_process"]
    awards = tables["award"].filter(~is_true(tables["award"].superseded_award))
    awards = left_join_unique(
        awards.select("ocid", "status", "value_net", "currency"), select_publishers(tables), "ocid"
    )
    contracts = left_join_unique(
        tables["contract"].select("ocid", "status", "value_net", "currency"), select_publishers(tables), "ocid"
    )
    rows = processes.select("publisher", subject_id="publisher", currency=ibis.literal("GBP")).distinct()
    rows = left_join_unique(rows, _count_codes_and_titles(processes, awards, contracts), "publisher")
    return left_join_unique(rows, _count_repeated_amounts(processes, awards, contracts), "publisher")


def _count_codes_and_titles(processes: Rows, awards: Rows, contracts: Rows) -> Rows:
    """Return, by publisher, counts of codes, buyers and titles."""
    rows = ibis.union(
        _select_texts(processes, "tender_status", "status"),
        _select_texts(processes, "method", "method"),
        _select_texts(processes, "category", "category"),
        _select_texts(processes, "buyer", "buyer_org_id"),
        _select_texts(processes, "title", "title"),
        _select_texts(awards, "award_status", "status"),
        _select_texts(contracts, "contract_status", "status"),
    )
    rows = rows.group_by("publisher", "what", "value").agg(n=rows.count())
    counts = {
        f"{kind}_n": rows.n.sum(where=rows.what == kind) for kind in (*_EXPECTED_CODES, "buyer", "category", "title")
    }
    codes = {
        f"{name}_{code}": rows.n.sum(where=(rows.what == name) & (rows.value == code)).fill_null(0)
        for name, (_, _, expected_codes) in _EXPECTED_CODES.items()
        for code in expected_codes
    }
    is_buyer, is_category, is_title = (rows.what == kind for kind in ("buyer", "category", "title"))
    return rows.group_by("publisher").agg(
        **counts,
        **codes,
        buyers=rows.n.count(where=is_buyer),
        buyers_once=rows.n.count(where=is_buyer & (rows.n == 1)),
        buyer_most=rows.n.max(where=is_buyer),
        category_most=rows.n.max(where=is_category),
        title_shared=rows.n.sum(where=is_title & (rows.n > 1)).fill_null(0),
    )


def _select_texts(rows: Rows, kind: str, name: str) -> Rows:
    filled = rows.filter(rows[name].notnull())
    return filled.select("publisher", what=ibis.literal(kind), value=filled[name])


def _count_repeated_amounts(processes: Rows, awards: Rows, contracts: Rows) -> Rows:
    """Return, by publisher and kind of amount: the number of amounts, and how many are among the three most repeated."""
    amounts = ibis.union(
        _select_amounts(processes, "estimate", "estimate_net"),
        _select_amounts(awards, "award_value", "value_net"),
        _select_amounts(contracts, "contract_value", "value_net"),
    )
    counts = amounts.group_by("publisher", "what", "amount", "currency").agg(n=amounts.count())
    repeated = counts.filter(counts.n > 1)
    rank = ibis.row_number().over(ibis.window(group_by=[repeated.publisher, repeated.what], order_by=repeated.n.desc()))
    top_three = repeated.mutate(place=rank).filter(lambda row: row.place < 3)
    totals = {f"{name}_n": counts.n.sum(where=counts.what == name) for name in _AMOUNT_KINDS}
    top_sums = {f"{name}_three": top_three.n.sum(where=top_three.what == name) for name in _AMOUNT_KINDS}
    return left_join_unique(
        counts.group_by("publisher").agg(**totals), top_three.group_by("publisher").agg(**top_sums), "publisher"
    )


def _select_amounts(rows: Rows, kind: str, name: str) -> Rows:
    filled = rows.filter(rows[name].notnull())
    return filled.select("publisher", "currency", what=ibis.literal(kind), amount=filled[name])


def _is_share_extreme(part: Any, whole: Any) -> Any:
    return (part * 1000 < whole) | (part * 100 > whole * 99)


def _make_code_check(name: str, label: str, source: str, code: str) -> Check:
    return Check(
        id=f"dat-{name.replace('_', '-')}-{code}",
        severity="warn",
        subject="dataset",
        meaning=f"Of a publisher's {label}, between 0.1% and 99% are “{code}” (from {MIN_ROWS_FOR_RARE_SHARES:,} on).",
        says=f"Of {{{name}_n}} {label}, {{{name}_{code}}} are “{code}”, which is not between 0.1% and 99%.",
        source=f"Pelican: {source} (ours: the minimum number)",
        fails=lambda d: check_only_if(
            d[f"{name}_n"] >= MIN_ROWS_FOR_RARE_SHARES, _is_share_extreme(d[f"{name}_{code}"], d[f"{name}_n"])
        ),
    )


def _make_repetition_check(name: str, label: str, source: str) -> Check:
    return Check(
        id=f"dat-{name.replace('_', '-')}-repeats",
        severity="warn",
        subject="dataset",
        meaning=f"The three most frequent {label} of a publisher make up less than 10% of all (from {MIN_ROWS_FOR_SHARES} on).",
        says=f"The three most frequent {label} make up {{{name}_three}} of {{{name}_n}}: 10% or more.",
        source=f"Pelican: {source} repetition (ours: the minimum number)",
        fails=lambda d: check_only_if(
            d[f"{name}_n"] >= MIN_ROWS_FOR_SHARES, d[f"{name}_three"].fill_null(0) * 10 >= d[f"{name}_n"]
        ),
    )


DATASET_CHECKS = (
    *[
        _make_code_check(name, label, source, code)
        for name, (label, source, codes) in _EXPECTED_CODES.items()
        for code in codes
    ],
    *[_make_repetition_check(name, *labels) for name, labels in _AMOUNT_KINDS.items()],
    Check(
        id="dat-category",
        severity="warn",
        subject="dataset",
        meaning=f"No one category makes up more than 95% of a publisher's processes (from {MIN_ROWS_FOR_SHARES} on).",
        says="Of {category_n} processes with a category, {category_most} are in the same one: more than 95%.",
        source="Pelican: Main procurement category distribution (ours: the minimum number)",
        fails=lambda d: check_only_if(d.category_n >= MIN_ROWS_FOR_SHARES, d.category_most * 100 > d.category_n * 95),
    ),
    Check(
        id="dat-buyer-once",
        severity="warn",
        subject="dataset",
        meaning=f"Fewer than half of a publisher's buyers have only one process (from {MIN_ROWS_FOR_RARE_SHARES:,} processes on).",
        says="Of {buyers} buyers, {buyers_once} have only one process: half or more, so one buyer may have several ids.",
        source="Pelican: Buyer distribution",
        fails=lambda d: check_only_if(d.buyer_n >= MIN_ROWS_FOR_RARE_SHARES, d.buyers_once * 2 >= d.buyers),
    ),
    Check(
        id="dat-buyer-most",
        severity="warn",
        subject="dataset",
        meaning=f"A publisher's most frequent buyer has between 1% and 50% of the processes (from {MIN_ROWS_FOR_RARE_SHARES:,} on).",
        says="The most frequent buyer has {buyer_most} of {buyer_n} processes, which is not between 1% and 50%.",
        source="Pelican: Buyer repetition",
        fails=lambda d: check_only_if(
            d.buyer_n >= MIN_ROWS_FOR_RARE_SHARES, (d.buyer_most * 100 < d.buyer_n) | (d.buyer_most * 2 > d.buyer_n)
        ),
    ),
    Check(
        id="dat-title",
        severity="info",
        subject="dataset",
        meaning=f"Fewer than 10% of a publisher's processes share their title with another (from {MIN_ROWS_FOR_SHARES} on).",
        says="Of {title_n} titles, {title_shared} occur on more than one process: 10% or more.",
        source="ours, for Pelican: Tender ID is unique (titles replace tender ids, which are not stored)",
        fails=lambda d: check_only_if(d.title_n >= MIN_ROWS_FOR_SHARES, d.title_shared * 10 >= d.title_n),
    ),
)
