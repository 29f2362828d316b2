"""All runs, for site managers: read only, filtered, exported as a spreadsheet."""

from django.core.exceptions import PermissionDenied
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from content.approvals.models import Run
from content.approvals.notices import run_url
from content.approvals.subjects import manages_routes


class RunFilter(WagtailFilterSet):
    class Meta:
        model = Run
        fields = ["state", "route", "drafter"]


class RunReportView(ReportView):
    """The list; a title leads to the run on the portal."""

    model = Run
    page_title = "签批记录"
    header_icon = "tasks"
    filterset_class = RunFilter
    index_url_name = "approvals_runs"
    index_results_url_name = "approvals_runs_results"
    is_searchable = False
    default_ordering = "-started_at"
    columns = [
        TitleColumn("title", label="标题", get_url=run_url, sort_key="title"),
        Column("get_state_display", label="状态", sort_key="state"),
        Column("route", label="路线"),
        Column("drafter", label="起草人"),
        Column("round", label="第几次提交"),
        Column("started_at", label="提交时间", sort_key="started_at"),
        Column("finished_at", label="结束时间"),
        Column("note", label="说明"),
    ]
    list_export = ["title", "get_state_display", "route", "drafter", "round", "started_at", "finished_at", "note"]
    export_headings = {
        "title": "标题", "get_state_display": "状态", "route": "路线", "drafter": "起草人", "round": "第几次提交",
        "started_at": "提交时间", "finished_at": "结束时间", "note": "说明",
    }  # fmt: skip

    def dispatch(self, request, *args, **kwargs):
        if not manages_routes(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return Run.objects.select_related("route", "drafter", "content_type")
