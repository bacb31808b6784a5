"""URLs of the site."""

from django.urls import include, path

from website.common import component_gallery, views

urlpatterns = [
    path("", include("website.catalogue.urls")),
    path("", include("website.data_quality.urls")),
    path("", include("website.api.urls")),
    path("design/", component_gallery.show_gallery, name="design"),
    path("healthz", views.report_health, name="healthz"),
    path("readyz", views.report_readiness, name="readyz"),
]
handler400 = "website.common.views.bad_request"
handler403 = "website.common.views.permission_denied"
handler404 = "website.common.views.page_not_found"
handler500 = "website.common.views.server_error"
