"""Addresses of this app."""

from django.urls import path

from website.api import problems, views
from website.api.v1 import api


def nothing(request, rest=""):
    """Below the API's address, where no endpoint is."""
    return problems.answer(404)


urlpatterns = [
    path("api/", views.about, name="api"),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", nothing),
    path("downloads/", views.downloads_page, name="downloads"),
    path("downloads/<str:package>/<path:path>", views.download, name="download"),
]
