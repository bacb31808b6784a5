"""Tests of the audit log: rows are only added, and only in the transaction of the action."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.db.transaction import TransactionManagementError

from website.common.audit_log import AppendOnlyError, AuditEvent, record_event

pytestmark = pytest.mark.django_db


def test_record_event_stores_person_action_and_details(ann):
    record_event("idea.voted", ann, idea=7)
    assert list(AuditEvent.objects.values_list("person", "what", "about")) == [(ann.pk, "idea.voted", {"idea": 7})]


def test_record_event_of_site_has_no_person(db):
    assert record_event("store.rebuilt", None).person is None


@pytest.mark.django_db(transaction=True)
def test_record_event_outside_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        record_event("idea.voted", None)
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_record_event_is_rolled_back_with_action():
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
        lambda event: event.save(), lambda event: event.delete(), lambda _: AuditEvent.objects.update(what="other"),
        lambda _: AuditEvent.objects.all().delete(), lambda event: AuditEvent.objects.bulk_update([event], ["what"]),
    ],
)  # fmt: skip
def test_audit_event_cannot_be_changed_or_deleted(change):
    event = record_event("idea.voted", None)
    with pytest.raises(AppendOnlyError):
        change(event)
    assert list(AuditEvent.objects.values_list("what", flat=True)) == ["idea.voted"]


def test_person_in_audit_log_cannot_be_deleted(ann):
    record_event("idea.voted", ann)
    with pytest.raises(ProtectedError):
        ann.delete()
