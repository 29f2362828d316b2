"""Wagtail's user administration with the portal's own forms; stands in INSTALLED_APPS in place of «wagtail.users»."""

from wagtail.users.apps import WagtailUsersAppConfig


class UserAdminConfig(WagtailUsersAppConfig):
    user_viewset = "content.users.viewsets.UserViewSet"
