"""The digest a signature is bound to: SHA-256 over what readers get, not over where or when it is stored."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.fields import StreamField

# State and bookkeeping: they change while the content does not (publishing, moving, locking, commenting).
VOLATILE = frozenset(
    {
        "pk", "id", "path", "depth", "numchild", "url_path", "translation_key", "locale", "content_type", "owner",
        "live", "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision", "expired",
        "locked", "locked_at", "locked_by", "latest_revision", "latest_revision_created_at", "draft_title", "alias_of",
        "wagtail_admin_comments",
    }
)  # fmt: skip


def canonical(content: dict, model: type[models.Model]) -> str:
    """Return the canonical JSON text of a revision's content: volatile keys and row numbers of children removed."""
    content = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return json.dumps(_stable(content, model), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _stable(content: dict, model: type[models.Model], parent_field: str = "") -> dict:
    children = {relation.get_accessor_name(): relation for relation in get_all_child_relations(model)}
    automatic = {field.name for field in model._meta.fields if getattr(field, "auto_now", False)}
    automatic |= {field.name for field in model._meta.fields if field.remote_field and field.remote_field.parent_link}
    streams = {field.name for field in model._meta.fields if isinstance(field, StreamField)}
    stable = {}
    for key, value in content.items():
        if key in VOLATILE or key in automatic or key == parent_field:
            continue
        if key in children:
            relation = children[key]
            value = [_stable(child, relation.related_model, relation.field.name) for child in value]
        if key in streams and isinstance(value, str):
            # PostgreSQL gives the keys of stored JSON back in another order.
            value = json.loads(value or "[]")
        stable[key] = value
    return stable


def digest_of_content(content: dict, model: type[models.Model]) -> str:
    """Digest of a revision's content (as stored in Revision.content), 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content, model).encode()).hexdigest()


def digest_of(subject: Any) -> str:
    """Digest of an object as it is in memory."""
    if hasattr(subject, "serializable_data"):
        return digest_of_content(subject.serializable_data(), type(subject))
    return digest_of_content(get_serializable_data_for_fields(subject), type(subject))


def digest_of_data(data: Any) -> str:
    """Digest of plain JSON data, however its keys are ordered."""
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
