"""What was loaded, how full it is, and what to ask publishers for."""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from threepoint.standard import words
from threepoint.standard.codes import TECHNOLOGY_CPV
from threepoint.standard.forms import PLACES
from threepoint.standard.states import STATES
from website.common import facts, presenter
from website.common.parts import Column
from website.common.snapshots import of_snapshot
from website.insight import changes, gaps, heat, holdings


@of_snapshot
def sources(request):
    """What this snapshot was made from, and what was left out of it."""
    snapshot = facts.current(request)
    return render(request, "insight/sources.html", {"page": holdings.page(snapshot)})


@of_snapshot
def coverage(request):
    """How much of what a comparison needs is published."""
    snapshot = facts.current(request)
    return render(request, "insight/coverage.html", {"page": heat.page(snapshot, request.GET)})


def gap(request, publisher):
    """What one publisher has not reported, with a letter that asks for it."""
    snapshot = facts.current(request)
    if publisher not in facts.coverage(snapshot).groups:
        raise Http404
    return _csv(snapshot, publisher, request.GET) if request.GET.get("form") == "csv" else _gap(request, publisher)


@of_snapshot
def _gap(request, publisher):
    snapshot = facts.current(request)
    page = gaps.page(snapshot, publisher, request.GET, request.build_absolute_uri)
    return render(request, "insight/gap.html", {"page": page})


def _csv(snapshot, publisher, asked):
    place = PLACES.get(asked.get("field", ""))
    if place is None:
        raise Http404
    lines = gaps.csv_lines(snapshot, publisher, place, asked.get("buyer", ""))
    answer = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    name = quote(f"{publisher} {place.code}.csv".replace("/", " "))
    answer["Content-Disposition"] = f"attachment; filename=\"not-reported.csv\"; filename*=UTF-8''{name}"
    return answer


def unannounced(request):
    """What changed without a notice; `form=csv` gives it as a file.

    Not kept like other pages: which snapshots the store keeps changes without a new snapshot.
    """
    snapshot = facts.current(request)
    if request.GET.get("form") != "csv":
        return render(request, "insight/changes.html", {"page": changes.page(snapshot, request.GET)})
    lines = changes.csv_lines(snapshot, request.GET)
    answer = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="changed-without-a-notice.csv"'
    return answer


def method(request):
    """How figures are worked out, and what they do not say."""
    rows = ((state.words, f"{words.capital(state.meaning)}. {_counted(state)}") for state in STATES.values())
    columns = (Column(_("State")), Column(_("What it means, and in the coverage grade")))
    states = presenter.make_table(_("States of a value"), columns, rows)
    return render(
        request, "insight/method.html", {"states": states, "docs": settings.DOCS, "technology": TECHNOLOGY_CPV.items()}
    )


def _counted(state):
    if not state.due:
        return _("Not counted.")
    return _("Counted as there.") if state.filled else _("Counted as missing.")


def accessibility(request):
    """Who can use this site, how that was tested, and how to say where it fails."""
    return render(request, "insight/accessibility.html", {"contact": settings.CONTACT})


def privacy(request):
    """What is kept about readers and about the people in notices."""
    return render(request, "insight/privacy.html", {"contact": settings.CONTACT})
