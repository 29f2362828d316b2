from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "content.releases"
    verbose_name = "新闻稿"

    def ready(self) -> None:
        from content.approvals import conditions
        from content.handovers import leavings
        from content.releases import handing_over
        from content.releases.headquarters import CONDITION, CONDITION_LABEL, needs_headquarters

        conditions.register(CONDITION, CONDITION_LABEL, needs_headquarters)
        leavings.register("drafts", "稿件与其他草稿", handing_over.find, handing_over.move)
