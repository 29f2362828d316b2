"""The releases' corner of the editors' desk."""

from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.releases.models import Boilerplate, HeadquartersRule, ReleasePage


class ReleaseListing(PageListingViewSet):
    model = ReleasePage
    menu_label = "新闻稿与软文"
    icon = "doc-full"
    menu_order = 100
    name = "release_listing"
    list_filter = ["kind", "issuer", "live"]


class BoilerplateViewSet(SnippetViewSet):
    model = Boilerplate
    icon = "clipboard-list"
    menu_label = "公司简介段落"
    list_display = ["title", "unit", "live"]
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
