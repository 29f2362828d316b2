import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.clauses import clauses_of
from search.query import MAX_LENGTH, MAX_TERMS, Choice, Expression, Field, Span, Term, parse

pytestmark = pytest.mark.usefixtures("kinds")

PIECES = [
    "标题:",
    "正文：",
    "TITLE:",
    "编号:",
    "OR",
    "or",
    "或",
    "|",
    "-",
    "~",
    '"',
    "旅游",
    "规划*",
    "c++",
    "地区:",
    "类型：",
    "截止:",
    "日期:",
    "金额:",
    ">",
    "<=",
    "..",
    "2026-01",
    "2026-13",
    "100万",
    "今天",
    "、",
    "丽江",
]
TYPED = st.text(
    alphabet=st.sampled_from([*"旅游规ab1\"“”＂|｜-－*＊:： 　+%#().\\'\x00\ud800\n"]), max_size=60
) | st.lists(st.sampled_from([*PIECES, " ", " ", " "]), max_size=16).map("".join)


@given(TYPED)
@example("标题: -x")
@example("标题:标题:x")
@example("OR|x")
@example('a"OR"b')
@example("-标题:")
@example("标题: -a -b")
@example("-a 标题:")
@example("-a 截止:")
@example("~标题:~x ~~y* ~OR")
@example("截止: > 2026-01 x")
@example("截止:＞２０２６－０１")
def test_what_is_printed_reads_the_same(typed):
    parsed = parse(typed)

    assert parse(str(parsed)) == parsed


@given(st.text())
def test_anything_is_a_query(typed):
    parsed = parse(typed)

    assert all(term.folded for term in parsed.positive())
    assert not parsed or clauses_of(parsed) == clauses_of(parse(str(parsed)))
    assert clauses_of(parsed, natural=True)


def one(text: str, **values) -> Expression:
    return Expression(groups=((Term(text, **values),),))


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        ("", Expression()),
        ("旅游规划", one("旅游规划")),
        ("丽江 规划", Expression(groups=((Term("丽江"),), (Term("规划"),)))),
        ('"旅游 规划"', one("旅游 规划", quoted=True)),
        ("“旅游  规划”", one("旅游 规划", quoted=True)),
        ("丽江 -更正", Expression(groups=((Term("丽江"),),), excluded=(Term("更正"),))),
        ("－更正", Expression(excluded=(Term("更正"),))),
        ("丽江|大理", Expression(groups=((Term("丽江"), Term("大理")),))),
        ("丽江 OR 大理", Expression(groups=((Term("丽江"), Term("大理")),))),
        ("丽江 或 大理 规划", Expression(groups=((Term("丽江"), Term("大理")), (Term("规划"),)))),
        ("或许", one("或许")),
        ("or", one("or")),
        ("标题:丽江", one("丽江", field=Field.TITLE)),
        ("正文： 丽江", one("丽江", field=Field.BODY)),
        ("-标题:更正", Expression(excluded=(Term("更正", Field.TITLE),))),
        ("編號：LJ-2026*", one("LJ-2026", field=Field.CODES, prefix=True)),
        ("~旅游规划", one("旅游规划", similar=True)),
        ("标题:~旅游规划", one("旅游规划", field=Field.TITLE, similar=True)),
        ("地区:丽江、大理", Expression(groups=((Choice("地区", "丽江、大理"),),))),
        ("地区：“云南省/丽江市”", Expression(groups=((Choice("地区", "云南省/丽江市", quoted=True),),))),
        ("-类型:招标", Expression(excluded=(Choice("类别", "招标"),))),
        ("截止:2026-12..", Expression(groups=((Span("截止", "2026-12.."),),))),
        ("截止日期： ＞＝ 今天 丽江", Expression(groups=((Span("截止", ">=今天"),), (Term("丽江"),)))),
        ("金额:>100萬 | 金额:5亿", Expression(groups=((Span("金额", ">100万"), Span("金额", "5亿")),))),
        ("截止:什么时候", one("截止:什么时候")),
        ("截止: 什么时候", Expression(groups=((Term("截止"),), (Term("什么时候"),)))),
        ("截止:2026-13 丽江", one("丽江")),
        ("金额:..", Expression()),
        ("项目:丽江", one("项目:丽江")),
        ("http://a.cn/x", one("http://a.cn/x")),
        ("标题:", one("标题")),
        ("GB50*", one("GB50", prefix=True)),
        ("C++", one("C++")),
        ("50%", one("50%")),
        ("a:b", one("a:b")),
        ('"', Expression()),
        ('丽"江', Expression(groups=((Term("丽"),), (Term("江"),)))),
        ("%%% * - |", Expression()),
        ("a\x00b", Expression(groups=((Term("a"),), (Term("b"),)))),
    ],
)
def test_the_grammar(typed, parsed):
    assert parse(typed) == parsed


def test_a_very_long_query_is_cut_and_says_so():
    parsed = parse("旅" * 2000)

    assert parsed == one("旅" * MAX_LENGTH)
    assert parsed.cut
    assert not parse("旅" * MAX_LENGTH).cut


def test_more_terms_than_are_read_are_left_out():
    parsed = parse(" ".join(f"词{number}" for number in range(MAX_TERMS + 1)))

    assert len(parsed.groups) == MAX_TERMS
    assert parsed.cut


def test_a_range_nobody_can_read_is_named():
    assert parse("截止:2026-13 丽江 金额:>很多").unread == ("截止:2026-13", "金额:>很多")


def test_without_names_only_title_and_body_are_fields():
    parsed = parse("标题:丽江 地区:丽江 截止:2026", names=False)

    assert parsed.groups == ((Term("丽江", Field.TITLE),), (Term("地区:丽江"),), (Term("截止:2026"),))


@pytest.mark.parametrize(
    ("typed", "opened"),
    [("丽江 gb", "丽江 gb*"), ('丽江 "gb"', '丽江 "gb"'), ("丽江 截止:2026", "丽江 截止:2026"), ("-x", "-x"), ("", "")],
)
def test_the_last_word_may_still_be_typed(typed, opened):
    assert parse(typed).opened() == parse(opened)


def test_ten_thousand_terms_and_hostile_texts_take_no_time():
    hostile = [
        " OR ".join(["词"] * 10_000),
        "~" * 5_000,
        "标题:" * 3_000,
        ">" * 9_000,
        "截止:" + "." * 9_000,
        "(a+)+$" * 999,
    ]

    began = time.perf_counter()
    for text in hostile:
        parse(text)

    assert time.perf_counter() - began < 0.2


def test_an_ordinary_query_is_read_in_a_millisecond():
    typed = "丽江 旅游规划 | 总体规划 -更正 标题:招标 地区:云南 截止:今天.. 金额:50万..2000万"
    clauses_of(parse(typed))

    began = time.perf_counter()
    for _ in range(100):
        clauses_of(parse(typed))

    assert (time.perf_counter() - began) / 100 < 0.001
