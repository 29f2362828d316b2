import datetime

import pytest

import search
from search import registry
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.readers import ANONYMOUS, Reader
from search.registry import Facet, SearchIndex
from tests.search.documents import DALI, LIJIANG, RELEASE, document

STAFF = Reader(frozenset({"public", "staff"}))


class NoticeIndex(SearchIndex):
    model = type("Notice", (), {})
    kind = "notice"
    label = "公告"
    icon = "notice"
    facets = (Facet("place", "地区", tree=True), Facet("qualification", "资质"))


@pytest.fixture(autouse=True)
def notices(monkeypatch):
    monkeypatch.setattr(registry, "_indexes", {NoticeIndex.model: NoticeIndex()})
    get_engine().write([LIJIANG, DALI, RELEASE])


def keys(results) -> list[str]:
    return [hit.key.removeprefix("test.notice:") for hit in results.hits]


def test_a_hit_shows_what_was_asked_for():
    hit = search.search("旅遊 規劃", reader=ANONYMOUS).hits[0]

    assert (hit.key, hit.kind, hit.label, hit.icon, hit.url) == (
        "test.notice:1",
        "notice",
        "公告",
        "notice",
        "/notices/1/",
    )
    assert hit.title == LIJIANG.title
    assert hit.title_html == "丽江市<mark>旅游</mark>发展总体<mark>规划</mark>编制项目公开招标公告"
    assert hit.snippet_html.startswith("现对丽江市<mark>旅游</mark>发展总体<mark>规划</mark>编制项目")
    assert (hit.date, hit.deadline, hit.amount, hit.place, hit.facets) == (
        LIJIANG.date, LIJIANG.deadline, LIJIANG.amount, LIJIANG.place, LIJIANG.facets,
    )  # fmt: skip
    assert hit.score is not None


def test_terms_for_one_field_are_marked_only_there():
    hit = search.search("标题:丽江", reader=ANONYMOUS).hits[0]

    assert "<mark>丽江</mark>" in hit.title_html
    assert "<mark>" not in hit.snippet_html


def test_nothing_typed_is_everything_newest_first():
    results = search.search("  ", reader=STAFF)

    assert keys(results) == ["3", "1", "2"]
    assert (results.total, results.page, results.pages, results.note) == (3, 1, 1, "")
    assert results.facets["kind"] == [("notice", 2), ("release", 1)]
    assert results.facets["place"] == [("云南省", 3), ("云南省/丽江市", 2), ("云南省/大理州", 1)]


def test_all_words_nowhere_together_widens_and_says_so():
    results = search.search("丽江旅游总体规划什么时候截止", reader=STAFF)

    assert keys(results) == ["1"]
    assert results.note == "没有同时包含全部检索词的内容，以下按相关程度列出包含其中一部分的内容。"
    assert "<mark>旅游</mark>" in results.hits[0].title_html


def test_widening_never_shows_what_the_reader_may_not_see():
    results = search.search("讲解员培训在哪里举办呢", reader=ANONYMOUS)

    assert (results.hits, results.total, results.note) == ([], 0, "")


def test_quoted_phrases_are_not_widened():
    assert search.search('"旅游总体规划"', reader=STAFF).total == 0


@pytest.mark.parametrize(
    "typed",
    [
        "C++",
        "50%",
        "a:b",
        '"',
        "“",
        "\x00\x01",
        "旅" * 2000,
        "-更正",
        "(",
        "*",
        "旅游-规划",
        "AND",
        "~",
        "\\",
        "[a TO b]",
    ],
)
def test_nothing_typed_is_an_error(typed):
    results = search.search(typed, reader=STAFF)

    assert results.total == len(results.hits)


def test_what_was_left_out_is_said():
    assert search.search("旅" * 2000, reader=STAFF).note == "检索词过长，只用了前 300 个字（最多 20 个词）。"
    assert search.search("%%%", reader=STAFF).note == "检索词里没有可以检索的文字，请输入汉字、字母或数字。"


def test_a_page_beyond_the_last_is_the_last():
    get_engine().write([document(number) for number in range(10, 20)])

    results = search.search("公告", reader=STAFF, page=10_000, page_size=5)

    assert (results.page, results.pages, results.total, len(results.hits)) == (3, 3, 12, 2)
    assert search.search("公告", reader=STAFF, page=-3).page == 1
    assert search.search("没有的词", reader=STAFF, page=7).page == 1


def test_unknown_facets_and_values_are_harmless():
    assert search.search("", reader=STAFF, filters={"nonsense": ("x",)}).total == 3
    assert search.search("", reader=STAFF, filters={"place": ("火星",)}).total == 0
    assert search.search("", reader=STAFF, filters={"place": ("\ud800",)}).total == 0
    assert search.search("", reader=STAFF, kinds=["nonsense"]).total == 0
    assert search.search("", reader=STAFF, filters={"place": ()}).total == 3


def test_filters_ranges_and_order():
    assert keys(search.search("", reader=STAFF, filters={"place": ["云南省/丽江市"]}, kinds=["notice"])) == ["1"]
    assert keys(search.search("", reader=STAFF, date_from=datetime.date(2026, 3, 2))) == ["3"]
    assert keys(search.search("招标", reader=STAFF, sort="newest")) == ["1", "2"]


def test_a_dead_index_is_a_note_not_an_error(monkeypatch, caplog):
    def broken(*args, **values):
        raise EngineUnavailable("坏了")

    monkeypatch.setattr(type(get_engine()), "search", broken)
    monkeypatch.setattr(type(get_engine()), "suggest", broken)

    results = search.search("丽江", reader=STAFF)

    assert results.note == "检索正在修复，请稍后再试；浏览和编辑不受影响。"
    assert search.suggest("丽江", reader=STAFF) == []


def test_suggestions_begin_with_titles_that_begin_so():
    get_engine().write([document(9, title="关于丽江的报告", date=datetime.date(2026, 9, 1))])

    found = search.suggest("丽江", reader=STAFF)

    assert [one.label for one in found] == [LIJIANG.title, "关于丽江的报告"]
    assert (found[0].url, found[0].kind) == ("/notices/1/", "notice")
    assert len(search.suggest("丽江", reader=STAFF, limit=1)) == 1
    assert search.suggest("", reader=STAFF) == []


def test_a_scan_gives_every_hit_with_its_passage_and_by_the_rules_of_a_search():
    assert [hit.key for hit in search.scan("丽江", reader=ANONYMOUS)] == [LIJIANG.key]
    assert [hit.key for hit in search.scan("丽江", reader=STAFF)] == [LIJIANG.key, RELEASE.key]
    assert [hit.key for hit in search.scan("公告", reader=STAFF, filters={"place": ("云南省/大理州",)})] == [DALI.key]
    assert next(search.scan("采购人", reader=STAFF)).snippet_html.startswith("项目位于大理古城，<mark>采购人</mark>")
    assert [hit.key for hit in search.scan("讲解员 火山", reader=STAFF)] == [RELEASE.key]
    assert list(search.scan("%%%", reader=STAFF)) == []
