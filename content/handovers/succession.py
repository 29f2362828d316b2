"""Who takes over, and who stands above: proposed from holdings, so that it follows when somebody is appointed."""

from django.db.models import Q
from django.utils import timezone

from content.organization.holders import holders_of, holdings_on
from content.organization.models import Holding, HoldingKind, Post
from content.users.models import User


def superior_of(post: Post | None, leaver: User) -> Post | None:
    """The nearest post above that somebody other than the leaver holds today; None at the top."""
    seen: set[int] = set()
    above = post.superior if post else None
    while above is not None and above.pk not in seen:
        if any(holder.user.pk != leaver.pk for holder in holders_of(above)):
            return above
        seen.add(above.pk)
        above = above.superior
    return None


def people_above(superior: Post | None, leaver: User) -> list[User]:
    """Holders of the superior post today, without the leaver."""
    return [holder.user for holder in holders_of(superior) if holder.user.pk != leaver.pk] if superior else []


def successor_for(post: Post | None, leaver: User, holding: Holding | None = None) -> User | None:
    """Who would take over: the next regular holder, another regular one, who acts for the post, else the superior."""
    if post is None:
        return None
    others = (
        Holding.objects.filter(post=post, user__is_active=True)
        .filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
        .exclude(user=leaver)
        .select_related("user")
        .order_by("since", "pk")
    )
    begun = holding.since if holding else None
    order = (HoldingKind.REGULAR, HoldingKind.ACTING)
    ranked = sorted(
        (row for row in others if row.kind in order),
        key=lambda row: (order.index(HoldingKind(row.kind)), begun is not None and row.since < begun),
    )
    if ranked:
        return ranked[0].user
    return next(iter(people_above(superior_of(post, leaver), leaver)), None)


def has_left(user: User) -> bool:
    """The person cannot log in or holds no post from today on: nothing may stay with the account."""
    if not user.is_active:
        return True
    today = timezone.localdate()
    coming = Holding.objects.filter(user=user, since__gt=today)
    return not (holdings_on(today).filter(user=user).exists() or coming.exists())
