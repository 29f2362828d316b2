"""The organisation chart as SVG: every post is a link, colours come from the style sheet, text is real text."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from content.organization.chart_layout import Box, Card, Chart, Line, lay_out
from content.organization.models import HoldingKind
from content.organization.structure import Branch

RADIUS = 7
TITLE_SIZE, PEOPLE_SIZE = 14, 12.5
WIDE_COLUMNS = 4


def charts(branches: list[Branch]) -> dict[str, SafeString]:
    """`wide` for desks and paper, `narrow` (one column) for phones; the page shows the one that fits."""
    return {
        "wide": draw(lay_out(branches, columns=WIDE_COLUMNS), name="wide"),
        "narrow": draw(lay_out(branches, columns=1), name="narrow"),
    }


# The look on paper, standing inside the drawing: WeasyPrint draws SVG without the page's style sheet.
PRINT_STYLE = """
.chart text { fill: #1d2422; font-family: "Noto Sans SC", "Noto Sans CJK SC", sans-serif; }
.chart__unit rect { fill: #ffffff; stroke: #b9c2bf; }
.chart__unit-name { font-size: 15px; font-weight: 700; }
.chart .chart__unit-count { font-size: 12px; fill: #6a7572; }
.chart__box { fill: #f4f6f5; stroke: #d5dbd9; }
.chart__bar { fill: #1d6b5a; }
.chart__title { font-size: 14px; font-weight: 600; }
.chart .chart__people { font-size: 12.5px; fill: #45504c; }
.chart .chart__mark { font-size: 12px; fill: #9a5b00; }
.chart__post--acting .chart__bar { fill: #9a5b00; }
.chart__post--vacant .chart__box { fill: #ffffff; stroke: #9a5b00; stroke-dasharray: 4 3; }
.chart__post--vacant .chart__bar { fill: none; }
.chart__line path { stroke: #b9c2bf; stroke-width: 1.5; fill: none; }
.chart__line circle { fill: #b9c2bf; }
.chart__line--across path { stroke: #1d6b5a; stroke-width: 1.25; }
.chart__line--across circle { fill: #1d6b5a; }
"""


def draw(chart: Chart, *, name: str, printed: bool = False) -> SafeString:
    """The SVG element; `name` tells apart two charts on one page (ids and class); `printed` brings its look along."""
    posts = sum(len(card.boxes) for card in chart.cards)
    vacant = sum(box.seat.vacant for card in chart.cards for box in card.boxes)
    return format_html(
        '<svg class="chart chart--{name}" role="group" aria-labelledby="chart-title-{name} chart-desc-{name}"'
        ' xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<title id="chart-title-{name}">组织机构图</title>'
        '<desc id="chart-desc-{name}">共 {units} 个单位、{posts} 个岗位，其中空缺 {vacant} 个；连线由直接上级指向直接下级，'
        "点岗位可看详情。</desc>{style}{cards}{lines}{boxes}</svg>",
        name=name,
        width=_number(chart.width),
        height=_number(chart.height),
        units=len(chart.cards),
        posts=posts,
        vacant=vacant,
        style=mark_safe(f"<style>{PRINT_STYLE}</style>") if printed else "",
        cards=_joined(_card(card) for card in chart.cards),
        lines=_joined(_line(line) for line in sorted(chart.lines, key=lambda line: line.across)),
        boxes=_joined(_box(box) for card in chart.cards for box in card.boxes),
    )


def _card(card: Card) -> SafeString:
    unit = card.branch.unit
    return format_html(
        '<g class="chart__unit chart__unit--{kind}"><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="10"/>'
        '<text class="chart__unit-name" x="{tx}" y="{ty}">{name}</text>'
        '<text class="chart__unit-count" x="{cx}" y="{ty}" text-anchor="end">{count}</text></g>',
        kind=unit.kind,
        x=_number(card.x),
        y=_number(card.y),
        w=_number(card.width),
        h=_number(card.height),
        tx=_number(card.x + 14),
        ty=_number(card.y + 28),
        cx=_number(card.x + card.width - 14),
        name=shorten(unit.name, card.width - 80, size=15),
        count=f"{len(card.boxes)} 岗",
    )


def _box(box: Box) -> SafeString:
    seat = box.seat
    text_width = box.width - 26
    state = "vacant" if not seat.holders else "acting" if seat.vacant else "held"
    mark = {"vacant": "空缺", "acting": "代理"}.get(state, "")
    return format_html(
        '<a class="chart__post chart__post--{state}" href="{url}"><title>{full}</title>'
        '<rect class="chart__box" x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
        '<rect class="chart__bar" x="{bx}" y="{by}" width="4" height="{bh}" rx="2"/>'
        '<text class="chart__title" x="{tx}" y="{t1}">{title}</text>'
        '<text class="chart__people" x="{tx}" y="{t2}">{people}</text>{mark}</a>',
        state=state,
        url=seat.url,
        full=f"{seat.post}：{seat.people}",
        x=_number(box.x),
        y=_number(box.y),
        w=_number(box.width),
        h=_number(box.height),
        bx=_number(box.x + 8),
        by=_number(box.y + 11),
        bh=_number(box.height - 22),
        tx=_number(box.x + 20),
        t1=_number(box.y + 24),
        t2=_number(box.y + 44),
        title=shorten(seat.post.title, text_width - (30 if mark else 0), size=TITLE_SIZE),
        people=shorten(_people(box), text_width, size=PEOPLE_SIZE),
        mark=_mark(box, mark) if mark else "",
    )


def _people(box: Box) -> str:
    holders = box.seat.holders
    if not holders:
        return "暂无人任职"
    if len(holders) > 1 and not any(holder.kind != HoldingKind.REGULAR for holder in holders):
        return "、".join(str(holder.user) for holder in holders)
    return "、".join(holder.label for holder in holders)


def _mark(box: Box, text: str) -> SafeString:
    return format_html(
        '<text class="chart__mark" x="{x}" y="{y}" text-anchor="end">{text}</text>',
        x=_number(box.x + box.width - 10),
        y=_number(box.y + 23),
        text=text,
    )


def _line(line: Line) -> SafeString:
    end_x, end_y = line.points[-1]
    return format_html(
        '<g class="chart__line{across}"><path d="{path}" fill="none"/><circle cx="{x}" cy="{y}" r="2.5"/></g>',
        across=" chart__line--across" if line.across else "",
        path=rounded(line.points),
        x=_number(end_x),
        y=_number(end_y),
    )


def rounded(points: tuple[tuple[float, float], ...]) -> str:
    """SVG path through the points with rounded corners, never rounder than half of the shorter stroke."""
    (x, y), *rest = points
    parts = [f"M{_number(x)} {_number(y)}"]
    for i, (bx, by) in enumerate(rest):
        if i == len(rest) - 1:
            parts.append(f"L{_number(bx)} {_number(by)}")
            break
        nx, ny = rest[i + 1]
        radius = min(RADIUS, (abs(bx - x) + abs(by - y)) / 2, (abs(nx - bx) + abs(ny - by)) / 2)
        parts.append(
            f"L{_towards(bx, by, x, y, radius)}Q{_number(bx)} {_number(by)} {_towards(bx, by, nx, ny, radius)}"
        )
        x, y = bx, by
    return "".join(parts)


def _towards(x: float, y: float, to_x: float, to_y: float, distance: float) -> str:
    length = abs(to_x - x) + abs(to_y - y) or 1
    return f"{_number(x + (to_x - x) / length * distance)} {_number(y + (to_y - y) / length * distance)}"


def text_width(text: str, *, size: float) -> float:
    """Estimated width: a Chinese character is as wide as the type size, a Latin one a little over half of it."""
    return sum(size if ord(character) > 0x2E7F else size * 0.58 for character in text)


def shorten(text: str, width: float, *, size: float) -> str:
    """The text, cut with «…» where it would be wider than `width`."""
    if text_width(text, size=size) <= width:
        return text
    while text and text_width(text + "…", size=size) > width:
        text = text[:-1]
    return text + "…"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _joined(parts) -> SafeString:
    return format_html_join(mark_safe(""), "{}", ((part,) for part in parts))
