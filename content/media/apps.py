from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "content.media"
    verbose_name = "媒体库"
