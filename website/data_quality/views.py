"""Pages with fixed text: method, accessibility statement and privacy."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from threepoint.presentation import formatting
from threepoint.standard.code_lists import TECHNOLOGY_CPV_PREFIXES
from threepoint.standard.value_states import STATE_BY_CODE
from website.common import value_display
from website.common.components import TableColumn


def show_method(request):
    """Show how figures are calculated, and what they do not say."""
    rows = (
        (state.words, f"{formatting.capitalise_text(state.meaning)}. {_describe_grade_effect(state)}")
        for state in STATE_BY_CODE.values()
    )
    columns = (TableColumn(_("State")), TableColumn(_("What it means, and how the coverage grade counts it")))
    states = value_display.make_table(_("States of a value"), columns, rows)
    return render(
        request,
        "data_quality/method.html",
        {"states": states, "docs": settings.DOCS, "technology": TECHNOLOGY_CPV_PREFIXES.items()},
    )


def _describe_grade_effect(state):
    if not state.due:
        return _("Not counted.")
    return _("Counted as published.") if state.filled else _("Counted as missing.")


def show_accessibility(request):
    return render(request, "data_quality/accessibility.html", {"contact": settings.CONTACT})


def show_privacy(request):
    return render(request, "data_quality/privacy.html", {"contact": settings.CONTACT})
