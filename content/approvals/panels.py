"""The editor's view of the run: where the paper stands, who signs, and the way to the path page."""

from wagtail.admin.panels import Panel

from content.approvals import queries, subjects
from content.approvals.models import Run
from content.approvals.notices import path_url
from content.approvals.staffing import Staffing


class SignOffPanel(Panel):
    """Put it among the panels of a guarded page or snippet; it shows nothing before the first save."""

    def __init__(self, heading="签批", **kwargs):
        super().__init__(heading=heading, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "approvals/admin/panel.html"

        def is_shown(self):
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            runs = Run.objects.filter(**subjects.key_of(self.instance)).select_related("drafter", "route")
            run = queries.with_stages(runs.order_by("-started_at", "-pk")).first()
            return {
                **context,
                "run": run,
                "stages": queries.stages(run, Staffing()) if run else [],
                "url": path_url(self.instance),
            }
