"""The portal's start page."""

from content.core.models import ContentPage


class HomePage(ContentPage):
    """Start page: the public face for outside readers, the day's work for staff."""

    max_count = 1

    class Meta:
        verbose_name = "首页"
