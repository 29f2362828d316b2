"""Search on the editors' desk: synonyms in the menu «检索», the searches that found nothing among the reports."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet, SnippetViewSetGroup

from search.missed import settle
from search.missed_report import MAY_SETTLE, MissedSearchesView, SettleView
from search.models import SynonymGroup


class CreateSynonymView(CreateView):
    """Begins with the words of the address, where it is opened from a search that found nothing."""

    def get_initial_form_instance(self):
        return SynonymGroup(words=self.request.GET.get("words", "").replace("\x00", "")[:200])


class SynonymViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "link"
    menu_label = "同义词"
    add_view_class = CreateSynonymView
    list_display = [
        "words",
        BooleanColumn("one_way", label="单向", sort_key="one_way"),
        BooleanColumn("active", label="启用", sort_key="active"),
        UpdatedAtColumn(),
    ]
    list_filter = ["active", "one_way"]
    list_per_page = 50
    ordering = ["words"]
    search_fields = ["words"]
    panels = [FieldPanel("words"), FieldPanel("one_way"), FieldPanel("active")]


class SearchMenu(SnippetViewSetGroup):
    menu_label = "检索"
    menu_icon = "search"
    menu_order = 320
    items = (SynonymViewSet,)


register_snippet(SearchMenu)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def settle_missed(request, instance):
    """What became a synonym has been handled."""
    if isinstance(instance, SynonymGroup):
        settle(instance)


@hooks.register("register_admin_urls")
def register_missed_urls():
    return [
        path("reports/missed-searches/", MissedSearchesView.as_view(), name="search_missed"),
        path(
            "reports/missed-searches/results/",
            MissedSearchesView.as_view(results_only=True),
            name="search_missed_results",
        ),
        path("reports/missed-searches/<int:pk>/", SettleView.as_view(), name="search_settle_missed"),
    ]


class MissedMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(MAY_SETTLE)


@hooks.register("register_reports_menu_item")
def register_missed_menu_item():
    return MissedMenuItem(
        "没找到的检索", reverse("search_missed"), name="missed-searches", icon_name="search", order=800
    )
