"""All divisions with every name they go by, read once and kept in memory."""

import functools
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, Max

from content.places.models import Division, DivisionLevel, DivisionType
from content.places.names import EXTRA_NAMES, middle_name, short_name

DATA = Path(__file__).parent / "data"
# Names of counties that are everyday words or other things first: they count only beside what they belong to (荆州公安).
ORDINARY_WORDS = frozenset((DATA / "ordinary_words.txt").read_text(encoding="utf-8").split())
# Full names that are also plain words for a part of any town.
GENERIC_DISTRICTS = frozenset(
    ("城区", "郊区", "矿区", "东区", "西区", "新城区", "城中区", "城东区", "城西区", "城北区", "城关区", "市中区")
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one division: whether it says what it is («市»), and whether it counts only beside its parent."""

    division: Division
    full: bool
    needs_parent: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every name → the divisions called so; `longest` in characters."""

    names: dict[str, tuple[Name, ...]]
    longest: int


def gazetteer() -> Gazetteer:
    """The gazetteer of today's divisions; one small query, more only when divisions were loaded since."""
    state = Division.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return _build(state["count"], state["last"])


@functools.lru_cache(maxsize=1)
def _build(count: int, last: int | None) -> Gazetteer:
    divisions = {division.pk: division for division in Division.objects.all()}
    names: dict[str, list[Name]] = {}
    for division in divisions.values():
        if division.parent_id:
            division.parent = divisions[division.parent_id]  # so that full_name asks for nothing
        if division.type == DivisionType.PSEUDO:
            continue
        for text, full, needs_parent in _names_of(division):
            names.setdefault(text, []).append(Name(division, full, needs_parent))
    return Gazetteer({text: tuple(found) for text, found in names.items()}, max(map(len, names), default=0))


def _names_of(division: Division):
    """(name, full, needs_parent) of a division."""
    yield division.name, True, division.name in GENERIC_DISTRICTS
    middle = middle_name(division.name)
    if middle:
        yield middle, True, False
    short = short_name(division.name, division.type)
    if short:
        is_county = division.level == DivisionLevel.COUNTY
        yield short, False, division.type == DivisionType.DISTRICT or (is_county and short in ORDINARY_WORDS)
    for extra in EXTRA_NAMES.get(division.code, ()):
        yield extra, False, False
