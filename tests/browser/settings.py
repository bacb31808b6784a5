"""The site as it runs, with addresses besides that fail, so that the pages for it can be looked at."""

from website.settings import *  # noqa: F403  # Django reads settings by name

ROOT_URLCONF = "tests.browser.urls"
