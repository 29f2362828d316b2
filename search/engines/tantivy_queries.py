"""From a Query to tantivy's query objects."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal

import tantivy

from search import text
from search.documents import Query
from search.engines.stored import cents
from search.engines.tantivy_schema import FILES_WEIGHT, TITLE_WEIGHT, tokens_of
from search.query import Field, Term

_EXPANSIONS = 64  # words a phrase's open last word may stand for
_MAX_SETS = 100  # of audiences named in a query; beyond, rights are asked token by token
_SHARE = 0.3  # of the pairs of a question a document must hold to be an answer
_FIELDS = {
    Field.ANY: (("title", TITLE_WEIGHT), ("keywords", TITLE_WEIGHT), ("body", 1.0), ("files", FILES_WEIGHT)),
    Field.TITLE: (("title", TITLE_WEIGHT),),
    Field.BODY: (("body", 1.0), ("files", FILES_WEIGHT)),
}
_WORD_FIELDS = {
    Field.ANY: (("title_words", TITLE_WEIGHT), ("body_words", 1.0)),
    Field.TITLE: (("title_words", TITLE_WEIGHT),),
    Field.BODY: (("body_words", 1.0),),
}
Q = tantivy.Query
MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


def any_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    """Match what any of these matches; nothing if there are none."""
    made = list(queries)
    if not made:
        return Q.empty_query()
    return made[0] if len(made) == 1 else Q.boolean_query([(SHOULD, query) for query in made])


def all_of(queries: Iterable[tantivy.Query], without: Iterable[tantivy.Query] = ()) -> tantivy.Query:
    """Match what all of these and none of `without` matches; everything if there are none."""
    made, left_out = list(queries), list(without)
    if not made:
        made = [Q.all_query()]
    if len(made) == 1 and not left_out:
        return made[0]
    return Q.boolean_query([(MUST, query) for query in made] + [(MUST_NOT, query) for query in left_out])


class QueryBuilder:
    """Builds queries against one snapshot of one index (prefixes are expanded from its dictionary)."""

    def __init__(self, index: tantivy.Index, searcher: tantivy.Searcher) -> None:
        self.schema = index.schema
        self.searcher = searcher

    def words(self, query: Query) -> tantivy.Query:
        """Return the part that ranks: the expression, demanded exactly or (`natural`) by any of its words."""
        expression = query.expression
        without = [self.term(term) for term in expression.excluded]
        if query.natural:
            return all_of([self.natural(list(expression.positive()))], without)
        if not expression and expression.typed:
            return Q.empty_query()
        return all_of((any_of(self.term(term) for term in group) for group in expression.groups), without)

    def filters(self, query: Query) -> dict[str, tantivy.Query]:
        """Return what restricts without ranking, by facet name; «» holds rights and ranges and is never left out."""
        always = []
        if not query.everything:
            always += self.rights(query.tokens)
        always += self.range("date", query.date_from, query.date_to)
        always += self.range("deadline", query.deadline_from, query.deadline_to)
        always += self.range("amount", query.amount_from, query.amount_to)
        made = {"": all_of(always)} if always else {}
        if query.kinds:
            made["kind"] = any_of(Q.term_query(self.schema, "kind", text.clean(kind)) for kind in query.kinds)
        for name, values in query.filters.items():
            if values:
                made[name] = any_of(Q.term_query(self.schema, f"facets.{name}", text.clean(value)) for value in values)
        return {name: Q.const_score_query(query, 0.0) for name, query in made.items()}

    def rights(self, tokens: frozenset[str]) -> list[tantivy.Query]:
        """Return the demand, as a list of one, that a document carries one of the reader's tokens; an empty list if
        every document of this snapshot does.

        The few different audiences of a snapshot are sorted into readable and not; naming them is several times
        cheaper than the union of all tokens.
        """
        sets = [term for term, _ in self.searcher.terms_with_prefix("audience_set", "", limit=_MAX_SETS + 1)]
        if len(sets) > _MAX_SETS:
            return [any_of(Q.term_query(self.schema, "audience", token, "basic") for token in tokens)]
        readable = [term for term in sets if not tokens.isdisjoint(tokens_of(term))]
        if len(readable) == len(sets):
            return []
        return [any_of(Q.term_query(self.schema, "audience_set", term, "basic") for term in readable)]

    def range(
        self, name: str, low: datetime.date | Decimal | None, high: datetime.date | Decimal | None
    ) -> list[tantivy.Query]:
        """Return the range (both ends included) as a list of one, or of none where both ends are open."""
        if low is None and high is None:
            return []
        ends = [None if end is None else _number(end) for end in (low, high)]
        return [Q.range_query(self.schema, name, tantivy.FieldType.Integer, lower_bound=ends[0], upper_bound=ends[1])]

    def term(self, term: Term) -> tantivy.Query:
        """Return the query of one chunk or quoted phrase in the fields it names."""
        folded = term.folded
        return any_of(
            Q.boost_query(self.phrase(field, folded, prefix=term.prefix), weight)
            for field, weight in _FIELDS[term.field]
        )

    def phrase(self, field: str, folded: str, *, prefix: bool = False) -> tantivy.Query:
        """Return the query that matches exactly where the folded text occurs in the field."""
        units = text.units(folded)
        last = units[-1].token
        if prefix and not text.is_han(last):
            if len(units) == 1:
                return Q.regex_query(self.schema, field, _escaped(last) + ".*")
            expanded = self.searcher.terms_with_prefix(field, last, limit=_EXPANSIONS)
            start = [(unit.position, unit.token) for unit in units[:-1]]
            return any_of(
                Q.phrase_query(self.schema, field, [*start, (units[-1].position, word)]) for word, _ in expanded
            )
        if len(units) == 1:
            return Q.term_query(self.schema, field, last)
        return Q.phrase_query(self.schema, field, [(unit.position, unit.token) for unit in units])

    def natural(self, terms: list[Term]) -> tantivy.Query:
        """Return the query that ranks by pairs and words, demanding a share of the pairs; quoted phrases stay whole."""
        pairs: dict[tuple[Field, str], None] = {}
        ranking: list[tantivy.Query] = []
        demanded: list[tantivy.Query] = []
        for term in terms:
            if term.quoted:
                demanded.append(self.term(term))
                continue
            folded = term.folded
            pairs.update(dict.fromkeys((term.field, pair) for pair in text.pairs(folded)))
            ranking += [
                Q.boost_query(Q.term_query(self.schema, field, word, "freq"), weight)
                for word in dict.fromkeys(text.words(folded))
                if len(word) > 1
                for field, weight in _WORD_FIELDS[term.field]
            ]
        if pairs:
            needed = max(1, round(_SHARE * len(pairs)))
            each = [
                any_of(Q.boost_query(Q.term_query(self.schema, name, pair), weight) for name, weight in _FIELDS[field])
                for field, pair in pairs
            ]
            demanded.append(Q.boolean_query([(SHOULD, query) for query in each], minimum_number_should_match=needed))
        return Q.boolean_query([(MUST, query) for query in demanded] + [(SHOULD, query) for query in ranking])

    def suggestion(self, folded: str) -> tantivy.Query:
        """Return what may be meant by a text still being typed: its characters, or pinyin or initials."""
        found = [self.phrase(field, folded, prefix=True) for field in ("title", "keywords")]
        letters = re.sub(r"[\s']", "", folded)
        if len(letters) > 1 and letters.isascii() and letters.isalnum():
            found.append(Q.regex_query(self.schema, "pinyin", letters + ".*"))
        return any_of(found)


def _escaped(word: str) -> str:
    return word.replace("+", r"\+")


def _number(value: datetime.date | Decimal) -> int:
    return cents(value) if isinstance(value, Decimal) else value.toordinal()
