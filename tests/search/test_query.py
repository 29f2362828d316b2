import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query import MAX_LENGTH, MAX_TERMS, Expression, Field, Term, parse

TYPED = st.text(
    alphabet=st.sampled_from([*"旅游规ab1\"“”＂|｜-－*＊:： 　+%#().\\'\x00\ud800\n"]), max_size=60
) | st.lists(
    st.sampled_from(["标题:", "正文：", "TITLE:", "OR", "or", "或", "|", "-", '"', "旅游", "规划*", "c++", " ", " "]),
    max_size=16,
).map("".join)


@given(TYPED)
@example("标题: -x")
@example("标题:标题:x")
@example("OR|x")
@example('a"OR"b')
@example("-标题:")
def test_what_is_printed_reads_the_same(typed):
    parsed = parse(typed)

    assert parse(str(parsed)) == parsed


@given(st.text())
def test_anything_is_a_query(typed):
    parsed = parse(typed)

    assert all(term.folded for term in [*parsed.positive(), *parsed.excluded])


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
