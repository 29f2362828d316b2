"""Divisions are chosen in the admin, not edited: they come from the official list."""

from wagtail import hooks

from content.places.choosing import division_chooser_viewset


@hooks.register("register_admin_viewset")
def register_division_chooser():
    return division_chooser_viewset
