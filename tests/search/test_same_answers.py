"""Both engines answer alike: the same hits, totals, facets and orders for hundreds of generated queries of every form."""

import datetime
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from bench.notices import notices
from search import text
from search.documents import FileText, Query, SearchDocument
from search.engines.tantivy import TantivyEngine
from search.query import parse
from tests.search.servers import server_engine

pytestmark = pytest.mark.elasticsearch

SIZE = 3_000
FACETS = ("place", "subject", "qualification", "state")
TODAY = datetime.date(2024, 5, 1)
LATIN = ["GB50180-2018", "PPP", "EPC总承包", "2026", "ZB-00", "gb/t", "C++", "A级", "3A", "4.5公顷", "é", "𠮷"]


def corpus() -> list[SearchDocument]:
    """Notices, some with codes, files, traditional characters, no date or no amount, for many kinds of readers."""
    chance = random.Random(5)
    made = []
    for number, one in enumerate(notices(SIZE)):
        body = f"{one.body}{chance.choice(LATIN)}，{chance.choice(LATIN)}" if chance.random() < 0.3 else one.body
        if chance.random() < 0.05:
            body += "麗江古城與瀘沽湖旅遊規劃"
        files = (FileText(f"media.document:{number}", f"附件{number}.pdf", one.title[::-1] + chance.choice(LATIN)),)
        made.append(
            replace(
                one,
                body=body,
                files=files if chance.random() < 0.2 else (),
                audience=frozenset(
                    chance.sample(["public", "staff", "unit:1", "unit:2", "post:7"], chance.randint(0, 2))
                ),
                deadline=one.deadline if chance.random() < 0.9 else None,
                amount=one.amount if chance.random() < 0.9 else None,
                date=one.date if chance.random() < 0.95 else None,
            )
        )
    return made


class Asking:
    """Makes queries of all forms, the same each time."""

    def __init__(self, documents: list[SearchDocument], seed: int) -> None:
        self.chance = random.Random(seed)
        self.documents = documents

    def piece(self, least: int = 1, most: int = 8) -> str:
        """A run of characters out of some document, with whatever signs stand in it."""
        one = self.chance.choice(self.documents)
        source = self.chance.choice([one.title, one.title, one.body, one.body, one.keywords])
        length = self.chance.randint(least, most)
        start = self.chance.randrange(max(1, len(source) - length))
        return source[start : start + length]

    def word(self) -> str:
        words = [word for word in text.words(text.fold(self.chance.choice(self.documents).title)) if len(word) > 1]
        return self.chance.choice(words)

    def typed(self, form: str) -> str:
        chance, piece, word = self.chance, self.piece, self.word
        return {
            "chunk": lambda: piece(2, 10),
            "character": lambda: chance.choice("茶规划丽江𠮷年期a2"),
            "and": lambda: f"{word()} {word()}",
            "or": lambda: chance.choice([" | ", " 或 ", " OR "]).join([piece(2, 4), word(), word()]),
            "minus": lambda: f"{word()} -{word()} -{piece(1, 3)}",
            "only minus": lambda: f"-{word()}",
            "quotes": lambda: f'"{piece(3, 12)}" “{word()}”',
            "field": lambda: (
                chance.choice(["标题", "正文"]) + f":{piece(2, 5)} " + chance.choice(["", f"标题：{word()}"])
            ),
            "prefix": lambda: chance.choice(["ZB-0*", "zb-00*", "202*", "g*", "GB5*", "附件1*", f"{word()}*", "采0*"]),
            "latin": lambda: chance.choice(LATIN),
            "mixed": lambda: f"{chance.choice(LATIN)} {word()} -{chance.choice(LATIN)}",
            "signs": lambda: chance.choice(
                ["%%", '"', "a:b 规划", "(旅游", "《城市设计》", "规划/设计", "<b>规划</b>", "\u202e规划"]
            ),
            "traditional": lambda: chance.choice(["麗江", "旅遊規劃", "規劃 -設計", "與瀘沽湖"]),
            "nothing": lambda: "",
            "long": lambda: chance.choice(self.documents).body[:300],
            "many": lambda: " | ".join(word() for _ in range(20)),
        }[form]()

    def query(self, form: str) -> Query:
        chance = self.chance
        natural = chance.random() < 0.3 and form not in {"nothing", "only minus", "signs"}
        expression = parse(self.typed(form))
        tokens = frozenset(
            chance.sample(["public", "staff", "unit:1", "unit:2", "post:7", "group:1"], chance.randint(0, 4))
        )
        filters = {}
        if chance.random() < 0.5:
            for name in chance.sample(FACETS, chance.randint(1, 3)):
                values = [value for one in chance.sample(self.documents, 3) for value in one.facets[name]]
                filters[name] = tuple(value.split("/")[0] if chance.random() < 0.5 else value for value in values)
        return Query(
            expression,
            tokens=tokens,
            everything=chance.random() < 0.3,
            kinds=tuple(chance.sample(["tender", "news", "release", "gone"], 2)) if chance.random() < 0.2 else (),
            filters=filters,
            date_from=datetime.date(chance.randint(2020, 2025), 6, 1) if chance.random() < 0.2 else None,
            date_to=datetime.date(chance.randint(2022, 2027), 6, 1) if chance.random() < 0.2 else None,
            deadline_from=TODAY if chance.random() < 0.1 else None,
            amount_from=Decimal(chance.randint(10, 500)) * 10_000 if chance.random() < 0.1 else None,
            amount_to=Decimal(chance.randint(400, 900)) * 10_000 if chance.random() < 0.1 else None,
            sort=chance.choice(["relevance", "newest", "deadline"]),
            facets=FACETS,
            natural=natural and bool(expression.groups),
            today=TODAY,
        )


