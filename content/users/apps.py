from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "content.users"
    verbose_name = "用户"
