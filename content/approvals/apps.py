from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "content.approvals"
    verbose_name = "签批"

    def ready(self) -> None:
        from django.apps import apps
        from wagtail.permissions import register_permission_policy

        from content.approvals import guard, handing_over, signals
        from content.approvals.draft_readers import reads_draft
        from content.handovers import leavings
        from content.printing.pages import register_draft_reader

        guard.connect()
        signals.connect()
        register_draft_reader(reads_draft)
        for model in apps.get_models():
            if issubclass(model, guard.SignOffSnippetMixin):
                register_permission_policy(model, guard.SignOffPolicy(model))
        leavings.register("papers", "送签的文件", handing_over.find_papers)
        leavings.register("waiting", "待签事项", handing_over.find_waiting)
