import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from content.core.blocks.reading import Readable, rich_text_paragraphs
from content.core.templatetags.marks import marked
from content.releases.blocks import ReleaseBody


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("<p>一</p><p>二</p>", ["一", "二"]),
        ("<p>集<b>团</b>总<i>部</i></p>", ["集团总部"]),
        ("<ul><li>甲</li><li>乙</li></ul>", ["甲", "乙"]),
        ("<p>上<br/>下</p>", ["上", "下"]),
        ("<p>a &lt; b &amp; c</p>", ["a < b & c"]),
        ('<p>看<a linktype="page" id="3">这里</a></p>', ["看这里"]),
        ("<p> </p>", []),
    ],
)
def test_rich_text_is_read_by_paragraphs(html, expected):
    assert rich_text_paragraphs(html) == expected


@given(st.text())
def test_any_text_can_be_read(text):
    assert all(line == line.strip() != "" for line in rich_text_paragraphs(text))


@pytest.mark.parametrize("name", list(ReleaseBody().child_blocks))
def test_every_block_says_what_it_is_and_shows_an_example(name, db):
    block = ReleaseBody().child_blocks[name]

    assert isinstance(block, Readable)
    assert block.meta.icon
    assert not block.label.isascii()
    assert block.meta.template == f"blocks/{name}.html"
    assert block.is_previewable
    assert block.paragraphs(block.get_preview_value()) is not None
    assert block.meta.description
    # With an empty media library these two have nothing to show.
    assert name in {"download", "boilerplate"} or "<" in block.render(block.get_preview_value())


def test_an_empty_picture_renders_its_text_in_place():
    html = render_to_string("blocks/picture.html", {"value": {"image": None, "alt": "城门", "caption": "南门"}})

    assert "城门" in html
    assert "<img" not in html


def test_marks_stand_in_for_brackets_and_all_else_is_escaped():
    assert marked("先说【首家】<b>商场</b>") == "先说<mark>首家</mark>&lt;b&gt;商场&lt;/b&gt;"
