from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "content.releases"
    verbose_name = "新闻稿"
