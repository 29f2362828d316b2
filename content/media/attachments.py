"""The files a page carries, as its search document has them, and keeping that in step.

Wagtail follows references by a task of the worker, some time after the save. Who may read a file rests on them, so
here they are brought up to date in the transaction of the save.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import Collection, Page, ReferenceIndex

from content.media.models import Document, DocumentText
from content.media.readers import audience_of, carriers_of
from search import outbox
from search.documents import FileText
from search.readers import PUBLIC
from search.registry import key_of

MAX_CARRIED = 1_000_000  # characters of files that are found with one page
MAX_IN_REQUEST = 100_000  # characters of files that are analysed while their page is saved: a quarter of a second


@lru_cache(maxsize=512)
def may_carry(model: type[Model]) -> bool:
    """Tell whether objects of a model can name a file: in a body, in rich text, by a key or in rows of their own."""
    for field in model._meta.get_fields():
        if hasattr(field, "extract_references"):
            return True
        if isinstance(field, ForeignKey) and field.related_model is Document and not _is_ignored(field):
            return True
    if issubclass(model, ClusterableModel):
        return any(may_carry(relation.related_model) for relation in get_all_child_relations(model))
    return False


def _is_ignored(field: Any) -> bool:
    return any(getattr(one, "wagtail_reference_index_ignore", False) for one in (field, field.model))


def documents_of(obj: Model) -> list[Document]:
    """Return the files an object carries, itself or in a piece of text it shares with others, each once."""
    if not may_carry(type(obj)):
        return []
    pks, pieces = _named(obj)
    for piece in pieces:
        pks += _named(piece)[0]
    found = Document.objects.select_related("collection").in_bulk(pks)
    return [found[pk] for pk in dict.fromkeys(pks) if pk in found]


def files_of(obj: Model, audience: frozenset[str]) -> tuple[FileText, ...]:
    """Return the files to be found with an object whose readers are `audience`.

    A file that not all of them may open is left out: it is found by itself, by those who may.
    """
    files = []
    room = MAX_CARRIED
    for document in documents_of(obj):
        allowed = audience_of(document)
        if PUBLIC in allowed or audience <= allowed:
            text = document.text_read[:room]
            room -= len(text)
            files.append(FileText(key_of(Document, document.pk), document.title, text))
    return tuple(files)


def _named(obj: Model) -> tuple[list[int], list[Model]]:
    """Return the keys of the files an object names, and the pieces of text it shares that may name more."""
    references = ReferenceIndex.get_references_for_object(obj).order_by("pk")
    document_kind = ContentType.objects.get_for_model(Document).pk
    pks: list[int] = []
    others: dict[int, list[str]] = {}
    for kind, pk in references.values_list("to_content_type", "to_object_id"):
        if kind == document_kind:
            pks.append(int(pk))
        else:
            others.setdefault(kind, []).append(pk)
    pieces: list[Model] = []
    for kind, of_kind in others.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None and not issubclass(model, Page) and may_carry(model):
            pieces += model._default_manager.filter(pk__in=of_kind)
    return pks, pieces


# --- Keeping in step -------------------------------------------------------------------------------------------------


def follow_references(obj: Model) -> None:
    """Bring the references of an object that has been saved up to date, and have the files it names indexed anew."""
    while (key := next((one for one in obj._meta.get_fields() if isinstance(one, ParentalKey)), None)) is not None:
        parent = getattr(obj, key.name)
        if parent is None:
            return
        obj = parent
    if ReferenceIndex.is_indexed(type(obj)):
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(obj)
    touch_files_of(obj)


def touch_files_of(obj: Model) -> None:
    """Have the files an object carries indexed anew, for their readers may have changed; for a piece of text that
    pages share, the pages too."""
    documents = documents_of(obj)
    outbox.touch(documents)
    texts = DocumentText.objects.filter(document__in=documents) if documents else DocumentText.objects.none()
    if sum(texts.values_list("characters", flat=True)) > MAX_IN_REQUEST:
        outbox.leave_to_task()
    if documents and not hasattr(obj, "audience_tokens"):
        outbox.touch(carriers_of(obj))


def touch_carriers_of(document: Document) -> None:
    """Have what carries a file indexed anew: its text, its name or its readers have changed."""
    outbox.touch(carriers_of(document))


def touch_files_below(page: Page) -> None:
    """Have the files carried by a page and everything below it indexed anew: their readers may have changed."""
    for one in Page.objects.filter(path__startswith=page.path).specific(defer=True).iterator():
        if may_carry(one.specific_class or Page):
            outbox.touch(documents_of(one))


def touch_collections(collections: Iterable[Collection]) -> None:
    """Have the files of collections and of those below indexed anew, with what carries them."""
    for collection in collections:
        for document in Document.objects.filter(collection__path__startswith=collection.path):
            outbox.touch([document])
            touch_carriers_of(document)
