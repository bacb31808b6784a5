"""Addresses of this app."""

from django.urls import path

from website.insight import changes, check, gaps, heat, holdings, views

urlpatterns = [
    path("sources/", holdings.sources, name="sources"),
    path("coverage/", heat.coverage, name="coverage"),
    path("coverage/<path:publisher>/", gaps.gap, name="gap"),
    path("changes/", changes.unannounced, name="changes"),
    path("check/", check.show, name="check"),
    path("method/", views.method, name="method"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
