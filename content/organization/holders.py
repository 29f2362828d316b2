"""Who holds which post on a day. The one place that turns posts into people and people into posts."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from content.organization.models import Holding, HoldingKind, Post
from content.users.models import User


@dataclass(frozen=True, slots=True)
class Holder:
    """A person able to act for a post, and in what capacity."""

    user: User
    kind: str

    @property
    def label(self) -> str:
        """«王敏» or «王敏（代理）», as shown in a path."""
        suffix = {HoldingKind.ACTING: "（代理）", HoldingKind.SUBSTITUTE: "（职务代理）"}.get(self.kind, "")
        return f"{self.user}{suffix}"


def holdings_on(on: datetime.date | None = None):
    """Queryset of the holdings in force on a day (today in Shanghai by default).

    From today on only of people who may still log in; on a past day of whoever held the post then.
    """
    today = timezone.localdate()
    on = on or today
    holdings = Holding.objects.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))
    if on >= today:
        holdings = holdings.filter(user__is_active=True)
    return holdings.select_related("user", "post__unit")


def holders_of(post: Post, on: datetime.date | None = None) -> list[Holder]:
    """People able to act for the post on that day: holders, then acting, then substitutes; may be empty (vacant)."""
    order = [HoldingKind.REGULAR, HoldingKind.ACTING, HoldingKind.SUBSTITUTE]
    found = sorted(holdings_on(on).filter(post=post), key=lambda h: (order.index(HoldingKind(h.kind)), h.pk))
    holders: dict[int, Holder] = {}
    for holding in found:
        holders.setdefault(holding.user_id, Holder(user=holding.user, kind=holding.kind))
    return list(holders.values())


def posts_of(user, on: datetime.date | None = None) -> list[Post]:
    """Posts the user holds, acts for or substitutes on that day."""
    if not getattr(user, "is_authenticated", False):
        return []
    return [holding.post for holding in holdings_on(on).filter(user=user).order_by("kind", "pk")]
