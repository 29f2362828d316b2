"""What every engine must pass. test_engines.py runs it against each; `engine` comes from there."""

import datetime
from dataclasses import replace
from decimal import Decimal

from search.clauses import phrase_of
from search.documents import Answer, FileText, Query
from search.query import parse
from search.readers import ANONYMOUS, Reader
from tests.search.documents import DALI, LIJIANG, RELEASE, document

TODAY = datetime.date(2026, 4, 15)
STAFF = Reader(frozenset({"public", "staff"}))


def ask(engine, text: str, *, reader: Reader = STAFF, **values) -> Answer:
    return engine.search(Query(parse(text), tokens=reader.tokens, everything=reader.everything, today=TODAY, **values))


def found(engine, text: str, **values) -> list[str]:
    return [one.document.key.removeprefix("test.notice:") for one in ask(engine, text, **values).found]


def filled(engine):
    engine.write([LIJIANG, DALI, RELEASE])
    return engine


def test_an_index_not_yet_made_holds_nothing(engine):
    assert ask(engine, "丽江") == Answer()
    assert engine.suggest("丽江", reader=STAFF, limit=8) == []
    assert list(engine.digests()) == []
    assert not engine.status().exists


def test_any_run_of_characters_is_found_wherever_it_stands(engine):
    filled(engine)

    assert found(engine, "总体规划") == ["1"]
    assert found(engine, "体规") == ["1"]
    assert found(engine, "古") == ["2"]
    assert found(engine, "游规") == ["1"]
    assert found(engine, "丽江古城") == []


def test_a_phrase_does_not_reach_across_a_comma(engine):
    engine.write([document(1, body="先谈旅游，规划随后"), document(2, body="旅游规划")])

    assert found(engine, "旅游规划") == ["2"]
    assert found(engine, '"旅游 规划"') == ["1"]


def test_words_and_figures_touch_han_characters(engine):
    engine.write([document(1, title="执行GB/T50378—2019标准，2026年度"), document(2, title="C++与C#课程")])

    assert found(engine, "50378") == ["1"]
    assert found(engine, "gbt") == []
    assert found(engine, "T50378-2019标准") == ["1"]
    assert found(engine, "2026年") == ["1"]
    assert found(engine, "gb/t*") == ["1"]
    assert found(engine, "c++") == ["2"]
    assert found(engine, "C") == []


def test_blank_is_and_minus_leaves_out_bar_is_or(engine):
    filled(engine)

    assert sorted(found(engine, "招标 云南 | 规划")) == ["1", "2"]
    assert found(engine, "招标 -丽江") == ["2"]
    assert sorted(found(engine, "古城 或 讲解员")) == ["2", "3"]
    assert found(engine, "标题:丽江") == ["1"]
    assert sorted(found(engine, "正文:丽江")) == ["1", "3"]
    assert found(engine, "-招标") == ["3"]


def test_keywords_are_found_like_a_title(engine):
    filled(engine)

    assert found(engine, "LJ-2026-018") == ["1"]
    assert found(engine, "lj-2026-0*") == ["1"]


def test_only_signs_find_nothing_and_nothing_typed_finds_all(engine):
    filled(engine)

    assert ask(engine, "%%%").total == 0
    assert ask(engine, "").total == 3


def test_a_natural_question_ranks_by_its_words(engine):
    filled(engine)

    assert found(engine, "丽江旅游总体规划项目什么时候截止") == []
    assert found(engine, "丽江旅游总体规划项目什么时候截止", natural=True)[0] == "1"
    assert "1" not in found(engine, "丽江旅游总体规划项目 -公开", natural=True)


def test_many_clauses_are_counted_at_once_for_one_reader(engine):
    asked = [phrase_of(one) for one in ("丽江", "旅游规划", "没有", "lj", "丽")]
    assert engine.count_each(asked, reader=STAFF) == [0] * 5

    filled(engine)

    assert engine.count_each(asked, reader=STAFF) == [2, 1, 0, 1, 2]
    assert engine.count_each(asked, reader=ANONYMOUS) == [1, 1, 0, 1, 1]
    assert engine.count_each([], reader=STAFF) == []


def test_rights_cut_hits_total_facets_and_suggestions(engine):
    filled(engine)

    answer = ask(engine, "丽江", reader=ANONYMOUS, facets=("place",))

    assert [one.document.key for one in answer.found] == ["test.notice:1"]
    assert answer.total == 1
    assert answer.facets == {"kind": [("notice", 1)], "place": [("云南省", 1), ("云南省/丽江市", 1)]}
    assert engine.suggest("讲解", reader=ANONYMOUS, limit=8) == []
    assert [one.key for one in engine.suggest("讲解", reader=STAFF, limit=8)] == ["test.notice:3"]


