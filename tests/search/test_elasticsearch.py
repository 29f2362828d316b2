"""What only a server can do wrong: several processes and machines, generations left half done, answers of all kinds."""

import datetime
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from search.documents import FileText, Query
from search.engines import elasticsearch_leases
from search.engines.base import EngineBusy, EngineUnavailable
from search.engines.elasticsearch import DocumentRefused, ElasticsearchEngine
from search.engines.elasticsearch_client import connected
from search.query import parse
from search.readers import ANONYMOUS
from tests.search.documents import DALI, LIJIANG, document
from tests.search.servers import address, server_engine

pytestmark = pytest.mark.elasticsearch
ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine():
    with server_engine() as made:
        yield made


def again(engine: ElasticsearchEngine) -> ElasticsearchEngine:
    """The same index as another process sees it."""
    return ElasticsearchEngine(connected(address()), engine.generations._name)


def total(engine: ElasticsearchEngine, text: str = "", **values) -> int:
    return engine.search(Query(parse(text), tokens=frozenset({"public"}), **values)).total


def indexes(engine: ElasticsearchEngine) -> list[str]:
    return sorted(engine.client.indices.get(index=f"{engine.generations._name}-*", features="aliases"))


# --- Generations -----------------------------------------------------------------------------------------------------


def test_a_rebuild_is_never_empty_for_readers_and_keeps_one_generation_for_scans(engine):
    engine.write([LIJIANG])
    for number in range(3):
        with engine.rebuild() as generation:
            generation.add([LIJIANG, document(10 + number)])
            assert total(engine, "丽江") == 1
        assert total(again(engine)) == 2

    assert len(indexes(engine)) == 2
    assert engine.status().current


def test_an_unfinished_rebuild_is_completed_not_begun_anew(engine, monkeypatch):
    engine.write([document(1)])

    def broken():
        yield from [document(1), document(2), document(3, title="旧"), *(document(1) for _ in range(500))]
        raise RuntimeError

    with pytest.raises(RuntimeError), engine.rebuild() as generation:
        generation.add(broken())
    assert total(engine) == 1
    begun = engine.generations.standing().unfinished

    sent: list[str] = []
    one_by_one = "search.engines.elasticsearch.to_elasticsearch"
    from search.engines.elasticsearch_schema import to_elasticsearch

    monkeypatch.setattr(one_by_one, lambda one: sent.append(one.key) or to_elasticsearch(one))
    with again(engine).rebuild() as generation:
        assert generation.add([document(1), document(3, title="新"), document(4)]) == 3

    assert sent == ["test.notice:3", "test.notice:4"]
    assert engine.status().generation == begun[0]
    assert dict(engine.digests()) == {
        one.key: one.digest() for one in (document(1), document(3, title="新"), document(4))
    }


KILLED = """
import os, sys
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_client import connected
from tests.search.documents import document

engine = ElasticsearchEngine(connected(os.environ["ELASTICSEARCH_URL"]), sys.argv[1])

def documents():
    for number in range(3000):
        if number == 2600:
            os.kill(os.getpid(), 9)
        yield document(number)

with engine.rebuild() as generation:
    generation.add(documents())
"""


def test_a_rebuild_killed_in_the_middle_goes_on_where_it_stopped(engine, monkeypatch):
    engine.write([document(0)])
    name = engine.generations._name
    killed = subprocess.run([sys.executable, "-c", KILLED, name], cwd=ROOT, env=dict(os.environ))
    assert killed.returncode == -9
    assert total(engine) == 1
    monkeypatch.setattr(elasticsearch_leases, "LEASE", 3.0)  # the dead process holds its lease for a while
    monkeypatch.setattr(elasticsearch_leases, "_BEAT", 0.2)

    with engine.rebuild() as generation:
        assert len(generation._held) == 2500
        assert generation.add(document(number) for number in range(3000)) == 3000

    assert total(engine) == 3000
    assert total(engine, "第2999号") == 1


def test_writing_during_a_rebuild_is_busy_not_lost(engine):
    engine.write([LIJIANG])
    with engine.rebuild() as generation:
        generation.add([LIJIANG])
        other = again(engine)
        with pytest.raises(EngineBusy):
            other.write([DALI])
        with pytest.raises(EngineBusy), other.draining():
            pass

    other.write([DALI])
    assert total(engine) == 2


def test_two_first_writes_at_once_make_one_index(engine):
    engine.generations.create_first()
    again(engine).generations.create_first()
    engine.write([LIJIANG])

    assert len(indexes(engine)) == 1


def test_an_index_of_another_version_says_what_to_do_and_a_rebuild_heals_it(engine, monkeypatch):
    engine.write([LIJIANG])
    monkeypatch.setattr("search.engines.elasticsearch_schema.VERSION", 999)

    for act in (lambda: total(engine), lambda: engine.write([DALI]), lambda: list(engine.digests())):
        with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
            act()
    assert (engine.status().exists, engine.status().current) == (True, False)
    with engine.rebuild() as generation:
        generation.add([DALI])
    assert total(engine) == 1
    assert len(indexes(engine)) == 1


