"""URLs of the home, search, record, comparison and citation pages."""

from django.urls import path

from website.catalogue import citation_views, compare_page, home, search_page, views
from website.common.record_urls import KIND_BY_PATH

urlpatterns = [
    path("", home.show_home_page, name="home"),
    path("search/", search_page.show_search_results, name="search"),
    path("search.csv", search_page.download_search_csv, name="search-csv"),
    path("find/", views.redirect_to_record, name="find"),
    path("compare/", compare_page.show_comparison, name="compare"),
    path("cite/", citation_views.cite_figure, name="cite"),
    path("cite/<str:snapshot>/<str:short>/", citation_views.show_citation, name="citation"),
    *(path(f"{place}/<path:ident>", views.show_record, {"place": place}, name=place) for place in KIND_BY_PATH),
]
