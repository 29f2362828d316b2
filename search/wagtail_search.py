"""Wagtail's search app as this project runs it: its backends and commands, without its own way of following changes."""

from wagtail.search.apps import WagtailSearchAppConfig


class EditorSearchConfig(WagtailSearchAppConfig):
    """Wagtail queues a task for every save and indexes when a worker comes to it; here search.signals and the outbox
    follow every change, in its transaction and at once."""

    default = False

    def ready(self) -> None:
        # Left out on purpose: modelsearch's signal handlers, and the relations to its table of entries, which only
        # its database backends fill.
        pass
