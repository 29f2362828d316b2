from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "content.notifications"
    verbose_name = "消息"

    def ready(self) -> None:
        from content.notifications.search_exports import tell_owner
        from search.export_jobs import when_finished

        when_finished(tell_owner)
