"""Addresses of what is found and read."""

from django.urls import path

from website.catalogue import cite, views

PLACES = "processes|contracts|awards|organisations|projects|payments|sales|plans"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search.csv", views.search_csv, name="search-csv"),
    path("find/", views.find, name="find"),
    path("compare/", views.compare, name="compare"),
    path("cite/", cite.ask, name="cite"),
    path("cite/<str:snapshot>/<str:short>/", cite.show, name="citation"),
    *(path(f"{place}/<path:ident>", views.record, {"place": place}, name=place) for place in PLACES.split("|")),
]
