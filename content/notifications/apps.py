from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "content.notifications"
    verbose_name = "消息"
