"""Showing words found in a text."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_MARKED = re.compile("【([^【】]*)】")


@register.filter
def marked(text: str) -> SafeString:
    """«先说【首家】商场» with <mark> in place of the brackets; everything else is escaped."""
    # Safe: the text is escaped before the element is put in.
    return mark_safe(_MARKED.sub(r"<mark>\1</mark>", escape(text)))
