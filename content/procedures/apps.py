from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "content.procedures"
    verbose_name = "制度流程"

    def ready(self) -> None:
        from content.procedures import signals

        signals.connect()
