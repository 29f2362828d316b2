from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "content.approvals"
    verbose_name = "签批"
