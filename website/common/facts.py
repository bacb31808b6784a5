"""The one read-only door to the current snapshot."""

from django.conf import settings
from django.utils.translation import gettext as _


def ready() -> str:
    """Empty when there is a snapshot to read; else what to do about it."""
    if (settings.STORE / "current" / "manifest.json").is_file():
        return ""
    return _("There is no snapshot to read yet. Run: threepoint load FILE, then: threepoint build")
