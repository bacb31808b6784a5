"""The site's own settings, for this machine alone, with no folder of its own data and files under their plain names."""

import os
import tempfile
from pathlib import Path

NOWHERE = Path(tempfile.gettempdir()) / "threepoint-site-not-made"  # tests keep their rows in memory

os.environ["THREEPOINT_SITE_LOCAL"] = "1"
os.environ["THREEPOINT_SITE_SECRET"] = "not a secret: tests sign with it"
os.environ["THREEPOINT_SITE_DATA"] = str(NOWHERE)
os.environ.pop("THREEPOINT_SITE_HOSTS", None)

from website import settings as site  # noqa: E402  # they read the environment when imported
from website.settings import *  # noqa: E402, F403  # Django reads settings by name

MIDDLEWARE = [name for name in site.MIDDLEWARE if "whitenoise" not in name]  # only tests in a browser fetch files
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STORE = NOWHERE
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing here is kept
API_RATE = 0  # a test of the limit sets its own
