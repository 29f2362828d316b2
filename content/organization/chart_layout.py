"""Where everything on the organisation chart stands: pure geometry, in SVG user units (pixels at scale 1).

Units are cards in columns, each put, in the order of the tree, where there is most room. In a card the posts form an
indented list, each below its superior. Between the columns are gutters and above them all one corridor, in which nothing
stands; a line from one card to another runs only there, so it never crosses a card or a box, however large the
organisation is.
"""

from dataclasses import dataclass

from content.organization.structure import Branch, Seat

CARD_WIDTH = 246
GUTTER = 40
CORRIDOR = 34
CARD_GAP = 22
PAD = 12
HEADER = 44
BOX_HEIGHT = 58
BOX_GAP = 10
INDENT = 18
MAX_INDENT = 84  # of the deepest box: what remains still holds nine characters
LANES = 5
LANE_WIDTH = 5
MARGIN = 20


@dataclass(frozen=True, slots=True)
class Box:
    """A post on the chart."""

    seat: Seat
    x: float
    y: float
    width: float
    height: float = BOX_HEIGHT

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Card:
    """A unit on the chart with its boxes."""

    branch: Branch
    x: float
    y: float
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Superior → subordinate as a path of horizontal and vertical strokes; `across` when it leaves the unit."""

    points: tuple[tuple[float, float], ...]
    across: bool


@dataclass(frozen=True, slots=True)
class Chart:
    width: float
    height: float
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]


def lay_out(branches: list[Branch], *, columns: int) -> Chart:
    """Place the units that have posts on `columns` columns; units without posts are only named on the cards below them."""
    filled = [branch for branch in branches if branch.seats]
    columns = max(1, min(columns, len(filled)))
    bottoms = [float(CORRIDOR)] * columns
    cards = []
    for branch in filled:
        column = bottoms.index(min(bottoms))
        card = _card(branch, GUTTER + column * (CARD_WIDTH + GUTTER), bottoms[column])
        bottoms[column] = card.y + card.height + CARD_GAP
        cards.append(card)
    width = GUTTER + columns * (CARD_WIDTH + GUTTER)
    height = max(bottoms) - CARD_GAP + MARGIN
    return Chart(width=width, height=height, cards=tuple(cards), lines=tuple(_lines(cards)))


def _card(branch: Branch, x: float, y: float) -> Card:
    depths = _depths(branch.seats)
    step = min(INDENT, MAX_INDENT / max(1, max(depths)))
    boxes = []
    for i, (seat, depth) in enumerate(zip(branch.seats, depths, strict=True)):
        left = PAD + step * depth
        boxes.append(Box(seat, x + left, y + HEADER + i * (BOX_HEIGHT + BOX_GAP), CARD_WIDTH - left - PAD))
    height = HEADER + len(boxes) * (BOX_HEIGHT + BOX_GAP) - BOX_GAP + PAD
    return Card(branch, x, y, CARD_WIDTH, height, tuple(boxes))


def _depths(seats: list[Seat]) -> list[int]:
    """How many superiors within the same unit stand above each seat; seats come superior first."""
    depth: dict[int, int] = {}
    for seat in seats:
        depth[seat.post.pk] = depth.get(seat.post.superior_id, -1) + 1
    return [depth[seat.post.pk] for seat in seats]


def _lines(cards: list[Card]):
    where = {box.seat.post.pk: (card, box) for card in cards for box in card.boxes}
    lanes: dict[int, int] = {}
    for card in cards:
        for box in card.boxes:
            above = where.get(box.seat.post.superior_id)
            if above is None:
                continue
            superior_card, superior = above
            if superior_card is card and superior.x < box.x:
                yield _line_inside(superior, box)
            elif superior is not box:
                lane = lanes.setdefault(superior.seat.post.pk, len(lanes) % LANES)
                yield _line_across(superior_card, superior, card, box, lane)


def _line_inside(superior: Box, box: Box) -> Line:
    """Down from the superior's left corner, between the indents, then right into the box."""
    x = (superior.x + box.x) / 2
    return Line(((x, superior.y + superior.height), (x, box.middle), (box.x, box.middle)), across=False)


def _line_across(superior_card: Card, superior: Box, card: Card, box: Box, lane: int) -> Line:
    """Out to the gutter right of the superior, up to the corridor and down another gutter where needed, in from the left."""
    offset = (lane - (LANES - 1) / 2) * LANE_WIDTH
    leave_x = superior_card.x + superior_card.width + GUTTER / 2 + offset
    enter_x = card.x - GUTTER / 2 + offset
    points = [(superior.x + superior.width, superior.middle), (leave_x, superior.middle)]
    if leave_x != enter_x:
        corridor_y = CORRIDOR / 2 + offset
        points += [(leave_x, corridor_y), (enter_x, corridor_y)]
    points += [(enter_x, box.middle), (box.x, box.middle)]
    return Line(tuple(points), across=True)
