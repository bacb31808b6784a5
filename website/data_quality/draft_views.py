"""Check before you publish: check an uploaded draft without storing it."""

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

MAX_UPLOAD_BYTES = 10_000_000
MAX_PASTED_BYTES = 2_000_000  # pasted text is held in memory
MAX_FORM_OVERHEAD_BYTES = 100_000  # of a form in addition to the file: the token and the headers of the parts
MAX_QUOTED_LINE_CHARACTERS = 200
MAX_DRAINED_BYTES = 50_000_000  # read and discarded, because a browser shows no answer before it has sent everything
_FORM_LIMITS = {"max_upload_mb": MAX_UPLOAD_BYTES // 10**6, "max_pasted_mb": MAX_PASTED_BYTES // 10**6}


# `_handle_submission` checks the token, after the length is known: Django reads the whole body to find the token.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_draft_check(request: HttpRequest) -> HttpResponse:
    """Show the form, or the report on the draft that was sent."""
    if _read_content_length(request) > MAX_UPLOAD_BYTES + MAX_FORM_OVERHEAD_BYTES:
        _drain_request_body(request)
        return _render_form(request, _("The file must be %(max_upload_mb)dMB or smaller.") % _FORM_LIMITS, 413)
    try:
        return _handle_submission(request)
    except RequestDataTooBig:
        return _render_form(request, _("The text is too long to paste. Send it as a file."), 413)


@csrf_protect
def _handle_submission(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _render_form(request)
    text = request.POST.get("text", "")
    file = request.FILES.get("file")
    if not file and not text.strip():
        return _render_form(request, _("Paste a notice or choose a file."), 422, text)
    if file and (file.size or 0) > MAX_UPLOAD_BYTES:
        return _render_form(request, _("The file must be %(max_upload_mb)dMB or smaller.") % _FORM_LIMITS, 413, text)
    chunks: Iterable[bytes] = file.chunks() if file else [text.encode("utf-8", "replace")]
    try:
        check = draft_check.check_upload(chunks)
    except draft_check.DraftCheckFailed as error:
        return _render_form(request, _explain_failed_check(str(error)), 503 if str(error) == "busy" else 422, text)
    return _render_report(request, check, text)


def _render_report(request: HttpRequest, check: dict[str, Any], text: str) -> HttpResponse:
    problem = draft_report.explain_unreadable_draft(check)
    if problem:
        return _render_form(request, problem + _describe_stop_line(draft_report.find_stop_byte(check), text), 422, text)
    context = {**_FORM_LIMITS, "answer": draft_report.build_draft_report(check), "typed": text}
    return render(request, "data_quality/check_answer.html", context)


def _describe_stop_line(byte: int | None, text: str) -> str:
    """Return the number and content of the line that contains a byte; empty if the byte is not known."""
    before = text.encode("utf-8", "replace")[:byte] if byte else b""
    if not before:
        return ""
    index, lines = before.count(b"\n"), text.splitlines()
    line = lines[index].strip() if index < len(lines) else ""
    return " " + _("Line %(line)d: %(content)s") % {"line": index + 1, "content": line[:MAX_QUOTED_LINE_CHARACTERS]}


def _render_form(request: HttpRequest, problem: str = "", status: int = 200, text: str = "") -> HttpResponse:
    context = {
        **_FORM_LIMITS,
        "error": problem,
        "typed": text,
    }
    return render(request, "data_quality/check.html", context, status=status)


def _explain_failed_check(reason: str) -> str:
    return {
        "busy": _("Another notice is being checked. Send yours again in a minute."),
        "slow": _("This took longer than a minute, so we stopped. Send fewer notices at a time."),
    }.get(
        reason, _("We could not check this: it needs more memory than a check may use. Send fewer notices at a time.")
    )


def _read_content_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


def _drain_request_body(request: HttpRequest) -> None:
    """Read and discard the request body. A body above `MAX_DRAINED_BYTES` still ends in a broken connection."""
    remaining = min(_read_content_length(request), MAX_DRAINED_BYTES)
    while remaining > 0 and (chunk := request.read(min(remaining, 1 << 20))):
        remaining -= len(chunk)
