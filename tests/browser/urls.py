"""The site's URLs, and some that fail on purpose."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.urls import path

from website.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def fail(request):
    raise RuntimeError("on purpose")


def refuse(request):
    raise PermissionDenied


def suspect(request):
    raise SuspiciousOperation


urlpatterns = [*urlpatterns, path("fails", fail), path("refused", refuse), path("suspect", suspect)]
