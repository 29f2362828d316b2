"""What a query means, as a tree no engine knows: made from the parsed text, compiled by every engine, and decided for
a single document by `matches`.

`matches` is the definition: an engine is right where it finds exactly the documents for which it is true. Saved
searches use it as it is. It needs the document as made from its object; what an engine gives back lacks keywords, the
texts of files and the end of long bodies.
"""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from search import pinyin, ranking, text
from search.documents import Query, SearchDocument
from search.query import Expression, Field, Term
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


Clause = Everything | Nothing | Phrase | Natural | Facet | FacetHolds | Range | Sound | AllOf | AnyOf | Not

# --- From the language -----------------------------------------------------------------------------------------------


def clause_for(query: Query) -> Clause:
    """Return what a query asks apart from its filters: its own clause, or the meaning of its expression."""
    if query.clause is not None:
        return query.clause
    return clauses_of(query.expression, natural=query.natural)


def clauses_of(expression: Expression, *, natural: bool = False) -> Clause:
    """Return the meaning of a parsed text: all groups, each by any of its terms, without what is excluded.

    With `natural` the chunks are a question: a share of their pairs is enough, and words rank. Quoted phrases stay whole.
    An expression without terms is everything if nothing was typed, else nothing.
    """
    if not expression:
        return Nothing() if expression.typed else Everything()
    if natural:
        wanted = _natural(list(expression.positive()))
    else:
        wanted = [any_of(map(_meaning, group)) for group in expression.groups]
    left_out = [Not(_meaning(term)) for term in expression.excluded]
    return all_of([*wanted, *left_out])


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


def _meaning(term: Term) -> Clause:
    return phrase_of(term.folded, term.field, prefix=term.prefix)


def _natural(terms: list[Term]) -> list[Clause]:
    """The question of all loose terms together, and every quoted phrase whole."""
    pairs: dict[tuple[Field, str], None] = {}
    words: dict[tuple[Field, str], None] = {}
    wanted: list[Clause] = []
    for term in terms:
        if term.quoted:
            wanted.append(phrase_of(term.folded, term.field))
            continue
        pairs.update(dict.fromkeys((term.field, pair) for pair in text.pairs(term.folded)))
        words.update(dict.fromkeys((term.field, word) for word in text.words(term.folded)))
    # One character says too little to be demanded, unless there is nothing else.
    telling = tuple(pair for pair in pairs if len(pair[1]) > 1) or tuple(pairs)
    if telling:
        needed = min(ranking.SHARE_MOST, math.ceil(ranking.SHARE * len(telling)))
        wanted.append(Natural(telling, tuple(words), needed))
    return wanted


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
