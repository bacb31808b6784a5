"""URLs of this app."""

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
    path("sources/", sources_page.show_sources, name="sources"),
    path("coverage/", coverage_page.show_coverage, name="coverage"),
    path("coverage/<path:publisher>/", missing_fields_page.show_missing_fields, name="gap"),
    path("changes/", unannounced_changes_page.show_unannounced_changes, name="changes"),
    path("check/", draft_views.show_draft_check, name="check"),
    path("method/", views.show_method, name="method"),
    path("accessibility/", views.show_accessibility, name="accessibility"),
    path("privacy/", views.show_privacy, name="privacy"),
]
