"""From clauses and filters to tantivy's query objects."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal

import tantivy

from search import clauses, text
from search.documents import Query
from search.engines.stored import cents
from search.engines.tantivy_schema import tokens_of
from search.query import Field
from search.ranking import COLUMNS, NATURAL_COLUMNS, WORD_COLUMNS

_EXPANSIONS = 1_000  # words a phrase's open last word may stand for
_NAMED = 64  # tokens of the same beginning that are named one by one
_MAX_SETS = 100  # of audiences named in a query; beyond, rights are asked token by token
_MAX_READERS = 1_000  # whose rights are remembered
_VOCABULARY = 20_000  # values of a facet among which a text is looked for
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
    """Builds queries against one snapshot of one index (prefixes and facets are expanded from its dictionary)."""

    def __init__(self, index: tantivy.Index, searcher: tantivy.Searcher) -> None:
        self.schema = index.schema
        self.searcher = searcher
        # What every search of this snapshot asks again; readers of a kind share their tokens.
        self._sets: list[tuple[str, frozenset[str]]] | None = None
        self._rights: dict[frozenset[str], list[tantivy.Query]] = {}

    def words(self, query: Query) -> tantivy.Query:
        """Return the part that ranks: what the expression means."""
        return self.clause(clauses.clause_for(query))

    def clause(self, clause: clauses.Clause) -> tantivy.Query:
        """Return the query that finds exactly the documents for which `clauses.matches` is true."""
        match clause:
            case clauses.Everything():
                return Q.all_query()
            case clauses.Nothing():
                return Q.empty_query()
            case clauses.AllOf():
                without = [self.clause(one.clause) for one in clause.clauses if isinstance(one, clauses.Not)]
                return all_of((self.clause(one) for one in clause.clauses if not isinstance(one, clauses.Not)), without)
            case clauses.AnyOf():
                return any_of(map(self.clause, clause.clauses))
            case clauses.Not():
                return all_of((), [self.clause(clause.clause)])
            case clauses.Phrase():
                return any_of(
                    Q.boost_query(self.phrase(name, clause), weight * clause.weight)
                    for name, weight in COLUMNS[clause.field]
                )
            case clauses.Natural():
                return self.natural(clause)
            case clauses.Facet():
                return Q.const_score_query(self.facet(clause.name, clause.values), 0.0)
            case clauses.FacetHolds():
                return Q.const_score_query(self.facet(clause.name, self.values(clause)), 0.0)
            case clauses.Range():
                made = self.range(clause.name, clause.low, clause.high) or [Q.exists_query(clause.name)]
                return Q.const_score_query(made[0], 0.0)
            case clauses.Sound():
                return self.opening("pinyin", clause.letters)

    def is_absent(self, clause: clauses.Clause, present: dict[tuple[str, str], bool]) -> bool:
        """Tell, without searching, that a phrase finds nothing: one of its tokens is in no document.

        `present` keeps what was looked up (field and token) for the next of many like clauses.
        """
        if not isinstance(clause, clauses.Phrase) or clause.prefix:
            return False

        def is_present(field: str, token: str) -> bool:
            found = present.get((field, token))
            if found is None:
                found = present[field, token] = self.searcher.doc_freq(field, token) > 0
            return found

        return not any(all(is_present(name, one.token) for one in clause.units) for name, _ in COLUMNS[clause.field])

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
            made["kind"] = self.facet("kind", query.kinds)
        for name, values in query.filters.items():
            if values:
                made[name] = self.facet(name, values)
        return {name: Q.const_score_query(query, 0.0) for name, query in made.items()}

    def rights(self, tokens: frozenset[str]) -> list[tantivy.Query]:
        """Return the demand, as a list of one, that a document carries one of the reader's tokens; an empty list if
        every document of this snapshot does.

        The few different audiences of a snapshot are sorted into readable and not; naming them is several times
        cheaper than the union of all tokens.
        """
        found = self._rights.get(tokens)
        if found is None:
            if len(self._rights) >= _MAX_READERS:
                self._rights.clear()
            found = self._rights[tokens] = self._rights_of(tokens)
        return found

    def _rights_of(self, tokens: frozenset[str]) -> list[tantivy.Query]:
        if self._sets is None:
            sets = self.searcher.terms_with_prefix("audience_set", "", limit=_MAX_SETS + 1)
            self._sets = [(term, tokens_of(term)) for term, _ in sets]
        if len(self._sets) > _MAX_SETS:
            return [any_of(Q.term_query(self.schema, "audience", token, "basic") for token in tokens)]
        readable = [term for term, audience in self._sets if not tokens.isdisjoint(audience)]
        if len(readable) == len(self._sets):
            return []
        return [any_of(Q.term_query(self.schema, "audience_set", term, "basic") for term in readable)]

    def facet(self, name: str, values: Iterable[str]) -> tantivy.Query:
        """Return the query of documents whose facet has one of the values."""
        field = "kind" if name == "kind" else f"facets.{name}"
        return any_of(Q.term_query(self.schema, field, text.clean(value)) for value in values)

    def values(self, clause: clauses.FacetHolds) -> list[str]:
        """Return the values of the facet that hold the text, of all that are in this snapshot."""
        field = "kind" if clause.name == "kind" else f"facets.{clause.name}"
        asked = {"values": {"terms": {"field": field, "size": _VOCABULARY}}}
        buckets = self.searcher.aggregate(Q.all_query(), asked)["values"]["buckets"]
        return [bucket["key"] for bucket in buckets if clause.text in text.fold(bucket["key"])]

    def range(
        self, name: str, low: datetime.date | Decimal | None, high: datetime.date | Decimal | None
    ) -> list[tantivy.Query]:
        """Return the range (both ends included) as a list of one, or of none where both ends are open."""
        if low is None and high is None:
            return []
        ends = [None if end is None else _number(end) for end in (low, high)]
        return [Q.range_query(self.schema, name, tantivy.FieldType.Integer, lower_bound=ends[0], upper_bound=ends[1])]

    def phrase(self, field: str, phrase: clauses.Phrase) -> tantivy.Query:
        """Return the query that matches where the phrase stands in one field."""
        *before, last = phrase.units
        if phrase.prefix:
            if not before:
                return self.opening(field, last.token)
            expanded = self.searcher.terms_with_prefix(field, last.token, limit=_EXPANSIONS)
            start = [(unit.position, unit.token) for unit in before]
            return any_of(Q.phrase_query(self.schema, field, [*start, (last.position, word)]) for word, _ in expanded)
        if not before:
            return Q.term_query(self.schema, field, last.token)
        return Q.phrase_query(self.schema, field, [(unit.position, unit.token) for unit in phrase.units])

    def opening(self, field: str, start: str) -> tantivy.Query:
        """Return the query of all tokens of a field that begin like this.

        Naming the tokens ranks them and costs a tenth of a pattern, as long as they are few.
        """
        tokens = self.searcher.terms_with_prefix(field, start, limit=_NAMED + 1)
        if len(tokens) > _NAMED:
            return Q.regex_query(self.schema, field, re.escape(start) + ".*")
        return any_of(Q.term_query(self.schema, field, token) for token, _ in tokens)

    def natural(self, clause: clauses.Natural) -> tantivy.Query:
        """Return the query that ranks by pairs and words and demands a share of the pairs."""
        each = [
            any_of(Q.boost_query(self.pair(name, pair), weight) for name, weight in NATURAL_COLUMNS[field])
            for field, pair in clause.pairs
        ]
        demanded = Q.boolean_query([(SHOULD, query) for query in each], minimum_number_should_match=clause.needed)
        ranking = [
            Q.boost_query(Q.term_query(self.schema, name, word, "freq"), weight)
            for field, word in clause.words
            for name, weight in WORD_COLUMNS[field]
        ]
        return Q.boolean_query([(MUST, demanded)] + [(SHOULD, query) for query in ranking])

    def pair(self, field: str, pair: str) -> tantivy.Query:
        """Return the query of one pair of a question in one field."""
        if clauses.opens(pair):
            return self.opening(field, pair)
        return Q.term_query(self.schema, field, pair)

    def suggestion(self, folded: str) -> tantivy.Query:
        """Return what may be meant by a text still being typed: its characters, or pinyin or initials."""
        found = [clauses.phrase_of(folded, Field.TITLE, prefix=True)]
        letters = re.sub(r"[\s']", "", folded)
        if len(letters) > 1 and letters.isascii() and letters.isalnum():
            found.append(clauses.Sound(letters))
        keywords = self.phrase("keywords", found[0]) if isinstance(found[0], clauses.Phrase) else Q.empty_query()
        return any_of([keywords, *map(self.clause, found)])


def _number(value: datetime.date | Decimal) -> int:
    return cents(value) if isinstance(value, Decimal) else value.toordinal()
