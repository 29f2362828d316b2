from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "content.core"
    verbose_name = "基础"
