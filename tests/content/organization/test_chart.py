import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.organization.chart_layout import Chart, lay_out
from content.organization.chart_svg import charts, draw, rounded, shorten, text_width
from content.organization.holders import Holder
from content.organization.models import HoldingKind, Post, Unit
from content.organization.structure import Branch, Seat, _down_the_line
from content.users.models import User

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def organisations(draw_from):
    """Units with posts whose superior is any earlier post, in the same unit or another, or nobody."""
    unit_count = draw_from(st.integers(1, 9))
    branches = [
        Branch(Unit(pk=i + 1, name=f"单位{i + 1}", code=f"u{i + 1}", kind="department"), 0) for i in range(unit_count)
    ]
    posts: list[Post] = []
    for number in range(1, draw_from(st.integers(0, 40)) + 1):
        branch = draw_from(st.sampled_from(branches))
        superior = draw_from(st.none() | st.sampled_from(posts)) if posts else None
        post = Post(pk=number, title=f"岗位{number}", code=f"p{number}", unit=branch.unit, superior=superior)
        posts.append(post)
        branch.seats.append(Seat(post))
    for branch in branches:
        branch.seats = _down_the_line(branch.seats)
    return branches


def overlap(a, b) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def crosses(stroke, box) -> bool:
    """A horizontal or vertical stroke runs through the inside of the box."""
    (x1, y1), (x2, y2) = stroke
    left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y


def boxes(chart: Chart):
    return [box for card in chart.cards for box in card.boxes]


@given(branches=organisations(), columns=st.integers(1, 5))
def test_nothing_overlaps_and_everything_is_on_the_chart(branches, columns):
    chart = lay_out(branches, columns=columns)

    assert sorted(box.seat.post.pk for box in boxes(chart)) == sorted(s.post.pk for b in branches for s in b.seats)
    assert not any(overlap(a, b) for a, b in itertools.combinations(boxes(chart), 2))
    assert not any(overlap(a, b) for a, b in itertools.combinations(chart.cards, 2))
    for card in chart.cards:
        assert card.x >= 0
        assert card.x + card.width <= chart.width
        assert card.y + card.height <= chart.height
        assert all(
            card.x < box.x and box.x + box.width < card.x + card.width and card.y < box.y
            and box.y + box.height < card.y + card.height
            for box in card.boxes
        )  # fmt: skip


@given(branches=organisations(), columns=st.integers(1, 5))
def test_every_superior_is_joined_and_no_line_runs_through_a_box(branches, columns):
    chart = lay_out(branches, columns=columns)

    with_superior = [box for box in boxes(chart) if box.seat.post.superior_id]
    assert len(chart.lines) == len(with_superior)
    for line in chart.lines:
        for stroke in itertools.pairwise(line.points):
            assert stroke[0][0] == stroke[1][0] or stroke[0][1] == stroke[1][1]
            assert not any(crosses(stroke, box) for box in boxes(chart))
    for line in (line for line in chart.lines if line.across):
        for stroke in list(itertools.pairwise(line.points))[1:-1]:
            assert not any(crosses(stroke, card) for card in chart.cards)


@given(branches=organisations())
def test_the_drawing_is_well_formed_and_links_every_post(branches):
    for drawing in charts(branches).values():
        root = ET.fromstring(drawing)
        assert len(root.findall(f".//{SVG}a")) == sum(len(branch.seats) for branch in branches)


def one_seat(*holders: Holder) -> str:
    unit = Unit(pk=1, name="市场部", code="m", kind="department")
    post = Post(pk=1, title="市场专员", code="marketer", unit=unit)
    return draw(lay_out([Branch(unit, 0, [Seat(post, list(holders))])], columns=1), name="wide")


def test_a_vacancy_is_marked():
    drawing = one_seat()

    assert "chart__post--vacant" in drawing
    assert ">空缺</text>" in drawing
    assert "其中空缺 1 个" in drawing


@pytest.mark.parametrize(
    ("kind", "shown", "state"),
    [
        (HoldingKind.REGULAR, "王敏", "held"),
        (HoldingKind.ACTING, "王敏（代理）", "acting"),
        (HoldingKind.SUBSTITUTE, "王敏（职务代理）", "acting"),
    ],
)
def test_holders_are_named_with_their_capacity(kind, shown, state):
    drawing = one_seat(Holder(User(pk=1, name="王敏"), kind))

    assert f">{shown}</text>" in drawing
    assert f"chart__post--{state}" in drawing


def test_names_are_escaped():
    drawing = one_seat(Holder(User(pk=1, name="<b>&"), HoldingKind.REGULAR))

    assert "<b>" not in drawing
    assert "&lt;b&gt;&amp;" in drawing


def test_long_titles_are_cut_and_told_in_full_to_who_points_at_them():
    assert shorten("市场信息管理助理兼综合事务", 100, size=14) == "市场信息管理…"
    assert text_width("市场 AB", size=10) == 20 + 3 * 5.8


def test_corners_are_rounded():
    assert rounded(((0, 0), (0, 20), (30, 20))) == "M0 0L0 13Q0 20 7 20L30 20"
