"""Subjects with their keywords, kept by the site manager under «设置»."""

from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.taxonomy.models import Subject


class SubjectViewSet(SnippetViewSet):
    model = Subject
    icon = "tag"
    menu_label = "主题"
    menu_order = 350
    add_to_settings_menu = True
    list_display = ["name", BooleanColumn("is_core", label="重点", sort_key="is_core"), "keywords"]
    list_per_page = 50
    ordering = ["sort_order", "name"]
    search_fields = ["name", "keywords"]


register_snippet(SubjectViewSet)
