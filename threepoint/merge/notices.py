"""Notices: what kind each release is, and the stage it puts its process in, told from the notice type, not from tags.

Transparency and dynamic-market notices carry the tags award and contract though nothing was awarded (QUIRKS 5).
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.ocds_merge import History
from threepoint.standard.code_lists import NOTICE_TYPES

# What a notice is called where the publisher gives no notice type, by OCDS document type.
NOTICE_NAME_BY_DOCUMENT_TYPE = {
    "plannedProcurementNotice": "Planned procurement notice",
    "marketEngagementNotice": "Early engagement notice",
    "tenderNotice": "Tender notice",
    "awardNotice": "Award notice",
    "contractNotice": "Contract notice",
    "tenderCancellationNotice": "Cancellation notice",
    "contractTerminationNotice": "Termination notice",
    "implementationNotice": "Performance notice",
}

# Stage by tag, furthest first: the first pattern that the tags match.
TAG_STAGES = (
    ("contractTermination", "ended"),
    ("Cancellation", "cancelled"),
    ("contract|implementation", "contract"),
    ("award", "award"),
    ("tender", "tender"),
    ("planning", "planning"),
)

RANK_BY_STAGE = {"planning": 0, "tender": 1, "cancelled": 2, "award": 3, "contract": 4, "ended": 5}


def build_notices(history: History) -> Rows:
    """Rows of NOTICE, with `release_key` and `at`; valid_to is the date of the process's next notice."""
    rows = history.tables["release"].join(history.releases.select("release_key", "at"), "release_key")
    told = _find_notice_details(history)
    rows = rows.left_join(told, "release_key").drop("release_key_right")
    kinds = [(rows.notice_type == code, words) for code, (words, _) in NOTICE_TYPES.items()]
    others = [(rows.document_type == code, words) for code, words in NOTICE_NAME_BY_DOCUMENT_TYPE.items()]
    after = ibis.window(group_by="ocid", order_by=rows["at"])
    return rows.mutate(
        notice_id=rows.told_id.fill_null(rows.release_id),
        words=ibis.cases(*kinds, *others, else_="Notice"),
        stage=_derive_stage(rows),
        valid_to=rows.date.lead().over(after),
    )


def _find_notice_details(history: History) -> Rows:
    documents = history.tables["document"].join(
        history.tables["release"].select("release_key", "release_id"), "release_key"
    )
    named = documents.filter(
        documents.notice_type.notnull() | documents.document_type.isin(list(NOTICE_NAME_BY_DOCUMENT_TYPE))
    )
    own = (named.document_id == named.release_id).ifelse(1, 0)
    order = own * 10_000_000 + (named.date_published - ibis.date(1970, 1, 1)).cast("int64").fill_null(0)
    named = named.mutate(order=order * DOCUMENT_PLACES_PER_DATE + named.place)
    return named.group_by("release_key").agg(
        notice_type=named.notice_type.argmax(named.order, where=named.notice_type.notnull()),
        document_type=named.document_type.argmax(named.order),
        told_id=named.document_id.argmax(named.order, where=named.notice_type.notnull()),
        url=named.url.argmax(named.order, where=named.url.notnull()),
    )


DOCUMENT_PLACES_PER_DATE = 1 << 20  # order of documents of one date within a release


def _derive_stage(rows: Rows) -> ibis.Value:
    by_type = [(rows.notice_type == code, stage) for code, (_, stage) in NOTICE_TYPES.items()]
    by_tag = [(rows.tag.re_search(pattern), stage) for pattern, stage in TAG_STAGES]
    return ibis.cases(*by_type, *by_tag, else_="planning")


def summarise_notices(found: Rows) -> Rows:
    """One row per process: stage (the furthest any notice reached), counts and dates of notices, publisher, Act or not."""
    rank = ibis.cases(*[(found.stage == stage, place) for stage, place in RANK_BY_STAGE.items()], else_=0)
    rows = found.mutate(rank=rank)
    return rows.group_by("ocid").agg(
        stage=rows.stage.argmax(rows["rank"]),
        notices=rows.count(),
        first_published=rows.date.min(),
        last_published=rows.date.max(),
        publisher=rows.publisher.argmax(rows["at"]),
        publisher_group=rows.publisher_group.argmax(rows["at"]),
        under_act=rows.notice_type.notnull().max(),
        compiled_only=(rows.kind != "release").min(),
        engaged=rows.date.min(where=(rows.notice_type == "UK2") | (rows.document_type == "marketEngagementNotice")),
        tendered=rows.date.min(where=(rows.notice_type == "UK4") | (rows.document_type == "tenderNotice")),
    )
