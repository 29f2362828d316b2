"""The «组织» menu of the admin: units, posts, holdings, indicators, role descriptions."""

from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from content.organization.models import Holding, Indicator, Post, RoleDescriptionPage, Unit, WorkingDay


class UnitViewSet(SnippetViewSet):
    model = Unit
    icon = "site"
    menu_label = "单位"
    list_display = ["name", "code", Column("kind", label="性质", accessor="get_kind_display"), "parent"]
    list_filter = ["kind", "parent"]
    list_per_page = 50
    ordering = ["sort_order", "pk"]

    def get_queryset(self, request):
        return Unit.objects.select_related("parent")


class PostViewSet(SnippetViewSet):
    model = Post
    icon = "group"
    menu_label = "岗位"
    list_display = ["title", "code", "unit", "superior", "headcount"]
    list_filter = ["unit", "groups"]
    list_per_page = 50
    ordering = ["unit__sort_order", "sort_order", "pk"]

    def get_queryset(self, request):
        return Post.objects.select_related("unit", "superior__unit")


class HoldingViewSet(SnippetViewSet):
    model = Holding
    icon = "user"
    menu_label = "任职"
    list_display = [
        "user",
        "post",
        Column("kind", label="方式", accessor="get_kind_display", sort_key="kind"),
        "since",
        "until",
    ]
    list_filter = {"post__unit": ["exact"], "kind": ["exact"], "since": ["gte"], "until": ["lte"]}
    list_per_page = 50
    ordering = ["-since", "-pk"]

    def get_queryset(self, request):
        return Holding.objects.select_related("post__unit", "user")


class IndicatorViewSet(SnippetViewSet):
    model = Indicator
    icon = "tick-inverse"
    menu_label = "考核指标"
    list_display = ["name", "explanation"]
    list_per_page = 50
    ordering = ["sort_order", "pk"]


class WorkingDayViewSet(SnippetViewSet):
    model = WorkingDay
    icon = "calendar-alt"
    menu_label = "放假与调休"
    list_display = ["date", "name", Column("works", label="上班", accessor=lambda day: "上班" if day.works else "放假")]
    list_filter = ["works"]
    list_per_page = 100
    search_backend_name = None
    search_fields = ["name"]
    ordering = ["-date"]


class RoleDescriptionListingViewSet(PageListingViewSet):
    model = RoleDescriptionPage
    icon = "doc-full"
    menu_label = "岗位说明书"
    add_to_admin_menu = False


class OrganizationGroup(SnippetViewSetGroup):
    menu_label = "组织"
    menu_icon = "group"
    menu_order = 300
    items = (
        UnitViewSet,
        PostViewSet,
        HoldingViewSet,
        IndicatorViewSet,
        WorkingDayViewSet,
        RoleDescriptionListingViewSet("role_descriptions"),
    )


register_snippet(OrganizationGroup)
