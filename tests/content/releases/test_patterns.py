import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.releases.patterns import PatternError, compile_pattern, fold, spans


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("大", "太宽"),
        ("#", "太宽"),
        ("…", "太宽"),
        ("#…万", "太宽"),
        ("…集团", "中间"),
        ("集团…", "中间"),
        ("年…入…亿…元年", "省略号太多"),
        ("字" * 61, "太长"),
    ],
)
def test_a_pattern_that_matches_nothing_or_everything_is_refused(pattern, message):
    with pytest.raises(PatternError, match=message):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(集团", "集团)+", "[集团]", "集团\\", "集团{9}", "a.c*集团", "集团|总部"])
def test_signs_of_regular_expressions_mean_themselves(pattern):
    assert spans(fold(f"前{pattern}后"), [pattern], []) == [(1, 1 + len(fold(pattern).text))]
    assert spans(fold("集团总部"), [pattern], []) == []


@pytest.mark.parametrize(
    "number",
    ["3", "3.2", "1,280", "１２", "三", "三百二十", "二点五", "约3", "超过三", "近百", "20余", "3万", "十几", "3万余"],
)
def test_a_number_sign_reads_numbers_as_they_are_written(number):
    assert spans(fold(f"共有{number}家门店"), ["共有#家门店"], []) != []


def test_a_gap_stays_inside_its_sentence_and_within_its_length():
    assert spans(fold("全年做到了三亿"), ["全年…#亿"], []) == [(0, 7)]
    assert spans(fold("忙了全年。卖出三亿"), ["全年…#亿"], []) == []
    assert spans(fold("全年" + "很" * 17 + "三亿"), ["全年…#亿"], []) == []


def test_a_match_inside_an_exception_is_spared_and_one_beside_it_is_not():
    assert spans(fold("新品上市，公司上市"), ["上市"], ["新品上市"]) == [(7, 9)]


@given(st.text(max_size=200))
def test_folding_keeps_the_way_back_to_the_original(text):
    folded = fold(text)

    assert len(folded.text) == len(folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)
    for index in range(len(folded.text)):
        start, end = folded.original_span(index, index + 1)
        assert folded.text[index] in fold(text[start:end]).text


@given(st.text(max_size=80), st.text(alphabet=" \u3000\u200b\u00ad\t", max_size=4), st.text(max_size=80))
def test_spaces_and_invisible_characters_hide_nothing(before, between, after):
    text = f"{before}集{between}团{after}"

    found = [text[slice(*fold(text).original_span(*span))] for span in spans(fold(text), ["集团"], [])]

    assert any(f"集{between}团" in words for words in found)
