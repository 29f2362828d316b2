"""Who stands in for whom: a circle of substitutes leaves nobody when all of them are away."""

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from content.organization.models import Holding


def circle(holding: "Holding") -> list[str]:
    """Names round the circle this substitution would close, beginning with the one stood in for; empty if none.

    Looked at: substitutions whose days overlap with this one, each person standing in for holders of a post.
    """
    from content.organization.models import Holding, HoldingKind  # noqa: PLC0415 (the models ask this when they clean)

    rows = _overlapping(Holding.objects.exclude(pk=holding.pk), holding.since, holding.until).select_related("user")
    holders: dict[int, list] = {}
    stands_in: dict[int, list] = {}
    for row in rows:
        if row.kind == HoldingKind.SUBSTITUTE:
            stands_in.setdefault(row.post_id, []).append(row.user)
        elif row.kind == HoldingKind.REGULAR:
            holders.setdefault(row.post_id, []).append(row.user)
    stands_in.setdefault(holding.post_id, []).append(holding.user)
    substitutes: dict[int, list] = {}
    for post_id, people in holders.items():
        for person in people:
            substitutes.setdefault(person.pk, []).extend(stands_in.get(post_id, ()))
    for person in holders.get(holding.post_id, ()):
        found = _back_to(person, holding.user, substitutes)
        if found:
            return [str(user) for user in [person, *found]]
    return []


def _back_to(goal, start, substitutes: dict[int, list]) -> list:
    """The people from `start` to who has `goal` for a substitute; empty if no way leads back."""
    ways, seen = [[start]], {start.pk}
    while ways:
        way = ways.pop(0)
        for following in substitutes.get(way[-1].pk, ()):
            if following.pk == goal.pk:
                return way
            if following.pk not in seen:
                seen.add(following.pk)
                ways.append([*way, following])
    return []


def _overlapping(rows, since: datetime.date, until: datetime.date | None):
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=since))
    return rows.filter(since__lte=until) if until is not None else rows
