"""Health checks for monitoring, and error pages."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from website.common import snapshot_access
from website.common.json_logs import get_request_id

log = logging.getLogger(__name__)
PLAIN_TEXT_MEDIA_TYPE = "text/plain; charset=utf-8"


@never_cache
def report_health(request):
    """Answer 200 while this process runs. Database and snapshot are not checked: a restart would fix neither."""
    return HttpResponse("ok\n", content_type=PLAIN_TEXT_MEDIA_TYPE)


@never_cache
def report_readiness(request):
    """Answer 200 if the site can serve people, otherwise 503 with the problems."""
    problems = [text for text in (_find_database_problem(), snapshot_access.find_snapshot_problem()) if text]
    return HttpResponse(
        "\n".join(problems or ["ready"]) + "\n", content_type=PLAIN_TEXT_MEDIA_TYPE, status=503 if problems else 200
    )


def _find_database_problem() -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM accounts_person LIMIT 1")
    except DatabaseError:
        log.exception("the database cannot be read")
        return _("The site's database cannot be read. Check DATABASE_URL, then run: python -m website manage migrate")
    return ""


def bad_request(request, exception=None):
    return render(request, "400.html", {"request_id": get_request_id()}, status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", {"request_id": get_request_id()}, status=403)


def csrf_failure(request, reason=""):
    """Refuse a form with a missing or old token, usually from a page that was open for a long time."""
    return render(request, "403_csrf.html", {"request_id": get_request_id()}, status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", {"request_id": get_request_id()}, status=404)


def server_error(request):
    """Render the error page without request, database or context processors: any of them may have failed."""
    try:
        page: str = render_to_string("500.html", {"request_id": get_request_id()})
    except Exception:  # the reader must get some page, whatever went wrong
        log.exception("the error page failed too")
        page = _FALLBACK_ERROR_HTML.format(get_request_id())
    return HttpResponse(page, status=500)


_FALLBACK_ERROR_HTML = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Something went wrong – Three Point</title>
<h1>Something went wrong</h1><p>This is our mistake, not yours. Try again in a few minutes.</p>
<p>If you tell us about this, quote: <b>{}</b></p><p><a href="/">Three Point home</a></p></html>
"""
