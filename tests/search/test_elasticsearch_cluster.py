"""Two servers, three parts with one copy each: the contract holds while one server is killed and comes back.

Needs nothing but Maven and Java; it starts its servers itself (`make test-cluster`).
"""

import os
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from scripts.search_server import servers
from search.documents import Query
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_client import connected
from search.engines.elasticsearch_generations import Layout
from search.query import parse
from tests.search.documents import document

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parents[2]
SIZE = 300


@pytest.fixture(scope="module")
def nodes(request):
    if "cluster" not in request.config.getoption("markexpr"):
        pytest.skip("启动两个服务器，只在指明时运行：make test-cluster")
    with servers(os.environ.get("ELASTICSEARCH_LINE", "8"), number=2) as made:
        yield made


@pytest.fixture
def addresses(nodes):
    return ",".join(node.url for node in nodes)


@pytest.fixture
def engine(addresses):
    made = ElasticsearchEngine(connected(addresses), f"cluster_{uuid.uuid4().hex[:8]}", Layout(shards=3))
    with made.rebuild() as generation:
        generation.add(document(number) for number in range(SIZE))
    return made


def total(engine: ElasticsearchEngine, text: str = "") -> int:
    return engine.search(Query(parse(text), tokens=frozenset({"public"}))).total


class Asking(threading.Thread):
    """Goes on searching and writing in the background and keeps everything that was not as it should be."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        super().__init__(daemon=True)
        self.engine = engine
        self.over = threading.Event()
        self.wrong: list[object] = []
        self.rounds = 0

    def run(self) -> None:
        while not self.over.is_set():
            number = SIZE + self.rounds
            try:
                self.engine.write([document(number)])
                found = (total(self.engine), total(self.engine, f"第{number}号"))
                if found != (number + 1, 1):
                    self.wrong.append((number, found))
            except Exception as error:
                self.wrong.append(error)
                return
            self.rounds += 1


def test_copies_lie_on_both_servers(engine, nodes):
    nodes[0].wait(2)
    parts = engine.client.cat.shards(index=engine.generations.alias, format="json")

    assert sorted(part["prirep"] for part in parts) == ["p", "p", "p", "r", "r", "r"]
    assert {part["node"] for part in parts} == {"n0", "n1"}


def test_searching_and_writing_go_on_while_a_server_is_killed_and_returns(engine, nodes):
    nodes[0].wait(2)
    asking = Asking(engine)
    asking.start()
    while asking.rounds < 3 and asking.is_alive():
        time.sleep(0.05)

    nodes[1].kill()
    after_kill = asking.rounds
    while asking.rounds < after_kill + 10 and asking.is_alive():
        time.sleep(0.05)
    nodes[1].start()
    nodes[0].wait(2)
    after_return = asking.rounds
    while asking.rounds < after_return + 5 and asking.is_alive():
        time.sleep(0.05)
    asking.over.set()
    asking.join(30)

    assert asking.wrong == []
    assert total(engine) == SIZE + asking.rounds


def test_the_contract_holds_with_a_server_killed_in_its_midst(nodes, addresses):
    nodes[0].wait(2)
    suite = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "elasticsearch",
            "tests/search/test_engines.py",
        ],
        cwd=ROOT,
        env={**os.environ, "ELASTICSEARCH_URL": addresses, "ELASTICSEARCH_SHARDS": "3"},
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(6)
    nodes[1].kill()
    time.sleep(3)
    nodes[1].start()

    told, _ = suite.communicate(timeout=240)

    assert suite.returncode == 0, told
    nodes[0].wait(2)
