"""The flow chart as SVG: the same on the page, on the phone, in the PDF, and with the state of a case on it.

Colours stand in the attributes (for the PDF and wherever no style sheet is) and again in flow.css by class (for the
dark mode). Text is real text; every step links to its own paragraph.
"""

import itertools
from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from content.organization.chart_svg import rounded, text_width
from content.procedures.chart_layout import FONT, HEAD_FONT, LEADING, Box, Edge, Flow, Lane, Node, lay_out
from content.procedures.snapshots import ProcedureText

FONTS = "'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
FILL = {"task": "#e6eef7", "sign": "#e4f2e6", "condition": "#fbf0d9", "start": "#17594f", "end": "#17594f"}
STROKE = {"task": "#28527f", "sign": "#1e6636", "condition": "#7d5200", "start": "#17594f", "end": "#17594f"}
INK, PALE = "#1b2422", "#ffffff"
EDGE = {"next": "#45514d", "skip": "#7d5200", "refuse": "#ad3423"}
STATE_MARKS = {"done": "已办", "now": "在办", "refused": "退回", "skipped": "跳过"}
# What fits on an A4 page under the heading, at the width of the page.
PAGE_RATIO = 1.32


def charts_of(text: ProcedureText, states: Mapping[str, str] | None = None, *, base: str = "") -> dict[str, SafeString]:
    """`wide` for desks, `narrow` (one column) for phones; the style sheet shows the one that fits."""
    return {"wide": chart_of(text, states, base=base), "narrow": chart_of(text, states, narrow=True, base=base)}


def chart_of(
    text: ProcedureText, states: Mapping[str, str] | None = None, *, narrow: bool = False, base: str = ""
) -> SafeString:
    """One SVG of the whole procedure. `states` maps step keys to done, now, skipped, refused (where a case stands).

    Steps link to their paragraph, on the page at `base` or on the same one.
    """
    flow = lay_out(text, narrow=narrow)
    return _svg(flow, text, states or {}, 0, flow.height, "narrow" if narrow else "wide", base)


def pages_of(text: ProcedureText, states: Mapping[str, str] | None = None) -> list[SafeString]:
    """The same chart cut between rows into pieces that fit a page each, lanes named again on top of every piece."""
    flow = lay_out(text)
    height = max(flow.width * PAGE_RATIO, 500)
    pieces, top = [], flow.head
    while top < flow.height - 1:
        fitting = [node.outline.bottom + 12 for node in flow.nodes if top < node.outline.bottom + 12 <= top + height]
        bottom = flow.height if not fitting or flow.height - top <= height else max(fitting)
        pieces.append((top, bottom))
        top = bottom
    return [
        _svg(flow, text, states or {}, top, bottom, f"page-{number}")
        for number, (top, bottom) in enumerate(pieces, start=1)
    ]


def _svg(
    flow: Flow, text: ProcedureText, states: Mapping[str, str], top: float, bottom: float, name: str, base: str = ""
) -> SafeString:
    """The part of the chart between two heights, with the lanes' heads above it."""
    whole = top <= flow.head and bottom >= flow.height
    top = 0 if whole else top
    shift = 0 if whole else flow.head - top
    height = bottom - top + (0 if whole else flow.head)
    inside = [node for node in flow.nodes if top - 1 <= node.outline.y and node.outline.bottom <= bottom + 1]
    return format_html(
        '<svg class="flow flow--{name}" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="flow-title-{name}'
        ' flow-desc-{name}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{fonts}"'
        ' font-size="{size}"><title id="flow-title-{name}">{title}</title><desc id="flow-desc-{name}">{desc}</desc>'
        '{lanes}<g transform="translate(0 {shift})">{edges}{nodes}{labels}</g></svg>',
        name=name,
        width=_n(flow.width),
        height=_n(height),
        fonts=FONTS,
        size=FONT,
        title=f"{text.code} {text.title}流程图",
        desc=describe(text),
        shift=_n(shift),
        lanes=_joined(_lane(lane, height, flow.head, index) for index, lane in enumerate(flow.lanes)),
        edges=_joined(_edge(edge, top, bottom) for edge in flow.edges),
        nodes=_joined(_node(node, states, base) for node in inside),
        labels=_joined(_label(edge) for edge in flow.edges if edge.label and top <= edge.points[0][1] <= bottom),
    )