def test_an_alias_of_two_indexes_is_told_and_a_rebuild_heals_it(engine):
    engine.write([LIJIANG])
    second = engine.generations.create()
    engine.client.index(index=second, id="x", document={"source": {"key": "x"}}, refresh=True)
    engine.client.index(index=second, id="y", document={"source": {"key": "y"}}, refresh=True)
    engine.client.indices.put_alias(index=second, name=engine.generations.alias)

    with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
        engine.search(Query(parse(""), tokens=frozenset(), everything=True))
    with pytest.raises(EngineUnavailable):
        engine.write([DALI])
    assert not engine.status().current
    with engine.rebuild() as generation:
        generation.add([DALI])
    assert total(engine) == 1


# --- Several processes -----------------------------------------------------------------------------------------------


def test_only_one_process_drains_at_a_time(engine, monkeypatch):
    monkeypatch.setattr("search.engines.elasticsearch._WAIT", 0.02)
    with engine.draining():
        with pytest.raises(EngineBusy), again(engine).draining():
            pass
        engine.write([LIJIANG])
    with again(engine).draining():
        pass


def test_the_lease_of_a_dead_process_is_taken_after_a_while_and_its_late_write_refused(engine, monkeypatch):
    monkeypatch.setattr(elasticsearch_leases, "LEASE", 0.4)
    monkeypatch.setattr(elasticsearch_leases, "_BEAT", 60.0)  # no sign of life
    other = again(engine)
    with engine.draining():
        with pytest.raises(EngineBusy), other.leases.hold("draining", 0.0):
            pass
        time.sleep(0.5)
        with other.draining(), pytest.raises(EngineBusy):
            engine.write([LIJIANG])


def test_a_living_process_keeps_its_lease(engine, monkeypatch):
    monkeypatch.setattr(elasticsearch_leases, "LEASE", 0.6)
    monkeypatch.setattr(elasticsearch_leases, "_BEAT", 0.1)
    with engine.draining():
        with pytest.raises(EngineBusy), again(engine).leases.hold("draining", 1.2):
            pass
        engine.write([LIJIANG])


# --- Strange content and questions -----------------------------------------------------------------------------------


def test_what_is_long_or_strange_is_stored_and_found(engine):
    engine.write(
        [
            document(1, title="长" * 3000, body="w" * 100_000),
            document(2, title="emoji 😀 与 \ud800 \x00 字", body="规划" * 200_000),
            document(3, facets={"place": ("地" * 1_000_000, "云南省")}),
            document(4, files=(FileText("f:1", "大.pdf", "旅游" * 300_000),)),
        ]
    )

    assert total(engine, "长" * 300) == 1
    assert total(engine, "www*") == 1
    assert total(engine, "与 字") == 1
    assert total(engine, "😀") == 0
    assert total(engine, "", filters={"place": ("云南省",)}) == 1
    assert total(engine, "旅游旅游") == 1


@pytest.mark.parametrize(
    "typed",
    [
        " | ".join(f"词{number}" for number in range(10_000)),
        "((((((((((a*)*)*)*)*)*)*)*)*)*",
        "[a-z]{1000}*",
        '{"query":{"match_all":{}}} OR 1=1; --',
        "a" * 10_000 + "*",
        "\u202e规划\u202c",
        "地区:" + "*" * 200 + "?" * 50 + "\\",
    ],
)
def test_no_question_is_too_much(engine, typed):
    engine.write([LIJIANG, DALI])

    for natural in (False, True):
        assert total(engine, typed, natural=natural) <= 2
    assert isinstance(engine.suggest(typed, reader=ANONYMOUS, limit=8), list)


def test_pages_beyond_ten_thousand_are_reached(engine, monkeypatch):
    monkeypatch.setattr("search.engines.elasticsearch.WINDOW", 5)
    monkeypatch.setattr("search.engines.elasticsearch._WALK", 3)
    documents = [
        document(number, date=datetime.date(2026, 1, number), deadline=datetime.date(2026, 2, number))
        for number in range(1, 13)
    ]
    engine.write(documents)

    for sort in ("newest", "deadline", "relevance"):
        query = Query(
            parse("公告"),
            tokens=frozenset({"public"}),
            sort=sort,
            limit=5,
            today=datetime.date(2026, 2, 6),
            facets=("place",),
        )
        pages = [engine.search(replace(query, offset=offset)) for offset in (0, 5, 10, 15, 10_000)]

        assert [len(page.found) for page in pages] == [5, 5, 2, 0, 0]
        assert [page.total for page in pages] == [12] * 5
        assert [page.facets for page in pages] == [pages[0].facets] * 5
        assert [one for page in pages for one in page.found] == list(engine.scan(query))


def test_a_refused_document_is_named_and_the_others_are_written(engine, monkeypatch):
    from search.engines.elasticsearch_schema import to_elasticsearch

    def with_an_unknown_field(one):
        made = to_elasticsearch(one)
        return {**made, "unknown": 1} if one.key.endswith(":2") else made

    monkeypatch.setattr("search.engines.elasticsearch.to_elasticsearch", with_an_unknown_field)
    with pytest.raises(DocumentRefused, match=r"test\.notice:2"):
        engine.write([document(1), document(2), document(3)])
    assert total(engine) == 2

    with engine.rebuild() as generation:
        assert generation.add([document(1), document(2), document(3)]) == 2
    assert total(engine) == 2


def test_deleting_what_is_not_there_is_no_error(engine):
    engine.write([], delete=["test.notice:404", "", "x" * 300])
    assert engine.status().documents == 0
