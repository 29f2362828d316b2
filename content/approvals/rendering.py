"""Show what is being signed, inside the signing page.

A model says how by two optional names: `sign_off_template`, a template rendered with `page` and `object` set to the
content, and `get_sign_off_context(request)`, further context. Without them every field is shown with its label.
"""

from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME
from wagtail.rich_text import expand_db_html

from content.approvals.digests import VOLATILE


def render_content(content: Any, request) -> SafeString:
    """HTML of the content for reading."""
    template = getattr(content, "sign_off_template", "")
    if template:
        extra = content.get_sign_off_context(request) if hasattr(content, "get_sign_off_context") else {}
        return render_to_string(template, {"page": content, "object": content, "self": content, **extra}, request)
    context = {"object": content, "fields": _fields(content), "children": _children(content)}
    return render_to_string("approvals/content.html", context, request)


def _fields(content: Any) -> list[tuple[str, object]]:
    """Label and value of every field that holds content and is filled."""
    shown = []
    for field in content._meta.fields:
        if field.name in VOLATILE or field.primary_key or (field.remote_field and field.remote_field.parent_link):
            continue
        if not field.editable or field.name in ("title", "slug", "show_in_menus"):
            continue
        value = _value(content, field)
        if value not in ("", None):
            shown.append((str(field.verbose_name), value))
    return shown


def _value(content: Any, field: models.Field):
    value = getattr(content, field.name)
    if isinstance(field, StreamField):
        return value.render_as_block() if value else ""
    if isinstance(field, RichTextField):
        return mark_safe(expand_db_html(value)) if value else ""  # stored HTML was cleaned by the editor's whitelist
    if field.choices:
        return content._get_FIELD_display(field)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, models.TextField):
        return mark_safe(linebreaks(value, autoescape=True)) if value else ""  # escaped by linebreaks
    return value


def _children(content: Any) -> list[tuple[str, list]]:
    """Heading and rows (as label/value lists) of every inline list."""
    groups = []
    for relation in get_all_child_relations(type(content)):
        name = relation.get_accessor_name()
        if name == COMMENTS_RELATION_NAME:
            continue
        rows = [
            [(label, value) for label, value in _fields(row) if value is not content]
            for row in getattr(content, name).all()
        ]
        if rows:
            groups.append((str(relation.related_model._meta.verbose_name), rows))
    return groups