def describe(text: ProcedureText) -> str:
    """The chart in words: what a screen reader says in its place."""
    sentences = []
    for step in text.steps:
        words = f"第 {step.number} 步，{'、'.join(step.actors)}{'签批' if step.is_sign else '办理'}：{step.title}"
        if step.condition_label:
            words += f"（{step.condition_label}时，否则跳过）"
        target = text.refusal_target(step)
        if target is not None:
            words += f"，退回时回到第 {target.number} 步"
        sentences.append(words)
    return "；".join(sentences) + "。"


def _lane(lane: Lane, height: float, head: float, index: int) -> SafeString:
    lines = _lines(lane.lines, lane.x + lane.width / 2, head / 2, HEAD_FONT, PALE, "flow__lane-name", bold=True)
    return format_html(
        '<rect class="flow__lane flow__lane--{parity}" x="{x}" y="0" width="{w}" height="{h}" fill="{fill}"'
        ' stroke="#d5d9d0"/><rect class="flow__head" x="{x}" y="0" width="{w}" height="{head}" fill="#0e4239"'
        ' stroke="#d5d9d0"/>{lines}',
        parity="odd" if index % 2 else "even",
        x=_n(lane.x),
        w=_n(lane.width),
        h=_n(height),
        head=_n(head),
        fill="#f6f7f3" if index % 2 else "#ffffff",
        lines=lines,
    )


def _node(node: Node, states: Mapping[str, str], base: str) -> SafeString:
    # A condition is not done or skipped itself, only what it leads to.
    kind = node.kind
    stands = node.step is not None and kind != "condition"
    state = states.get(node.step.key, "waiting" if states else "") if stands else ""
    drawn = _joined(_box(node, box, state) for box in node.boxes)
    if len(node.boxes) > 1:
        outline = node.outline
        drawn = format_html("{}{}", _bars(outline, STROKE[kind]), drawn)
    mark = STATE_MARKS.get(state, "")
    badge = _badge(node.boxes[-1], mark, state) if mark else ""
    opening = f'<g class="flow__node flow__node--{kind}{f" flow__node--{state}" if state else ""}"'
    if kind in ("task", "sign"):
        return format_html(
            '{} data-step="{}"><a href="{}#step-{}"><title>{}</title>{}</a>{}</g>',
            mark_safe(opening),  # made of our own words
            node.id,
            base,
            node.step.number if node.step else "",
            f"第 {node.step.number} 步：{node.step.title}（{node.step.actors_label}）" if node.step else "",
            drawn,
            badge,
        )
    return format_html("{}>{}</g>", mark_safe(opening), drawn)  # made of our own words


def _box(node: Node, box: Box, state: str = "") -> SafeString:
    x, y = box.middle
    if node.kind == "condition":
        shape = format_html(
            '<path d="M{} {}L{} {}L{} {}L{} {}z" fill="{}" stroke="{}" stroke-width="1.3"/>',
            *(_n(v) for v in (x, box.y, box.right, y, x, box.bottom, box.x, y)),
            FILL["condition"],
            STROKE["condition"],
        )
    else:
        shape = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="1.3"/>',
            *(_n(v) for v in (box.x, box.y, box.width, box.height)),
            _n(box.height / 2) if node.kind in ("start", "end") else 6,
            # Pale colours, not an opacity: WeasyPrint leaves out what is see-through and a link at once.
            "#f4f5f2" if state == "skipped" else FILL[node.kind],
            "#b9beb3" if state == "skipped" else STROKE[node.kind],
        )
    ink = PALE if node.kind in ("start", "end") else "#626e69" if state == "skipped" else INK
    if not node.caption:
        return format_html("{}{}", shape, _lines(node.lines, x, y, FONT, ink, "flow__text"))
    caption_height = len(node.caption) * 15
    return format_html(
        "{}{}{}",
        shape,
        _lines(node.caption, x, box.y + 9 + caption_height / 2, 11, "#45514d", "flow__caption", leading=15),
        _lines(node.lines, x, y + caption_height / 2, FONT, ink, "flow__text"),
    )


def _bars(outline: Box, colour: str) -> SafeString:
    return format_html(
        '<path class="flow__bar" d="M{x} {top}H{right}M{x} {bottom}H{right}" stroke="{colour}" stroke-width="3"/>',
        x=_n(outline.x),
        right=_n(outline.right),
        top=_n(outline.y - 6.5),
        bottom=_n(outline.bottom + 6.5),
        colour=colour,
    )


