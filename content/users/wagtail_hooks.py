"""People are chosen by name or employee number wherever a form asks for one."""

from wagtail import hooks

from content.users.choosing import user_chooser_viewset


@hooks.register("register_admin_viewset")
def register_user_chooser():
    return user_chooser_viewset
