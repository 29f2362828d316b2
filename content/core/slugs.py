"""Pinyin slugs: «市场部周报» → «shi-chang-bu-zhou-bao»."""

from django.utils.text import slugify
from pypinyin import lazy_pinyin

MAX_LENGTH = 80


def pinyin_slug(text: str, *, fallback: str = "page") -> str:
    """Return an ASCII slug of at most MAX_LENGTH characters; `fallback` where nothing of `text` can be spelt."""
    slug = slugify("-".join(lazy_pinyin(text)))[:MAX_LENGTH].strip("-")
    return slug or fallback
