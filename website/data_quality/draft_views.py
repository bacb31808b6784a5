"""Check before you publish: a draft is checked and forgotten."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from website.common import draft_check
from website.data_quality import draft_report

MAX_UPLOAD_BYTES = 10_000_000  # bytes of a file
MAX_PASTED_BYTES = 2_000_000  # bytes of a text, which is held in memory
MAX_FORM_OVERHEAD_BYTES = 100_000  # bytes of a form beside the file: the token and the parts' headings
MAX_QUOTED_LINE_CHARACTERS = 200  # characters of a line that are shown
MAX_DRAINED_BYTES = 50_000_000  # bytes read and forgotten, so that the browser comes to hear the answer


# The token is asked for below, once the length is known: Django would have read all that is sent before it.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_draft_check(request: HttpRequest) -> HttpResponse:
    """The form, and the answer to what was sent."""
    if _read_content_length(request) > MAX_UPLOAD_BYTES + MAX_FORM_OVERHEAD_BYTES:
        _drain_request_body(request)
        return _render_form(request, _("The file is too large."), 413)
    try:
        return _handle_submission(request)
    except RequestDataTooBig:
        return _render_form(request, _("The text is too long to paste."), 413)


@csrf_protect
def _handle_submission(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _render_form(request)
    typed = request.POST.get("text", "")
    file = request.FILES.get("file")
    if not file and not typed.strip():
        return _render_form(request, _("Paste a notice or choose a file."), 422, typed)
    if file and (file.size or 0) > MAX_UPLOAD_BYTES:
        return _render_form(request, _("The file is too large."), 413, typed)
    chunks: Iterable[bytes] = file.chunks() if file else [typed.encode("utf-8", "replace")]
    try:
        told = draft_check.check_upload(chunks)
    except draft_check.DraftCheckFailed as why:
        return _render_form(request, _explain_failed_check(str(why)), 503 if str(why) == "busy" else 422, typed)
    return _render_report(request, told, typed)


def _render_report(request: HttpRequest, told: dict[str, Any], typed: str) -> HttpResponse:
    unread = draft_report.explain_unreadable_draft(told)
    if unread:
        return _render_form(request, unread + _describe_stop_line(draft_report.find_stop_byte(told), typed), 422, typed)
    return render(
        request, "data_quality/check_answer.html", {"answer": draft_report.build_draft_report(told), "typed": typed}
    )


def _describe_stop_line(byte: int | None, typed: str) -> str:
    """Return the line of what was pasted at which reading stopped; empty where that is not known."""
    before = typed.encode("utf-8", "replace")[:byte] if byte else b""
    if not before:
        return ""
    line = before.count(b"\n")
    said = typed.splitlines()[line].strip() if line < len(typed.splitlines()) else ""
    return " " + _("Line %(line)d: %(said)s") % {"line": line + 1, "said": said[:MAX_QUOTED_LINE_CHARACTERS]}


def _render_form(request: HttpRequest, trouble: str = "", status: int = 200, typed: str = "") -> HttpResponse:
    shown = {
        "trouble": trouble,
        "typed": typed,
        "most": MAX_UPLOAD_BYTES // 10**6,
        "most_typed": MAX_PASTED_BYTES // 10**6,
    }
    return render(request, "data_quality/check.html", shown, status=status)


def _explain_failed_check(why: str) -> str:
    return {
        "busy": _("Another notice is being checked. Send yours again in a minute."),
        "slow": _("This took longer than a minute, so we stopped. Send fewer notices at a time."),
    }.get(
        why, _("We could not check this: it asks for more memory than a check may use. Send fewer notices at a time.")
    )


def _read_content_length(request: HttpRequest) -> int:
    sent = request.META.get("CONTENT_LENGTH") or "0"
    return int(sent) if sent.isdigit() else 0


def _drain_request_body(request: HttpRequest) -> None:
    """Reads on without keeping anything; whatever is larger still ends in a broken connection."""
    left = min(_read_content_length(request), MAX_DRAINED_BYTES)
    while left > 0 and (part := request.read(min(left, 1 << 20))):
        left -= len(part)
