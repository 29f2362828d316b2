"""From a post named in a route to the people who sign for it today, and why it is they."""

import datetime
from dataclasses import dataclass

from content.organization.holders import Holder, holdings_on
from content.organization.models import HoldingKind, Post

_KIND_ORDER = {HoldingKind.REGULAR: 0, HoldingKind.ACTING: 1, HoldingKind.SUBSTITUTE: 2}


@dataclass(frozen=True, slots=True)
class Seat:
    """One post named in a route and who sits in it: `post` is whose signature counts (a superior where need be)."""

    named: Post
    post: Post
    holders: tuple[Holder, ...]
    reason: str = ""
    problem: str = ""

    @property
    def people(self) -> tuple:
        """The accounts that may sign."""
        return tuple(holder.user for holder in self.holders)

    def holder(self, user) -> Holder | None:
        """In what capacity this user would sign; None if not at all."""
        return next((holder for holder in self.holders if holder.user.pk == user.pk), None)


class Staffing:
    """Posts and their holders on one day, read with two queries; answers any number of questions."""

    def __init__(self, on: datetime.date | None = None):
        self.posts: dict[int, Post] = {post.pk: post for post in Post.objects.select_related("unit")}
        self._holders: dict[int, list[Holder]] = {}
        for holding in sorted(holdings_on(on), key=lambda h: (_KIND_ORDER[HoldingKind(h.kind)], h.pk)):
            here = self._holders.setdefault(holding.post_id, [])
            if all(holder.user.pk != holding.user_id for holder in here):
                here.append(Holder(user=holding.user, kind=holding.kind))

    def posts_answered_by(self, user) -> set[int]:
        """Ids of posts for which this user may come to sign: own posts and all below them (they may be vacant)."""
        own = {post_id for post_id, holders in self._holders.items() if any(h.user.pk == user.pk for h in holders)}
        found = set(own)
        grown = True
        while grown:
            below = {post.pk for post in self.posts.values() if post.superior_id in found} - found
            found |= below
            grown = bool(below)
        return found

    def seat(self, named: Post, authors: frozenset[int] = frozenset()) -> Seat:
        """Who signs for the named post. Vacant, or only the author left: the superior, with the reason."""
        named = self.posts.get(named.pk, named)
        reasons: list[str] = []
        seen: set[int] = set()
        post: Post | None = named
        while post is not None and post.pk not in seen:
            seen.add(post.pk)
            holders = self._holders.get(post.pk, [])
            able = [holder for holder in holders if holder.user.pk not in authors]
            left_out = [holder for holder in holders if holder.user.pk in authors]
            # The author's own deputy does not sign in the author's place: that goes up.
            if able and (not left_out or any(holder.kind == HoldingKind.REGULAR for holder in able)):
                if post is not named:
                    reasons.append(f"由上级「{post}」签批。")
                elif not any(holder.kind == HoldingKind.REGULAR for holder in able):
                    reasons.append(f"「{post}」现由{'、'.join(str(holder.user) for holder in able)}代理。")
                return Seat(named, post, tuple(able), "".join(reasons))
            if left_out:
                names = "、".join(str(holder.user) for holder in left_out)
                reasons.append(f"「{post}」{names}参与了起草，不签批自己的内容，")
            else:
                reasons.append(f"「{post}」空缺，")
            post = self.posts.get(post.superior_id)
        problem = "".join(reasons) + "上级岗位也没有人可以签批；请系统管理员先安排任职。"
        return Seat(named, named, (), "", problem)
