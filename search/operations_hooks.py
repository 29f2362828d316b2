"""The page of operations in the menu and under the addresses of the desk; imported by SearchConfig.ready."""

from django.contrib.auth.models import Permission
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search import operations_views as views
from search.models import MaintenanceRun


class _StatusItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(views.PERMISSION)


@hooks.register("register_admin_urls")
def addresses():
    kinds = [
        path(f"search-status/{kind}/", views.maintain, {"kind": kind}, name=f"search_{kind}")
        for kind in MaintenanceRun.Kind.values
    ]
    return [path("search-status/", views.status, name="search_status"), *kinds]


@hooks.register("register_reports_menu_item")
def menu_item():
    return _StatusItem("检索状态", reverse("search_status"), name="search-status", icon_name="search", order=900)


@hooks.register("register_permissions")
def permissions():
    return Permission.objects.filter(content_type__app_label="search", codename="operate_search")
