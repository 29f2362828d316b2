"""Users in the admin: found and listed by Chinese name and employee number."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column
from wagtail.users.views.users import CreateView as WagtailCreateView
from wagtail.users.views.users import EditView as WagtailEditView
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


class OnlySuperusersMakeSuperusers:
    """Who manages accounts but is no superuser gives nobody, themselves by way of a second account, that right."""

    def get_form(self, *args, **kwargs):
        form = super().get_form(*args, **kwargs)
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
        return form


class CreateView(OnlySuperusersMakeSuperusers, WagtailCreateView):
    pass


class EditView(OnlySuperusersMakeSuperusers, WagtailEditView):
    def dispatch(self, request, *args, **kwargs):
        # Whoever sets a superuser's password is one.
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UserViewSet(WagtailUserViewSet):
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    ordering = "username"

    def get_form_class(self, for_update=False):
        return UserEditForm if for_update else UserCreationForm
