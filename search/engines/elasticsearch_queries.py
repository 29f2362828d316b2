"""From a Query to Elasticsearch's query objects."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from elasticsearch.dsl import A, Search
from elasticsearch.dsl import query as q

from search import clauses, text
from search.documents import Query
from search.engines.stored import cents
from search.query import Field
from search.ranking import COLUMNS, NATURAL_COLUMNS, WORD_COLUMNS
from search.text import Unit

VALUES = 1_000  # of a facet that are counted
_EXPANSIONS = 1_000  # words a phrase's open last word may stand for
_WILD = re.compile(r"[*?\\]")
_ESCAPED = r"\\\g<0>"
SORTS: Mapping[str, list[Any]] = {
    "relevance": [{"_score": "desc"}, {"date": {"order": "desc", "missing": "_last"}}, {"key": "asc"}],
    "newest": [{"date": {"order": "desc", "missing": "_last"}}, {"key": "asc"}],
    "soonest": [{"deadline": {"order": "asc", "missing": "_last"}}, {"key": "asc"}],
    "latest": [{"deadline": {"order": "desc", "missing": "_last"}}, {"key": "asc"}],
}


def any_of(queries: Iterable[q.Query]) -> q.Query:
    """Match what any of these matches; nothing if there are none."""
    made = list(queries)
    if not made:
        return q.MatchNone()
    return made[0] if len(made) == 1 else q.Bool(should=made, minimum_should_match=1)


def all_of(queries: Iterable[q.Query], without: Iterable[q.Query] = ()) -> q.Query:
    """Match what all of these and none of `without` matches; everything if there are none."""
    made, left_out = list(queries), list(without)
    if not made:
        made = [q.MatchAll()]
    if len(made) == 1 and not left_out:
        return made[0]
    return q.Bool(must=made, must_not=left_out)


def compiled(clause: clauses.Clause) -> q.Query:
    """Return the query that finds exactly the documents for which `clauses.matches` is true."""
    match clause:
        case clauses.Everything():
            return q.MatchAll()
        case clauses.Nothing():
            return q.MatchNone()
        case clauses.AllOf():
            without = [compiled(one.clause) for one in clause.clauses if isinstance(one, clauses.Not)]
            return all_of((compiled(one) for one in clause.clauses if not isinstance(one, clauses.Not)), without)
        case clauses.AnyOf():
            return any_of(map(compiled, clause.clauses))
        case clauses.Not():
            return all_of((), [compiled(clause.clause)])
        case clauses.Phrase():
            return any_of(_phrase(name, clause, weight * clause.weight) for name, weight in COLUMNS[clause.field])
        case clauses.Natural():
            return _natural(clause)
        case clauses.Facet():
            return q.Bool(filter=[_facet(clause.name, clause.values)])
        case clauses.FacetHolds():
            pattern = f"*{_WILD.sub(_ESCAPED, clause.text)}*"
            return q.Bool(filter=[q.Wildcard(**{f"folded.{clause.name}": {"value": pattern}})])
        case clauses.Range():
            made = _range(clause.name, clause.low, clause.high) or [q.Exists(field=clause.name)]
            return q.Bool(filter=made)
        case clauses.Sound():
            return q.Prefix(pinyin={"value": clause.letters})


def filters(query: Query) -> dict[str, q.Query]:
    """Return what restricts without ranking, by facet name; «» holds rights and ranges and is never left out."""
    always: list[q.Query] = []
    if not query.everything:
        always.append(rights(query.tokens))
    always += _range("date", query.date_from, query.date_to)
    always += _range("deadline", query.deadline_from, query.deadline_to)
    always += _range("amount", query.amount_from, query.amount_to)
    made: dict[str, q.Query] = {"": q.Bool(filter=always)} if always else {}
    if query.kinds:
        made["kind"] = _facet("kind", query.kinds)
    for name, values in query.filters.items():
        if values:
            made[name] = _facet(name, values)
    return made


def rights(tokens: frozenset[str]) -> q.Query:
    """Return the demand that a document carries one of the reader's tokens."""
    return q.Terms(audience=sorted(tokens)) if tokens else q.MatchNone()


def _range(name: str, low: datetime.date | Decimal | None, high: datetime.date | Decimal | None) -> list[q.Query]:
    """Return the range (both ends included) as a list of one, or of none where both ends are open."""
    ends = {sign: _number(end) for sign, end in (("gte", low), ("lte", high)) if end is not None}
    return [q.Range(**{name: ends})] if ends else []


def _facet(name: str, values: Iterable[str]) -> q.Query:
    wanted: Any = {field_of(name): [text.clean(value) for value in values]}
    return q.Terms(**wanted)


