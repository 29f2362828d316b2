"""The path a paper will take: one pure function behind the preview and the run, so that both always agree."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from content.approvals import comparisons, conditions
from content.approvals.definitions import from_route, normal, shortcomings
from content.approvals.models import Decision, OwnWork, Repeat, Route, Rule
from content.approvals.staffing import Seat, SeatRules, Staffing
from content.organization.models import Post

# What a run keeps of a route; the name the engine's callers know.
freeze = from_route


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
    missing: str = ""  # a signer the definition asks for who cannot even be named: nothing may be submitted
    count: int | None = None
    clause: str = ""
    reauth: bool = False

    @property
    def posts(self) -> tuple[Post, ...]:
        return tuple(seat.post for seat in self.seats)

    @property
    def people(self) -> tuple:
        """Accounts that may sign here, each once."""
        return tuple({user.pk: user for seat in self.seats for user in seat.people}.values())

    @property
    def voters(self) -> int:
        """How many seats have a say."""
        return sum(not seat.skipped for seat in self.seats)

    @property
    def rule_label(self) -> str:
        """«会签», «或签» or «3 人中 2 人签准»; nothing where one post signs."""
        return rule_label(self.rule, self.voters, self.count, sum(seat.veto for seat in self.seats))


def rule_label(rule: str, voters: int, count: int | None, veto: int = 0) -> str:
    """How many of the signers are needed, in words."""
    if voters < 2:
        return ""
    if rule == Rule.COUNT:
        must = f"，其中 {veto} 个岗位必须签准" if veto else ""
        return f"票签，{voters} 个岗位中 {min(count or voters, voters)} 个签准{must}"
    return "会签，都要签" if rule == Rule.ALL else "或签，一人签即可"


@dataclass(frozen=True, slots=True)
class Path:
    """All nodes in order. `blocked` is a sentence why it cannot even be submitted, empty if it can."""

    steps: tuple[PathStep, ...]
    blocked: str = ""
    problems: tuple[str, ...] = field(default=())


def resolve_path(
    route: Route | dict,
    subject: object,
    *,
    drafter,
    on: datetime.date | None = None,
    authors: frozenset[int] = frozenset(),
    staffing: Staffing | None = None,
    carried: Mapping[tuple[int, int], Decision] | None = None,
) -> Path:
    """Resolve who signs what for this content on this day; changes nothing.

    `route` is a Route or a frozen definition, `subject` the content to be signed (the latest revision as an object),
    `authors` ids of further people who wrote it, `staffing` a snapshot to use again, `carried` signatures on the same
    content that count again: by (place of the node in its route, id of the named post), see resubmission.
    """
    definition = normal(route if isinstance(route, dict) else from_route(route))
    resolver = _Resolver(staffing or Staffing(on), drafter, authors | {drafter.pk}, subject, carried or {})
    steps = tuple(resolver.step(node, index) for index, node in enumerate(definition["nodes"]))
    if definition["repeat"] == Repeat.ONCE:
        steps = _foresee_repeats(definition["nodes"], steps)
    return Path(steps, _blocked(definition, steps), tuple(step.problem for step in steps if step.problem))


@dataclass(frozen=True, slots=True)
class _Resolver:
    staffing: Staffing
    drafter: Any
    barred: frozenset[int]
    subject: Any
    carried: Mapping[tuple[int, int], Decision]

    def step(self, node: dict, index: int) -> PathStep:
        outcome = _outcome(node, self.subject)
        step: dict[str, Any] = {
            "title": node["title"],
            "rule": node["rule"],
            "reason": outcome.reason,
            "evidence": tuple(outcome.evidence),
            "days": node["days"],
            "count": node["count"],
            "clause": node["clause"],
            "reauth": node["reauth"],
        }
        seats, missing = self._seats(node, node.get("origin", index))
        if not outcome.holds:
            return PathStep(seats=tuple(Seat(s.named, s.named, (), veto=s.veto) for s in seats), skipped=True, **step)
        if seats and not missing and all(seat.skipped for seat in seats):
            step["reason"] += "".join(dict.fromkeys(seat.skipped for seat in seats))
            return PathStep(seats=seats, skipped=True, **step)
        return PathStep(seats=seats, problem=missing or _problem(node, seats), missing=missing, **step)

    def _seats(self, node: dict, origin: int) -> tuple[tuple[Seat, ...], str]:
        """The seats of a node, each post once, and the sentence about a signer who cannot be named."""
        seats: dict[int, Seat] = {}
        missing = ""
        fallback = (node["fallback"] or {}).get("id")
        rules = SeatRules(own_work=node["own_work"], vacancy=node["vacancy"], fallback_id=fallback)
        for given in node["posts"]:
            # A post deleted since the definition was frozen is shown by its title of that day, as vacant.
            named = self.staffing.posts.get(given["id"]) or Post(pk=given["id"], title=given["title"])
            self._add(seats, self.staffing.seat(named, self.barred, rules), given, "")
        for given in node["levels"]:
            start = getattr(self.subject, "sign_off_post", None)
            named, why = self.staffing.level_of(self.drafter, given["level"], start)
            if named is None:
                missing = why
                continue
            own = rules
            if given["level"] == 0:
                own, why = replace(rules, own_work=OwnWork.SIGN.value, person_id=self.drafter.pk), ""
            self._add(seats, self.staffing.seat(named, self.barred, own), given, why)
        for post_id, seat in seats.items():
            decision = self.carried.get((origin, post_id))
            if decision is not None and not seat.skipped:
                said = f"{decision.user}已在上次提交时签准同一内容，不必重签。"
                seats[post_id] = replace(seat, covered=said, covering=decision.pk)
        return tuple(seats.values()), missing

    @staticmethod
    def _add(seats: dict[int, Seat], seat: Seat, given: dict, why: str) -> None:
        before = seats.get(seat.named.pk)
        veto = bool(given.get("veto")) or bool(before and before.veto)
        if before is None:
            before = replace(seat, reason=why + seat.reason)
        seats[seat.named.pk] = replace(before, veto=veto)


def _outcome(node: dict, subject: object) -> conditions.Outcome:
    """Is the node to be signed: the registered condition and the comparisons must all hold."""
    named = conditions.evaluate(node["condition"], subject)
    values = comparisons.evaluate(node["when"], subject)
    clause = f"（{node['clause']}）" if node["clause"] else ""
    if not named.holds or not values.holds:
        reason = "".join(outcome.reason for outcome in (named, values) if not outcome.holds)
        return conditions.Outcome(False, f"{reason}{clause}", tuple(named.evidence))
    reason = f"{named.reason}{values.reason}"
    return conditions.Outcome(True, f"{reason}{clause}" if reason else "", tuple(named.evidence))


def _problem(node: dict, seats: tuple[Seat, ...]) -> str:
    """What keeps the node from ever being signed as things stand."""
    if not seats:
        return f"环节「{node['title']}」没有指定签批岗位；请系统管理员修改签批路线。"
    voting = [seat for seat in seats if not seat.skipped]
    lacking = [seat for seat in voting if seat.problem and not seat.covered]
    able = len(voting) - len(lacking)
    if node["rule"] == Rule.ANY and able:
        return ""
    if node["rule"] == Rule.COUNT and able >= needed(node, len(voting)) and not any(seat.veto for seat in lacking):
        return ""
    return "".join(seat.problem for seat in lacking)


def needed(node: dict, voters: int) -> int:
    """How many of so many voters must sign."""
    if node["rule"] == Rule.ANY:
        return min(1, voters)
    return min(node.get("count") or voters, voters) if node["rule"] == Rule.COUNT else voters


def _foresee_repeats(nodes: list[dict], steps: tuple[PathStep, ...]) -> tuple[PathStep, ...]:
    """Where one signature of a person suffices: which later seats it is certain, and which it may be, to cover."""
    certain: dict[int, str] = {}
    possible: dict[int, str] = {}
    foreseen = []
    for node, step in zip(nodes, steps, strict=True):
        if step.skipped:
            foreseen.append(step)
            continue
        seats = []
        here = [user.pk for seat in step.seats for user in seat.people]
        for seat in step.seats:
            if not seat.skipped and not seat.covered and not node["reauth"] and not node.get("afresh"):
                sure = next((str(user) for user in seat.people if user.pk in certain), "")
                twice = any(here.count(user.pk) > 1 for user in seat.people)
                if sure:
                    seat = replace(seat, covered=f"{sure}在前面的环节签过，不必重签。")
                elif twice or any(user.pk in possible for user in seat.people):
                    seat = replace(seat, perhaps="签批人若已签过，不必重签。")
            seats.append(seat)
        for seat in seats:
            if seat.covered or seat.skipped:
                continue
            alone = len(seat.people) == 1
            must = step.rule == Rule.ALL or step.voters == 1 or (step.rule == Rule.COUNT and seat.veto)
            for user in seat.people:
                (certain if alone and must and here.count(user.pk) == 1 else possible)[user.pk] = str(user)
        foreseen.append(replace(step, seats=tuple(seats)))
    return tuple(foreseen)


def _blocked(definition: dict, steps: tuple[PathStep, ...]) -> str:
    wrong = shortcomings(definition)
    if wrong:
        return wrong[0]
    missing = next((step.missing for step in steps if not step.skipped and step.missing), "")
    if missing:
        return missing
    if all(step.skipped for step in steps):
        return (
            f"按签批路线「{definition['name']}」，这份内容没有任何人需要签批，因此不能提交；请联系系统管理员检查路线。"
        )
    return ""
