"""Which models can be found, and how each becomes a document. Content apps register in their own `search.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model, QuerySet

from search.readers import Reader

if TYPE_CHECKING:
    from search.documents import FileText, SearchDocument


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of the results page: `name` in code and address, `label` on screen; `tree` values nest by «/»."""

    name: str
    label: str
    tree: bool = False


class SearchIndex:
    """Declaration of one searchable model. Subclass, fill in, and `register` the class in the app's `search.py`.

    Saving, deleting, publishing and moving objects, and changes of their many-to-many fields, bring the index up to
    date by themselves; after bulk_create, update() and raw SQL call `search.touch(objects)` in the same transaction.
    """

    model: ClassVar[type[Model]]
    kind: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str] = "doc"
    facets: ClassVar[tuple[Facet, ...]] = ()
    # Whether documents of this kind have a deadline or an amount, so that narrowing by them makes sense.
    has_deadline: ClassVar[bool] = False
    has_amount: ClassVar[bool] = False
    # Models whose rows change documents of this one, each with the function from such a row to the objects to index
    # anew, e.g. {QualificationRequirement: lambda row: [row.process]}.
    related: ClassVar[Mapping[type[Model], Callable[[Any], Iterable[Model]]]] = {}

    def get_queryset(self) -> QuerySet:
        """Objects that may be in the index, with everything `to_document` reads selected beforehand."""
        return self.model._default_manager.all()

    def to_document(self, obj) -> "SearchDocument | None":
        """The document of an object, or None where it must not be found (a draft, say)."""
        raise NotImplementedError

    def document(self, obj) -> "SearchDocument | None":
        """`to_document` with the files the object carries, for all that goes into an index."""
        made = self.to_document(obj)
        if made is None or made.files or _files_of is None:
            return made
        files = _files_of(obj, made.audience)
        return replace(made, files=files) if files else made


# From a reader to the address of a list that needs no index, or «» where that reader has none.
ListAddress = Callable[[Reader], str]
_lists: dict[str, ListAddress] = {}


def register_list(label: str, address: ListAddress) -> None:
    """Offer a list of this app to who cannot search because the index is being mended."""
    _lists[label] = address


def lists_for(reader: Reader) -> list[tuple[str, str]]:
    """Return label and address of every list this reader may open instead of searching."""
    return [(label, address) for label, address_of in _lists.items() if (address := address_of(reader))]


# From an object and its audience to the files found with it.
FilesOf = Callable[[Model, frozenset[str]], "tuple[FileText, ...]"]
_files_of: FilesOf | None = None


def register_files(files_of: FilesOf) -> None:
    """Let every document be found by the files its object carries; the function leaves out what not all may open."""
    global _files_of
    _files_of = files_of


# Names the address of the results page needs for itself; a facet of the same name could not be asked for.
RESERVED = frozenset(
    {
        "q", "kind", "date_from", "date_to", "deadline_from", "deadline_to", "amount_from", "amount_to", "sort", "page",
        "format", "next", "csrfmiddlewaretoken",
    }
)  # fmt: skip

_indexes: dict[type[Model], SearchIndex] = {}
_excluded: dict[type[Model], str] = {}


class RegistrationError(Exception):
    """A declaration that cannot be right; the message says the cure."""


def register(index_class: type[SearchIndex]) -> type[SearchIndex]:
    """Class decorator: make the model of this declaration findable."""
    index = index_class()
    if index.model in _indexes:
        raise RegistrationError(f"{index.model._meta.label} 已登记检索：一个模型只能有一个 SearchIndex。")
    for facet in index.facets:
        if facet.name in RESERVED or not facet.name.isidentifier():
            raise RegistrationError(f"分面名 {facet.name} 不能用：检索页自己要用这个参数名，或者它不是英文标识符。")
    if index.kind in {other.kind for other in _indexes.values()}:
        raise RegistrationError(f"检索类别 {index.kind} 重复：请换一个 kind。")
    _indexes[index.model] = index
    return index_class


def exclude(model: type[Model], reason: str) -> None:
    """Say that a model with a page of its own is left out of search on purpose, and why."""
    _excluded[model] = reason


def index_for(model: type[Model]) -> SearchIndex | None:
    return _indexes.get(model)


def index_of_kind(kind: str) -> SearchIndex | None:
    return next((index for index in _indexes.values() if index.kind == kind), None)


def all_indexes() -> Iterable[SearchIndex]:
    return tuple(_indexes.values())


def excluded() -> dict[type[Model], str]:
    return dict(_excluded)


def all_facets() -> tuple[Facet, ...]:
    """Every facet any kind has registered, each name once, in the order of registration."""
    found: dict[str, Facet] = {}
    for index in _indexes.values():
        for facet in index.facets:
            found.setdefault(facet.name, facet)
    return tuple(found.values())


def key_of(model: type[Model], pk: object) -> str:
    """Return the key of an object's document: «app.model:pk»."""
    return f"{model._meta.label_lower}:{pk}"
