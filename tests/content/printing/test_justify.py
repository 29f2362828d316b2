"""Chinese justification: where a line may grow, and that WeasyPrint still is what the replacement was made for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.printing import engine

if not engine.status().ok:
    pytest.skip(engine.status().reason, allow_module_level=True)

PARAGRAPH = (
    "山河文旅集团规划设计院今日宣布，由其编制的《清溪县全域旅游发展总体规划（2026—2035年）》通过专家评审。"
    "规划以“一带、两心、三片区”为骨架，覆盖约1,280平方公里，提出到2030年接待游客600万人次的目标……"
    "评审组认为，发布在Wagtail平台上的成果 very clear，予以通过。"
)


@pytest.fixture(scope="module")
def weasy():
    return engine._weasy()


def lines_of(weasy, body, style=""):
    """(line box, its content width) of every line, with the width of the block it stands in."""
    html = (
        "<style>@page{size:A4;margin:30mm} body{margin:0} p{margin:0;text-align:justify;font:12pt 'Noto Serif SC'}"
        f"{style}</style><body><p>{body}</p>"
    )
    document = weasy.weasyprint.HTML(string=html).render()
    from weasyprint.formatting_structure import boxes

    found = []

    def walk(box):
        if isinstance(box, boxes.LineBox):
            found.append(box)
        else:
            for child in getattr(box, "children", ()):
                walk(child)

    walk(document.pages[0]._page_box)
    return [line for line in found if line.children and any(getattr(c, "text", "") for c in line.children)]


def test_weasyprint_has_the_line_layout_the_replacement_was_written_for(weasy):
    from content.printing import justify

    assert justify.fingerprint() == justify.SUPPORTED, (
        "WeasyPrint changed its line layout: read its justify_line, count_expandable_spaces, add_word_spacing and "
        "Layout.set_text, mend content/printing/justify.py, look at a PDF, then set SUPPORTED"
    )
    assert weasy.JUSTIFIES_CHINESE


def test_every_line_but_the_last_fills_the_measure(weasy):
    *full, last = lines_of(weasy, PARAGRAPH)

    width = (210 - 60) / 25.4 * 96
    ends = [line.children[-1].position_x + line.children[-1].width - line.position_x for line in full]
    assert len(ends) == 3
    assert [round(end - width) for end in ends] == [0, 0, 0]
    assert last.children[-1].width < width - 20


def test_drawn_ink_reaches_the_right_edge_on_every_full_line(weasy, tmp_path):
    from content.printing import justify

    lines = lines_of(weasy, PARAGRAPH)

    # What is drawn is laid out again from the text box alone; its width must be what the line was given.
    from weasyprint.text.line_break import line_size

    for line in lines[:-1]:
        for box in line.children:
            if not getattr(box, "text", ""):
                continue
            box.pango_layout.reactivate(box.style)
            first_line, _ = box.pango_layout.get_first_line()
            drawn, _height = line_size(first_line, box.style)
            assert abs(drawn - box.width) < 2 * 96 / 72, box.text
    assert justify.stretch_points("", line_end=True) == []


def test_a_short_heading_is_not_blown_up_over_the_page(weasy):
    [first, _second] = lines_of(weasy, "标题<br>下一行文字")

    assert first.children[0].width < 40


def test_a_purely_latin_line_is_left_to_weasyprint(weasy):
    lines = lines_of(weasy, "The quick brown fox jumps over the lazy dog and runs away. " * 4)

    width = (210 - 60) / 25.4 * 96
    assert abs(lines[0].children[0].width - width) < 1


def test_lines_grow_around_chinese_and_at_spaces_only(weasy):
    from content.printing.justify import stretch_points

    assert stretch_points("中文abc d", line_end=True) == [0, 1, 5]
    assert stretch_points("中文", line_end=False) == [0, 1]
    assert stretch_points("abc", line_end=False) == []


def test_dashes_and_ellipses_are_never_opened(weasy):
    from content.printing.justify import stretch_points

    assert stretch_points("目标——未来……好", line_end=True) == [0, 1, 3, 4, 5, 7]


@given(st.text(max_size=60), st.booleans())
def test_stretch_points_are_rising_indexes_of_the_text(text, line_end):
    engine._weasy()
    from content.printing.justify import stretch_points

    points = stretch_points(text, line_end=line_end)

    assert points == sorted(set(points))
    assert all(0 <= point < len(text) for point in points)
    assert not (line_end and text and points and points[-1] == len(text) - 1)
