"""Addresses of this app."""

from django.urls import path

from website.data_quality import (
    coverage_page,
    draft_views,
    missing_fields_page,
    sources_page,
    unannounced_changes_page,
    views,
)

urlpatterns = [
    path("sources/", sources_page.sources, name="sources"),
    path("coverage/", coverage_page.coverage, name="coverage"),
    path("coverage/<path:publisher>/", missing_fields_page.gap, name="gap"),
    path("changes/", unannounced_changes_page.unannounced, name="changes"),
    path("check/", draft_views.show, name="check"),
    path("method/", views.method, name="method"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
