"""Headlines break between phrases."""

from content.printing.templatetags.printing_tags import phrases


def test_phrases_end_at_commas_and_colons_with_their_closing_quotes():
    assert phrases("清溪规划通过评审：“十年蓝图，连成一线。”发布") == (
        '<span class="phrase">清溪规划通过评审：</span><span class="phrase">“十年蓝图，</span>'
        '<span class="phrase">连成一线。”</span><span class="phrase">发布</span>'
    )


def test_markup_in_a_headline_is_escaped():
    assert phrases("<b>，") == '<span class="phrase">&lt;b&gt;，</span>'
