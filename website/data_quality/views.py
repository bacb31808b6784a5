"""How figures are worked out, and what readers should know of this site."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from threepoint.presentation import formatting
from threepoint.standard.code_lists import TECHNOLOGY_CPV
from threepoint.standard.field_states import STATES
from website.common import value_display
from website.common.components import Column


def method(request):
    """How figures are worked out, and what they do not say."""
    rows = ((state.words, f"{formatting.capital(state.meaning)}. {_counted(state)}") for state in STATES.values())
    columns = (Column(_("State")), Column(_("What it means, and in the coverage grade")))
    states = value_display.make_table(_("States of a value"), columns, rows)
    return render(
        request,
        "data_quality/method.html",
        {"states": states, "docs": settings.DOCS, "technology": TECHNOLOGY_CPV.items()},
    )


def _counted(state):
    if not state.due:
        return _("Not counted.")
    return _("Counted as there.") if state.filled else _("Counted as missing.")


def accessibility(request):
    """Who can use this site, how that was tested, and how to say where it fails."""
    return render(request, "data_quality/accessibility.html", {"contact": settings.CONTACT})


def privacy(request):
    """What is kept about readers and about the people in notices."""
    return render(request, "data_quality/privacy.html", {"contact": settings.CONTACT})
