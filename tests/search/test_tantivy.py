"""Traps of tantivy, and several processes on one index."""

import subprocess
import sys
from pathlib import Path

import pytest

from search.documents import Query
from search.engines.base import EngineBusy, EngineUnavailable
from search.engines.tantivy import TantivyEngine
from search.query import parse
from search.readers import ANONYMOUS
from tests.search.documents import DALI, LIJIANG, document

ROOT = Path(__file__).parents[2]


def total(engine: TantivyEngine, text: str = "") -> int:
    return engine.search(Query(parse(text), tokens=frozenset({"public"}))).total


@pytest.fixture
def engine(tmp_path):
    return TantivyEngine(tmp_path / "index")


def test_a_held_lock_is_busy_and_a_released_one_is_not(engine, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy._WAIT", 0.02)
    with engine.generations.lock(0), pytest.raises(EngineBusy):
        engine.write([LIJIANG])

    engine.write([LIJIANG])

    assert total(engine) == 1


def test_a_failed_batch_writes_nothing_and_lets_go_of_the_lock(engine):
    def documents():
        yield DALI
        raise RuntimeError

    engine.write([LIJIANG])
    with pytest.raises(RuntimeError):
        engine.write(documents(), delete=[LIJIANG.key])

    assert total(engine) == 1
    engine.write([DALI])
    assert total(engine) == 2


@pytest.mark.parametrize("key", [1, 2.0, None, b"test.notice:1"])
def test_a_key_of_another_type_deletes_nothing_and_ends_no_process(engine, key):
    engine.write([LIJIANG])

    engine.write([], delete=[key])

    assert total(engine) == 1


def test_another_reader_sees_what_is_written_and_swapped(engine, tmp_path):
    other = TantivyEngine(tmp_path / "index")
    assert total(other) == 0

    engine.write([LIJIANG])
    assert total(other) == 1

    engine.write([DALI])
    assert total(other) == 2

    for documents in ([LIJIANG], [LIJIANG, DALI], [DALI]):
        with engine.rebuild() as generation:
            generation.add(documents)
        assert total(other) == len(documents)
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 2


def test_writing_during_a_rebuild_is_busy_not_lost(engine, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy._WAIT", 0.02)
    engine.write([LIJIANG])
    with engine.rebuild() as generation:
        generation.add([LIJIANG])
        with pytest.raises(EngineBusy):
            engine.write([DALI])


def test_an_index_of_another_version_says_what_to_do(engine, monkeypatch):
    engine.write([LIJIANG])
    monkeypatch.setattr("search.engines.tantivy._MANIFEST", {"schema": 0, "text": 0})
    engine = TantivyEngine(engine.generations.root)

    with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
        total(engine)
    with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
        engine.write([DALI])
    assert not engine.status().current
    with engine.rebuild() as generation:
        generation.add([DALI])
    assert total(engine) == 1


def test_a_damaged_index_is_unavailable_and_a_rebuild_heals_it(engine):
    engine.write([LIJIANG])
    path = engine.generations.path(engine.generations.current()) / "meta.json"
    path.write_text("{")

    with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
        total(TantivyEngine(engine.generations.root))
    with engine.rebuild() as generation:
        generation.add([DALI])
    assert total(engine) == 1


def test_a_panic_of_the_library_is_an_index_out_of_use(engine, monkeypatch):
    panic = type("PanicException", (BaseException,), {})

    def broken(*args, **values):
        raise panic("index out of bounds")

    engine.write([LIJIANG])
    monkeypatch.setattr("search.engines.tantivy_schema.unpack", broken)

    with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
        total(engine, "丽江")
    with pytest.raises(EngineUnavailable, match="rebuild_search_index"):
        engine.suggest("丽江", reader=ANONYMOUS, limit=8)


def test_a_thousand_tokens_and_a_very_long_word_are_no_trouble(engine):
    engine.write([document(1, title="长" * 3000, body="w" * 100_000)])

    assert total(engine, "长" * 300) == 1
    assert total(engine, "w" * 192) == 1
    assert total(engine, "www*") == 1


def test_rights_hold_with_more_audiences_than_a_query_names(engine, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy_queries._MAX_SETS", 3)
    engine.write([document(number, audience=frozenset({f"user:{number}", "group:9"})) for number in range(6)])
    engine.write([document(7), document(8, audience=frozenset())])

    assert total(engine) == 1
    assert engine.search(Query(parse(""), tokens=frozenset({"user:3"}))).total == 1
    assert engine.search(Query(parse(""), tokens=frozenset({"user:3", "public"}))).total == 2
    assert engine.search(Query(parse(""), tokens=frozenset({"group:9"}))).total == 6


WRITER = """
import sys, time
from pathlib import Path
from search.engines.base import EngineBusy
from search.engines.tantivy import TantivyEngine
from tests.search.documents import document

engine = TantivyEngine(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    while True:
        try:
            engine.write([document(number)])
            break
        except EngineBusy:
            time.sleep(0.01)
"""


def test_two_processes_write_and_a_third_reads_without_losing_anything(engine):
    engine.write([document(0)])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(engine.generations.root), str(start), str(start + 25)], cwd=ROOT
        )
        for start in (1, 101)
    ]
    seen = [0]
    while any(writer.poll() is None for writer in writers):
        seen.append(total(engine))

    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen == sorted(seen)
    assert total(engine) == 51


KILLED = """
import os, sys
from pathlib import Path
from search.engines.tantivy import TantivyEngine
from tests.search.documents import document

def documents():
    yield document(2)
    os.kill(os.getpid(), 9)

TantivyEngine(Path(sys.argv[1])).write(documents())
"""


def test_a_killed_writer_leaves_the_index_whole_and_unlocked(engine):
    engine.write([document(1)])

    subprocess.run([sys.executable, "-c", KILLED, str(engine.generations.root)], cwd=ROOT)

    assert total(engine) == 1
    engine.write([document(2)])
    assert total(engine) == 2
