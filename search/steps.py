"""From the exact meaning of what was typed to wider ones, taken until one finds something."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from search import synonyms
from search import text as texts
from search.clauses import Clause, clauses_of, loose_terms
from search.documents import Query
from search.query import Expression, Term


@dataclass(frozen=True, slots=True)
class Step:
    """One meaning of an expression: `expanded` are the synonyms it also looks for, `natural` if some of the words are
    enough."""

    clause: Clause
    expanded: tuple[str, ...] = ()
    natural: bool = False

    def of(self, query: Query) -> Query:
        """Return the query that asks for this meaning."""
        return replace(query, clause=self.clause, natural=self.natural)


def steps(expression: Expression, today: datetime.date | None = None) -> Iterator[Step]:
    """Yield the meanings of an expression, the exact one first: what is typed with synonyms of whole chunks; with
    synonyms of words inside the chunks; some of its words.

    Reads the synonyms in one query where a text can have any.
    """
    terms = _expandable(expression)
    thesaurus = synonyms.current() if terms else synonyms.NONE
    first = exact(expression, thesaurus, today)
    yield first
    inside = _expanded(thesaurus.inside, terms)
    if inside != first.expanded:
        yield Step(clauses_of(expression, today=today, alternatives=thesaurus.inside), inside)
    if can_widen(expression):
        yield Step(clauses_of(expression, natural=True, today=today), natural=True)


def exact(expression: Expression, thesaurus: synonyms.Thesaurus, today: datetime.date | None = None) -> Step:
    """Return what is typed with the synonyms of whole chunks: what a saved search means."""
    whole = _expanded(thesaurus.whole, _expandable(expression))
    return Step(clauses_of(expression, today=today, alternatives=thesaurus.whole), whole)


def can_widen(expression: Expression) -> bool:
    """Tell whether there is more than one pair or word, so that some of them can be there without the others."""
    loose = [term for group in expression.groups for term in loose_terms(group)]
    return sum(len(texts.pairs(term.folded)) for term in loose) > 1


def _expandable(expression: Expression) -> list[Term]:
    return [term for term in expression.positive() if not term.quoted or term.similar]


def _expanded(alternatives, terms: list[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other for term in terms for other in alternatives(term)))
