"""Who may open a file of the media library: staff, and whoever may read a page that carries it."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Collection, CollectionViewRestriction, ReferenceIndex

from content.core.access import refusal
from content.media.models import Document


def audience_of(document: Document) -> frozenset[str]:
    """Audience tokens of a file: «staff», and those of all published pages that carry it.

    A view restriction of its collection (or of one above) narrows this to the groups it names.
    """
    tokens = {"staff"}
    for carrier in carriers_of(document):
        if getattr(carrier, "live", True):
            tokens |= carrier.audience_tokens()
    return _narrowed(frozenset(tokens), document.collection)


def carriers_of(target: Model) -> list:
    """What readers open to get at `target`: pages that carry it themselves or in a piece of text that pages share.

    A page that only links to such a page carries nothing.
    """
    found = {}
    shared = []
    for one in _named_by(target):
        if hasattr(one, "audience_tokens"):
            found[one] = None
        else:
            shared.append(one)
    for piece in shared:
        for one in _named_by(piece):
            if hasattr(one, "audience_tokens"):
                found[one] = None
    return list(found)


def _named_by(target: Model) -> list[Model]:
    """What names `target`, as far as it still exists."""
    references = ReferenceIndex.get_references_to(target).values_list("content_type", "object_id").distinct()
    pks: dict[int, list[str]] = {}
    for kind, pk in references:
        pks.setdefault(kind, []).append(pk)
    kinds = ContentType.objects.in_bulk(pks)
    found: list[Model] = []
    for kind, of_kind in pks.items():
        model = kinds[kind].model_class()
        if model is not None:
            found += model._default_manager.filter(pk__in=of_kind)
    return found


def _narrowed(tokens: frozenset[str], collection: Collection) -> frozenset[str]:
    """What a collection leaves of an audience; as on pages, shared passwords are switched off and open nothing."""
    for restriction in collection.get_view_restrictions():
        if restriction.restriction_type == CollectionViewRestriction.LOGIN:
            tokens -= {"public"}
        elif restriction.restriction_type == CollectionViewRestriction.GROUPS:
            groups = frozenset(f"group:{pk}" for pk in restriction.groups.values_list("pk", flat=True))
            tokens = groups if "staff" in tokens else tokens & groups
        else:
            tokens = frozenset()
    return tokens


def ask_who_reads(document: Document, request):
    """Wagtail's hook before a file is sent."""
    return refusal(request, audience_of(document))
