"""The list of searches that found nothing, on the editors' desk."""

import datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.reports import ReportView

from search.models import MissedSearch

MAY_SETTLE = "search.change_missedsearch"


class MissedFilter(WagtailFilterSet):
    class Meta:
        model = MissedSearch
        fields = ["handled", "rights"]


def _day(moment: datetime.datetime) -> str:
    return timezone.localdate(moment).isoformat()


class ActionsColumn(Column):
    """«加为同义词» and «已处理» for one row."""

    cell_template_name = "search/admin/missed_actions.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        if request.user.has_perm("search.add_synonymgroup"):
            words = urlencode({"words": f"{instance.text} = "})
            context["synonym_url"] = f"{reverse('wagtailsnippets_search_synonymgroup:add')}?{words}"
        context["settle_url"] = reverse("search_settle_missed", args=[instance.pk])
        context["request"] = request
        return context


class MissedSearchesView(ReportView):
    """Open ones first, the most wanted on top."""

    model = MissedSearch
    page_title = "没找到的检索"
    header_icon = "search"
    filterset_class = MissedFilter
    index_url_name = "search_missed"
    index_results_url_name = "search_missed_results"
    is_searchable = False
    default_ordering = ("handled", "-nothing", "-last_at")
    columns = [
        Column("text", label="检索词", sort_key="text"),
        Column("get_rights_display", label="检索者", sort_key="rights"),
        Column("nothing", label="一条也没有（次）", sort_key="nothing"),
        Column("partly", label="只找到一部分（次）", sort_key="partly"),
        DateColumn("last_at", label="最近一次", sort_key="last_at"),
        BooleanColumn("handled", label="已处理", sort_key="handled"),
        ActionsColumn("actions", label="操作"),
    ]
    list_export = ["text", "get_rights_display", "nothing", "partly", "first_at", "last_at", "handled"]
    export_headings = {
        "text": "检索词", "get_rights_display": "检索者", "nothing": "一条也没有（次）", "partly": "只找到一部分（次）",
        "first_at": "第一次", "last_at": "最近一次", "handled": "已处理",
    }  # fmt: skip

    custom_field_preprocess = {
        field: dict.fromkeys((ReportView.FORMAT_CSV, ReportView.FORMAT_XLSX), shown)
        for field, shown in (("first_at", _day), ("last_at", _day), ("handled", lambda value: "是" if value else "否"))
    }

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(MAY_SETTLE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return MissedSearch.objects.all()


class SettleView(View):
    """Mark one as handled, or open again."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        if not request.user.has_perm(MAY_SETTLE):
            raise PermissionDenied
        missed = get_object_or_404(MissedSearch, pk=pk)
        missed.handled = request.POST.get("handled") == "1"
        missed.save(update_fields=["handled"])
        messages.success(request, f"“{missed.text}”已标为{'已处理' if missed.handled else '未处理'}。")
        return redirect("search_missed")
