"""Wagtail's admin search, choosers and listings through our own analyser: a backend for modelsearch.

The engine says which objects hold the text and how well; every filter and right stays in the queryset, so all of the
ORM can be used. What is typed is read by search.query, as on the results page; chunks are found inside words.
Differences to the backends of modelsearch, on purpose: autocomplete looks in all indexed text, not only in names;
any field can be filtered and ordered by; a word's weight is fixed (names over text).
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from django.db.models import Count, Model, QuerySet
from django.db.models.query import FlatValuesListIterable
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
    SearchFieldError,
)
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from search import admin_index, text
from search.documents import Query, SearchDocument
from search.engines.base import EngineBusy, EngineUnavailable
from search.query import Expression, Term, parse

logger = logging.getLogger("search")

_IN = 900  # values of one IN (…); SQLite of old takes 999
_LIMIT = 1_000_000  # matches read from the index; more objects than any admin has


@dataclass(frozen=True, slots=True)
class Matches:
    """Primary keys (as text) with scores, or with `all_but` everything except these keys."""

    scores: dict[str, float] = field(default_factory=dict)
    all_but: bool = False

    def __and__(self, other: "Matches") -> "Matches":
        if self.all_but and other.all_but:
            return Matches(self.scores | other.scores, all_but=True)
        if self.all_but:
            return other & self
        if other.all_but:
            return Matches({pk: score for pk, score in self.scores.items() if pk not in other.scores})
        return Matches({pk: score + other.scores[pk] for pk, score in self.scores.items() if pk in other.scores})

    def __or__(self, other: "Matches") -> "Matches":
        if self.all_but or other.all_but:
            return ~(~self & ~other)
        both = {pk: score + other.scores.get(pk, 0.0) for pk, score in self.scores.items()}
        return Matches({**other.scores, **both})

    def __invert__(self) -> "Matches":
        return Matches(self.scores, all_but=not self.all_but)

    def weighted(self, weight: float) -> "Matches":
        return Matches({pk: score * weight for pk, score in self.scores.items()}, self.all_but)


class Compiler(BaseSearchQueryCompiler):
    """Turns a search into the primary keys it matches, kept for all slices of the same results."""

    DEFAULT_OPERATOR = "and"
    last_word_open = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._pks: list | None = None
        self.scores: dict[str, float] = {}

    def check(self) -> None:
        """Refuse fields that are not searchable; filters and orders are the database's and need no declaration."""
        model = self.queryset.model
        searchable = [*model.get_searchable_search_fields(), *model.get_autocomplete_search_fields()]
        allowed = {one.field_name for one in searchable}
        for name in self.fields or ():
            if name not in allowed:
                raise SearchFieldError(
                    f'Cannot search with field "{name}". Please add index.SearchField("{name}") to '
                    f"{model.__name__}.search_fields.",
                    field_name=name,
                )

    def pks(self) -> list:
        """Primary keys of the results in their order."""
        if self._pks is None:
            self._pks = self._in_order(self.matches(self.query))
        return self._pks

    def matches(self, query: SearchQuery) -> Matches:
        """What a query matches among all objects of the model's tree, before any filter."""
        match query:
            case MatchAll():
                return Matches(all_but=True)
            case Not():
                return ~self.matches(query.subquery)
            case And():
                return _reduce(Matches.__and__, [self.matches(one) for one in query.subqueries], Matches(all_but=True))
            case Or():
                return _reduce(Matches.__or__, [self.matches(one) for one in query.subqueries], Matches())
            case Boost():
                return self.matches(query.subquery).weighted(query.boost)
            case Phrase():
                return self._ask(Expression(_phrase(query.query_string), typed=True))
            case PlainText() | Fuzzy():
                expression = parse(query.query_string, names=False)  # the editors' index has no facets or ranges
                if query.operator == "or":
                    terms = tuple(expression.positive())
                    expression = replace(expression, groups=(terms,) if terms else ())
                elif self.last_word_open:
                    expression = expression.opened()
                return self._ask(expression).weighted(getattr(query, "boost", 1.0))
        raise NotImplementedError(f"{type(query).__name__} is not a query of modelsearch.query")

    def _ask(self, expression: Expression) -> Matches:
        if not expression:
            return Matches()
        kind = admin_index.kind_of(self.queryset.model)
        query = Query(expression, tokens=frozenset(), everything=True, kinds=(kind,), limit=_LIMIT)
        try:
            found = admin_index.engine().keys(query)
        except EngineUnavailable:
            logger.exception("The editors' index cannot be read; run update_index")
            return Matches()
        scores = {key.partition(":")[2]: score for key, score in found}
        if self.fields:
            scores = {pk: scores[pk] for pk in self._holding(expression, list(scores))}
        return Matches(scores)

    def _holding(self, expression: Expression, pks: list[str]) -> Iterator[str]:
        """Those of the objects that match in the asked fields alone."""
        model = self.queryset.model
        for chunk in _chunks(pks):
            for obj in model._default_manager.filter(pk__in=chunk):
                if _holds(expression, text.fold(admin_index.searchable_text(obj, self.fields or ()))):
                    yield str(obj.pk)

    def _in_order(self, found: Matches) -> list:
        queryset = _rows(self.queryset)
        by_relevance = self.order_by_relevance and not found.all_but
        if by_relevance or not queryset.ordered:
            queryset = queryset.order_by("-pk")
        if not found.all_but:
            self.scores = found.scores
            if not found.scores:
                return []
            if len(found.scores) <= _IN:
                queryset = queryset.filter(pk__in=list(found.scores))
        # Beyond one IN (…) it is quicker to read the queryset's keys once than to ask for the matches in portions.
        kept = [
            pk
            for pk in dict.fromkeys(queryset.values_list("pk", flat=True))
            if (str(pk) in found.scores) != found.all_but
        ]
        if by_relevance:
            kept.sort(key=lambda pk: -found.scores[str(pk)])
        return kept


