"""The organisation as it stands on a day, read in a fixed number of queries: for chart, lists and post pages."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from content.organization.holders import Holder, holders_of, holdings_on
from content.organization.models import Holding, HoldingKind, Post, RoleDescriptionPage, RoleIndexPage, Unit
from search.readers import reader_for

KIND_ORDER = (HoldingKind.REGULAR, HoldingKind.ACTING, HoldingKind.SUBSTITUTE)


@dataclass(slots=True)
class Seat:
    """A post with the people who may act for it; `vacant` when nobody holds it regularly."""

    post: Post
    holders: list[Holder] = field(default_factory=list)

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


def branches(on: datetime.date | None = None) -> list[Branch]:
    """All units from the top down (each followed by its own), with posts and holders of the day; three queries."""
    units = list(Unit.objects.all())
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
    for post in Post.objects.select_related("unit", "superior__unit"):
        by_unit[post.unit_id].seats.append(Seat(post, people.get(post.pk, [])))
    for branch in ordered:
        branch.seats = _down_the_line(branch.seats)
    return ordered


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
    on = on or timezone.localdate()
    near = list(Post.objects.filter(superior=post).select_related("unit"))
    people = _holders_by_post(on, [post.pk, *(other.pk for other in near)])
    superior = Seat(post.superior, holders_of(post.superior, on)) if post.superior_id else None
    others = Holding.objects.filter(post=post).select_related("user").order_by("-since", "-pk")
    return Place(
        seat=Seat(post, people.get(post.pk, [])),
        superior=superior,
        subordinates=[Seat(other, people.get(other.pk, [])) for other in near],
        past=[holding for holding in others if holding.until is not None and holding.until < on],
        coming=[holding for holding in others if holding.since > on],
    )


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
