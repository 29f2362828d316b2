from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "content.printing"
    verbose_name = "打印"
