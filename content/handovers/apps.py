from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "content.handovers"
    verbose_name = "交接"

    def ready(self) -> None:
        from content.handovers.models import MANAGERS
        from content.organization.audience import register_permission

        register_permission(MANAGERS)
