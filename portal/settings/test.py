"""Tests: real database, real search engine, real files in a scratch folder; tasks run at once; mail is collected."""

from .base import *  # noqa: F403 (settings are layered by star import, Django's own convention)
from .base import DATABASES, VAR_DIR

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = VAR_DIR / "test-media"
SEARCH_INDEX_DIR = VAR_DIR / "test-search"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, so that --reuse-db keeps it between runs (an in-memory database cannot be kept).
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
