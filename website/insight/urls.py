"""Addresses of this app."""

from django.urls import path

from website.insight import check, views

urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/<path:publisher>/", views.gap, name="gap"),
    path("changes/", views.unannounced, name="changes"),
    path("check/", check.show, name="check"),
    path("method/", views.method, name="method"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
