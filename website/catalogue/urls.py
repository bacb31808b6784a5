"""Addresses of what is found and read."""

from django.urls import path

from website.catalogue import cite, front, results, sides, views
from website.common.addresses import KINDS

urlpatterns = [
    path("", front.home, name="home"),
    path("search/", results.search, name="search"),
    path("search.csv", results.search_csv, name="search-csv"),
    path("find/", views.find, name="find"),
    path("compare/", sides.show, name="compare"),
    path("cite/", cite.ask, name="cite"),
    path("cite/<str:snapshot>/<str:short>/", cite.show, name="citation"),
    *(path(f"{place}/<path:ident>", views.record, {"place": place}, name=place) for place in KINDS),
]
