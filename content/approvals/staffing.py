"""From a post named in a route to the people who sign for it today, and why it is they."""

import datetime
from dataclasses import dataclass, replace

from content.approvals.models import Assignment, OwnWork, Vacancy
from content.organization.holders import Holder, holdings_on
from content.organization.models import HoldingKind, Post

_KIND_ORDER = {HoldingKind.REGULAR: 0, HoldingKind.ACTING: 1, HoldingKind.SUBSTITUTE: 2}


@dataclass(frozen=True, slots=True)
class SeatRules:
    """What holds for one seat besides its post; the defaults are those of a plain route."""

    own_work: str = OwnWork.SUPERIOR.value
    vacancy: str = Vacancy.SUPERIOR.value
    fallback_id: int | None = None
    person_id: int | None = None


PLAIN = SeatRules()


@dataclass(frozen=True, slots=True)
class Seat:
    """One post named in a route and who sits in it: `post` is whose signature counts (a superior where need be)."""

    named: Post
    post: Post
    holders: tuple[Holder, ...]
    reason: str = ""
    problem: str = ""
    # Foreseen and frozen with the run:
    veto: bool = False
    rules: SeatRules = PLAIN
    skipped: str = ""  # why nobody has to sign here
    covered: str = ""  # whose earlier signature counts here too
    covering: int | None = None  # id of that decision where it is already given
    perhaps: str = ""  # who need not sign again if already among the signers
    # The superior who may sign too once the term is over.
    superior: "Seat | None" = None

    @property
    def people(self) -> tuple:
        """The accounts that may sign."""
        above = self.superior.people if self.superior else ()
        return tuple({user.pk: user for user in [*(holder.user for holder in self.holders), *above]}.values())

    def holder(self, user) -> Holder | None:
        """In what capacity this user would sign; None if not at all."""
        own = next((holder for holder in self.holders if holder.user.pk == user.pk), None)
        return own or (self.superior.holder(user) if self.superior else None)

    def post_for(self, user) -> Post:
        """The post this user's signature counts for."""
        if self.superior is not None and all(holder.user.pk != user.pk for holder in self.holders):
            return self.superior.post
        return self.post


