"""Every step is drawn once, no boxes overlap, every edge goes from border to border and crosses no other box."""

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.procedures.chart_layout import Box, lay_out
from content.procedures.chart_svg import chart_of, pages_of
from content.procedures.snapshots import ProcedureText

POSTS = [{"id": n, "title": f"总部 岗位{n}", "short": f"岗位{n}"} for n in range(1, 10)]


def make_step(number, posts, *, kind="task", condition=False, refusal=0, title="办理一件事", who="posts"):
    return {
        "key": f"k{number}", "number": number, "title": title, "kind": kind, "who": who, "level": 1, "posts": posts,
        "rule": "all", "needed": None, "text": "", "document": "", "inputs": "", "outputs": "", "days": None,
        "condition": {"field": "f", "label": "计划类型", "operator": "is", "value": "年度、专项"} if condition else None,
        "refusal": f"k{refusal}" if refusal else "", "recurrence": "", "recurrence_day": None,
    }  # fmt: skip


def text_of(steps):
    return ProcedureText(
        {"code": "SC-001", "title": "市场调研计划", "summary": "", "purpose": "", "scope": "", "change_note": "",
         "unit": {"id": 1, "name": "市场部"}, "owner": {"id": 1, "title": "经理"}, "further": [], "reading_days": 7,
         "review_months": 12, "can_be_started": True, "steps": steps, "fields": []}
    )  # fmt: skip


@st.composite
def procedures(draw):
    count = draw(st.integers(1, 40))
    steps = []
    for number in range(1, count + 1):
        kind = draw(st.sampled_from(["task", "sign"])) if number > 1 else "task"
        steps.append(
            make_step(
                number,
                draw(st.lists(st.sampled_from(POSTS), min_size=1, max_size=4, unique_by=lambda post: post["id"])),
                kind=kind,
                condition=number > 1 and draw(st.booleans()),
                refusal=draw(st.integers(0, number - 1)) if kind == "sign" else 0,
                title=draw(st.text("审核计划与预算ABC12 的", min_size=1, max_size=40)),
                who=draw(st.sampled_from(["posts", "posts", "posts", "drafter", "superior"])),
            )
        )
    return text_of(steps)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def crosses(start, end, box: Box) -> bool:
    """Does a horizontal or vertical stroke pass through the inside of the box?"""
    (x1, y1), (x2, y2) = start, end
    return (
        min(x1, x2) < box.right - 0.5
        and max(x1, x2) > box.x + 0.5
        and min(y1, y2) < box.bottom - 0.5
        and max(y1, y2) > box.y + 0.5
    )


def on_border(point, box: Box, bar: float) -> bool:
    x, y = point
    inside = box.x - 0.6 <= x <= box.right + 0.6
    sides = abs(x - box.x) < 0.6 or abs(x - box.right) < 0.6
    ends = abs(y - (box.y - bar)) < 0.6 or abs(y - (box.bottom + bar)) < 0.6
    return (inside and ends) or (sides and box.y <= y <= box.bottom)


@settings(max_examples=120, deadline=None)
@given(procedures(), st.booleans())
def test_steps_are_drawn_once_apart_from_each_other_and_joined(text, narrow):
    flow = lay_out(text, narrow=narrow)
    boxes = [(node.id, box) for node in flow.nodes for box in node.boxes]
    by_id = {node.id: node for node in flow.nodes}

    assert [node.step.key for node in flow.nodes if node.kind in ("task", "sign")] == [s.key for s in text.steps]
    assert not [(a, b) for (a, x), (b, y) in itertools.combinations(boxes, 2) if overlap(x, y)]
    for _, box in boxes:
        assert box.x >= 0
        assert box.y >= flow.head
        assert box.right <= flow.width
        assert box.bottom <= flow.height
    for edge in flow.edges:
        ends = (by_id[edge.source], edge.points[0]), (by_id[edge.target], edge.points[-1])
        assert all(on_border(point, node.outline, 8 if len(node.boxes) > 1 else 0) for node, point in ends), edge
        for start, end in itertools.pairwise(edge.points):
            assert start[0] == end[0] or start[1] == end[1] or abs(start[0] - end[0]) < 0.5
            assert not [name for name, box in boxes if crosses(start, end, box)], edge
            assert min(start[0], end[0]) >= 0
            assert max(start[0], end[0]) <= flow.width
    assert {edge.source for edge in flow.edges if edge.kind == "refuse"} == {
        s.key for s in text.steps if s.is_sign and s.number > 1
    }


@settings(max_examples=60, deadline=None)
@given(procedures())
def test_refusals_and_skips_each_have_their_own_line(text):
    flow = lay_out(text)

    for kind in ("refuse", "skip"):
        uprights = [
            (start[0], *sorted((start[1], end[1])))
            for edge in flow.edges
            if edge.kind == kind
            for start, end in [edge.points[1:3]]
        ]
        for (x, top, bottom), (other, above, below) in itertools.combinations(uprights, 2):
            assert x != other or bottom <= above or below <= top


@settings(max_examples=40, deadline=None)
@given(procedures())
def test_the_drawing_is_well_formed_and_says_itself_in_words(text):
    whole = ElementTree.fromstring(str(chart_of(text)))
    pages = [ElementTree.fromstring(str(page)) for page in pages_of(text)]
    name = "{http://www.w3.org/2000/svg}"

    assert [g.get("data-step") for g in whole.iter(f"{name}g") if g.get("data-step")] == [s.key for s in text.steps]
    assert [g.get("data-step") for page in pages for g in page.iter(f"{name}g") if g.get("data-step")] == [
        s.key for s in text.steps
    ]
    described = whole.find(f"{name}desc").text
    assert all(f"第 {step.number} 步" in described for step in text.steps)


def test_the_text_of_a_step_cannot_become_markup():
    drawn = str(chart_of(text_of([make_step(1, POSTS[:1], title="<script>&")])))

    assert "<script>" not in drawn
    assert "&lt;script&gt;&amp;" in drawn


@pytest.mark.parametrize("state", ["done", "now", "refused", "skipped"])
def test_where_a_case_stands_is_on_the_chart(state):
    drawn = str(chart_of(text_of([make_step(1, POSTS[:1]), make_step(2, POSTS[1:2])]), {"k2": state}))

    assert f"flow__node--task flow__node--{state}" in drawn
