from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "content.media"
    verbose_name = "媒体库"

    def ready(self) -> None:
        from content.media import signals

        signals.connect()
