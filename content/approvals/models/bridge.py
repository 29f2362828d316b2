"""The bridge between Wagtail's workflow and the engine: one task, approved or rejected once per run."""

from django.db import models
from wagtail.models import Task

from content.approvals.models.routes import Route


class RouteTask(Task):
    """Waits until a Run of the route is decided."""

    route = models.ForeignKey(Route, verbose_name="签批路线", on_delete=models.PROTECT, related_name="tasks")

    admin_form_fields = [*Task.admin_form_fields, "route"]

    class Meta:
        verbose_name = "签批路线任务"
        verbose_name_plural = "签批路线任务"