def test_a_reader_without_tokens_sees_nothing_and_a_manager_everything(engine):
    engine.write([document(1, audience=frozenset())])

    assert ask(engine, "", reader=Reader(frozenset())).total == 0
    assert ask(engine, "", reader=STAFF).total == 0
    assert ask(engine, "", reader=Reader(frozenset(), everything=True)).total == 1


def test_facets_count_without_their_own_filter(engine):
    filled(engine)

    answer = ask(engine, "", filters={"place": ("云南省/丽江市",)}, facets=("place", "qualification"))

    assert answer.total == 2
    assert answer.facets["place"] == [("云南省", 3), ("云南省/丽江市", 2), ("云南省/大理州", 1)]
    assert answer.facets["qualification"] == [("旅游规划乙级", 1)]
    assert answer.facets["kind"] == [("notice", 1), ("release", 1)]


def test_filters_take_one_of_several_values_and_places_with_what_is_in_them(engine):
    filled(engine)

    assert found(engine, "", filters={"qualification": ("旅游规划乙级", "城市规划甲级")}, sort="newest") == ["1", "2"]
    assert found(engine, "", filters={"place": ("云南省",)}, kinds=("release",)) == ["3"]
    assert found(engine, "", filters={"place": ("不存在",)}) == []
    assert ask(engine, "", kinds=("release",)).facets["kind"] == [("notice", 2), ("release", 1)]


def test_ranges_include_their_ends(engine):
    filled(engine)

    assert found(engine, "", date_from=datetime.date(2026, 3, 1), sort="newest") == ["3", "1"]
    assert found(engine, "", date_to=datetime.date(2026, 3, 1), sort="newest") == ["1", "2"]
    assert found(engine, "", deadline_from=datetime.date(2026, 4, 2)) == ["2"]
    assert found(engine, "", amount_from=Decimal(1200000), amount_to=Decimal(1200000)) == ["1"]


def test_sorting_by_date_and_by_deadline(engine):
    filled(engine)
    engine.write([document(4, deadline=datetime.date(2026, 4, 20)), document(5, deadline=datetime.date(2026, 4, 10))])

    assert found(engine, "", sort="newest")[:3] == ["3", "1", "2"]
    # What can still be met comes first, then what is over, then what has none.
    assert found(engine, "", sort="deadline") == ["4", "2", "5", "1", "3"]
    assert found(engine, "", sort="deadline", limit=2, offset=1) == ["2", "5"]
    assert found(engine, "", sort="deadline", limit=2, offset=3) == ["1", "3"]


def test_a_match_in_the_title_comes_first(engine):
    engine.write([document(1, body="营销方案"), document(2, title="营销方案"), document(3, body="营销方案方案")])

    assert found(engine, "营销")[0] == "2"


def test_pages_follow_each_other(engine):
    engine.write([document(number) for number in range(1, 8)])

    pages = [found(engine, "公告", limit=3, offset=offset) for offset in (0, 3, 6, 9)]

    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sorted(key for page in pages for key in page) == [str(number) for number in range(1, 8)]


def test_a_scan_gives_every_hit_in_the_order_of_the_pages(engine):
    filled(engine)
    engine.write([document(number, title=f"招标{number}", body="招标" * number) for number in range(10, 40)])

    for sort in ("relevance", "newest", "deadline"):
        query = Query(parse("招标"), tokens=STAFF.tokens, sort=sort, today=TODAY, offset=3, limit=1)
        pages = [engine.search(replace(query, offset=offset, limit=7)).found for offset in range(0, 35, 7)]

        assert list(engine.scan(query)) == [one for page in pages for one in page]
    assert [one.document.key for one in engine.scan(Query(parse("讲解员"), tokens=STAFF.tokens))] == [RELEASE.key]
    assert list(engine.scan(Query(parse("讲解员"), tokens=ANONYMOUS.tokens))) == []


def test_a_scan_shows_the_index_as_it_was_at_its_start(engine):
    filled(engine)
    scan = engine.scan(Query(parse(""), tokens=STAFF.tokens, sort="newest"))

    first = next(scan)
    engine.write([document(9, date=RELEASE.date)], delete=[DALI.key])
    with engine.rebuild() as generation:
        generation.add([document(10)])

    assert [first.document.key, *(one.document.key for one in scan)] == [RELEASE.key, LIJIANG.key, DALI.key]


def test_a_scan_of_an_index_not_yet_made_is_empty(engine):
    assert list(engine.scan(Query(parse(""), tokens=STAFF.tokens))) == []


