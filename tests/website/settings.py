"""The site's settings for tests: local mode, no data folder, and static files under their plain names."""

import os
import tempfile
from pathlib import Path

NOWHERE = Path(tempfile.gettempdir()) / "threepoint-site-not-made"  # never created: the test database is in memory

os.environ["THREEPOINT_SITE_LOCAL"] = "1"
os.environ["THREEPOINT_SITE_SECRET"] = "not a secret: only tests use it"
os.environ["THREEPOINT_SITE_DATA"] = str(NOWHERE)
os.environ.pop("THREEPOINT_SITE_HOSTS", None)

from website import settings as site  # noqa: E402  # it reads the environment when imported
from website.settings import *  # noqa: E402, F403  # Django reads settings by name

MIDDLEWARE = [name for name in site.MIDDLEWARE if "whitenoise" not in name]  # only browser tests fetch static files
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STORE = NOWHERE
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, and no password is kept
API_RATE = 0  # tests of the limit set their own
