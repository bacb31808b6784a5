"""Where Django looks for models; they stand beside what uses them."""

from website.common.audit_log import AuditEvent

__all__ = ["AuditEvent"]
