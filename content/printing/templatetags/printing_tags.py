"""Template helpers for printed documents."""

import re

from django import template
from django.utils.html import format_html_join

register = template.Library()

# Not «、»: the members of a list belong together. Closing quotes stay with what they close.
_PHRASE = re.compile("[^，。：；！？]+[，。：；！？]*[”’》）」』]*|[，。：；！？]+")


@register.filter
def phrases(text) -> str:
    """Wrap the phrases of a headline, so that it breaks after a comma or colon rather than inside a word.

    Needs ``.phrase { display: inline-block }``; a phrase longer than the line still wraps by itself.
    """
    return format_html_join("", '<span class="phrase">{}</span>', ((part,) for part in _PHRASE.findall(str(text))))
