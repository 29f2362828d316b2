"""Saved searches the other way round: which of many clauses mean a document that is new or has changed.

Each clause is filed under tokens of which a matching document must hold at least one, the rarest that will do (pairs
of characters, words, values of facets); a document then is decided by `clauses.matches` only for those filed under a
token it holds. So what a saved search means is what a search means, on every engine, and no engine is asked.

Measured with 10,000 saved searches: `make bench BENCH=alerts`.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from search import synonyms, text
from search.clauses import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Facet,
    FacetHolds,
    Natural,
    Not,
    Nothing,
    Phrase,
    Range,
    Reading,
    Sound,
    all_of,
    matches,
)
from search.documents import SearchDocument
from search.forms import Parameters
from search.query import Field, parse
from search.steps import exact
from search.synonyms import Thesaurus

_COLUMNS = ("title", "keywords", "body", "files")
_HAN_RUN = re.compile(rf"[{text.HAN}]+")


def clause_of(asked: Parameters, thesaurus: Thesaurus | None = None, today: datetime.date | None = None) -> Clause:
    """Return what the address of a results page asks for, all that narrows it and all synonyms included.

    Without a `thesaurus` the synonyms in force are read, in one query. `today` is what 今天 means in it.
    """
    known = synonyms.current() if thesaurus is None else thesaurus
    wanted = [exact(parse(asked.text), known, today).clause]
    if asked.kinds:
        wanted.append(Facet("kind", asked.kinds))
    wanted += [Facet(name, values) for name, values in asked.filters.items()]
    for name in ("date", "deadline", "amount"):
        low, high = getattr(asked, f"{name}_from", None), getattr(asked, f"{name}_to", None)
        if low is not None or high is not None:
            wanted.append(Range(name, low, high))
    return all_of(one for one in wanted if not isinstance(one, Everything))


class _Read(Reading):
    """A document read once for its tokens, and for where they stand only if a clause asks for that."""

    def __init__(self, document: SearchDocument) -> None:
        super().__init__(document)
        self._streams = {
            column: [text.stream(text.fold(part)).split() for part in self._parts(column)] for column in _COLUMNS
        }
        self.tokens: set[str] = set()
        for streams in self._streams.values():
            self.tokens.update(*streams)
        # One character alone is found by the tokens it begins.
        self.tokens.update({token[0] for token in self.tokens if "\u3400" <= token <= "\u9fff" or text.is_han(token)})
        for name, values in self.facets.items():
            for value in values:
                self.tokens.update(_tokens_of_value(name, value))

    def _streams_of(self, column: str) -> list[list[str]]:
        return self._streams[column]


@lru_cache(maxsize=10_000)
def _tokens_of_value(name: str, value: str) -> frozenset[str]:
    """The value whole, and its single characters and pairs."""
    runs = _HAN_RUN.findall(text.fold(value))
    parts = {part for run in runs for part in (*run, *_pairs(run))}
    return frozenset({_facet_token(name, value), *(_part_token(name, part) for part in parts)})


@dataclass(frozen=True, slots=True)
class _Needs:
    """Tokens every matching document holds: all of `every` and one of each of `groups`. Where `enough`, a document that
    holds them matches."""

    every: frozenset[str] = frozenset()
    groups: tuple[frozenset[str], ...] = ()
    enough: bool = False


def _needs(clause: Clause) -> _Needs:
    match clause:
        case Everything():
            return _Needs(enough=True)
        case Nothing():
            return _Needs(groups=(frozenset(),), enough=True)
        case Phrase():
            *before, last = (unit.token for unit in clause.units)
            one = len(last) == 1 and text.is_han(last)
            if one != clause.prefix:  # a word that may go on is no token, nor does the character say where a run ends
                return _Needs(frozenset(before))
            return _Needs(frozenset((*before, last)), enough=not before and clause.field == Field.ANY)
        case Facet():
            values = frozenset(_facet_token(clause.name, text.clean(value)) for value in clause.values)
            return _Needs(groups=(values,), enough=True)
        case FacetHolds():
            runs = _HAN_RUN.findall(clause.text)
            return _Needs(frozenset(_part_token(clause.name, part) for run in runs for part in _pairs(run) or run))
        case Natural():
            # With all but `needed - 1` of the pairs at hand, one of those that are there is among them.
            if clause.needed < 1:
                return _Needs()
            pairs = [pair for _, pair in clause.pairs]
            return _Needs(groups=(frozenset(pairs[: max(0, len(pairs) - clause.needed + 1)]),))
        case AllOf():
            parts = [_needs(one) for one in clause.clauses]
            return _Needs(
                frozenset().union(*(part.every for part in parts)),
                tuple(group for part in parts for group in part.groups),
                all(part.enough for part in parts),
            )
        case AnyOf():
            return _needs_of_any([_needs(one) for one in clause.clauses])
        case Not() | Range() | Sound():
            return _Needs()


def _needs_of_any(parts: list[_Needs]) -> _Needs:
    """One group with a token, or one group, of each; nothing where one of them needs none."""
    chosen: set[str] = set()
    enough = True
    for part in parts:
        if len(part.every) == 1 and not part.groups:
            chosen |= part.every
        elif len(part.groups) == 1 and not part.every:
            chosen |= part.groups[0]
        elif part.every:
            chosen.add(min(part.every))
            enough = False
        elif part.groups:
            chosen |= min(part.groups, key=len)
            enough = False
        else:
            return _Needs(enough=part.enough)
        enough = enough and part.enough
    return _Needs(groups=(frozenset(chosen),), enough=enough)


class Matcher:
    """Many clauses, each under an id, made ready for deciding documents one after the other."""

    def __init__(self, sample: Iterable[SearchDocument] = ()) -> None:
        """`sample` are some documents as they usually come; what is rare among them narrows best."""
        self._clauses: dict[int, tuple[Clause, _Needs]] = {}
        self._filed: dict[str, set[int]] = {}
        self._tokens: dict[int, frozenset[str]] = {}
        self._always: set[int] = set()
        self._frequency: Counter[str] = Counter()
        for document in sample:
            self._frequency.update(_Read(document).tokens)

    def __len__(self) -> int:
        return len(self._clauses)

    def put(self, number: int, clause: Clause) -> None:
        """File a clause under this id, in place of the one that is there."""
        self.drop(number)
        needs = _needs(clause)
        self._clauses[number] = (clause, needs)
        choices = [*(frozenset({token}) for token in needs.every), *needs.groups]
        if not choices:
            self._always.add(number)
            return
        self._tokens[number] = min(choices, key=self._cost)
        for token in self._tokens[number]:
            self._filed.setdefault(token, set()).add(number)

    def drop(self, number: int) -> None:
        """Take a clause out; one that is not there is no error."""
        self._clauses.pop(number, None)
        self._always.discard(number)
        for token in self._tokens.pop(number, ()):
            filed = self._filed[token]
            filed.discard(number)
            if not filed:
                del self._filed[token]

    def matching(self, document: SearchDocument) -> set[int]:
        """Return the ids of all clauses that mean this document."""
        read = _Read(document)
        candidates = set(self._always)
        filed = self._filed
        for token in read.tokens:
            if token in filed:
                candidates |= filed[token]
        return self._meaning(candidates, read)

    def means(self, numbers: Iterable[int], document: SearchDocument) -> set[int]:
        """Return those of these ids whose clauses mean this document."""
        return self._meaning([number for number in numbers if number in self._clauses], _Read(document))

    def _meaning(self, numbers: Iterable[int], read: _Read) -> set[int]:
        found, tokens = set(), read.tokens
        for number in numbers:
            clause, needs = self._clauses[number]
            if needs.every <= tokens and not any(map(tokens.isdisjoint, needs.groups)):  # noqa: SIM102 (the order is the point)
                if needs.enough or matches(clause, read):
                    found.add(number)
        return found

    def _cost(self, tokens: frozenset[str]) -> tuple[int, int]:
        """How many documents hold one of the tokens, and how many clauses are filed under them already."""
        return sum(self._frequency[token] for token in tokens), sum(len(self._filed.get(one, ())) for one in tokens)


def _facet_token(name: str, value: str) -> str:
    return f"\0{name}\0={value}"


def _part_token(name: str, part: str) -> str:
    return f"\0{name}\0{part}"


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
