"""Saved searches find the same documents one by one as the engine finds among all."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.alerts import addresses
from bench.notices import notices
from search.alerts import Matcher, clause_of
from search.clauses import AllOf, AnyOf, Everything, Facet, FacetHolds, Not, Nothing, Phrase, clauses_of, matches
from search.documents import Query
from search.engines.tantivy import TantivyEngine
from search.forms import Parameters
from search.query import parse
from search.registry import Facet as DeclaredFacet
from search.synonyms import NONE
from tests.search.documents import DALI, LIJIANG, RELEASE, document
from tests.search.test_clauses import CLAUSES, PIECES, corpus

DOCUMENTS = corpus(60)
TENDER_FACETS = ("place", "subject", "qualification", "state")


def asked(address: str) -> Parameters:
    return Parameters.read(QueryDict(address))


@pytest.fixture
def tender_facets(monkeypatch):
    """The facets of generated notices, whatever kinds are registered."""
    facets = tuple(DeclaredFacet(name, name) for name in TENDER_FACETS)
    monkeypatch.setattr("search.forms.all_facets", lambda: facets)
    return facets


@settings(max_examples=150)
@given(st.lists(CLAUSES, max_size=6))
def test_every_clause_finds_the_documents_it_means(clauses):
    matcher = Matcher(DOCUMENTS[:10])
    for number, clause in enumerate(clauses):
        matcher.put(number, clause)

    for one in DOCUMENTS:
        meant = {number for number, clause in enumerate(clauses) if matches(clause, one)}
        assert matcher.matching(one) == meant
        assert matcher.means(range(len(clauses)), one) == meant


QUERIES = st.lists(
    st.sampled_from([*PIECES, " ", " ", " | ", " -", '"', "标题:", "正文:", "*", " 或 "]), max_size=9
).map("".join)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = TantivyEngine(tmp_path_factory.mktemp("alerts") / "index")
    made.write(DOCUMENTS)
    return made


@settings(max_examples=150)
@given(query=QUERIES)
def test_whatever_is_typed_means_what_the_engine_finds(engine, query):
    matcher = Matcher()
    matcher.put(1, clauses_of(parse(query)))

    found = engine.search(Query(parse(query), tokens=frozenset({"public"}), limit=200)).found

    assert {one.document.key for one in found} == {one.key for one in DOCUMENTS if matcher.matching(one)}


def test_saved_addresses_mean_what_the_engine_finds_for_them(tmp_path, tender_facets):
    made = list(notices(400))
    engine = TantivyEngine(tmp_path / "index")
    engine.write(made)
    matcher = Matcher(made[:50])
    searches = [asked(address) for address in addresses(300, seed=5)]
    for number, search in enumerate(searches):
        matcher.put(number, clause_of(search, NONE))
    found = {number: set() for number in range(len(searches))}
    for one in made:
        for number in matcher.matching(one):
            found[number].add(one.key)

    expected = {
        number: {
            hit.document.key
            for hit in engine.search(
                Query(
                    parse(search.text),
                    tokens=frozenset({"public", "staff"}),
                    kinds=search.kinds,
                    filters=search.filters,
                    deadline_from=search.deadline_from,
                    limit=400,
                )
            ).found
        }
        for number, search in enumerate(searches)
    }

    assert found == expected
    assert sum(map(len, expected.values())) > 100


def test_an_address_with_everything_that_narrows_is_one_clause(tender_facets, monkeypatch):
    clause = clause_of(
        asked("q=规划&place=云南省&date_from=2026-02-15&deadline_to=2026-04-30&page=3&sort=newest"), NONE
    )

    assert [one.key for one in (LIJIANG, DALI, RELEASE) if matches(clause, one)] == [LIJIANG.key]
    assert clause_of(asked(""), NONE) == Everything()
    assert clause_of(asked("q=%25%25"), NONE) == Nothing()


def test_a_clause_can_be_replaced_and_taken_out():
    matcher = Matcher()
    matcher.put(1, clauses_of(parse("丽江")))
    matcher.put(1, clauses_of(parse("大理")))
    matcher.put(2, Everything())
    assert (matcher.matching(LIJIANG), matcher.matching(DALI)) == ({2}, {1, 2})

    matcher.drop(1)
    matcher.drop(1)
    matcher.drop(3)
    assert (matcher.matching(DALI), len(matcher)) == ({2}, 1)
    assert matcher.means([1, 2, 3], DALI) == {2}


@pytest.mark.parametrize(
    ("clause", "number"),
    [
        (FacetHolds("place", "丽"), 1),
        (FacetHolds("place", "省/丽江"), 1),
        (Facet("place", ("云南省", "不存在")), 2),
        (AnyOf((Nothing(), clauses_of(parse("旅游发展")))), 1),
        (AnyOf((Not(clauses_of(parse("规划"))), Everything())), 2),
        (AllOf((Not(Nothing()), clauses_of(parse("项目 -丽江")))), 1),
        (clauses_of(parse("lj-2026*")), 1),
    ],
)
def test_forms_that_are_filed_in_a_special_way(clause, number):
    matcher = Matcher()
    matcher.put(1, clause)

    assert sum(bool(matcher.matching(one)) for one in (LIJIANG, DALI)) == number


def test_ten_thousand_alternatives_and_a_query_of_two_thousand_characters_are_searches_too():
    matcher = Matcher()
    matcher.put(1, AnyOf(tuple(clauses_of(parse(f"丽{chr(0x4E00 + number)}")) for number in range(10_000))))
    matcher.put(2, clauses_of(parse("丽江" * 1_000)))
    matcher.put(3, clauses_of(parse("(a+)+$ .* \x00 \ud800 <script>")))

    assert matcher.matching(LIJIANG) == {1}
    assert matcher.matching(document(1, title="没有")) == set()
    assert isinstance(clauses_of(parse("丽")), Phrase)
