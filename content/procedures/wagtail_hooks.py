"""The «制度» menu of the desk: procedures and code series."""

from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.procedures.models import CodeSeries, ProcedurePage


class ProcedureIndexView(IndexView):
    """All procedures with code and owner; no query per row."""

    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("owner_unit", "owner_post__unit")


class ProcedureListing(PageListingViewSet):
    model = ProcedurePage
    menu_label = "制度流程"
    icon = "tasks"
    menu_order = 100
    name = "procedure_listing"
    index_view_class = ProcedureIndexView
    list_filter = ["series", "owner_unit", "live"]
    columns = [
        Column("code", label="代号", width="9%", sort_key="code"),
        *(column for column in IndexView.base_columns if column.name != "parent"),
        Column("owner_unit", label="归口部门", width="12%"),
        Column("owner_post", label="负责岗位", width="14%"),
    ]


class CodeSeriesViewSet(SnippetViewSet):
    model = CodeSeries
    icon = "order"
    menu_label = "代号系列"
    list_display = ["prefix", "name", "next_number"]
    copy_view_enabled = False


class ProceduresMenu(ViewSetGroup):
    menu_label = "制度"
    menu_icon = "tasks"
    menu_order = 120
    items = (ProcedureListing, CodeSeriesViewSet)


register_snippet(ProceduresMenu)