class AutocompleteCompiler(Compiler):
    """As one types: the last word may go on."""

    last_word_open = True


class Results(BaseSearchResults):
    """Objects of the queryset in the order of the matches."""

    supports_facet = True

    def _do_search(self) -> list:
        pks = self.query_compiler.pks()[self.start : self.stop]
        queryset = self.query_compiler.queryset
        if _columns(queryset) is not None:
            if _columns(queryset) == ("pk",) and issubclass(queryset._iterable_class, FlatValuesListIterable):
                return pks
            return list(queryset.filter(pk__in=pks))
        rows = queryset.order_by()
        objects = {obj.pk: obj for chunk in _chunks(pks) for obj in rows.filter(pk__in=chunk)}
        found = [objects[pk] for pk in pks if pk in objects]
        if self._score_field:
            for obj in found:
                setattr(obj, self._score_field, float(self.query_compiler.scores.get(str(obj.pk), 0.0)))
        return found

    def _do_count(self) -> int:
        return len(self.query_compiler.pks()[self.start : self.stop])

    def facet(self, field_name: str) -> OrderedDict:
        """Count the results by the values of a field, most frequent first."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". Please add index.FilterField("{field_name}") '
                f"to {self.query_compiler.queryset.model.__name__}.search_fields.",
                field_name=field_name,
            )
        counts: OrderedDict = OrderedDict()
        for chunk in _chunks(self.query_compiler.pks()[self.start : self.stop]):
            rows = _rows(self.query_compiler.queryset).order_by().filter(pk__in=chunk)
            for value, count in rows.values_list(field_name).annotate(count=Count("pk")).order_by("-count"):
                counts[value] = counts.get(value, 0) + count
        return OrderedDict(sorted(counts.items(), key=lambda item: -item[1]))


class Index(BaseIndex):
    """The editors' index as modelsearch sees it; inside a rebuild it fills the new generation."""

    def __init__(self, backend: "SearchBackend", filling=None) -> None:
        super().__init__(backend)
        self._filling = filling

    def __str__(self) -> str:
        return "admin"

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        if not admin_index.holds(model):
            return
        items = list(items)
        documents = [admin_index.document_of(item) for item in items]
        if self._filling is not None:
            self._filling.add(documents)
        elif documents:
            self._write(model, [item.pk for item in items], documents)

    def delete_item(self, item: Model) -> None:
        self._write(type(item), [item.pk], (), delete=[admin_index.key_of(item)])

    @staticmethod
    def _write(model: type[Model], pks: list, documents: Iterable[SearchDocument], delete: Iterable[str] = ()) -> None:
        try:
            admin_index.engine().write(documents, delete)
        except (EngineBusy, EngineUnavailable) as error:
            # modelsearch's own suite runs this backend in a project without our app and its table.
            from search.outbox import touch_keys  # noqa: PLC0415 (see above)

            logger.warning("The editors' index could not be written, changes wait in the outbox: %s", error)
            touch_keys(model, pks)

    def reset(self) -> None:
        with admin_index.engine().rebuild():
            pass


class Rebuilder:
    """A rebuild by update_index: a new generation that takes the old one's place when it is complete."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._stack = ExitStack()

    def start(self) -> Index:
        return Index(self._index.backend, self._stack.enter_context(admin_index.engine().rebuild()))

    def finish(self) -> None:
        self._stack.close()


class SearchBackend(BaseSearchBackend):
    """Named by WAGTAILSEARCH_BACKENDS."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    index_class = Index
    results_class = Results
    rebuilder_class = Rebuilder
    catch_indexing_errors = True  # an index that cannot be written fails no save


def _reduce(combine, found: list[Matches], start: Matches) -> Matches:
    for one in found:
        start = combine(start, one)
    return start


def _phrase(words: str) -> tuple[tuple[Term, ...], ...]:
    term = Term(words.replace('"', " "), quoted=True)
    return ((term,),) if text.units(term.folded) else ()


def _holds(expression: Expression, folded: str) -> bool:
    def has(term: Term) -> bool:
        pattern = text.pattern_of(term.folded, term.prefix)
        return pattern is not None and pattern.search(folded) is not None

    return all(any(map(has, group)) for group in expression.groups) and not any(map(has, expression.excluded))


def _rows(queryset: QuerySet) -> QuerySet:
    """The queryset without what only shapes its rows."""
    return queryset if _columns(queryset) is None else queryset.values_list("pk", flat=True)


def _columns(queryset: QuerySet) -> tuple[str, ...] | None:
    """What values() or values_list() asked for; None where rows are objects."""
    return getattr(queryset, "_fields", None)


def _chunks(pks: list) -> Iterator[list]:
    for start in range(0, len(pks), _IN):
        yield pks[start : start + _IN]
