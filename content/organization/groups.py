"""The standard groups posts bring with them, and how an app grants its rights to one."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

MARKETERS = "市场专员"
INFO_ASSISTANTS = "信息助理"
SIGNERS = "签批人"
SITE_MANAGERS = "站点管理员"
STANDARD_GROUPS = (MARKETERS, INFO_ASSISTANTS, SIGNERS, SITE_MANAGERS)


class UnknownPermission(LookupError):
    """A permission that does not exist, with the name that was asked for."""


def permission(name: str) -> Permission:
    """Return the permission «app.codename»; raises UnknownPermission, so that a typing error shows at set-up."""
    app_label, _, codename = name.partition(".")
    found = Permission.objects.filter(content_type__app_label=app_label, codename=codename).first()
    if found is None:
        raise UnknownPermission(f"没有名为“{name}”的权限：请写成“应用.动作_模型”，例如 tenders.view_tenderprocess。")
    return found


def group_named(group_name: str) -> Group:
    """Return the group, made when missing."""
    return Group.objects.get_or_create(name=group_name)[0]


def grant(group_name: str, *permissions: str) -> Group:
    """Give the group these permissions («app.codename») besides those it has; idempotent."""
    group = group_named(group_name)
    group.permissions.add(*(permission(name) for name in permissions))
    return group


def grant_page(group_name: str, page: Page, permissions: Iterable[str]) -> Group:
    """Let the group «add», «change», «publish», «lock»… the page and all below it; idempotent."""
    group = group_named(group_name)
    for action in permissions:
        GroupPagePermission.objects.get_or_create(
            group=group, page=page, permission=permission(f"wagtailcore.{action.removesuffix('_page')}_page")
        )
    return group


def grant_collection(group_name: str, *permissions: str, collection: Collection | None = None) -> Group:
    """Let the group e.g. «media.add_image» in a collection (the whole library by default); idempotent."""
    group = group_named(group_name)
    collection = collection or Collection.get_first_root_node()
    for name in permissions:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission(name))
    return group
