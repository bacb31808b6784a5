"""The audit log: who did what, when. Rows are only ever added.

An action calls `record` inside its own transaction, so that what was refused leaves no line, and nothing done lacks one.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models, transaction


class AppendOnlyError(Exception):
    """Someone tried to change or to remove a line of the audit log."""


class AuditEventQuerySet(models.QuerySet):
    """Lines of the log, for reading."""

    def _refuse(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("a line of the audit log is neither changed nor removed")

    update = delete = bulk_update = _refuse


class AuditEvent(models.Model):
    """One thing that was done.

    PROTECT, not SET_NULL: deleting a person must not change what the log says. Someone who asks to be forgotten has their
    name and email emptied, and keeps the row that the log points to. `person` is empty where the site acted by itself, or for someone
    who is not signed in.
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
            raise AppendOnlyError("a line of the audit log is never changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("a line of the audit log is never removed")


def record_event(what: str, by: Any, **about: Any) -> AuditEvent:
    """Add a line, within the transaction of what it records. `by` is a Person, or None: the site itself, or someone
    who is not signed in."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record belongs inside the transaction of what it records")
    return AuditEvent.objects.create(what=what, person=by, about=about)
