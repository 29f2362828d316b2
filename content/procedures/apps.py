from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "content.procedures"
    verbose_name = "制度流程"

    def ready(self) -> None:
        from content.handovers import leavings
        from content.procedures import handing_over, signals

        signals.connect()
        leavings.register("cases", "办理事项", handing_over.find_cases, handing_over.move_cases)
        leavings.register("proposals", "提出的修改建议", handing_over.find_proposals)
