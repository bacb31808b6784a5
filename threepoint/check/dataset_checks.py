"""Checks of everything that one publisher published: shares that no real world would give."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.check.joins import left_join_unique, select_publishers

MIN_ROWS_FOR_RARE_SHARES = 1000  # subjects: of fewer, 0.1% is less than one. Pelican's own least number for buyers
MIN_ROWS_FOR_SHARES = 100  # subjects: of fewer, a single one moves a share by more than 1%

# Codes that should occur, neither never nor always: what is counted -> (words, Pelican's check, codes).
_EXPECTED_CODES = {
    "tender_status": ("processes with a status", "Tender status distribution", ("active", "complete")),
    "award_status": ("awards with a status", "Award status distribution", ("active",)),
    "contract_status": ("contracts with a status", "Contract status distribution", ("active", "terminated")),
    "method": ("processes with a method", "Procurement method distribution", ("open",)),
}
# What is counted -> (words, what Pelican calls it).
_AMOUNT_KINDS = {
    "estimate": ("estimates", "Tender value"),
    "award_value": ("values of awards", "Awards value"),
    "contract_value": ("values of contracts", "Contracts value"),
}


def build_dataset_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  every subject's rows are made with the same call
    """One row a publisher: counts of what it published, by kind. The subject is the publisher's name."""
    process = tables["contracting_process"]
    award = tables["award"].filter(~is_true(tables["award"].superseded_award))
    award = left_join_unique(award.select("ocid", "status", "value_net", "currency"), select_publishers(tables), "ocid")
    contract = left_join_unique(
        tables["contract"].select("ocid", "status", "value_net", "currency"), select_publishers(tables), "ocid"
    )
    rows = process.select("publisher", subject_id="publisher", currency=ibis.literal("GBP")).distinct()
    rows = left_join_unique(rows, _count_codes_and_titles(process, award, contract), "publisher")
    return left_join_unique(rows, _count_repeated_amounts(process, award, contract), "publisher")


def _count_codes_and_titles(process: Rows, award: Rows, contract: Rows) -> Rows:
    """publisher, and counts of codes, buyers and titles."""
    rows = ibis.union(
        _select_texts(process, "tender_status", "status"),
        _select_texts(process, "method", "method"),
        _select_texts(process, "category", "category"),
        _select_texts(process, "buyer", "buyer_org_id"),
        _select_texts(process, "title", "title"),
        _select_texts(award, "award_status", "status"),
        _select_texts(contract, "contract_status", "status"),
    )
    rows = rows.group_by("publisher", "what", "value").agg(n=rows.count())
    counts = {
        f"{what}_n": rows.n.sum(where=rows.what == what) for what in (*_EXPECTED_CODES, "buyer", "category", "title")
    }
    codes = {
        f"{name}_{code}": rows.n.sum(where=(rows.what == name) & (rows.value == code)).fill_null(0)
        for name, (_, _, found) in _EXPECTED_CODES.items()
        for code in found
    }
    buyer, category, title = (rows.what == what for what in ("buyer", "category", "title"))
    return rows.group_by("publisher").agg(
        **counts,
        **codes,
        buyers=rows.n.count(where=buyer),
        buyers_once=rows.n.count(where=buyer & (rows.n == 1)),
        buyer_most=rows.n.max(where=buyer),
        category_most=rows.n.max(where=category),
        title_shared=rows.n.sum(where=title & (rows.n > 1)).fill_null(0),
    )


def _select_texts(rows: Rows, what: str, name: str) -> Rows:
    kept = rows.filter(rows[name].notnull())
    return kept.select("publisher", what=ibis.literal(what), value=kept[name])


