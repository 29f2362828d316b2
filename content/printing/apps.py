from django.apps import AppConfig
from django.core.checks import register


class PrintingConfig(AppConfig):
    name = "content.printing"
    verbose_name = "打印"

    def ready(self):
        from django.db.models.signals import post_delete
        from wagtail.signals import page_published, page_unpublished

        from content.printing import checks, signals

        register(checks.check_engine)
        page_published.connect(signals.make_on_publish, dispatch_uid="printing.make")
        page_unpublished.connect(signals.forget_on_unpublish, dispatch_uid="printing.forget")
        post_delete.connect(signals.forget_on_delete, dispatch_uid="printing.forget_deleted")