def test_writing_again_replaces_and_deleting_deletes(engine):
    filled(engine)

    engine.write([replace(LIJIANG, title="更正公告", body="")], delete=[DALI.key])

    assert found(engine, "总体规划") == []
    assert found(engine, "更正") == ["1"]
    assert found(engine, "大理") == []
    assert engine.status().documents == 2


def test_deleting_takes_only_what_has_exactly_this_key(engine):
    engine.write([document(1), document(11), document(2)])

    engine.write([], delete=["test.notice:1", "test.notice:999", "TEST.notice:2"])

    assert sorted(found(engine, "")) == ["11", "2"]


def test_a_rebuild_replaces_everything_at_one_stroke(engine):
    filled(engine)

    with engine.rebuild() as generation:
        assert generation.add([DALI]) == 1
        assert ask(engine, "").total == 3

    assert found(engine, "") == ["2"]


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(engine):
    filled(engine)

    try:
        with engine.rebuild() as generation:
            generation.add([DALI])
            raise RuntimeError
    except RuntimeError:
        pass

    assert ask(engine, "").total == 3


def test_what_is_stored_comes_back(engine):
    engine.write([LIJIANG])

    stored = ask(engine, "").found[0].document

    assert stored == LIJIANG
    assert list(engine.digests()) == [(LIJIANG.key, LIJIANG.digest())]


def test_strange_characters_are_stored_and_found(engine):
    engine.write([document(1, title="𠮷野家与㐂来登\ud800店", body="a\x00b\u200b規劃", place="\udfff")])

    assert found(engine, "𠮷野") == ["1"]
    assert found(engine, "㐂") == ["1"]
    assert found(engine, "规划") == ["1"]


def test_suggestions_know_characters_pinyin_and_initials(engine):
    filled(engine)

    def suggested(prefix: str) -> list[str]:
        return [one.key.removeprefix("test.notice:") for one in engine.suggest(prefix, reader=STAFF, limit=8)]

    assert suggested("总体规") == ["1"]
    assert suggested("lijiangshi") == ["1"]
    assert suggested("zongti") == ["1"]
    assert suggested("ljs") == ["1"]
    assert suggested("JIANGJIE") == ["3"]
    assert suggested("dl-2026") == ["2"]
    assert suggested("%") == []
    assert suggested("zzz") == []


def test_text_of_files_is_found_with_the_document_that_carries_them(engine):
    files = (
        FileText("media.document:7", "招标文件.pdf", "投标保证金为人民币十万元。"),
        FileText("media.document:8", "图纸.pdf", "总平面图"),
    )
    engine.write([document(1, title="公告", body="详见附件", files=files), document(2, title="投标保证金管理办法")])

    assert found(engine, "投标保证金") == ["2", "1"]  # what itself says counts more than its files
    assert found(engine, "正文:保证金") == ["1"]
    assert found(engine, "标题:保证金") == ["2"]
    assert found(engine, "图纸") == ["1"]
    assert found(engine, '"十万元 总平面图"') == []  # no phrase reaches from one file into the next
    [hit] = [one.document for one in ask(engine, "总平面").found]
    assert hit.files == (FileText("media.document:7", "招标文件.pdf"), FileText("media.document:8", "图纸.pdf"))
    assert dict(engine.digests())["test.notice:1"] == document(1, title="公告", body="详见附件", files=files).digest()
    assert found(engine, "保证金", reader=Reader(frozenset({"staff"}))) == []


def test_what_the_index_holds_under_a_key_tells_what_has_changed_since(engine):
    long = document(
        4,
        body="前" * 6_000 + "丽江",
        keywords="CG-2026-1 玉龙县文旅局",
        files=(FileText("media.document:7", "附件.pdf", "工期三十天"), FileText("media.document:8", "图纸.pdf")),
    )
    engine.write([LIJIANG, DALI, long])

    held = engine.stored([LIJIANG.key, long.key, "test.notice:99"])

    assert set(held) == {LIJIANG.key, long.key}
    assert held[LIJIANG.key].restored(replace(LIJIANG, title="改过", body="改过", facets={})) == LIJIANG
    assert held[long.key].restored(replace(long, title="改过", deadline=None, keywords="")) == long
    changed = replace(long, body="改过", files=(FileText("media.document:7", "附件.pdf", "改过"),))
    assert held[long.key].restored(changed) == replace(
        long,
        body="前" * 5_000,
        files=(FileText("media.document:7", "附件.pdf"), FileText("media.document:8", "图纸.pdf")),
    )
    assert engine.stored([]) == {}
