from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "content.demo"
    verbose_name = "演示数据"
