from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "content.importing"
    verbose_name = "导入"
