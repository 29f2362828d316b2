"""No character ends as an empty box."""

from hypothesis import given
from hypothesis import strategies as st

from content.printing import engine, glyphs

engine.status()


def test_common_characters_money_signs_and_units_are_bundled():
    assert set("山河￥℃㎡①②㐂喆〓—…《》“”") - glyphs.bundled() == set()


def test_all_of_gb_2312_is_bundled():
    characters = set()
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            characters.add(bytes([row, cell]).decode("gb2312", errors="ignore"))
    assert characters - {""} - glyphs.bundled() == set()


def test_a_character_without_any_font_becomes_the_printers_mark(monkeypatch):
    monkeypatch.setattr(glyphs, "drawable", lambda character: character in glyphs.bundled())

    assert glyphs.printable("𠮷野先生") == "〓野先生"


def test_emoji_without_a_font_disappear_with_their_joiners(monkeypatch):
    monkeypatch.setattr(glyphs, "drawable", lambda character: character in glyphs.bundled() or character == "\u200d")

    assert glyphs.printable("重磅🎉发布👍🏽，👨\u200d👩\u200d👧好") == "重磅发布，好"


def test_ascii_markup_is_left_alone():
    html = '<p class="lead">50% &amp; a:b</p>'
    assert glyphs.printable(html) == html


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_printable_never_raises_and_leaves_nothing_undrawable(text):
    assert all(glyphs.drawable(character) for character in glyphs.printable(text))
