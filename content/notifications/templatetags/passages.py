"""Showing a passage with what was found in it."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from content.notifications.passages import to_html

register = template.Library()


@register.filter
def passage(text: str) -> SafeString:
    """The passage of a message with <mark> round what was found."""
    return mark_safe(to_html(text))  # escaped by to_html
