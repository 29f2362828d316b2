"""Who may open a file of the media library: staff, and whoever may read a page that carries it."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import ReferenceIndex

from content.core.access import refusal
from content.media.models import Document

STEPS = 2  # a page carries the file itself, or in a piece of text that pages share


def audience_of(document: Document) -> frozenset[str]:
    """Audience tokens of a file: «staff», and those of all published pages that carry it.

    A view restriction of its collection narrows this further; Wagtail holds it by itself.
    """
    tokens = {"staff"}
    carriers: list[Model] = [document]
    for _step in range(STEPS):
        carriers = [found for one in carriers for found in _carriers_of(one)]
        for carrier in carriers:
            audience_tokens = getattr(carrier, "audience_tokens", None)
            if audience_tokens is not None and getattr(carrier, "live", True):
                tokens |= audience_tokens()
    return frozenset(tokens)


def _carriers_of(target: Model) -> list[Model]:
    """What names `target`, as far as it still exists."""
    references = ReferenceIndex.get_references_to(target).values_list("content_type", "object_id").distinct()
    kinds = ContentType.objects.in_bulk([kind for kind, _ in references])
    found = []
    for kind, pk in references:
        model = kinds[kind].model_class()
        carrier = model._default_manager.filter(pk=pk).first() if model is not None else None
        if carrier is not None:
            found.append(carrier)
    return found


def ask_who_reads(document: Document, request):
    """Wagtail's hook before a file is sent."""
    return refusal(request, audience_of(document))
