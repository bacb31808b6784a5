"""Models of this app, imported here because Django looks for them here."""

from website.common.audit_log import AuditEvent

__all__ = ["AuditEvent"]
