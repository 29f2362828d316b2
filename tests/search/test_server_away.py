"""While the search server is away, people go on saving; when it is back, the worker brings everything into the index."""

import socket
import uuid

import pytest
from django.db import transaction

import search
from content.taxonomy.models import Subject
from search import engines, outbox
from search.engines.base import EngineUnavailable
from search.models import OutboxEntry
from search.readers import ANONYMOUS
from search.tasks import drain_outbox
from tests.search.servers import address, remove

pytestmark = pytest.mark.usefixtures("searchable")


@pytest.fixture
def away(settings, monkeypatch):
    """The portal of many machines, whose server does not answer."""
    monkeypatch.setattr("search.engines.elasticsearch_client._RETRIES", 0)
    monkeypatch.setattr("search.tasks.PATIENCE", 0.0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{probe.getsockname()[1]}"
    settings.ELASTICSEARCH_PREFIX = f"test_{uuid.uuid4().hex[:12]}"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_saving_goes_on_and_nothing_is_lost(away):
    with transaction.atomic():
        Subject.objects.create(name="旅游规划", slug="s1")

    assert OutboxEntry.objects.count() == 1
    found = search.search("旅游", reader=ANONYMOUS)
    assert (found.hits, found.total) == ([], 0)
    assert found.note
    assert search.suggest("旅游", reader=ANONYMOUS) == []


@pytest.mark.elasticsearch
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_saved_meanwhile_is_found_when_the_server_is_back(away, settings):
    url = address()
    with transaction.atomic():
        Subject.objects.create(name="旅游规划", slug="s1")
    with pytest.raises(EngineUnavailable):
        search.drain()
    settings.ELASTICSEARCH_URL = url

    with transaction.atomic():
        Subject.objects.create(name="旅游营销", slug="s2")

    assert {hit.title for hit in search.search("旅游", reader=ANONYMOUS).hits} == {"旅游规划", "旅游营销"}
    assert not OutboxEntry.objects.exists()
    remove(settings.ELASTICSEARCH_PREFIX)


def test_the_worker_waits_longer_each_time_for_a_server_that_is_away(away, monkeypatch):
    waits: list[float] = []
    answers = iter([*[EngineUnavailable("away")] * 8, 3, 0])

    def drain() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("search.tasks.PATIENCE", 1_000.0)
    monkeypatch.setattr("search.tasks.time.sleep", waits.append)
    monkeypatch.setattr(outbox, "drain", drain)

    assert drain_outbox.func() == 3
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_a_damaged_index_of_this_machine_is_not_waited_for(db, monkeypatch):
    monkeypatch.setattr(engines.settings, "ELASTICSEARCH_URL", "")

    def drain() -> int:
        raise EngineUnavailable("damaged")

    monkeypatch.setattr(outbox, "drain", drain)
    with pytest.raises(EngineUnavailable):
        drain_outbox.func()
