"""Users in the admin: found and listed by Chinese name and employee number."""

from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column
from wagtail.users.views.users import IndexView as WagtailIndexView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from content.users.forms import UserCreationForm, UserEditForm


class IndexView(WagtailIndexView):
    @cached_property
    def columns(self):
        checkbox, name, username, *others = super().columns
        name.sort_key = "person"
        number = Column("employee_number", label="工号", sort_key="employee_number", width="10%")
        return [checkbox, name, number, username, *others]

    def order_queryset(self, queryset):
        if self.ordering in {"person", "-person"}:
            return queryset.order_by(self.ordering.replace("person", "name"), "pk")
        return super().order_queryset(queryset)


class UserViewSet(WagtailUserViewSet):
    index_view_class = IndexView
    ordering = "username"

    def get_form_class(self, for_update=False):
        return UserEditForm if for_update else UserCreationForm
