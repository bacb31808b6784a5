"""Every address of the site."""

from django.urls import include, path

from website.common import component_gallery, views

urlpatterns = [
    path("", include("website.catalogue.urls")),
    path("", include("website.data_quality.urls")),
    path("", include("website.api.urls")),
    path("design/", component_gallery.show, name="design"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
handler400 = "website.common.views.bad_request"
handler403 = "website.common.views.not_allowed"
handler404 = "website.common.views.not_found"
handler500 = "website.common.views.went_wrong"
