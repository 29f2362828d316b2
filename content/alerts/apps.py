from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "content.alerts"
    verbose_name = "保存的检索"

    def ready(self) -> None:
        from content.alerts.waiting import write_down
        from search.listeners import listen

        listen(write_down)
