"""Whatever the audiences are: a reader is shown exactly what one rule allows, in every form."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.clauses import clause_for, matches
from search.documents import Query, SearchDocument
from search.engines.base import Engine
from search.engines.tantivy import TantivyEngine
from search.query import parse
from search.readers import Reader
from tests.search.documents import document
from tests.search.servers import engine_named

TOKENS = st.frozensets(
    st.sampled_from(
        [
            "public",
            "staff",
            "group:1",
            "group:11",
            "unit:1",
            "post:1",
            "user:1",
            "user:12",
            "perm:tenders.view_tenderprocess",
        ]
    ),
    max_size=4,
)
READERS = st.builds(Reader, tokens=TOKENS, everything=st.booleans())
PLACES = ("云南省/丽江市", "云南省/大理州", "四川省/成都市")
WORDS = ("古城", "湿地", "营销", "总体规划")


@settings(max_examples=25, deadline=None)
@given(
    audiences=st.lists(TOKENS, min_size=1, max_size=8),
    readers=st.lists(READERS, min_size=1, max_size=4),
)
def test_hits_totals_facets_and_suggestions_show_exactly_what_may_be_read(audiences, readers):
    documents = [
        document(
            number, title=f"招标公告{number}", body="旅游规划", audience=audience, facets={"place": (f"地{number}",)}
        )
        for number, audience in enumerate(audiences, start=1)
    ]
    with tempfile.TemporaryDirectory() as directory:
        engine = TantivyEngine(Path(directory))
        engine.write(documents)
        for reader in readers:
            allowed = [one for one in documents if reader.may_read(one.audience)]
            keys = {one.key for one in allowed}
            for text, natural in (("招标", False), ("", False), ("规划招标旅游项目", True), ("-没有", False)):
                answer = engine.search(
                    Query(
                        parse(text),
                        tokens=reader.tokens,
                        everything=reader.everything,
                        facets=("place",),
                        natural=natural,
                    )
                )
                assert {one.document.key for one in answer.found} == keys
                assert answer.total == len(allowed)
                assert sorted(answer.facets["place"]) == sorted((one.facets["place"][0], 1) for one in allowed)
                assert answer.facets["kind"] == ([("notice", len(allowed))] if allowed else [])
            for prefix in ("招标", "zhaobiao", "zb"):
                assert {one.key for one in engine.suggest(prefix, reader=reader, limit=50)} == keys


# One act on the index: which document, and its audience from now on, its words and place; or None: it is deleted.
ACTS = st.tuples(
    st.integers(1, 6),
    st.none() | st.tuples(TOKENS, st.lists(st.sampled_from(WORDS), max_size=3), st.sampled_from(PLACES)),
)


def written(number: int, audience: frozenset[str], words: list[str], place: str) -> SearchDocument:
    return document(number, title=f"{'与'.join(words)}公告", body="正文", audience=audience, facets={"place": (place,)})


STEPS = st.lists(st.lists(ACTS, min_size=1, max_size=5), min_size=1, max_size=4)


@settings(max_examples=20, deadline=None)
@given(acts=STEPS, readers=st.lists(READERS, min_size=1, max_size=3))
def test_nothing_shows_what_may_not_be_read_any_more_and_all_shows_what_may_be_now(acts, readers):
    acted("tantivy", acts, readers)


@pytest.mark.elasticsearch
@settings(max_examples=3, deadline=None)
@given(acts=STEPS, readers=st.lists(READERS, min_size=1, max_size=2))
def test_the_same_on_elasticsearch(acts, readers):
    acted("elasticsearch", acts, readers)


def acted(name: str, acts, readers: list[Reader]) -> None:
    """Audiences change, documents come and go, people change groups (each reader is one state of somebody)."""
    there: dict[int, SearchDocument] = {}
    with tempfile.TemporaryDirectory() as directory, engine_named(name, Path(directory)) as engine:
        for together in acts:
            changed: dict[int, SearchDocument | None] = {
                number: written(number, *values) if values else None for number, values in together
            }
            there = {number: one for number, one in {**there, **changed}.items() if one}
            engine.write(
                [one for one in changed.values() if one],
                delete=[f"test.notice:{number}" for number, one in changed.items() if one is None],
            )
            for reader in readers:
                for asked in ("", "公告", *WORDS, "古城 -湿地", "古城 | 营销", "游"):
                    for place in (None, *PLACES[:1]):
                        shows_exactly(engine, list(there.values()), reader, asked, place)


def shows_exactly(engine: Engine, there: list[SearchDocument], reader: Reader, asked: str, place: str | None) -> None:
    """Compare hits, total, counts, suggestions and the whole result with what one rule and one definition allow."""
    query = Query(
        parse(asked),
        tokens=reader.tokens,
        everything=reader.everything,
        filters={"place": (place,)} if place else {},
        facets=("place",),
    )
    matching = [one for one in there if reader.may_read(one.audience) and matches(clause_for(query), one)]
    here = [one for one in matching if place is None or place in one.facets["place"]]
    answer = engine.search(query)

    assert {one.document.key for one in answer.found} == {one.key for one in here}
    assert answer.total == len(here)
    # A facet's own filter does not narrow its counts: they tell what else could be chosen.
    assert dict(answer.facets["place"]) == Counter(
        value for one in matching for path in one.facets["place"] for value in (path.split("/")[0], path)
    )
    assert dict(answer.facets["kind"]) == ({"notice": len(here)} if here else {})
    assert {one.document.key for one in engine.scan(query)} == {one.key for one in here}
    if asked in WORDS:
        offered = {one.key for one in engine.suggest(asked, reader=reader, limit=50)}
        assert offered == {one.key for one in matching}
