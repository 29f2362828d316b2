from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "content.approvals"
    verbose_name = "签批"

    def ready(self) -> None:
        from django.apps import apps
        from wagtail.permissions import register_permission_policy

        from content.approvals import guard, signals

        guard.connect()
        signals.connect()
        for model in apps.get_models():
            if issubclass(model, guard.SignOffSnippetMixin):
                register_permission_policy(model, guard.SignOffPolicy(model))