def _phrase(field: str, phrase: clauses.Phrase, weight: float) -> q.Query:
    """Return the query that matches where the phrase stands in one field."""
    tokens = neighbours(phrase.units)
    if not tokens:
        return _spaced(field, phrase.units, weight)
    if phrase.prefix:
        if len(tokens) == 1:
            return q.Prefix(**{field: {"value": tokens[0], "boost": weight}})
        return q.MatchPhrasePrefix(
            **{field: {"query": " ".join(tokens), "max_expansions": _EXPANSIONS, "boost": weight}}
        )
    if len(tokens) == 1:
        return q.Term(**{field: {"value": tokens[0], "boost": weight}})
    return q.MatchPhrase(**{field: {"query": " ".join(tokens), "boost": weight}})


def neighbours(units: tuple[Unit, ...]) -> list[str]:
    """Return the phrase with every token between its first and its last, for a match_phrase knows no gaps.

    What `text.units` leaves out are pairs of a run, each between two others, so their characters are known; where
    anything else is left out the list is empty.
    """
    tokens = [units[0].token]
    for left, right in pairwise(units):
        gap = right.position - left.position
        if gap == 2 and len(left.token) == len(right.token) == 2 and text.is_han(left.token + right.token):
            tokens.append(left.token[-1] + right.token[0])
        elif gap != 1:
            return []
        tokens.append(right.token)
    return tokens


def _spaced(field: str, units: tuple[Unit, ...], weight: float) -> q.Query:
    """Return the query of a phrase with gaps of any content."""
    parts: list[dict[str, Any]] = [{"span_term": {field: units[0].token}}]
    for left, right in pairwise(units):
        if right.position - left.position > 1:
            parts.append({"span_gap": {field: right.position - left.position - 1}})
        parts.append({"span_term": {field: right.token}})
    return q.SpanNear(clauses=parts, slop=0, in_order=True, boost=weight)


def _natural(clause: clauses.Natural) -> q.Query:
    """Return the query that ranks by pairs and words and demands a share of the pairs."""
    each = [
        any_of(_pair(name, pair, weight) for name, weight in NATURAL_COLUMNS[field]) for field, pair in clause.pairs
    ]
    ranking = [
        q.Term(**{name: {"value": word, "boost": weight}})
        for field, word in clause.words
        for name, weight in WORD_COLUMNS[field]
    ]
    return q.Bool(must=[q.Bool(should=each, minimum_should_match=clause.needed)], should=ranking)


def _pair(field: str, pair: str, weight: float) -> q.Query:
    kind = q.Prefix if clauses.opens(pair) else q.Term
    return kind(**{field: {"value": pair, "boost": weight}})


def suggestion(folded: str) -> q.Query:
    """Return what may be meant by a text still being typed: its characters, or pinyin or initials."""
    meant = clauses.phrase_of(folded, Field.TITLE, prefix=True)
    found = [compiled(meant)]
    if isinstance(meant, clauses.Phrase):
        found.append(_phrase("keywords", meant, 1.0))
    letters = re.sub(r"[\s']", "", folded)
    if len(letters) > 1 and letters.isascii() and letters.isalnum():
        found.append(compiled(clauses.Sound(letters)))
    return any_of(found)


def asked(query: Query, *, count: bool = True, also: q.Query | None = None) -> Search:
    """Return the whole search but its page and order: hits, and with `count` the values of «kind» and the facets.

    Filters narrow the hits after the values are counted, and each facet is counted with all filters but its own.
    `also` narrows the hits alone.
    """
    narrowing = filters(query)
    always = narrowing.pop("", None)
    made = Search().query(q.Bool(must=[compiled(clauses.clause_for(query))], filter=[always] if always else []))
    of_hits = [*narrowing.values(), *([also] if also else [])]
    if of_hits:
        made = made.post_filter(q.Bool(filter=of_hits))
    if not count:
        return made
    for name in dict.fromkeys(("kind", *query.facets)):
        others = [one for other, one in narrowing.items() if other != name]
        values = A("terms", field=field_of(name), size=VALUES)
        if others:
            made.aggs.bucket(name, "filter", filter=q.Bool(filter=others)).bucket("values", values)
        else:
            made.aggs.bucket(name, values)
    return made


def counted(query: Query, each: Sequence[clauses.Clause]) -> Search:
    """Return the search that counts what each of the clauses finds among the hits of a query."""
    made = asked(query, count=False)
    made.aggs.bucket("each", "filters", filters={str(n): compiled(clause) for n, clause in enumerate(each)})
    return made


def counts(aggregations: Mapping[str, Any]) -> dict[str, list[tuple[str, int]]]:
    """Return the counts of `asked` from the server's answer."""
    return {
        name: [(bucket["key"], bucket["doc_count"]) for bucket in answer.get("values", answer)["buckets"]]
        for name, answer in aggregations.items()
    }


def field_of(name: str) -> str:
    return "kind" if name == "kind" else f"facets.{name}"


def _number(value: datetime.date | Decimal) -> int:
    return cents(value) if isinstance(value, Decimal) else value.toordinal()
