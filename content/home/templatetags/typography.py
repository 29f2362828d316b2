"""Chinese headlines break between phrases, not inside words."""

import re

from django import template
from django.utils.html import format_html_join

register = template.Library()

_PHRASE = re.compile(r"[^，。；：、！？—]*[，。；：、！？—]+|[^，。；：、！？—]+")


@register.filter
def phrases(title: str) -> str:
    """The title with each phrase in a `span.phrase`, so that large type wraps after punctuation where it can."""
    return format_html_join("", '<span class="phrase">{}</span>', ((part,) for part in _PHRASE.findall(str(title))))