FORMS = [
    "chunk", "character", "and", "or", "minus", "only minus", "quotes", "field", "prefix", "latin", "mixed", "signs",
    "traditional", "nothing", "long", "many",
]  # fmt: skip
EACH = 40  # queries of a form: 640 in all


@pytest.fixture(scope="module")
def documents():
    return corpus()


@pytest.fixture(scope="module")
def engines(tmp_path_factory, documents):
    embedded = TantivyEngine(tmp_path_factory.mktemp("same") / "index")
    with server_engine() as server:
        for engine in (embedded, server):
            with engine.rebuild() as generation:
                assert generation.add(documents) == SIZE
        yield embedded, server


@pytest.mark.parametrize("form", FORMS)
def test_both_engines_find_the_same(engines, documents, form):
    asking = Asking(documents, seed=FORMS.index(form))
    found_something = 0
    for _ in range(EACH):
        query = asking.query(form)
        embedded, server = (engine.search(replace(query, limit=SIZE)) for engine in engines)

        assert server.total == embedded.total, query
        assert {name: dict(values) for name, values in server.facets.items()} == {
            name: dict(values) for name, values in embedded.facets.items()
        }, query
        assert {one.document.key: one.document for one in server.found} == {
            one.document.key: one.document for one in embedded.found
        }, query
        if query.sort != "relevance":
            name = "date" if query.sort == "newest" else "deadline"
            assert [getattr(one.document, name) for one in server.found] == [
                getattr(one.document, name) for one in embedded.found
            ], query
        found_something += bool(embedded.total)
    assert found_something >= EACH // 4


def test_both_engines_suggest_the_same_number(engines):
    from search.readers import Reader

    reader = Reader(frozenset({"public", "staff"}))
    for prefix in ("丽江", "lij", "lj", "规划", "zb-00", "景观设计", "gh", "%"):
        embedded, server = ({one.key for one in engine.suggest(prefix, reader=reader, limit=60)} for engine in engines)
        assert len(embedded) == len(server), prefix
        if len(embedded) < 60:
            assert embedded == server
