"""The engines under test. Elasticsearch is a real server, the one ELASTICSEARCH_URL names."""

import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_client import connected
from search.engines.elasticsearch_generations import Layout
from search.engines.tantivy import TantivyEngine

SHARDS = int(os.environ.get("ELASTICSEARCH_SHARDS", "1"))
# What a fixture is parametrised with, to run its tests on every engine there is here.
ENGINES = ["tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


def engine_named(name: str, folder: Path) -> AbstractContextManager[Engine]:
    """A new engine of this name (see ENGINES), whose index is not made yet."""
    return nullcontext(TantivyEngine(folder / "index")) if name == "tantivy" else server_engine()


def address() -> str:
    """The servers under test; without one the test is skipped."""
    url = os.environ.get("ELASTICSEARCH_URL", "")
    if not url:
        pytest.skip("需要 ELASTICSEARCH_URL（python scripts/search_server.py -- 命令 会启动一个）")
    return url


@contextmanager
def server_engine() -> Iterator[ElasticsearchEngine]:
    """An engine with nothing on the server yet; everything it makes is removed afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = ElasticsearchEngine(connected(address()), name, Layout(shards=SHARDS))
    yield engine
    remove(name)


def remove(prefix: str) -> None:
    """Remove everything whose name begins so from the server."""
    client = connected(address())
    found = client.indices.get(index=f"{prefix}*", features="aliases", allow_no_indices=True)
    if found:
        client.indices.delete(index=list(found))
    client.close()
