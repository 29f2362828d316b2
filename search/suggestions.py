"""What is offered while one types: own earlier searches, titles, values of facets, and what content apps add.

A source names a group of the list and offers what its reader may see. Apps register theirs in their `search.py`.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse

from search import text as texts
from search.documents import Query
from search.engines import get_engine
from search.engines.base import Engine, EngineUnavailable
from search.panels import is_time
from search.query import MAX_LENGTH, Expression
from search.readers import Reader
from search.registry import Facet, all_facets, index_of_kind
from search.spelling_out import Names, other_readings, spell, typed_form

logger = logging.getLogger("search")

FRESH = 60.0  # seconds for which the values of facets are remembered; whether a reader may see one is asked each time
_VALUES = 3  # of one facet that are offered
_TRIED = 8  # of one facet that are asked for
_FACETS = 5  # values of all facets together
_LOOKED_AT = 40  # titles read to find those that are spelled as typed


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list: choosing it opens `url`; `detail` says more, in small."""

    label: str
    url: str
    detail: str = ""
    label_html: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one source under its heading."""

    name: str
    label: str
    offers: tuple[Offer, ...]


class Source(Protocol):
    """Where offers come from. `name` is for code, `label` stands over them."""

    name: str
    label: str

    def offers(self, typed: str, reader: Reader, limit: int) -> Sequence[Offer]:
        """Return what this reader may see and may mean by what is typed so far, best first."""


_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let suggestions come from this source too; below the portal's own, in the order of registration."""
    if source.name not in {one.name for one in _sources}:
        _sources.append(source)
    return source


def suggest(typed: str, reader: Reader, *, limit: int = 5) -> list[Group]:
    """Return the groups of offers, without empty ones. Nothing that is typed is an error, nor is a dead index."""
    typed = typed[:MAX_LENGTH].strip()
    if not typed:
        return []
    groups = [_group(_TITLES, typed, reader, limit), *_facet_groups(typed, reader)]
    groups += [_group(source, typed, reader, limit) for source in _sources]
    return [group for group in groups if group.offers]


def shown(group: Group, typed: str) -> Group:
    """The group with what is typed marked in the labels."""
    pattern = texts.pattern_of(texts.fold(texts.clean(typed)).strip(), prefix=True)
    patterns = [pattern] if pattern else []
    marked = (replace(offer, label_html=texts.highlight(offer.label, patterns)) for offer in group.offers)
    return replace(group, offers=tuple(marked))


def _group(source: Source, typed: str, reader: Reader, limit: int) -> Group:
    try:
        offers = tuple(source.offers(typed, reader, limit))[:limit]
    except EngineUnavailable:
        logger.exception("Search index unavailable")
        offers = ()
    return Group(source.name, source.label, offers)


class _Titles:
    name, label = "title", "标题"

    def offers(self, typed: str, reader: Reader, limit: int) -> list[Offer]:
        engine = get_engine()
        found = {one.key: one for one in engine.suggest(typed, reader=reader, limit=limit)}
        form = typed_form(typed)
        for letters in other_readings(typed):
            if len(found) >= limit:
                break
            for one in engine.suggest(letters, reader=reader, limit=_LOOKED_AT):
                if spell(one.title).found(form) is not None:
                    found.setdefault(one.key, one)
        return [Offer(one.title, one.url, _kind(one.kind)) for one in list(found.values())[:limit]]


_TITLES = _Titles()


def _kind(kind: str) -> str:
    index = index_of_kind(kind)
    return index.label if index else ""


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a facet that some document has, whoever may read it."""

    facet: Facet
    value: str
    count: int


class _Vocabulary:
    """The values of all facets there are in an index, remembered for a while. Nothing of it is shown unasked."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._until = 0.0
        self._names: Names[_Value] = Names(())

    def find(self, typed: str, engine: Engine) -> list[tuple[int, _Value]]:
        if engine is not self._engine or time.monotonic() >= self._until:
            self._read(engine)
        return self._names.find(typed)

    def _read(self, engine: Engine) -> None:
        facets = {facet.name: facet for facet in all_facets()}
        counts = engine.search(
            Query(Expression(), tokens=frozenset(), everything=True, limit=0, facets=tuple(facets))
        ).facets
        self._names = Names(
            (value.rsplit("/", 1)[-1] if facets[name].tree else value, _Value(facets[name], value, count))
            for name, values in counts.items()
            if name in facets and not is_time(value for value, _ in values)
            for value, count in values
        )
        self._engine, self._until = engine, time.monotonic() + FRESH


_vocabulary = _Vocabulary()


def _facet_groups(typed: str, reader: Reader) -> list[Group]:
    try:
        engine = get_engine()
        by_facet: dict[Facet, list[_Value]] = {}
        for _, value in sorted(_vocabulary.find(typed, engine), key=lambda one: (one[0] > 0, -one[1].count)):
            by_facet.setdefault(value.facet, []).append(value)
        groups = []
        left = _FACETS
        for facet, values in by_facet.items():
            offers = _readable(values[:_TRIED], reader, engine, min(_VALUES, left))
            left -= len(offers)
            groups.append(Group(facet.name, facet.label, offers))
        return groups
    except EngineUnavailable:
        return []


def _readable(values: Sequence[_Value], reader: Reader, engine: Engine, limit: int) -> tuple[Offer, ...]:
    """Offers for the values the reader would find something under, with how much."""
    offers: list[Offer] = []
    for one in values:
        if len(offers) == limit:
            break
        query = Query(
            Expression(),
            tokens=reader.tokens,
            everything=reader.everything,
            filters={one.facet.name: (one.value,)},
            limit=0,
        )
        total = engine.search(query).total
        if total:
            above, _, label = one.value.rpartition("/") if one.facet.tree else ("", "", one.value)
            url = f"{reverse('search:results')}?{urlencode({one.facet.name: one.value}, safe='/')}"
            detail = " · ".join(part for part in (above.replace("/", ""), f"{total:,} 条") if part)
            offers.append(Offer(label, url, detail))
    return tuple(offers)
