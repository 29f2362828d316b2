"""The releases' corner of the editors' desk."""

from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.releases.models import Boilerplate, HeadquartersRule, ReleasePage


class ReleaseIndexView(IndexView):
    """All releases with unit and kind, whatever their place in the tree; no query per row."""

    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("issuer")


class ReleaseListing(PageListingViewSet):
    model = ReleasePage
    menu_label = "新闻稿与软文"
    icon = "doc-full"
    menu_order = 100
    name = "release_listing"
    index_view_class = ReleaseIndexView
    list_filter = ["kind", "issuer", "live"]
    columns = [
        *(column for column in IndexView.base_columns if column.name != "parent"),
        Column("issuer", label="发布单位", width="12%"),
        Column("kind", label="类型", accessor="get_kind_display", width="8%"),
        DateColumn("go_live_at", label="定时发布", width="10%"),
    ]


class BoilerplateViewSet(SnippetViewSet):
    model = Boilerplate
    icon = "clipboard-list"
    menu_label = "公司简介段落"
    list_display = ["title", "unit", BooleanColumn("live", label="已发布", sort_key="live")]
    list_filter = ["unit", "live"]

    def get_queryset(self, request):
        return Boilerplate.objects.select_related("unit")


class HeadquartersRuleViewSet(SnippetViewSet):
    model = HeadquartersRule
    icon = "warning"
    menu_label = "总部确认规则"
    list_display = ["name", "kind", "example", BooleanColumn("active", label="启用", sort_key="active")]
    list_filter = ["kind", "active"]


class ReleasesMenu(ViewSetGroup):
    menu_label = "新闻稿"
    menu_icon = "doc-full"
    menu_order = 110
    items = (ReleaseListing, BoilerplateViewSet, HeadquartersRuleViewSet)


register_snippet(ReleasesMenu)
