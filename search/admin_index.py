"""The editors' index: everything Wagtail calls indexed, drafts included, found by any part of its text.

It is apart from the readers' index, so nothing an editor may find can reach a reader; rights are kept by Wagtail's own
querysets. Objects of one inheritance tree share a kind, because they share their primary keys: a page found as Page
and as its own type is one document.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import ForeignKey, Manager, Model, QuerySet
from django.utils.encoding import force_str
from modelsearch.backends.base import get_model_root
from modelsearch.index import (
    AutocompleteField,
    BaseField,
    RelatedFields,
    SearchField,
    class_is_indexed,
    get_indexed_instance,
    get_indexed_models,
)

from search.documents import SearchDocument
from search.engines import EDITORS, get_engine
from search.engines.base import Engine

logger = logging.getLogger("search")

BATCH = 500
_AUDIENCE = frozenset({"admin"})  # nobody's token: this index is read without a reader


def engine() -> Engine:
    """The engine over the editors' index, beside the readers'."""
    return get_engine(EDITORS)


def holds(model: type[Model]) -> bool:
    """Tell whether editors find objects of this model through the index."""
    return bool(class_is_indexed(model))


def reads(model: Any, changed: Collection[str] | None) -> bool:
    """Tell whether the document of an object can differ after only these fields of it changed (None: any of them)."""
    if not holds(model):
        return False
    if changed is None:
        return True
    read = {
        field.field_name for field in model.get_search_fields() if isinstance(field, SearchField | AutocompleteField)
    }
    columns = {field.name for field in model._meta.get_fields()}
    # What a method tells may rest on any field.
    return bool((read | {"draft_title", "latest_revision"}) & set(changed)) or not read <= columns


def sources() -> Iterator[tuple[type[Model], frozenset[str], partial[QuerySet]]]:
    """Yield the models whose rows stand in documents of others: which fields of them, and from a row to those others."""
    for model in get_indexed_models():
        for field in model.get_search_fields():
            if not isinstance(field, RelatedFields):
                continue
            relation = field.get_field(model)
            if isinstance(relation, ForeignKey):  # OneToOneField is one too
                named = frozenset(inner.field_name for inner in field.fields)
                yield relation.related_model, named, partial(_pointing_at, model, relation.name)


def _pointing_at(model: type[Model], name: str, row: Model) -> QuerySet:
    return model._default_manager.filter(**{name: row.pk})


def kind_of(model: type[Model]) -> str:
    """The kind under which a model's objects stand in the index: the label of the top of its inheritance tree."""
    return get_model_root(model._meta.concrete_model)._meta.label_lower


def key_of(obj: Model) -> str:
    return f"{kind_of(type(obj))}:{obj.pk}"


def document_of(obj: Any) -> SearchDocument:
    """The document of one object: what names it is its title, all other searchable text its body.

    Of what has unpublished changes it holds both: what readers see now and what the editor has written since.
    """
    names: dict[str, None] = {}
    texts: dict[str, None] = {}
    draft_title = getattr(obj, "draft_title", "")
    if draft_title:  # what the editor of a page with unpublished changes sees in the lists
        names[draft_title] = None
    for one in filter(None, (obj, _draft_of(obj))):
        for field, value in _values(one, one.get_search_fields()):
            # What may complete while typing is what editors know a thing by.
            is_name = isinstance(field, AutocompleteField) or field.field_name == "title"
            (names if is_name else texts)[value] = None
    return SearchDocument(
        key=key_of(obj),
        kind=kind_of(type(obj)),
        title=" \n ".join(names),
        body=" \n ".join(text for text in texts if text not in names),
        url="",
        audience=_AUDIENCE,
    )


def _draft_of(obj: Any) -> Any:
    """The object as its editor left it, or None where nothing is unpublished."""
    if not (getattr(obj, "has_unpublished_changes", False) and getattr(obj, "latest_revision_id", None)):
        return None
    try:
        return obj.get_latest_revision_as_object()
    except Exception:  # a draft of an older model that cannot be read any more: what is published is found still
        logger.exception("The draft of %s cannot be read", key_of(obj))
        return None


def searchable_text(obj: Any, field_names: Sequence[str]) -> str:
    """The text of only these search fields of an object."""
    searchable = [*obj.get_searchable_search_fields(), *obj.get_autocomplete_search_fields()]
    fields = [field for field in searchable if field.field_name in field_names]
    return " \n ".join(value for _, value in _values(obj, fields))


def refresh(wanted: Mapping[type[Model], Iterable[object]]) -> None:
    """Bring the index in line with the database for objects of these models by primary key, one commit for all.

    Whether they were made, changed or deleted makes no difference. Raises EngineBusy and EngineUnavailable.
    """
    made: dict[str, SearchDocument] = {}
    asked: dict[str, None] = {}
    for model, pks in wanted.items():
        kind = kind_of(model)
        texts = list(dict.fromkeys(str(pk) for pk in pks))
        asked.update(dict.fromkeys(f"{kind}:{pk}" for pk in texts))
        for start in range(0, len(texts), BATCH):
            for obj in model._base_manager.filter(pk__in=texts[start : start + BATCH]):
                document = _made(obj)
                if document is not None:
                    made[document.key] = document
    if asked:
        engine().write(made.values(), delete=[key for key in asked if key not in made])


def documents(progress: Callable[[str, int], None] | None = None) -> Iterator[SearchDocument]:
    """Yield the document of everything editors find, as the database has it now; `progress` gets label and number."""
    for model in get_indexed_models():
        count = 0
        for obj in model.get_indexed_objects().order_by("pk").iterator(chunk_size=BATCH):
            document = _document_or_none(obj)
            if document is not None:
                count += 1
                yield document
        if progress and count:
            progress(str(model._meta.verbose_name), count)


def rebuild(progress: Callable[[str, int], None] | None = None) -> int:
    """Index everything into a new generation and swap it in; returns the number of documents."""
    with engine().rebuild() as generation:
        return generation.add(documents(progress))


def mend() -> int:
    """Compare the index with the database, put right what differs, and return how many documents that were."""
    indexed = dict(engine().digests())
    differing = [document for document in documents() if indexed.pop(document.key, None) != document.digest()]
    if differing or indexed:
        engine().write(differing, delete=indexed)
    return len(differing) + len(indexed)


def _made(obj: Model) -> SearchDocument | None:
    """The document of an object in its own class, or None where Wagtail does not want it found."""
    indexed = get_indexed_instance(obj)
    return None if indexed is None else _document_or_none(indexed)


def _document_or_none(obj: Model) -> SearchDocument | None:
    try:
        return document_of(obj)
    except Exception:  # one bad object must not keep the others from being found
        logger.exception("No document for editors could be made of %s", key_of(obj))
        return None


def _values(obj: Model, fields: Iterable) -> Iterable[tuple[BaseField, str]]:
    """Text of an object by search field, related objects included; as modelsearch reads it."""
    for field in fields:
        if isinstance(field, SearchField | AutocompleteField):
            text = _text(field.get_value(obj)).strip()
            if text:
                yield field, text
        elif isinstance(field, RelatedFields):
            related = field.get_value(obj)
            if isinstance(related, Manager):
                others = list(related.all())
            else:
                others = [] if related is None else [related() if callable(related) else related]
            for other in others:
                yield from ((_AsText(inner.field_name), text) for inner, text in _values(other, field.fields))


class _AsText(SearchField):
    """A field of a related object: it describes, it does not name."""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ", ".join(_text(item) for item in value.values())
    if isinstance(value, list | tuple | set):
        return ", ".join(_text(item) for item in value)
    return force_str(value)
