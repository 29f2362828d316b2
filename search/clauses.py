"""What a query means, as a tree no engine knows: made from the parsed text, compiled by every engine, and decided for
a single document by `matches`.

`matches` is the definition: an engine is right where it finds exactly the documents for which it is true. Saved
searches use it as it is. It needs the document as made from its object; what an engine gives back lacks keywords, the
texts of files and the end of long bodies.
"""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from search import fields, pinyin, ranking, registry, text
from search.documents import Query, SearchDocument
from search.query import Choice, Expression, Field, Part, Span, Term, read_span
from search.text import Unit
from search.values import cents, facet_paths


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """In one of the columns of `field` (ranking.COLUMNS) each unit's token stands at its distance from the first.

    Distances grow and may leave out tokens: only every second pair of a run is named. With `prefix` the last token may
    go on; a Han one only where it is a single character asked for alone. `weight` multiplies the score.
    """

    field: Field
    units: tuple[Unit, ...]
    prefix: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Natural:
    """At least `needed` of the pairs stand somewhere in the columns of their field; pairs and words rank.

    Pairs and words of other scripts are tokens. A Han character among the pairs (of «茶 酒») begins tokens: `opens`.
    """

    pairs: tuple[tuple[Field, str], ...]
    words: tuple[tuple[Field, str], ...]
    needed: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The facet has one of the values, exactly as shown; a value of a tree has all above it too. «kind» is a facet."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetHolds:
    """A value of the facet, or one above it in a tree, holds the text; both folded."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """«date», «deadline» (dates) or «amount» (yuan, compared in fen) is there and between both ends, which count in."""

    name: str
    low: datetime.date | Decimal | None = None
    high: datetime.date | Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """The title, from one of its characters on, is pronounced like this: letters of pinyin or of initials."""

    letters: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the clauses; everything if there are none."""

    clauses: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the clauses; nothing if there are none."""

    clauses: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """What the clause does not match."""

    clause: "Clause"


_SEVERAL = re.compile(r"[、,，;；]")  # between values of one choice

Clause = Everything | Nothing | Phrase | Natural | Facet | FacetHolds | Range | Sound | AllOf | AnyOf | Not

# --- From the language -----------------------------------------------------------------------------------------------


def clause_for(query: Query) -> Clause:
    """Return what a query asks apart from its filters: its own clause, or the meaning of its expression."""
    if query.clause is not None:
        return query.clause
    return clauses_of(query.expression, natural=query.natural, today=query.today)


def clauses_of(
    expression: Expression,
    *,
    natural: bool = False,
    today: datetime.date | None = None,
    alternatives: Callable[[Term], Iterable[str]] | None = None,
) -> Clause:
    """Return the meaning of a parsed text: all groups, each by any of its parts, without what is excluded.

    With `natural` the chunks are a question: a share of their pairs is enough, and words rank. Quoted phrases, choices
    and ranges stay as they are. `today` is the day that 今天 in a range means (the current one if None);
    `alternatives` gives the texts that mean the same as a term (search.synonyms). An expression without parts
    is everything if nothing was typed, else nothing.
    """
    if not expression:
        return Nothing() if expression.typed else Everything()
    day = today or timezone.localdate()

    def meaning(part: Part) -> Clause:
        match part:
            case Term():
                typed = phrase_of(part.folded, part.field, prefix=part.prefix)
                others = alternatives(part) if alternatives else ()
                return any_of(
                    [typed, *(phrase_of(text.fold(one), part.field, weight=ranking.SYNONYM) for one in others)]
                )
            case Choice():
                return _chosen(part)
            case Span():
                return _range(part, day)

    loose: list[Term] = []
    wanted: list[Clause] = []
    for group in expression.groups:
        terms = loose_terms(group) if natural else []
        if terms:
            loose += terms
        else:
            wanted.append(any_of(map(meaning, group)))
    if loose:
        wanted.append(_natural(loose))
    return all_of([*wanted, *(Not(meaning(part)) for part in expression.excluded)])


def loose_terms(group: Iterable[Part]) -> list[Term]:
    """Return the terms of a group that a question takes apart: all of them, or none where one is more than a chunk."""
    terms = [part for part in group if isinstance(part, Term) and not part.quoted]
    return terms if len(terms) == len(tuple(group)) else []


def _chosen(choice: Choice) -> Clause:
    """A value of a facet: exactly the quoted one, or any that holds one of the texts between «、»."""
    name = fields.named(choice.name)
    if name is None:
        return Nothing()
    if choice.quoted:
        texts = [choice.text]
    else:
        texts = [one for one in _SEVERAL.split(choice.text) if text.units(text.fold(one))]
    return any_of(_valued(facet, one, exact=choice.quoted) for facet in name.facets for one in texts)


def _valued(facet: str, value: str, *, exact: bool) -> Clause:
    folded = text.fold(value)
    if facet == "kind":  # documents hold its code, readers see its label
        found = [index for index in registry.all_indexes() if folded in text.fold(index.label)]
        return Facet("kind", tuple(one.kind for one in found if not exact or one.label == value))
    return Facet(facet, (value,)) if exact else FacetHolds(facet, folded.strip("/"))


def _range(span: Span, today: datetime.date) -> Clause:
    name = fields.named(span.name)
    ends = read_span(name.range, span.text, today) if name and name.range else None
    return Range(name.range, *ends) if name and ends else Nothing()


def phrase_of(folded: str, field: Field = Field.ANY, *, prefix: bool = False, weight: float = 1.0) -> Clause:
    """Return the clause that is true exactly where the folded text occurs; Nothing where it holds no word."""
    units = text.units(folded)
    if not units:
        return Nothing()
    last = units[-1]
    return Phrase(field, units, last.opens or (prefix and not text.is_han(last.token)), weight)


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Return AllOf, or the one clause there is."""
    made = tuple(clauses)
    return made[0] if len(made) == 1 else AllOf(made) if made else Everything()


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Return AnyOf, or the one clause there is."""
    made = tuple(dict.fromkeys(clauses))
    return made[0] if len(made) == 1 else AnyOf(made) if made else Nothing()


def _natural(terms: list[Term]) -> Clause:
    """The question of all loose terms together."""
    pairs: dict[tuple[Field, str], None] = {}
    words: dict[tuple[Field, str], None] = {}
    for term in terms:
        pairs.update(dict.fromkeys((term.field, pair) for pair in text.pairs(term.folded)))
        words.update(dict.fromkeys((term.field, word) for word in text.words(term.folded)))
    # One character says too little to be demanded, unless there is nothing else.
    telling = tuple(pair for pair in pairs if len(pair[1]) > 1) or tuple(pairs)
    needed = min(ranking.SHARE_MOST, math.ceil(ranking.SHARE * len(telling)))
    return Natural(telling, tuple(words), needed)


# --- For one document ------------------------------------------------------------------------------------------------


class Reading:
    """A document read for deciding many clauses: its columns are analysed once, each when first asked for."""

    def __init__(self, document: SearchDocument) -> None:
        self.document = document
        self._columns: dict[str, Mapping[str, list[int]]] = {}

    def positions(self, column: str) -> Mapping[str, list[int]]:
        """Return where each token of the column's stream stands."""
        found = self._columns.get(column)
        if found is None:
            made: dict[str, list[int]] = {}
            at = 0
            for stream in self._streams_of(column):
                for token in stream:
                    made.setdefault(token, []).append(at)
                    at += 1
                at += 1  # no phrase goes from one value to the next
            found = self._columns[column] = made
        return found

    def _streams_of(self, column: str) -> Iterable[list[str]]:
        return (text.stream(text.fold(part)).split() for part in self._parts(column))

    def _parts(self, column: str) -> Iterator[str]:
        if column == "files":
            for file in self.document.files:
                yield from (file.name, file.text)
        else:
            yield getattr(self.document, column)

    @cached_property
    def pinyin(self) -> list[str]:
        return pinyin.keys(text.fold(self.document.title))

    @cached_property
    def facets(self) -> Mapping[str, frozenset[str]]:
        """Return every facet's values with what is above them; «kind» is one of them."""
        made = {name: frozenset(paths) for name, paths in facet_paths(self.document).items()}
        return {**made, "kind": frozenset({self.document.kind})}


