from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Wiring and operating commands; nothing imports this package."""

    name = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from portal import admin_words

        admin_words.translate()
