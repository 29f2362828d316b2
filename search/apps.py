from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Engine-neutral search; content apps register what may be found from their own `search.py`."""

    name = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules  # apps must be loaded first

        from search import checks, operations_hooks, signals  # noqa: F401 (checks and hooks register themselves)

        autodiscover_modules("search")
        signals.connect()
