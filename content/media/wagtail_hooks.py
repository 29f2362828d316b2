"""Files of the media library are not open to everybody who knows their address; pages on their text."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from content.media import text_views
from content.media.readers import ask_who_reads

hooks.register("before_serve_document", ask_who_reads)


class _TextsItem(MenuItem):
    def is_shown(self, request) -> bool:
        return text_views.may_look(request.user)


@hooks.register("register_admin_urls")
def addresses():
    return [
        path("document-texts/", text_views.texts, name="media_texts"),
        path("document-texts/<int:pk>/", text_views.text, name="media_text"),
        path("document-texts/<int:pk>/again/", text_views.read_again, name="media_text_again"),
    ]


@hooks.register("register_reports_menu_item")
def menu_item():
    return _TextsItem(
        "文件的文字", reverse("media_texts"), name="document-texts", icon_name="doc-full-inverse", order=910
    )
