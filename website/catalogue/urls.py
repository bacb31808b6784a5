"""Addresses of what is found and read."""

from django.urls import path

from website.catalogue import citation_views, compare_page, home, search_page, views
from website.common.record_urls import KINDS

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search_page.search, name="search"),
    path("search.csv", search_page.search_csv, name="search-csv"),
    path("find/", views.find, name="find"),
    path("compare/", compare_page.show, name="compare"),
    path("cite/", citation_views.ask, name="cite"),
    path("cite/<str:snapshot>/<str:short>/", citation_views.show, name="citation"),
    *(path(f"{place}/<path:ident>", views.record, {"place": place}, name=place) for place in KINDS),
]
