"""The chooser for people: a select of the whole company would be too long, and names alone may be equal."""

from django.contrib.auth import get_user_model
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    CreationFormMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet


class BaseUserChooseView(BaseChooseView):
    per_page = 20
    ordering = ["name", "pk"]

    def get_object_list(self):
        return get_user_model().objects.filter(is_active=True)

    @property
    def columns(self):
        return [
            *super().columns,
            Column("employee_number", label="工号", accessor="employee_number"),
            Column("username", label="用户名", accessor="username"),
        ]


class UserChooseView(ChooseViewMixin, CreationFormMixin, BaseUserChooseView):
    pass


class UserChooseResultsView(ChooseResultsViewMixin, CreationFormMixin, BaseUserChooseView):
    pass


class UserChooserViewSet(ChooserViewSet):
    model = "users.User"
    icon = "user"
    choose_one_text = "选择人员"
    choose_another_text = "换一位"
    edit_item_text = "编辑此人"
    page_title = "选择人员"
    choose_view_class = UserChooseView
    choose_results_view_class = UserChooseResultsView


user_chooser_viewset = UserChooserViewSet("user_chooser")