class Staffing:
    """Posts and their holders on one day, read with two queries; answers any number of questions."""

    def __init__(self, on: datetime.date | None = None):
        self.posts: dict[int, Post] = {post.pk: post for post in Post.objects.select_related("unit")}
        self._holders: dict[int, list[Holder]] = {}
        for holding in sorted(holdings_on(on), key=lambda h: (_KIND_ORDER[HoldingKind(h.kind)], h.pk)):
            here = self._holders.setdefault(holding.post_id, [])
            if all(holder.user.pk != holding.user_id for holder in here):
                here.append(Holder(user=holding.user, kind=holding.kind))

    def holders(self, post_id: int | None) -> list[Holder]:
        """Who may act for the post: holders, then acting, then substitutes."""
        return self._holders.get(post_id, []) if post_id is not None else []

    def held_by(self, user) -> set[int]:
        """Ids of the posts this user holds, acts for or substitutes."""
        return {post_id for post_id, holders in self._holders.items() if any(h.user.pk == user.pk for h in holders)}

    def post_of(self, user) -> Post | None:
        """The post in which this user drafts: held regularly rather than for somebody else, the first in order."""
        own = [
            (_KIND_ORDER[HoldingKind(holder.kind)], self.posts[post_id].sort_order, post_id)
            for post_id, holders in self._holders.items()
            for holder in holders
            if holder.user.pk == user.pk
        ]
        return self.posts[min(own)[2]] if own else None

    def posts_answered_by(self, user) -> set[int]:
        """Ids of posts for which this user may come to sign: own posts and all below them (they may be vacant)."""
        found = self.held_by(user)
        grown = True
        while grown:
            below = {post.pk for post in self.posts.values() if post.superior_id in found} - found
            found |= below
            grown = bool(below)
        return found

    def staffed_above(self, post_id: int) -> int | None:
        """The nearest superior post that somebody holds; None if there is none."""
        seen = {post_id}
        post = self.posts.get(self.posts[post_id].superior_id)
        while post is not None and post.pk not in seen:
            if self.holders(post.pk):
                return post.pk
            seen.add(post.pk)
            post = self.posts.get(post.superior_id)
        return None

    def level_of(self, user, level: int, start: Post | None = None) -> tuple[Post | None, str]:
        """(post, why) of the user's «第N级主管»; the topmost where there are fewer levels, None without any post."""
        post = start or self.post_of(user)
        if post is None:
            return None, f"{user}现在没有任职，找不到第{level}级主管；请系统管理员先安排任职。"
        seen, climbed = {post.pk}, 0
        while climbed < level and (above := self.posts.get(post.superior_id)) is not None and above.pk not in seen:
            post, climbed = above, climbed + 1
            seen.add(post.pk)
        if climbed < level:
            return post, f"{user}没有第{level}级主管，由最高一级「{post}」签批。"
        return post, f"{user}的第{level}级主管是「{post}」。"

    def seat_of(self, assignment: Assignment, authors: frozenset[int]) -> Seat:
        """Who may sign this assignment today; with the superior it was escalated to."""
        rules = SeatRules(
            # Skipping was settled when the run began; who came to the post later goes by the common rule.
            own_work=OwnWork.SIGN.value if assignment.own_allowed else OwnWork.SUPERIOR.value,
            vacancy=assignment.vacancy,
            fallback_id=assignment.fallback_id,
            person_id=assignment.person_id,
        )
        seat = self.seat(assignment.named_post, authors, rules)
        if assignment.escalated_to_id and assignment.escalated_to_id != seat.post.pk:
            above = self.posts.get(assignment.escalated_to_id)
            if above is not None:
                return replace(seat, superior=self.seat(above, authors), problem="" if seat.holders else seat.problem)
        return seat

    def seat(self, named: Post, authors: frozenset[int] = frozenset(), rules: SeatRules = PLAIN) -> Seat:
        """Who signs for the named post. Vacant, or only the author left: what the rules say, with the reason."""
        named = self.posts.get(named.pk, named)
        if rules.own_work == OwnWork.SIGN:
            authors = frozenset()
        if rules.person_id is not None:
            own = [holder for holder in self.holders(named.pk) if holder.user.pk == rules.person_id]
            if own:
                return Seat(named, named, tuple(own), "由起草人本人确认。", rules=rules)
            authors = frozenset()
        reasons: list[str] = []
        seen: set[int] = set()
        post: Post | None = named
        while post is not None and post.pk not in seen:
            seen.add(post.pk)
            holders = self.holders(post.pk)
            able = [holder for holder in holders if holder.user.pk not in authors]
            left_out = [holder for holder in holders if holder.user.pk in authors]
            # The author's own deputy does not sign in the author's place: that goes up.
            if able and (not left_out or any(holder.kind == HoldingKind.REGULAR for holder in able)):
                if post is not named:
                    above = "指定岗位" if post.pk == rules.fallback_id and rules.vacancy == Vacancy.FALLBACK else "上级"
                    reasons.append(f"由{above}「{post}」签批。")
                elif not any(holder.kind == HoldingKind.REGULAR for holder in able):
                    reasons.append(f"「{post}」现由{'、'.join(str(holder.user) for holder in able)}代理。")
                return Seat(named, post, tuple(able), "".join(reasons), rules=rules)
            if left_out:
                names = "、".join(str(holder.user) for holder in left_out)
                if post is named and rules.own_work == OwnWork.SKIP:
                    skipped = f"「{post}」{names}参与了起草，按路线规则不必再签。"
                    return Seat(named, post, (), rules=rules, skipped=skipped)
                reasons.append(f"「{post}」{names}参与了起草，不签批自己的内容，")
            else:
                reasons.append(f"「{post}」空缺，")
                if post is named and rules.vacancy == Vacancy.STOP:
                    problem = "".join(reasons) + "按路线规则停在这里；请系统管理员先安排任职。"
                    return Seat(named, named, (), "", problem, rules=rules)
                if post is named and rules.vacancy == Vacancy.FALLBACK and rules.fallback_id in self.posts:
                    post = self.posts[rules.fallback_id]
                    continue
            post = self.posts.get(post.superior_id)
        problem = "".join(reasons) + "上级岗位也没有人可以签批；请系统管理员先安排任职。"
        return Seat(named, named, (), "", problem, rules=rules)
