"""The site's own settings, for this machine alone, with its data in a folder that goes, and files under their plain names."""

import os
import tempfile

os.environ["THREEPOINT_SITE_LOCAL"] = "1"
os.environ["THREEPOINT_SITE_SECRET"] = "not a secret: tests sign with it"
os.environ.pop("THREEPOINT_SITE_HOSTS", None)
os.environ.setdefault("THREEPOINT_SITE_DATA", tempfile.mkdtemp(prefix="threepoint-site-"))

from website.settings import *  # noqa: F403  # they read the environment when imported

STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing here is kept
