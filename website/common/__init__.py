"""What all apps share: the audit log, logs with request ids, health, error pages, and the one door to the current snapshot."""
