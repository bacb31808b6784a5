"""How figures are worked out, and what readers should know of this site."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from threepoint.standard import words
from threepoint.standard.codes import TECHNOLOGY_CPV
from threepoint.standard.states import STATES
from website.common import presenter
from website.common.parts import Column


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
