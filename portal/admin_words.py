"""Chinese for the words of Wagtail's admin that no catalogue reaches: fixed in its code, or written to the database.

Called once by PortalConfig.ready(). A word that Wagtail makes translatable one day belongs in portal/locale instead;
tests/portal/test_chinese_screens.py opens the screens and finds what is left.
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import translation
from django.utils.translation import gettext

ACTIONS = {
    "add": "新增",
    "change": "更改",
    "delete": "删除",
    "view": "查看",
    "publish": "发布",
    "lock": "锁定",
    "unlock": "解锁",
    "choose": "选择",
}


def translate() -> None:
    """Give the words their Chinese; names of permissions follow after each migrate."""
    _label_fields()
    _label_columns()
    pre_migrate.connect(_follow_all_others, dispatch_uid="portal.name_permissions")


def _label_fields() -> None:
    from wagtail.admin.forms.workflows import WorkflowContentTypeForm
    from wagtail.contrib.search_promotions.forms import SearchPromotionsFormSet

    WorkflowContentTypeForm.base_fields["content_types"].label = "条目类型"
    # On the form: a name given to the model's field would ask for a migration inside Wagtail.
    SearchPromotionsFormSet.form.base_fields["external_link_text"].label = "外部链接文字"


def _label_columns() -> None:
    from wagtail.admin.views.pages.search import SearchView
    from wagtail.sites.views import IndexView

    SearchView.verbose_name_plural = "页面"
    labels = {"port": "端口", "site_name": "站点名称", "root_page": "根页面"}
    for column in IndexView.columns:
        column.label = labels.get(column.name, column.label)


def _follow_all_others(**kwargs) -> None:
    # Receivers run in the order they were connected; by now every app has connected its own.
    post_migrate.connect(name_permissions, dispatch_uid="portal.name_permissions")


def name_permissions(sender, using=DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Name the permissions in Chinese: Django and Wagtail write «Can add …» into the database when they make them.

    Runs once, after the last app: by then all of them have been made.
    """
    if sender is not list(apps.get_app_configs())[-1]:
        return
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    renamed = []
    with translation.override("zh-hans"):
        for permission in permissions.select_related("content_type"):
            name = _name_of(permission)
            if name != permission.name:
                permission.name = name
                renamed.append(permission)
    permissions.bulk_update(renamed, ["name"])


def _name_of(permission) -> str:
    model = permission.content_type.model_class()
    action, _, rest = permission.codename.partition("_")
    # Names written by hand («Unlock any page») are in the catalogue; only Django's pattern is not.
    if (
        model is None
        or action not in ACTIONS
        or rest != model._meta.model_name
        or not permission.name.startswith("Can ")
    ):
        return gettext(permission.name)
    return f"{ACTIONS[action]}{model._meta.verbose_name}"
