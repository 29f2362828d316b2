"""The organisation as it stands on a day, read in a fixed number of queries: for chart, lists and post pages."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from content.organization.holders import Holder, holdings_on
from content.organization.models import (
    Holding,
    HoldingKind,
    Post,
    PostState,
    RoleDescriptionPage,
    RoleIndexPage,
    Unit,
    UnitState,
)
from content.organization.models.history import in_force
from search.readers import reader_for

KIND_ORDER = (HoldingKind.REGULAR, HoldingKind.ACTING, HoldingKind.SUBSTITUTE)


@dataclass(slots=True)
class Seat:
    """A post with the people who may act for it; `vacant` when nobody holds it regularly.

    `on` is the day another than today that is looked at.
    """

    post: Post
    holders: list[Holder] = field(default_factory=list)
    on: datetime.date | None = None

    @property
    def url(self) -> str:
        """The page of the post, on the day looked at."""
        address = self.post.get_absolute_url()
        return f"{address}?on={self.on.isoformat()}" if self.on else address

    @property
    def vacant(self) -> bool:
        return not any(holder.kind == HoldingKind.REGULAR for holder in self.holders)

    @property
    def people(self) -> str:
        """«王敏、李思远（职务代理）», or «空缺»."""
        return "、".join(holder.label for holder in self.holders) or "空缺"


@dataclass(slots=True)
class Branch:
    """A unit in the order of the tree: how deep it lies, its seats in order of the superior line."""

    unit: Unit
    depth: int
    seats: list[Seat] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """One post with everything a reader asks about it."""

    seat: Seat
    superior: Seat | None
    subordinates: list[Seat]
    past: list[Holding]
    coming: list[Holding]
    existed: bool = True


def branches(on: datetime.date | None = None) -> list[Branch]:
    """All units from the top down (each followed by its own), with posts and holders of the day.

    Three queries for today, five for another day.
    """
    on = None if on == timezone.localdate() else on
    units = list(units_on(on).values())
    children: dict[int | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit)
    ordered: list[Branch] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for unit in children.get(parent_id, ()):
            ordered.append(Branch(unit, depth))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    by_unit = {branch.unit.pk: branch for branch in ordered}
    people = _holders_by_post(on)
    for post in posts_on(on, units={unit.pk: unit for unit in units}).values():
        branch = by_unit.get(post.unit_id)
        if branch is not None:
            branch.seats.append(Seat(post, people.get(post.pk, []), on))
    for branch in ordered:
        branch.seats = _down_the_line(branch.seats)
    return ordered


def units_on(on: datetime.date | None = None) -> dict[int, Unit]:
    """Units by id as they were on a day (today by default): name, kind and parent of that day, in order."""
    day = on or timezone.localdate()
    units = {unit.pk: unit for unit in Unit.objects.all() if unit.exists_on(day)}
    if on is not None:
        _as_they_were(units, in_force(UnitState.objects.filter(record__in=units), on))
    for unit in units.values():
        unit.parent = units.get(unit.parent_id)
    return units


def posts_on(on: datetime.date | None = None, units: dict[int, Unit] | None = None) -> dict[int, Post]:
    """Posts by id as they were on a day (today by default): title, unit and superior of that day, in order.

    Superiors and units hang on the posts, so following them costs no query. `units` are those of the day if at hand.
    """
    day = on or timezone.localdate()
    units = units_on(on) if units is None else units
    posts = {post.pk: post for post in Post.objects.all() if post.exists_on(day)}
    if on is not None:
        _as_they_were(posts, in_force(PostState.objects.filter(record__in=posts), on))
    posts = {pk: post for pk, post in posts.items() if post.unit_id in units}
    for post in posts.values():
        post.unit = units[post.unit_id]
        post.superior = posts.get(post.superior_id)
    return posts


def _as_they_were(things: dict, states: Iterable) -> None:
    """Give units or posts the values of the states, in memory only."""
    for state in states:
        thing = things[state.record_id]
        for name in thing.historical_fields:
            setattr(thing, name, getattr(state, name))


def within(all_branches: list[Branch], unit: Unit) -> list[Branch]:
    """The branch of a unit and of everything below it."""
    inside: set[int] = {unit.pk}
    chosen = []
    for branch in all_branches:
        if branch.unit.pk in inside or branch.unit.parent_id in inside:
            inside.add(branch.unit.pk)
            chosen.append(branch)
    return chosen


def place_of(post: Post, on: datetime.date | None = None) -> Place:
    """The post with superior, subordinates, former and future holdings; the number of queries does not grow."""
    day = on or timezone.localdate()
    on = None if day == timezone.localdate() else day
    posts = posts_on(on)
    existed = post.pk in posts
    post = posts.get(post.pk, post)
    near = [other for other in posts.values() if other.superior_id == post.pk]
    superior = posts.get(post.superior_id)
    people = _holders_by_post(on, [post.pk, *(other.pk for other in near), *([superior.pk] if superior else [])])
    others = Holding.objects.filter(post=post).select_related("user").order_by("-since", "-pk")
    return Place(
        seat=Seat(post, people.get(post.pk, []), on),
        superior=Seat(superior, people.get(superior.pk, []), on) if superior else None,
        subordinates=[Seat(other, people.get(other.pk, []), on) for other in near],
        past=[holding for holding in others if holding.until is not None and holding.until < day],
        coming=[holding for holding in others if holding.since > day],
        existed=existed,
    )


def past_states(post: Post) -> list[PostState]:
    """What the post was before its present state, latest first."""
    states = PostState.objects.filter(record=post, until__isnull=False).select_related("unit", "superior")
    return list(states)[::-1]


def level_superior(post: Post, level: int, on: datetime.date | None = None) -> Post | None:
    """The post `level` steps up the line of superiors («第N级主管», 1 is the direct superior); None above the top.

    A ring of superiors ends where it began.
    """
    posts = posts_on(on)
    found: Post | None = posts.get(post.pk)
    seen = set()
    for _ in range(level):
        if found is None or found.pk in seen:
            return None
        seen.add(found.pk)
        found = posts.get(found.superior_id)
    return None if found is None or found.pk in seen else found


def roles_by_unit(index: RoleIndexPage, user) -> list[tuple[Unit, list[RoleDescriptionPage]]]:
    """Live role descriptions below the list that this user may read, by unit, in the order of units and posts."""
    reader = reader_for(user)
    pages = (
        RoleDescriptionPage.objects.child_of(index)
        .live()
        .select_related("post__unit")
        .order_by("post__unit__sort_order", "post__unit_id", "post__sort_order", "number")
    )
    people = _holders_by_post(None)
    grouped: dict[Unit, list[RoleDescriptionPage]] = {}
    for page in pages:
        # Own audience only: restrictions further up were checked when the list itself was served.
        if reader.may_read(frozenset({str(page.audience)})):
            page.seat = Seat(page.post, people.get(page.post_id, []))
            grouped.setdefault(page.post.unit, []).append(page)
    return list(grouped.items())


def _holders_by_post(on: datetime.date | None, post_ids: Iterable[int] | None = None) -> dict[int, list[Holder]]:
    """Holders of each post on the day, regular first, each person once; one query."""
    holdings = holdings_on(on).select_related(None).select_related("user")
    if post_ids is not None:
        holdings = holdings.filter(post_id__in=list(post_ids))
    found: dict[int, dict[int, Holder]] = {}
    for holding in sorted(holdings, key=lambda row: (KIND_ORDER.index(HoldingKind(row.kind)), row.pk)):
        found.setdefault(holding.post_id, {}).setdefault(holding.user_id, Holder(holding.user, holding.kind))
    return {post_id: list(people.values()) for post_id, people in found.items()}


def _down_the_line(seats: list[Seat]) -> list[Seat]:
    """Seats of one unit, every post below its superior, each superior's line unbroken; a cycle loses nobody."""
    below: dict[int | None, list[Seat]] = {}
    known = {seat.post.pk for seat in seats}
    for seat in seats:
        superior = seat.post.superior_id if seat.post.superior_id in known else None
        below.setdefault(superior, []).append(seat)
    ordered: list[Seat] = []
    seen: set[int] = set()

    def walk(seat: Seat) -> None:
        if seat.post.pk in seen:
            return
        seen.add(seat.post.pk)
        ordered.append(seat)
        for next_seat in below.get(seat.post.pk, ()):
            walk(next_seat)

    for seat in [*below.get(None, ()), *seats]:
        walk(seat)
    return ordered
