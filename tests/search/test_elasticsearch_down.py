"""A server that is away, closed, slow, or no Elasticsearch at all: one sentence, never another kind of error."""

import contextlib
import http.server
import socket
import threading
import time

import pytest

from search.documents import Query
from search.engines.base import EngineUnavailable
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_client import connected
from search.query import parse
from search.readers import ANONYMOUS
from tests.search.documents import LIJIANG

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
ERROR = b'{"error":{"type":"some_exception","reason":"no"},"status":%d}'


@contextlib.contextmanager
def answering(status: int, headers: dict[str, str], body: bytes, wait: float = 0.0):
    """A server that says the same to everything; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            time.sleep(wait)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

        def log_message(self, *args) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def acts(engine: ElasticsearchEngine):
    """Everything that may be asked of an engine."""
    query = Query(parse("丽江"), tokens=frozenset({"public"}))
    yield lambda: engine.search(query)
    yield lambda: list(engine.scan(query))
    yield lambda: engine.keys(query)
    yield lambda: engine.suggest("丽江", reader=ANONYMOUS, limit=8)
    yield lambda: engine.stored(["a:1"])
    yield lambda: list(engine.digests())
    yield lambda: engine.status()
    yield lambda: engine.write([LIJIANG])
    yield lambda: engine.draining().__enter__()
    yield lambda: engine.rebuild().__enter__()


def all_unavailable(url: str, sentence: str) -> None:
    engine = ElasticsearchEngine(connected(url), "test")
    for act in acts(engine):
        with pytest.raises(EngineUnavailable, match=sentence):
            act()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("search.engines.elasticsearch._READ_TIMEOUT", 0.3)
    monkeypatch.setattr("search.engines.elasticsearch_client._TIMEOUT", 0.3)
    monkeypatch.setattr("search.engines.elasticsearch_client._RETRIES", 0)
    monkeypatch.setattr("search.engines.elasticsearch_bulk._RETRIES", 1)
    monkeypatch.setattr("search.engines.elasticsearch_bulk._FIRST_WAIT", 0.01)


def test_nobody_there():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    all_unavailable(url, "连不上 Elasticsearch")


@pytest.mark.parametrize("status", [401, 403])
def test_no_access(status):
    with answering(status, PRODUCT, ERROR % status) as url:
        all_unavailable(url, "拒绝访问")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_overloaded_or_broken(status):
    with answering(status, PRODUCT, ERROR % status) as url:
        all_unavailable(url, "忙不过来")


def test_slow():
    with answering(200, PRODUCT, b"{}", wait=0.6) as url:
        all_unavailable(url, "没有按时答复")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/html"}, b"<!doctype html><title>nginx</title>"),
        ({**PRODUCT, "Content-Type": "text/html"}, b"<!doctype html>"),
        (PRODUCT, b"<html>not json"),
        ({"Content-Type": "application/json"}, b'{"ok":true}'),
        (PRODUCT, b"{}"),
        (PRODUCT, b"[]"),
        (PRODUCT, b'{"hits":null}'),
    ],
)
def test_another_kind_of_server(headers, body):
    with answering(200, headers, body) as url:
        engine = ElasticsearchEngine(connected(url), "test")
        for act in list(acts(engine))[:5]:
            with contextlib.suppress(EngineUnavailable):  # or an answer that says nothing; never another error
                act()
        with pytest.raises(EngineUnavailable, match="不是 Elasticsearch"):
            engine.search(Query(parse("丽江"), tokens=frozenset({"public"})))


def test_an_address_without_scheme_or_port_is_understood():
    engine = ElasticsearchEngine(connected("search.example, https://u:p@other.example/base"), "test")

    assert sorted(node.base_url for node in engine.client.transport.node_pool.all()) == [
        "http://search.example:9200",
        "https://other.example:443/base",
    ]
