"""Where everything of a flow chart lies: lanes by post, one row a step, edges only where no box is.

Every node has a row of its own, so an edge may run sideways along a row to the margin beside all lanes; there it goes
up (a refusal, on the left) or down (a condition not met, on the right) on a track of its own; the edges from row to
row stay in the gap between the two. No edge can meet a box it does not belong to, however long the procedure.
All numbers are CSS pixels.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from content.organization.chart_svg import text_width
from content.procedures.snapshots import ProcedureText, Step

FONT = 12.5
LEADING = 17
HEAD_FONT = 13
LANE_MIN, LANE_MAX, LANES_WIDTH = 148, 210, 1000
NARROW_LANE = 300
ROW_GAP = 34
TRACK = 11
MARGIN = 16
MAX_LINES = 6

_NOT_FIRST = "，。、；：！？）》”’」』】"
_WORD = re.compile(r"[A-Za-z0-9.,%≥≤￥/_-]+|.")


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Node:
    """A step (kinds task and sign, one box per acting post), a condition, the start or the end."""

    id: str
    kind: str
    row: int
    lanes: tuple[int, ...]
    lines: tuple[str, ...]
    caption: tuple[str, ...] = ()
    step: Step | None = None
    boxes: tuple[Box, ...] = ()

    @property
    def outline(self) -> Box:
        """The smallest box around all its boxes."""
        x, y = min(box.x for box in self.boxes), min(box.y for box in self.boxes)
        right, bottom = max(box.right for box in self.boxes), max(box.bottom for box in self.boxes)
        return Box(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node to another; `kind` is next, skip (condition not met) or refuse; points from border to border."""

    source: str
    target: str
    kind: str
    points: tuple[tuple[float, float], ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    x: float
    width: float
    lines: tuple[str, ...]


@dataclass(slots=True)
class Flow:
    width: float = 0
    height: float = 0
    head: float = 0
    lanes: list[Lane] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left: float = 0
    right: float = 0
    narrow: bool = False


def wrap(text: str, width: float, *, size: float = FONT, limit: int = MAX_LINES) -> tuple[str, ...]:
    """Lines no wider than `width`; Latin words and numbers stay whole, closing marks never begin a line.

    More than `limit` lines end in «…»: the whole text stands beside the chart.
    """
    lines, current = [], ""
    for token in _WORD.findall(text.replace("\n", " ")):
        wide = text_width(current + token, size=size) > width
        if current and wide and token not in _NOT_FIRST:
            lines.append(current.strip())
            current = ""
        while text_width(token, size=size) > width:  # one word longer than the line
            lines.append(current + token[:8])
            current, token = "", token[8:]
        current += token
    if current.strip():
        lines.append(current.strip())
    if len(lines) > 1 and len(lines[-1]) == 1 and len(lines[-2]) > 3:
        lines[-2], lines[-1] = lines[-2][:-1], lines[-2][-1] + lines[-1]
    if len(lines) > limit:
        lines = [*lines[: limit - 1], lines[limit - 1][:-1] + "…"]
    return tuple(lines) or ("",)


def lay_out(text: ProcedureText, *, narrow: bool = False) -> Flow:
    """Place the procedure's steps: lanes side by side, or (narrow) one column with the posts named in each box."""
    flow = Flow(narrow=narrow)
    names = [] if narrow else list(dict.fromkeys(name for step in text.steps for name in step.actors))
    lane_count = max(len(names), 1)
    lane_width = NARROW_LANE if narrow else min(max(LANES_WIDTH / lane_count, LANE_MIN), LANE_MAX)
    nodes = _nodes(text, names, lane_width, narrow)
    refusals = _tracks(_refusal_spans(text, nodes))
    skips = _tracks(_skip_spans(nodes))
    left = MARGIN + TRACK * (max(refusals.values(), default=-1) + 1)
    right = MARGIN + TRACK * (max(skips.values(), default=-1) + 1) + (14 if skips else 0)
    head_lines = [wrap(name, lane_width - 14, size=HEAD_FONT, limit=3) for name in names]
    flow.head = 0 if narrow else max(len(lines) for lines in head_lines) * LEADING + 14
    flow.lanes = [Lane(left + i * lane_width, lane_width, lines) for i, lines in enumerate(head_lines)]
    flow.left, flow.right = left, left + lane_count * lane_width
    flow.width = flow.right + right
    y = flow.head + (8 if narrow else 18)
    for node in nodes:
        placed = _place(node, left, lane_width, y)
        flow.nodes.append(placed)
        y = placed.outline.bottom + ROW_GAP
    flow.height = y - ROW_GAP + 14
    flow.edges = list(_edges(text, flow, refusals, skips))
    return flow


def _nodes(text: ProcedureText, names: list[str], lane_width: float, narrow: bool) -> list[Node]:
    """Every node in its row, without a place yet."""
    found: list[Node] = []

    def lanes_of(step: Step) -> tuple[int, ...]:
        return (0,) if narrow else tuple(sorted({names.index(name) for name in step.actors}))

    def add(node_id: str, kind: str, lanes: tuple[int, ...], said: str, step: Step | None = None) -> None:
        width = {"condition": lane_width * 0.62, "start": 80, "end": 80}.get(kind, lane_width - 34)
        caption = wrap(_caption(step), width, size=11, limit=2) if narrow and step and kind != "condition" else ()
        found.append(Node(node_id, kind, len(found), lanes, wrap(said, width), caption, step))

    first = text.steps[0] if text.steps else None
    add("start", "start", lanes_of(first)[:1] if first else (0,), "开始")
    for step in text.steps:
        lanes = lanes_of(step)
        if step.condition is not None:
            add(f"if-{step.key}", "condition", lanes[:1], f"{step.condition_label}？", step)
        add(step.key, step.kind, lanes, f"{step.mark} {step.title}", step)
    add("end", "end", found[-1].lanes[:1], "结束")
    return found


def _caption(step: Step) -> str:
    names = "、".join(step.actors)
    return f"{names}（{step.rule_label}）" if step.rule_label else names


def _place(node: Node, left: float, lane_width: float, y: float) -> Node:
    text_height = len(node.lines) * LEADING + len(node.caption) * 15
    if node.kind == "condition":
        width, height = lane_width - 8, max(64.0, len(node.lines) * LEADING * 1.9)
    elif node.kind in ("start", "end"):
        width, height = 84.0, 32.0
    else:
        width, height = lane_width - 20, max(46.0, text_height + 18)
    # A joint step is tied together by a bar above and below its boxes.
    bar = 8 if len(node.lanes) > 1 else 0
    boxes = tuple(
        Box(left + lane * lane_width + (lane_width - width) / 2, y + bar, width, height) for lane in node.lanes
    )
    return Node(node.id, node.kind, node.row, node.lanes, node.lines, node.caption, node.step, boxes)


def _refusal_spans(text: ProcedureText, nodes: list[Node]) -> dict[str, tuple[float, float]]:
    rows = {node.id: node.row for node in nodes}
    spans = {}
    for step in text.steps:
        target = text.refusal_target(step)
        if target is not None:
            spans[step.key] = (rows[target.key], rows[step.key])
    return spans


def _skip_spans(nodes: list[Node]) -> dict[str, tuple[float, float]]:
    return {node.id: (node.row, node.row + 2) for node in nodes if node.kind == "condition"}


def _tracks(spans: dict[str, tuple[float, float]]) -> dict[str, int]:
    """A track for each span, so that two on one track have no row in common; shorter ones lie nearer the lanes."""
    taken: list[list[tuple[float, float]]] = []
    found = {}
    for key, (top, bottom) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1])):
        track = next((i for i, there in enumerate(taken) if all(bottom < a or b < top for a, b in there)), len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append((top, bottom))
        found[key] = track
    return found


def _edges(text: ProcedureText, flow: Flow, refusals: dict[str, int], skips: dict[str, int]) -> Iterable[Edge]:
    by_id = {node.id: node for node in flow.nodes}
    for above, below in itertools.pairwise(flow.nodes):
        label = "是" if above.kind == "condition" else ""
        yield Edge(above.id, below.id, "next", _down(above, below), label)
    for node in flow.nodes:
        if node.kind != "condition":
            continue
        target = flow.nodes[node.row + 2]
        box, top = node.boxes[0], _top(target)
        x = flow.right + 14 + TRACK * skips[node.id]
        gap = top[1] - ROW_GAP / 2
        points = ((box.right, box.middle[1]), (x, box.middle[1]), (x, gap), (top[0], gap), top)
        yield Edge(node.id, target.id, "skip", points, "否")
    for step in text.steps:
        target_step = text.refusal_target(step)
        if target_step is None:
            continue
        here, there = by_id[step.key].outline, by_id[target_step.key].outline
        x = flow.left - 6 - TRACK * refusals[step.key]
        # Leaving below the middle and arriving above it, a step may do both on one side.
        leave, arrive = here.middle[1] + 8, there.middle[1] - 8
        points = ((here.x, leave), (x, leave), (x, arrive), (there.x, arrive))
        yield Edge(step.key, target_step.key, "refuse", points, "退回")


def _top(node: Node) -> tuple[float, float]:
    outline = node.outline
    return outline.middle[0], outline.y - (8 if len(node.boxes) > 1 else 0)


def _down(above: Node, below: Node) -> tuple[tuple[float, float], ...]:
    start_x = above.outline.middle[0]
    start_y = above.outline.bottom + (8 if len(above.boxes) > 1 else 0)
    end_x, end_y = _top(below)
    if abs(start_x - end_x) < 0.5:
        return ((start_x, start_y), (end_x, end_y))
    gap = end_y - ROW_GAP / 2
    return ((start_x, start_y), (start_x, gap), (end_x, gap), (end_x, end_y))
