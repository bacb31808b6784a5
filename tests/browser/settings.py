"""The site's own settings, with additional URLs that fail, so that tests can open the error pages."""

from website.settings import *  # noqa: F403  # Django reads settings by name

ROOT_URLCONF = "tests.browser.urls"
