"""A project of nothing but modelsearch's own test models, searched through our backend."""

import os
from pathlib import Path

SECRET_KEY = "tests-only"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [
    "modelsearch.test.testapp",
    "modelsearch",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
ROOT_URLCONF = "modelsearch.test.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MODELSEARCH_BACKENDS = {"default": {"BACKEND": "search.admin_backend"}}
SEARCH_INDEX_DIR = Path(os.environ["CONTRACT_INDEX_DIR"])
ELASTICSEARCH_URL = os.environ.get("CONTRACT_ELASTICSEARCH_URL", "")
ELASTICSEARCH_API_KEY = ELASTICSEARCH_CA_CERTS = ""
ELASTICSEARCH_PREFIX = os.environ.get("CONTRACT_ELASTICSEARCH_PREFIX", "")
ELASTICSEARCH_SHARDS = 1
