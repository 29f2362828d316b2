"""The meaning of a query for one document, and that the engine finds exactly what it means."""

import datetime
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import clauses
from search.clauses import (
    AllOf,
    AnyOf,
    Everything,
    Facet,
    FacetHolds,
    Natural,
    Not,
    Nothing,
    Phrase,
    Range,
    Sound,
    clauses_of,
    matches,
    phrase_of,
)
from search.documents import FileText, Query
from search.query import Field, parse
from search.text import Unit
from tests.search.documents import DALI, LIJIANG, RELEASE, document
from tests.search.servers import ENGINES, engine_named

HAN = "旅游规划丽江古城市招标设计"
PIECES = [
    *HAN,
    *HAN,
    "旅游",
    "规划",
    "丽江",
    "麗江",
    "GB50378",
    "gb",
    "c++",
    "2026",
    "年",
    "，",
    " ",
    "-",
    "é",
    "𠮷",
    "#",
]
PLACES = ["云南省/丽江市/古城区", "云南省/大理州", "云南省", "广东省/深圳市", "麗江"]
STATES = ["招标中", "已截止", "未定"]


def corpus(size: int) -> list:
    chance = random.Random(7)

    def words(most: int) -> str:
        return "".join(chance.choice(PIECES) for _ in range(chance.randint(0, most)))

    def day() -> datetime.date | None:
        return datetime.date(2026, chance.randint(1, 12), chance.randint(1, 28)) if chance.random() < 0.8 else None

    return [
        document(
            number,
            kind=chance.choice(["notice", "release"]),
            title=words(8),
            keywords=words(4),
            body=words(20),
            date=day(),
            deadline=day(),
            amount=Decimal(chance.randint(0, 300)) / 100 * 10_000 if chance.random() < 0.8 else None,
            facets={
                "place": tuple(chance.sample(PLACES, chance.randint(0, 2))),
                "state": (chance.choice(STATES),),
            },
            files=tuple(FileText(f"f:{n}", words(3), words(6)) for n in range(chance.randint(0, 2))),
        )
        for number in range(size)
    ]


@pytest.fixture(scope="module")
def documents():
    return corpus(200)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory, documents):
    with engine_named(request.param, tmp_path_factory.mktemp("clauses")) as made:
        made.write(documents)
        yield made


TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
FIELDS = st.sampled_from(list(Field))
DATES = st.dates(datetime.date(2025, 12, 1), datetime.date(2027, 1, 31)) | st.none()
AMOUNTS = st.decimals(0, 40_000, places=2) | st.none()
SIMPLE = st.one_of(
    st.sampled_from([Everything(), Nothing(), Range("date")]),
    st.builds(phrase_of, TEXTS.map(str.lower), FIELDS, prefix=st.booleans()),
    st.builds(
        lambda field, first, gap, last: Phrase(field, (Unit(first, 0), Unit(last, gap))),
        FIELDS, st.sampled_from(HAN), st.integers(1, 6), st.sampled_from(HAN),
    ),
    st.builds(
        lambda field, text, needed: Natural(((field, text[0]), (field, text[-1]), (field, text[:2])), (), needed),
        FIELDS, TEXTS, st.integers(1, 3),
    ),
    st.builds(Facet, st.just("place"), st.lists(st.sampled_from([*PLACES, "云南省/丽江市", "丽江"])).map(tuple)),
    st.builds(Facet, st.just("kind"), st.sampled_from([("notice",), ("release", "x"), ()])),
    st.builds(FacetHolds, st.sampled_from(["place", "state", "gone"]), st.sampled_from(["丽江", "省/丽", "中", "x"])),
    st.builds(Range, st.sampled_from(["date", "deadline"]), DATES, DATES),
    st.builds(Range, st.just("amount"), AMOUNTS, AMOUNTS),
    st.builds(Sound, st.sampled_from(["lijiang", "lj", "gui", "gh", "c", "2026", "zz"])),
)  # fmt: skip
ASKED = st.sampled_from(
    [
        "地区:丽江",
        "地区:“云南省”",
        "-地区:云南、广东",
        "类别:公告",
        "日期:2026-03..2026-08",
        "-截止:<2026-06",
        "金额:>1万",
        "|",
        "编号:gb*",
        "标题:丽江",
        "-正文:规划",
        "丽",
        "gb*",
        "-c++",
    ]
)
CLAUSES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


@settings(max_examples=400)
@given(CLAUSES)
def test_the_engine_finds_exactly_what_a_clause_means(engine, documents, clause):
    meant = {one.key for one in documents if matches(clause, one)}

    answer = engine.search(Query(parse(""), tokens=frozenset({"public"}), clause=clause, limit=200))

    assert {found.document.key for found in answer.found} == meant
    assert answer.total == len(meant)


@settings(max_examples=200)
@given(st.lists(TEXTS | ASKED, max_size=4).map(" ".join), st.booleans())
@pytest.mark.usefixtures("kinds")
def test_the_engine_finds_exactly_what_a_text_means(engine, documents, typed, natural):
    query = Query(parse(typed), tokens=frozenset({"public"}), natural=natural, limit=200)
    meant = {one.key for one in documents if matches(clauses.clause_for(query), one)}

    assert {found.document.key for found in engine.search(query).found} == meant


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", "123"),
        ("%%", ""),
        ("总体规划", "1"),
        ("丽江古城", ""),
        ("招标 云南 | 规划", "12"),
        ("-招标", "3"),
        ("标题:丽江", "1"),
        ("lj-2026-0*", "1"),
        ('"旅游 规划"', ""),
        ("地区:丽江", "13"),
        ("地区:丽江、大理 招标", "12"),
        ('地区:"云南省"', "123"),
        ('地区:"丽江市"', ""),
        ("-地区:丽江", "2"),
        ("资质:乙级 | 类别:新闻", "13"),
        ("截止:2026-05..", "2"),
        ("-截止:2026-05..", "13"),
        ("日期:2026-03", "13"),
        ("金额:>120万", "2"),
        ("金额:>=120万", "12"),
        ("编号:lj-2026", "1"),
        ("编号:丽江", ""),
        ("截止:今天..", "2"),
    ],
)
@pytest.mark.usefixtures("kinds")
def test_a_text_means_what_holds_it(typed, found):
    meaning = clauses_of(parse(typed), today=datetime.date(2026, 4, 15))

    assert [one.key[-1] for one in (LIJIANG, DALI, RELEASE) if matches(meaning, one)] == list(found)


def test_a_question_needs_a_share_of_its_pairs_and_the_whole_of_its_quotes():
    question = clauses_of(parse("丽江旅游总体规划什么时候截止"), natural=True)
    quoted = clauses_of(parse('丽江旅游总体规划什么时候截止 "古城"'), natural=True)

    assert [matches(question, one) for one in (LIJIANG, DALI)] == [True, False]
    assert not matches(quoted, LIJIANG)


def test_a_range_leaves_out_what_has_no_such_value():
    assert matches(Range("amount", Decimal("1200000"), Decimal("1200000.00")), LIJIANG)
    assert not matches(Range("amount", Decimal(0)), RELEASE)
    assert not matches(Not(Range("deadline")), LIJIANG)
    assert matches(Not(Range("deadline")), RELEASE)
