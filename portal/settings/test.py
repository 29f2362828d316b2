"""Tests: real database, real search engine, real files in a scratch folder; tasks run at once; mail is collected."""

import os

from .base import *  # noqa: F403 (settings are layered by star import, Django's own convention)
from .base import INSTALLED_APPS, VAR_DIR

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
# Each test process has files of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
MEDIA_ROOT = VAR_DIR / f"test-media-{_worker}"
ELASTICSEARCH_URL = ""  # tests of the server engine name their server themselves
SEARCH_INDEX_DIR = VAR_DIR / f"test-search-{_worker}"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Content types that exist only in tests (the simplest page and snippet under sign-off).
INSTALLED_APPS = [*INSTALLED_APPS, "tests.papers"]
