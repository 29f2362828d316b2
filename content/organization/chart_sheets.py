"""The chart on paper: the sheet and the number of columns on which it can be read best."""

from dataclasses import dataclass

from content.organization.chart_layout import Chart, lay_out
from content.organization.structure import Branch

# Room inside the margins of a landscape sheet below its heading, in CSS pixels (96 to the inch).
SHEETS = {"A4": (1020.0, 640.0), "A3": (1485.0, 960.0)}
SMALLEST = 0.6  # below it the names, 12.5 px on screen, are under 5.7 points
MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper: «A4» or «A3», landscape, and the chart on it."""

    size: str
    chart: Chart
    scale: float


def lay_out_sheets(branches: list[Branch]) -> list[Sheet]:
    """Everything on one A4 if it can be read, else on one A3, else on as many A3 as needed, unit by unit."""
    filled = [branch for branch in branches if branch.seats]
    if not filled:
        return []
    for size in SHEETS:
        best = _best(filled, size)
        if best.scale >= SMALLEST:
            return [best]
    sheets: list[Sheet] = []
    waiting: list[Branch] = []
    last: Sheet | None = None
    for branch in filled:
        fitted = _best([*waiting, branch], "A3")
        if waiting and fitted.scale < SMALLEST and last is not None:
            sheets.append(last)
            waiting, fitted = [], _best([branch], "A3")
        waiting.append(branch)
        last = fitted
    return [*sheets, last] if last else sheets


def _best(branches: list[Branch], size: str) -> Sheet:
    """The number of columns that lets the chart be drawn largest on this sheet."""
    width, height = SHEETS[size]
    best: Sheet | None = None
    for columns in range(1, min(MOST_COLUMNS, len(branches)) + 1):
        chart = lay_out(branches, columns=columns)
        scale = min(1.0, width / chart.width, height / chart.height)
        if best is None or scale > best.scale:
            best = Sheet(size, chart, scale)
    assert best is not None  # noqa: S101 (there is at least one column)
    return best
