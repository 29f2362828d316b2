"""Saved searches go to the successor of who saved them."""

from collections.abc import Iterable

from django.urls import reverse

from content.alerts.models import SavedSearch
from content.handovers.leavings import Leaving
from content.organization.models import Post
from content.users.models import User

NAME_LENGTH = 60


def find(user: User, post: Post | None) -> list[Leaving]:
    """The person's own saved searches; one query."""
    rows = SavedSearch.objects.filter(owner=user).select_related("post__unit")
    return [
        Leaving(
            key=str(row.pk),
            title=row.name,
            url=reverse("alerts:detail", args=[row.pk]),
            detail=f"共享给 {row.post}" if row.post else "",
            moves=True,
        )
        for row in rows
    ]


def move(user: User, successor: User, keys: Iterable[str]) -> list[str]:
    """Give them to the successor; a name the successor has already gets «（某某移交）», and a number if need be."""
    taken = set(SavedSearch.objects.filter(owner=successor).values_list("name", flat=True))
    moved = []
    for search in SavedSearch.objects.filter(owner=user, pk__in=list(keys)):
        search.name = free_name(search.name, user, taken)
        search.owner = successor
        search.save(update_fields=["owner", "name"])
        taken.add(search.name)
        moved.append(str(search.pk))
    return moved


def free_name(name: str, user: User, taken: set[str]) -> str:
    """The name, with a suffix where it is taken; never longer than a name may be."""
    found, number = name, 1
    while found in taken:
        suffix = f"（{str(user)[:20]}移交{'' if number == 1 else number}）"
        found = name[: NAME_LENGTH - len(suffix)] + suffix
        number += 1
    return found
