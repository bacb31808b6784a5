"""The audit log: who did what, and when. Rows are added and never changed.

An action calls `record_event` inside its own transaction, so that the log has every completed action and no failed one.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models, transaction


class AppendOnlyError(Exception):
    """Raised on an attempt to change or delete a row of the audit log."""


class AuditEventQuerySet(models.QuerySet):
    """Read-only queries of the log."""

    def _refuse(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("rows of the audit log cannot be changed or deleted")

    update = delete = bulk_update = _refuse


class AuditEvent(models.Model):
    """One action. `person` is empty for actions of the site itself and of people who are not signed in.

    PROTECT, not SET_NULL: deleting a person must not change the log. To forget a person, empty their name and email, and keep
    the row that the log points to.
    """

    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=100)  # a noun and a verb: idea.voted
    about = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        app_label = "common"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("rows of the audit log cannot be changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("rows of the audit log cannot be deleted")


def record_event(action: str, person: Any, **about: Any) -> AuditEvent:
    """Add a row to the log. Raise `TransactionManagementError` outside the transaction of the action."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("call record_event inside the transaction of the action")
    return AuditEvent.objects.create(what=action, person=person, about=about)
