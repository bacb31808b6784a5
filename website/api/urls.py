"""URLs of this app."""

from django.urls import path

from website.api import problems, views
from website.api.v1 import api


def endpoint_not_found(request, rest=""):
    return problems.build_problem_response(404)


urlpatterns = [
    path("api/", views.show_api_guide, name="api"),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", endpoint_not_found),
    path("downloads/", views.show_downloads, name="downloads"),
    path("downloads/<str:package>/<path:path>", views.send_download, name="download"),
]
