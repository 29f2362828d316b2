"""What the writer sees beside the text: which words go to headquarters, and what a good release still lacks."""

from wagtail.admin.panels import Panel

from content.releases.headquarters import findings, summary_of


class HeadquartersPanel(Panel):
    """Findings in the text as it was last saved, each with excerpt and reason; says so when there are none."""

    def __init__(self, heading="总部确认", **kwargs):
        super().__init__(heading=heading, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "releases/panels/headquarters.html"

        def get_context_data(self, parent_context=None):
            saved = self.instance.pk is not None
            found = findings(self.instance) if saved else []
            return {
                **super().get_context_data(parent_context),
                "saved": saved,
                "findings": found,
                "summary": summary_of(found),
                "advice": self.instance.advice() if saved and hasattr(self.instance, "advice") else [],
            }
