from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "content.alerts"
    verbose_name = "保存的检索"

    def ready(self) -> None:
        from content.alerts import handing_over
        from content.alerts.waiting import write_down
        from content.handovers import leavings
        from search.listeners import listen

        listen(write_down)
        leavings.register("searches", "保存的检索", handing_over.find, handing_over.move)