def _count_repeated_amounts(process: Rows, award: Rows, contract: Rows) -> Rows:
    """publisher, and for each kind of amount: how many there are, and how many are the three repeated most often."""
    amounts = ibis.union(
        _select_amounts(process, "estimate", "estimate_net"),
        _select_amounts(award, "award_value", "value_net"),
        _select_amounts(contract, "contract_value", "value_net"),
    )
    each = amounts.group_by("publisher", "what", "amount", "currency").agg(n=amounts.count())
    repeated = each.filter(each.n > 1)
    place = ibis.row_number().over(
        ibis.window(group_by=[repeated.publisher, repeated.what], order_by=repeated.n.desc())
    )
    three = repeated.mutate(place=place).filter(lambda row: row.place < 3)
    counts = {f"{name}_n": each.n.sum(where=each.what == name) for name in _AMOUNT_KINDS}
    most = {f"{name}_three": three.n.sum(where=three.what == name) for name in _AMOUNT_KINDS}
    return left_join_unique(
        each.group_by("publisher").agg(**counts), three.group_by("publisher").agg(**most), "publisher"
    )


def _select_amounts(rows: Rows, what: str, name: str) -> Rows:
    kept = rows.filter(rows[name].notnull())
    return kept.select("publisher", "currency", what=ibis.literal(what), amount=kept[name])


def _is_share_extreme(part: Any, whole: Any) -> Any:
    return (part * 1000 < whole) | (part * 100 > whole * 99)


def _make_code_check(name: str, words: str, source: str, code: str) -> Check:
    return Check(
        id=f"dat-{name.replace('_', '-')}-{code}",
        severity="warn",
        subject="dataset",
        meaning=f"Of a publisher's {words}, between 0.1% and 99% are “{code}” (from {MIN_ROWS_FOR_RARE_SHARES:,} on).",
        says=f"Of {{{name}_n}} {words}, {{{name}_{code}}} are “{code}”, which is not between 0.1% and 99%.",
        source=f"Pelican: {source} (ours: the least number)",
        fails=lambda d: check_only_if(
            d[f"{name}_n"] >= MIN_ROWS_FOR_RARE_SHARES, _is_share_extreme(d[f"{name}_{code}"], d[f"{name}_n"])
        ),
    )


def _make_repetition_check(name: str, words: str, source: str) -> Check:
    return Check(
        id=f"dat-{name.replace('_', '-')}-repeats",
        severity="warn",
        subject="dataset",
        meaning=f"The three most frequent {words} of a publisher make up less than 10% of all (from {MIN_ROWS_FOR_SHARES} on).",
        says=f"The three most frequent {words} make up {{{name}_three}} of {{{name}_n}}: 10% or more.",
        source=f"Pelican: {source} repetition (ours: the least number)",
        fails=lambda d: check_only_if(
            d[f"{name}_n"] >= MIN_ROWS_FOR_SHARES, d[f"{name}_three"].fill_null(0) * 10 >= d[f"{name}_n"]
        ),
    )


DATASET_CHECKS = (
    *[
        _make_code_check(name, words, source, code)
        for name, (words, source, codes) in _EXPECTED_CODES.items()
        for code in codes
    ],
    *[_make_repetition_check(name, *told) for name, told in _AMOUNT_KINDS.items()],
    Check(
        id="dat-category",
        severity="warn",
        subject="dataset",
        meaning=f"No one category makes up more than 95% of a publisher's processes (from {MIN_ROWS_FOR_SHARES} on).",
        says="Of {category_n} processes with a category, {category_most} are in the same one: more than 95%.",
        source="Pelican: Main procurement category distribution (ours: the least number)",
        fails=lambda d: check_only_if(d.category_n >= MIN_ROWS_FOR_SHARES, d.category_most * 100 > d.category_n * 95),
    ),
    Check(
        id="dat-buyer-once",
        severity="warn",
        subject="dataset",
        meaning=f"Fewer than half of a publisher's buyers have only one process (from {MIN_ROWS_FOR_RARE_SHARES:,} processes on).",
        says="Of {buyers} buyers, {buyers_once} have only one process: half or more, so one buyer may stand under many ids.",
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
        says="Of {title_n} titles, {title_shared} stand on more than one process: 10% or more.",
        source="ours, for Pelican: Tender ID is unique (the title tells processes apart; tender ids are not kept)",
        fails=lambda d: check_only_if(d.title_n >= MIN_ROWS_FOR_SHARES, d.title_shared * 10 >= d.title_n),
    ),
)