def matches(clause: Clause, document: SearchDocument | Reading) -> bool:
    """Tell whether the document is one that the clause means."""
    reading = document if isinstance(document, Reading) else Reading(document)
    match clause:
        case Everything():
            return True
        case Nothing():
            return False
        case AllOf():
            return all(matches(one, reading) for one in clause.clauses)
        case AnyOf():
            return any(matches(one, reading) for one in clause.clauses)
        case Not():
            return not matches(clause.clause, reading)
        case Phrase():
            return any(_stands(clause, reading.positions(column)) for column, _ in ranking.COLUMNS[clause.field])
        case Natural():
            held = (
                any(_holds(reading.positions(column), pair) for column, _ in ranking.COLUMNS[field])
                for field, pair in clause.pairs
            )
            return sum(held) >= clause.needed
        case Facet():
            return not reading.facets.get(clause.name, frozenset()).isdisjoint(map(text.clean, clause.values))
        case FacetHolds():
            return any(clause.text in text.fold(value) for value in reading.facets.get(clause.name, ()))
        case Range():
            return _between(clause, getattr(reading.document, clause.name))
        case Sound():
            return any(key.startswith(clause.letters) for key in reading.pinyin)


def opens(pair: str) -> bool:
    """Tell whether a pair of a question is a single Han character, which is found by the tokens it begins."""
    return len(pair) == 1 and text.is_han(pair)


def _holds(positions: Mapping[str, list[int]], pair: str) -> bool:
    return any(token.startswith(pair) for token in positions) if opens(pair) else pair in positions


def _stands(phrase: Phrase, positions: Mapping[str, list[int]]) -> bool:
    *before, last = phrase.units
    places: list[set[int]] = []
    for unit in before:
        if unit.token not in positions:
            return False
        places.append({at - unit.position for at in positions[unit.token]})
    if phrase.prefix:
        ends = {at - last.position for token, all_ in positions.items() if token.startswith(last.token) for at in all_}
    else:
        ends = {at - last.position for at in positions.get(last.token, ())}
    return bool(ends.intersection(*places))


def _between(range_: Range, value: datetime.date | Decimal | None) -> bool:
    if value is None:
        return False
    number = _comparable(value)
    return (range_.low is None or number >= _comparable(range_.low)) and (
        range_.high is None or number <= _comparable(range_.high)
    )


def _comparable(value: datetime.date | Decimal) -> int:
    return cents(value) if isinstance(value, Decimal) else value.toordinal()
