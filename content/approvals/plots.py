"""Plots of the statistics as SVG, drawn here so that they need no script and print as they look."""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from content.approvals.statistics import MonthFigures, StepFigures

WIDTH = 640
_LABEL = 230
_ROW = 30


def bars(steps: Sequence[StepFigures], limit: int = 12) -> SafeString:
    """Horizontal bars of the mean hours per step, slowest on top."""
    shown = list(steps[:limit])
    most = max((step.hours for step in shown), default=0) or 1
    height = _ROW * len(shown) + 8
    room = WIDTH - _LABEL - 80
    parts = []
    for number, step in enumerate(shown):
        y = number * _ROW + 4
        width = max(2, round(room * step.hours / most))
        parts.append(
            f'<text class="plot__label" x="{_LABEL - 10}" y="{y + 17}" text-anchor="end">{escape(_short(step.label))}</text>'
            f'<rect class="plot__bar" x="{_LABEL}" y="{y + 4}" width="{width}" height="{_ROW - 12}" rx="3"/>'
            f'<text class="plot__value" x="{_LABEL + width + 8}" y="{y + 17}">{duration(step.hours)}</text>'
        )
    said = "；".join(f"{step.label}平均{duration(step.hours)}" for step in shown)
    return _svg(height, "各环节平均用时", said, "".join(parts))


def columns(months: Sequence[MonthFigures]) -> SafeString:
    """Stacked columns of the runs per month: approved, refused, other."""
    shown = list(months[-12:])
    most = max((month.total for month in shown), default=0) or 1
    height, base = 220, 180
    step = (WIDTH - 20) / max(len(shown), 1)
    parts = [f'<line class="plot__axis" x1="10" x2="{WIDTH - 10}" y1="{base}" y2="{base}"/>']
    for number, month in enumerate(shown):
        x, y, width = 10 + step * number + step * 0.2, float(base), min(step * 0.6, 60)
        for count, name in ((month.approved, "ok"), (month.refused, "refused"), (month.other, "other")):
            tall = (base - 30) * count / most
            if count:
                y -= tall
                parts.append(
                    f'<rect class="plot__part plot__part--{name}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{tall:.1f}"/>'
                )
        middle = x + width / 2
        parts.append(
            f'<text class="plot__value" x="{middle:.1f}" y="{y - 6:.1f}" text-anchor="middle">{month.total}</text>'
        )
        parts.append(
            f'<text class="plot__label" x="{middle:.1f}" y="{base + 20}" text-anchor="middle">{month.month.month}月</text>'
        )
    said = "；".join(
        f"{month.month.year}年{month.month.month}月 {month.total} 件，签准 {month.approved}，退回 {month.refused}"
        for month in shown
    )
    return _svg(height, "每月提交", said, "".join(parts))


def duration(hours: float) -> str:
    """«3.5 小时», «2.1 天»: what a person would say."""
    if hours < 1:
        return f"{round(hours * 60)} 分钟"
    return f"{hours:.1f} 小时" if hours < 48 else f"{hours / 24:.1f} 天"


def _short(text: str, most: int = 16) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _svg(height: int, title: str, said: str, inside: str) -> SafeString:
    # Safe: numbers are ours, every text is escaped.
    return mark_safe(
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}：{escape(said)}">'
        f"{inside}</svg>"
    )
