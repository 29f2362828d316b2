"""How the tender pages say amounts and what is not known."""

import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import mark_safe

from content.tenders.merging import amount_in_words

register = template.Library()


@register.filter
def amount(process) -> str:
    """The budget in words, «未公布» where unknown."""
    if process.value_amount is None:
        return "未公布"
    return amount_in_words(process.value_amount, process.value_currency)


@register.filter
def moment(value) -> str:
    """«2026-03-05 09:30», only the day at midnight (no time was given), empty where unknown."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return local.strftime("%Y-%m-%d" if local.time() == datetime.time() else "%Y-%m-%d %H:%M")


@register.filter
def award(process) -> str:
    """The sum awarded in words; empty where unknown."""
    return amount_in_words(process.award_amount, process.value_currency) if process.award_amount is not None else ""


@register.filter
def stated(value):
    """The value, or «未说明» marked as such: nothing on a tender page is left blank."""
    if value in (None, ""):
        return mark_safe('<span class="unstated">未说明</span>')  # a constant
    return value
