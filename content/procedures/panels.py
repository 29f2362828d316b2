"""What the writer of a procedure sees beside the text: the chart as drawn from the saved steps, and what is missing."""

from wagtail.admin.panels import Panel


class CheckingPanel(Panel):
    """Chart and shortcomings of the text as last saved; says so before the first save."""

    def __init__(self, heading="流程图与检查", **kwargs):
        super().__init__(heading=heading, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "procedures/admin/checking.html"

        def get_context_data(self, parent_context=None):
            context = {**super().get_context_data(parent_context), "saved": self.instance.pk is not None}
            if self.instance.pk is None:
                return context
            # These read the models, and the models carry this panel.
            from content.procedures.chart_svg import chart_of  # noqa: PLC0415
            from content.procedures.checking import shortcomings_of  # noqa: PLC0415
            from content.procedures.snapshots import ProcedureText, snapshot_of  # noqa: PLC0415

            text = ProcedureText(snapshot_of(self.instance))
            return {
                **context,
                "procedure": self.instance,
                "shortcomings": shortcomings_of(self.instance),
                "chart": chart_of(text) if text.steps else "",
            }
