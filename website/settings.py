"""Settings, from the environment. What it does not say is safe: no debug, cookies over TLS only, nothing from elsewhere.

THREEPOINT_SITE_SECRET   signs sessions; must be set, but on this machine's own address (THREEPOINT_SITE_LOCAL=1)
THREEPOINT_SITE_HOSTS    names the site answers to, parted by commas
THREEPOINT_SITE_LOCAL    1: on this machine alone, over plain HTTP, as `threepoint serve` sets it
DATABASE_URL             PostgreSQL as postgres://…; else SQLite in THREEPOINT_SITE_DATA
THREEPOINT_SITE_DATA     folder of the site's own data, else ./site-data
THREEPOINT_STORE         the store, else ./store
THREEPOINT_SITE_CONTACT  where readers can write to, shown as it is; else the pages say that there is none
THREEPOINT_SITE_DOWNLOADS  folder of what `threepoint publish` wrote, one package a folder; else the store's published/
THREEPOINT_SITE_API_RATE   requests to the API that one reader has a minute, counted by each process; 0: no limit (300)
THREEPOINT_SITE_PROXIES    how many proxies stand before the site, each adding to X-Forwarded-For; 0: the header is not read
THREEPOINT_SITE_DOCS     where the folder docs/ can be read on the web, ending in /; else pages name its files
"""

import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
LOCAL: bool = env.bool("THREEPOINT_SITE_LOCAL", default=False)
DATA = Path(env.str("THREEPOINT_SITE_DATA", default="site-data"))
CONTACT: str = env.str("THREEPOINT_SITE_CONTACT", default="")
DOCS: str = env.str("THREEPOINT_SITE_DOCS", default="")
STORE = Path(env.str("THREEPOINT_STORE", default="store"))
DOWNLOADS = Path(env.str("THREEPOINT_SITE_DOWNLOADS", default="") or STORE / "published")
API_RATE: int = env.int("THREEPOINT_SITE_API_RATE", default=300)
NINJA_NUM_PROXIES: int = env.int("THREEPOINT_SITE_PROXIES", default=0)

DEBUG = False
SECRET_KEY = env.str("THREEPOINT_SITE_SECRET", default="")
if not SECRET_KEY:
    if not LOCAL:
        raise ImproperlyConfigured("set THREEPOINT_SITE_SECRET to a long random text; it signs people's sessions")
    SECRET_KEY = secrets.token_urlsafe(50)  # sessions end with the process, which on one's own machine is no loss
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("THREEPOINT_SITE_HOSTS", default=LOOPBACK if LOCAL else [])
if LOCAL and not set(ALLOWED_HOSTS) <= set(LOOPBACK):
    raise ImproperlyConfigured(
        "THREEPOINT_SITE_LOCAL is for this machine alone: take it away, or THREEPOINT_SITE_HOSTS"
    )

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "website.common",
    "website.accounts",
    "website.catalogue",
    "website.data_quality",
    "website.api",
]
MIDDLEWARE = [
    "website.common.json_logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "website.common.security_headers.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "website.api.middleware.ApiMiddleware",
    "website.common.security_headers.CompressionMiddleware",  # pads its answers, so that their length does not give secrets away
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "website.common.page_cache.SnapshotNotReadyMiddleware",
]
ROOT_URLCONF = "website.urls"
WSGI_APPLICATION = "website.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "website.common.page_cache.add_snapshot_context",
            ]
        },
    }
]

# Readers and one writer at a time get on in SQLite's WAL mode; IMMEDIATE makes a writer wait instead of failing halfway.
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "site.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    },
}
DATABASES = {"default": env.db("DATABASE_URL") if env.str("DATABASE_URL", default="") else _SQLITE}
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # each action says itself what belongs together
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the memory of each process. What counts a reader's requests stands apart, so that no number of pages pushes it out.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1_000}},
    "limits": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

AUTH_USER_MODEL = "accounts.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ---------------------------------------------------------------------------------------------- what a browser is told

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by what stands before the site, over plain HTTP
SECURE_PROXY_SSL_HEADER = None if LOCAL else ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set or drop it
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL  # so give the site a name with nothing else below it
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "website.common.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# ---------------------------------------------------------------------------------------------- language, files, logs

LANGUAGE_CODE = "en-gb"
LANGUAGES = [
    ("en-gb", "English")
]  # one whose words are not there yet would be announced to screen readers all the same
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# Names hold a hash of what is in the file, so a browser may keep it for ever; `python -m website` copies our few files here.
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "website.common.json_logs.RequestIdFilter"}},
    "formatters": {"lines": {"()": "website.common.json_logs.JsonLogFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},  # a page not found has its line already
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # the same: anyone may send any name, at any rate
    },
}
