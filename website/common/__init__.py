"""Code that all apps share: audit log, request ids in logs, health checks, error pages and access to the current snapshot."""
