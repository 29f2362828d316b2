"""The «检索» menu of the editors' desk: synonyms."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search.models import SynonymGroup


class SynonymViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "link"
    menu_label = "同义词"
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
