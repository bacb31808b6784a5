"""Notices: the kind of each release and the stage that its process reached, from the notice type rather than the tags.

Transparency and dynamic-market notices carry the tags award and contract although nothing was awarded.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.ocds_merge import History
from threepoint.standard.code_lists import NOTICE_TYPES

# Notice name by OCDS document type, used if the publisher gives no notice type.
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

# Patterns of tags and their stage, furthest stage first: the first pattern that matches wins.
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
    """Return rows of NOTICE, with `release_key` and `at`; valid_to is the date of the process's next notice."""
    rows = history.tables["release"].join(history.releases.select("release_key", "at"), "release_key")
    details = _find_notice_details(history)
    rows = rows.left_join(details, "release_key").drop("release_key_right")
    names_by_notice_type = [(rows.notice_type == code, name) for code, (name, _) in NOTICE_TYPES.items()]
    names_by_document_type = [(rows.document_type == code, name) for code, name in NOTICE_NAME_BY_DOCUMENT_TYPE.items()]
    process_window = ibis.window(group_by="ocid", order_by=rows["at"])
    return rows.mutate(
        notice_id=rows.stated_id.fill_null(rows.release_id),
        words=ibis.cases(*names_by_notice_type, *names_by_document_type, else_="Notice"),
        stage=_derive_stage(rows),
        valid_to=rows.date.lead().over(process_window),
    )


def _find_notice_details(history: History) -> Rows:
    documents = history.tables["document"].join(
        history.tables["release"].select("release_key", "release_id"), "release_key"
    )
    typed = documents.filter(
        documents.notice_type.notnull() | documents.document_type.isin(list(NOTICE_NAME_BY_DOCUMENT_TYPE))
    )
    is_own = (typed.document_id == typed.release_id).ifelse(1, 0)
    order = is_own * 10_000_000 + (typed.date_published - ibis.date(1970, 1, 1)).cast("int64").fill_null(0)
    typed = typed.mutate(order=order * DOCUMENT_PLACES_PER_DATE + typed.place)
    return typed.group_by("release_key").agg(
        notice_type=typed.notice_type.argmax(typed.order, where=typed.notice_type.notnull()),
        document_type=typed.document_type.argmax(typed.order),
        stated_id=typed.document_id.argmax(typed.order, where=typed.notice_type.notnull()),
        url=typed.url.argmax(typed.order, where=typed.url.notnull()),
    )


# Exceeds the number of documents in a release, so that their date outranks their place.
DOCUMENT_PLACES_PER_DATE = 1 << 20


def _derive_stage(rows: Rows) -> ibis.Value:
    by_type = [(rows.notice_type == code, stage) for code, (_, stage) in NOTICE_TYPES.items()]
    by_tag = [(rows.tag.re_search(pattern), stage) for pattern, stage in TAG_STAGES]
    return ibis.cases(*by_type, *by_tag, else_="planning")


def summarise_notices(notices: Rows) -> Rows:
    """Return one row per process: stage (the furthest of its notices), counts and dates of notices, publisher, under_act."""
    rank = ibis.cases(*[(notices.stage == stage, stage_rank) for stage, stage_rank in RANK_BY_STAGE.items()], else_=0)
    rows = notices.mutate(rank=rank)
    return rows.group_by("ocid").agg(
        stage=rows.stage.argmax(rows["rank"]),
        notices=rows.count(),
        first_published=rows.date.min(),
        last_published=rows.date.max(),
        publisher=rows.publisher.argmax(rows["at"]),
        publisher_group=rows.publisher_group.argmax(rows["at"]),
        under_act=rows.notice_type.notnull().max(),
        compiled_only=(rows.kind != "release").min(),
        cancelled_at=rows["at"].max(where=rows.stage == "cancelled"),
        awarded_at=rows["at"].max(where=rows.stage.isin(["award", "contract", "ended"])),
        engaged_on=rows.published_on.min(
            where=(rows.notice_type == "UK2") | (rows.document_type == "marketEngagementNotice")
        ),
        tendered_on=rows.published_on.min(where=(rows.notice_type == "UK4") | (rows.document_type == "tenderNotice")),
    )
