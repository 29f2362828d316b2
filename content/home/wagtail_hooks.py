"""The editors' desk in the portal's colours, with a way back to the portal."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def portal_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("register_admin_menu_item")
def back_to_portal():
    return MenuItem("回到门户", reverse("wagtail_serve", args=[""]), icon_name="home", order=1)
