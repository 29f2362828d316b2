"""The path a paper will take: one pure function behind the preview and the run, so that both always agree."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from content.approvals import conditions
from content.approvals.models import Route, Rule
from content.approvals.staffing import Seat, Staffing
from content.organization.models import Post


@dataclass(frozen=True, slots=True)
class PathStep:
    """One node on the path of this subject today."""

    title: str
    rule: str
    seats: tuple[Seat, ...]
    skipped: bool = False
    reason: str = ""
    evidence: tuple[str, ...] = ()
    days: int | None = None
    problem: str = ""

    @property
    def posts(self) -> tuple[Post, ...]:
        return tuple(seat.post for seat in self.seats)

    @property
    def people(self) -> tuple:
        """Accounts that may sign here, each once."""
        return tuple({user.pk: user for seat in self.seats for user in seat.people}.values())

    @property
    def rule_label(self) -> str:
        """«会签» or «或签»; nothing where one post signs."""
        if len(self.seats) < 2:
            return ""
        return "会签，都要签" if self.rule == Rule.ALL else "或签，一人签即可"


@dataclass(frozen=True, slots=True)
class Path:
    """All nodes in order. `blocked` is a sentence why it cannot even be submitted, empty if it can."""

    steps: tuple[PathStep, ...]
    blocked: str = ""
    problems: tuple[str, ...] = field(default=())


def freeze(route: Route) -> dict:
    """Return the route as plain JSON data, as a run keeps it (posts by id and by title of the day)."""
    return {
        "code": route.code,
        "name": route.name,
        "own_work_allowed": route.own_work_allowed,
        "nodes": [
            {
                "title": node.title,
                "rule": node.rule,
                "posts": [{"id": post.pk, "title": str(post)} for post in node.posts.all()],
                "condition": node.condition,
                "days": node.days,
            }
            for node in route.nodes.all()
        ],
    }


def resolve_path(
    route: Route | dict,
    subject: object,
    *,
    drafter,
    on: datetime.date | None = None,
    authors: frozenset[int] = frozenset(),
    staffing: Staffing | None = None,
) -> Path:
    """Resolve who signs what for this content on this day; changes nothing.

    `route` is a Route or a frozen definition, `subject` the content to be signed (the latest revision as an object),
    `authors` ids of further people who wrote it, `staffing` a snapshot to use again.
    """
    definition = route if isinstance(route, dict) else freeze(route)
    staffing = staffing or Staffing(on)
    barred = frozenset() if definition.get("own_work_allowed") else authors | {drafter.pk}
    steps = tuple(_step(node, subject, barred, staffing) for node in definition["nodes"])
    return Path(steps, _blocked(definition, steps), tuple(step.problem for step in steps if step.problem))


def _step(node: dict, subject: object, barred: frozenset[int], staffing: Staffing) -> PathStep:
    outcome = conditions.evaluate(node["condition"], subject)
    # A post deleted since the definition was frozen is shown by its title of that day, as vacant.
    named = [staffing.posts.get(post["id"]) or Post(pk=post["id"], title=post["title"]) for post in node["posts"]]
    step: dict[str, Any] = {
        "title": node["title"],
        "rule": node["rule"],
        "reason": outcome.reason,
        "evidence": tuple(outcome.evidence),
        "days": node["days"],
    }
    if not outcome.holds:
        return PathStep(seats=tuple(Seat(post, post, ()) for post in named), skipped=True, **step)
    seats = tuple(staffing.seat(post, barred) for post in named)
    return PathStep(seats=seats, problem=_problem(node, seats), **step)


def _problem(node: dict, seats: tuple[Seat, ...]) -> str:
    if not seats:
        return f"环节「{node['title']}」没有指定签批岗位；请系统管理员修改签批路线。"
    lacking = [seat.problem for seat in seats if seat.problem]
    if not lacking or (node["rule"] == Rule.ANY and len(lacking) < len(seats)):
        return ""
    return "".join(lacking)


def _blocked(definition: dict, steps: tuple[PathStep, ...]) -> str:
    if not steps:
        return f"签批路线「{definition['name']}」还没有环节，暂时不能提交；请联系系统管理员。"
    empty = next((step.problem for step in steps if not step.skipped and not step.seats), "")
    if empty:
        return empty
    if all(step.skipped for step in steps):
        return (
            f"按签批路线「{definition['name']}」，这份内容没有任何人需要签批，因此不能提交；请联系系统管理员检查路线。"
        )
    return ""
