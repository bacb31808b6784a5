"""The audit log is only added to, and only together with what it records."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.db.transaction import TransactionManagementError

from website.common.audit_log import AppendOnlyError, AuditEvent, record_event

pytestmark = pytest.mark.django_db


def test_a_line_says_who_did_what_about_what(ann):
    record_event("idea.voted", ann, idea=7)
    assert list(AuditEvent.objects.values_list("person", "what", "about")) == [(ann.pk, "idea.voted", {"idea": 7})]


def test_the_site_itself_is_nobody(db):
    assert record_event("store.rebuilt", None).person is None


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        record_event("idea.voted", None)
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_leaves_no_line():
    with pytest.raises(ZeroDivisionError):
        _vote_and_fail()
    assert AuditEvent.objects.count() == 0


@transaction.atomic
def _vote_and_fail() -> float:
    record_event("idea.voted", None)
    return 1 / 0


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.save(), lambda line: line.delete(), lambda _: AuditEvent.objects.update(what="other"),
        lambda _: AuditEvent.objects.all().delete(), lambda line: AuditEvent.objects.bulk_update([line], ["what"]),
    ],
)  # fmt: skip
def test_a_line_is_neither_changed_nor_removed(change):
    line = record_event("idea.voted", None)
    with pytest.raises(AppendOnlyError):
        change(line)
    assert list(AuditEvent.objects.values_list("what", flat=True)) == ["idea.voted"]


def test_a_person_whom_the_log_names_stays(ann):
    record_event("idea.voted", ann)
    with pytest.raises(ProtectedError):
        ann.delete()
