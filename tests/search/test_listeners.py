"""Who listens hears of every document, round the write, again after a crash; its own mistakes stop nothing."""

import contextlib

import pytest
from django.db import DatabaseError

import search
from content.taxonomy.models import Subject
from search import listeners
from search.engines import get_engine
from search.models import OutboxEntry
from search.readers import Reader

pytestmark = pytest.mark.usefixtures("searchable")
MANAGER = Reader(frozenset(), everything=True)


class Crash(BaseException):
    """The process is gone."""


@pytest.fixture
def heard(monkeypatch):
    """What a listener has heard: title now, title before, and what can be found before and after the write."""
    seen = []

    @contextlib.contextmanager
    def listener(documents, before):
        held = before()
        titles = [(one.title, held[one.key].document.title if one.key in held else None) for one in documents]
        seen.append(("before", titles, search.search("", reader=MANAGER).total))
        yield
        seen.append(("after", titles, search.search("", reader=MANAGER).total))

    monkeypatch.setattr(listeners, "_listeners", [listener])
    return seen


def subject(name: str) -> Subject:
    return Subject.objects.create(name=name, slug=f"s{Subject.objects.count()}")


def test_new_and_changed_documents_are_told_round_the_write(heard, search_index):
    one = subject("旧名")
    search_index()
    one.name = "新名"
    one.save()
    search_index()

    assert heard == [
        ("before", [("旧名", None)], 0),
        ("after", [("旧名", None)], 1),
        ("before", [("新名", "旧名")], 1),
        ("after", [("新名", "旧名")], 1),
    ]


def test_what_is_deleted_is_not_told(heard, search_index):
    one = subject("旧名")
    search_index()
    heard.clear()
    one.delete()
    search_index()

    assert heard == []


def test_after_a_crash_in_the_write_all_is_told_again_as_it_was(heard, search_index, monkeypatch):
    subject("一个主题")
    real = type(get_engine()).write

    def crash(*args, **values):
        monkeypatch.setattr(type(get_engine()), "write", real)
        raise Crash

    monkeypatch.setattr(type(get_engine()), "write", crash)
    with pytest.raises(Crash):
        search_index()
    search_index()

    assert heard == [
        ("before", [("一个主题", None)], 0),
        ("before", [("一个主题", None)], 0),
        ("after", [("一个主题", None)], 1),
    ]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_listeners_mistake_stops_no_indexing(when, search_index, monkeypatch, caplog):
    @contextlib.contextmanager
    def mistaken(documents, before):
        if when == "before":
            raise ValueError("坏了")
        yield
        raise ValueError("坏了")

    monkeypatch.setattr(listeners, "_listeners", [mistaken])
    subject("一个主题")
    search_index()

    assert search.search("主题", reader=MANAGER).total == 1
    assert "坏了" in caplog.text


def test_where_the_database_fails_the_rows_stay(search_index, monkeypatch):
    @contextlib.contextmanager
    def locked(documents, before):
        raise DatabaseError("database is locked")
        yield

    monkeypatch.setattr(listeners, "_listeners", [locked])
    subject("一个主题")

    with pytest.raises(DatabaseError):
        search_index()
    assert OutboxEntry.objects.count() == 1
    assert search.search("主题", reader=MANAGER).total == 0
