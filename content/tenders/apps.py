from django.apps import AppConfig


class TendersConfig(AppConfig):
    name = "content.tenders"
    verbose_name = "招标信息"
