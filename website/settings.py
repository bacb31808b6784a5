"""Settings from the environment. Defaults are safe: no debug mode, cookies over TLS only, no content from other sites.

THREEPOINT_SITE_SECRET     signs sessions; required unless THREEPOINT_SITE_LOCAL=1
THREEPOINT_SITE_HOSTS      host names that the site answers to, separated by commas
THREEPOINT_SITE_LOCAL      1: serve this machine only, over plain HTTP; `threepoint serve` sets it
DATABASE_URL               PostgreSQL as postgres://…; default: SQLite in THREEPOINT_SITE_DATA
THREEPOINT_SITE_DATA       folder for the site's own data; default: ./site-data
THREEPOINT_STORE           the store; default: ./store
THREEPOINT_SITE_CONTACT    contact address for readers, shown unchanged; without it the pages say that there is none
THREEPOINT_SITE_DOWNLOADS  folder with the output of `threepoint publish`, one package a folder; default: the store's published/
THREEPOINT_SITE_API_RATE   API requests that each process allows one reader a minute; 0: no limit; default: 300
THREEPOINT_SITE_PROXIES    number of proxies in front of the site, each adding to X-Forwarded-For; 0: the header is not read
THREEPOINT_SITE_DOCS       URL of the published folder docs/, ending in /; without it pages name the files
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
    SECRET_KEY = secrets.token_urlsafe(50)  # sessions end with the process, which does not matter on one machine
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("THREEPOINT_SITE_HOSTS", default=LOOPBACK if LOCAL else [])
if LOCAL and not set(ALLOWED_HOSTS) <= set(LOOPBACK):
    raise ImproperlyConfigured(
        "THREEPOINT_SITE_LOCAL is for this machine only: unset it, or unset THREEPOINT_SITE_HOSTS"
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
    # Adds padding to compressed responses, so that their length does not leak secrets.
    "website.common.security_headers.CompressionMiddleware",
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

# WAL mode lets readers work while one process writes; IMMEDIATE makes a second writer wait instead of failing halfway.
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
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # each action opens its own transaction
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the memory of each process. Rate limits have a cache of their own, because cached pages would evict their counts.
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

# ---------------------------------------------------------------------------------------------- headers and cookies

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
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # the proxy requests them over plain HTTP
SECURE_PROXY_SSL_HEADER = None if LOCAL else ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set or drop it
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL  # so the site needs a domain with no other subdomains
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "website.common.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# ---------------------------------------------------------------------------------------------- language, files, logs

LANGUAGE_CODE = "en-gb"
# A language without a translation must not be listed: screen readers would announce it.
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# File names contain a hash of the content, so browsers may cache them for ever. `python -m website` copies the files here.
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
        "django.request": {"level": "ERROR"},  # `website.requests` already logs each page not found
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anyone may send any host name, at any rate
    },
}
