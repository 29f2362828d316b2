from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Content types that exist only in tests: a guarded page and a guarded snippet of the simplest kind."""

    name = "tests.papers"
    label = "papers"