def _badge(box: Box, mark: str, state: str) -> SafeString:
    colour = {"done": "#1e6636", "now": "#ad3423", "refused": "#ad3423", "skipped": "#626e69"}[state]
    width = text_width(mark, size=11) + 10
    return format_html(
        '<rect class="flow__badge" x="{}" y="{}" width="{}" height="17" rx="8.5" fill="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="11" fill="#ffffff">{}</text>',
        _n(box.right - width + 6),
        _n(box.y - 9),
        _n(width),
        colour,
        _n(box.right - width / 2 + 6),
        _n(box.y + 3.5),
        mark,
    )


def _edge(edge: Edge, top: float, bottom: float) -> SafeString:
    pieces = _clip(edge.points, top, bottom)
    if not pieces:
        return mark_safe("")
    colour = EDGE[edge.kind]
    dash = mark_safe(' stroke-dasharray="5 3"') if edge.kind == "refuse" else ""
    strokes = _joined(
        format_html('<path d="{}" fill="none" stroke="{}" stroke-width="1.4"{}/>', rounded(piece), colour, dash)
        for piece in pieces
    )
    arrives = top <= edge.points[-1][1] <= bottom
    head = _arrow(edge.points[-2], edge.points[-1], colour) if arrives else ""
    return format_html('<g class="flow__edge flow__edge--{}">{}{}</g>', edge.kind, strokes, head)


def _clip(points: tuple[tuple[float, float], ...], top: float, bottom: float) -> list[tuple[tuple[float, float], ...]]:
    """The parts of a rectangular line between two heights."""
    pieces: list[list[tuple[float, float]]] = []
    current: list[tuple[float, float]] = []
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        low, high = min(y1, y2), max(y1, y2)
        if high < top or low > bottom:
            current = []
            continue
        start, end = (x1, min(max(y1, top), bottom)), (x2, min(max(y2, top), bottom))
        if not current or current[-1] != start:
            current = [start]
            pieces.append(current)
        current.append(end)
    return [tuple(piece) for piece in pieces if len(piece) > 1]


def _arrow(before: tuple[float, float], tip: tuple[float, float], colour: str) -> SafeString:
    dx = (tip[0] > before[0]) - (tip[0] < before[0])
    dy = (tip[1] > before[1]) - (tip[1] < before[1])
    x, y = tip
    left = (x - dx * 8 - dy * 4, y - dy * 8 - dx * 4)
    right = (x - dx * 8 + dy * 4, y - dy * 8 + dx * 4)
    return format_html('<path d="M{} {}L{} {}L{} {}z" fill="{}"/>', *(_n(v) for v in (x, y, *left, *right)), colour)


def _label(edge: Edge) -> SafeString:
    (x, y), (next_x, _) = edge.points[0], edge.points[1]
    if edge.kind == "next":
        anchor, x, y = "start", x + 6, y + 15
    elif next_x > x:
        anchor, x, y = "start", x + 4, y - 5
    else:
        anchor, x, y = "end", x - 5, y + 14
    return format_html(
        '<text class="flow__label flow__label--{}" x="{}" y="{}" text-anchor="{}" font-size="11" fill="{}">{}</text>',
        edge.kind,
        _n(x),
        _n(y),
        anchor,
        EDGE[edge.kind],
        edge.label,
    )


def _lines(
    lines: tuple[str, ...],
    x: float,
    y: float,
    size: float,
    fill: str,
    css: str,
    *,
    bold=False,
    leading: float = LEADING,
) -> SafeString:
    """Centred lines around a point."""
    first = y - (len(lines) - 1) * leading / 2 + size * 0.36
    weight = mark_safe(' font-weight="bold"') if bold else ""
    return _joined(
        format_html(
            '<text class="{}" x="{}" y="{}" text-anchor="middle" font-size="{}" fill="{}"{}>{}</text>',
            css,
            _n(x),
            _n(first + index * leading),
            size,
            fill,
            weight,
            line,
        )
        for index, line in enumerate(lines)
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _joined(parts) -> SafeString:
    return format_html_join(mark_safe(""), "{}", ((part,) for part in parts))
