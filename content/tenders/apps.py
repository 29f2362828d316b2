from django.apps import AppConfig


class TendersConfig(AppConfig):
    name = "content.tenders"
    verbose_name = "招标信息"

    def ready(self):
        from content.organization.audience import register_permission
        from content.tenders import importer  # noqa: F401 (registers the import)
        from content.tenders.access import VIEW

        register_permission(VIEW)
