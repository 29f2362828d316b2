import html
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search import text

HAN_TEXT = st.text(alphabet="旅游规划总体𠮷㐂", max_size=12)
MIXED = st.text(alphabet=st.sampled_from([*"旅游规划𠮷ab19+#-_/ ，。　％é"]), max_size=24)


def occurs(phrase: str, inside: str) -> bool:
    """Tell by the token stream alone whether a folded phrase occurs, as an engine does."""
    tokens = text.stream(inside).split()
    units = text.units(phrase)

    def holds(position: int, unit: text.Unit) -> bool:
        if position >= len(tokens):
            return False
        return tokens[position].startswith(unit.token) if unit.opens else tokens[position] == unit.token

    return bool(units) and any(
        all(holds(start + unit.position, unit) for unit in units) for start in range(len(tokens))
    )


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ２０２６", "abc2026"),
        ("麗江旅遊規劃", "丽江旅游规划"),
        ("乾隆藉此瞭解著作", "干隆借此了解着作"),
        ("㎡ Ⅲ", "m2 iii"),
        ("旅\u200b游\ufe00", "旅游"),
        ("ΟΔΟΣ", "οδοσ"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_readers_think_equal_folds_equal(written, folded):
    assert text.fold(written) == folded


def test_the_stream_gives_the_pairs_of_a_run_between_its_first_and_last_character():
    assert text.stream("旅游规划，GB/T50378-2019年") == "旅 旅游 游规 规划 划 GB T 50378 2019 年"
    assert text.stream("𠮷野㐂") == "𠮷 𠮷野 野㐂 㐂"
    assert text.stream("c++11 c# a+b c++") == "c 11 c# a b c++"
    assert text.stream("，。%") == ""


def test_units_take_every_second_pair():
    assert [(unit.token, unit.position) for unit in text.units("旅游总体规")] == [("旅游", 0), ("总体", 2), ("体规", 3)]
    assert [(unit.token, unit.position) for unit in text.units("规划2026年")] == [
        ("规划", 0),
        ("划", 1),
        ("2026", 2),
        ("年", 3),
    ]
    assert text.units("茶") == (text.Unit("茶", 0, opens=True),)
    assert text.units("%") == ()


@given(st.text() | st.text(alphabet="，：（）；！？\u0338\u3099旅Ａ㎡"))
def test_replacing_wide_marks_first_changes_no_folding(written):
    assert text.fold(written) == unicodedata.normalize("NFKC", written).lower().translate(text._TABLE)


def test_a_long_word_is_cut_into_neighbours():
    word = "a" * (text.MAX_WORD + 3)

    assert text.stream(word).split() == ["a" * text.MAX_WORD, "aaa"]


@given(HAN_TEXT.filter(bool), HAN_TEXT)
def test_han_text_is_found_exactly_where_it_stands(phrase, inside):
    assert occurs(phrase, inside) == (phrase in inside)


@given(MIXED, st.data())
def test_any_part_of_a_text_cut_between_words_is_found(whole, data):
    whole = text.fold(whole)
    spans = [match.span() for match in text._RUN.finditer(whole)]
    if not spans:
        return
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(first, len(spans) - 1))

    assert occurs(whole[spans[first][0] : spans[last][1]], whole)


@given(MIXED, MIXED)
@example("c", "c++")
@example("c++", "c++a")
@example("旅游", "旅,游")
@example("旅游 规 划分", "旅游规,划分")
@example("规 划分", "规划分")
@example("规 划", "规划")
@example("规", "旅规划")
def test_what_is_found_is_marked_and_nothing_else(phrase, inside):
    phrase, inside = text.fold(phrase), text.fold(inside)
    pattern = text.pattern_of(phrase)

    assert (pattern is not None and pattern.search(inside) is not None) == occurs(phrase, inside)


@given(st.text())
@example("e\u0301\u0327")
@example("\u1112\u1161\u11ab")
@example("ｶﾞ")
@example("İ")
def test_offsets_lead_back_to_the_text_folding_began_with(written):
    folded = text.fold_with_offsets(written)

    assert folded.text == text.fold(written)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(0 <= start < end <= len(written) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)


def test_every_character_that_composes_backwards_is_known():
    known = {
        chr(code)
        for code in range(0x110000)
        if len(parts := unicodedata.decomposition(chr(code)).split()) == 2
        and not parts[0].startswith("<")
        and unicodedata.normalize("NFC", chr(code)) == chr(code)
        for code in [int(parts[1], 16)]
        if not unicodedata.combining(chr(code))
    }

    assert known <= text._COMPOSING


@given(
    st.text(alphabet=st.sampled_from([*"旅游规划<>&\"'麗ａé\u0301\ud800\x00 \n"])), st.sampled_from(["旅游", "丽", "a"])
)
def test_highlighting_escapes_and_changes_nothing_else(written, phrase):
    marked = text.highlight(written, [text.pattern_of(phrase)])

    assert html.unescape(re.sub("</?mark>", "", marked)) == text.clean(written)
    assert not re.search(r"<(?!/?mark>)", marked)


def test_highlighting_marks_the_text_as_written():
    assert text.highlight("麗江《旅遊》規劃<b>", [text.pattern_of("丽江"), text.pattern_of("旅游规划")]) == (
        "<mark>麗江</mark>《旅遊》規劃&lt;b&gt;"
    )
    assert text.highlight("旅游规划", [text.pattern_of("旅游"), text.pattern_of("游规")]) == "<mark>旅游规</mark>划"


def test_the_snippet_is_the_passage_with_most_different_matches():
    body = "开头无关。" * 40 + "丽江在前。" + "中间无关。" * 40 + "丽江的旅游规划在此。" + "结尾无关。" * 40

    snippet = text.snippet(body, [text.pattern_of("丽江"), text.pattern_of("规划")], 60)

    assert "<mark>丽江</mark>的旅游<mark>规划</mark>在此。" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(re.sub("</?mark>", "", snippet)) <= 62


def test_a_snippet_without_a_match_is_the_beginning():
    assert text.snippet("第一句。\n第二句。", [text.pattern_of("没有")], 5) == "第一句。 …"
    assert text.snippet("", [], 5) == ""


@given(st.text(alphabet=st.sampled_from([*"旅游规划，。\n<&"]), max_size=300), st.integers(5, 60))
def test_a_snippet_is_a_passage_of_the_text(body, length):
    snippet = text.snippet(body, [text.pattern_of("旅游")], length)

    plain = html.unescape(re.sub("</?mark>", "", snippet)).strip("…")
    assert plain in " ".join(body.split())
