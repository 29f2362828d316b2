"""What waits for whom, and where a run stands. Every list here costs a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from content.approvals.models import Assignment, AssignmentState, Decision, Rule, Run, RunState
from content.approvals.staffing import Seat, Staffing


@dataclass(frozen=True, slots=True)
class Waiting:
    """An assignment that waits for this reader, and in whose place the reader would sign."""

    assignment: Assignment
    seat: Seat

    @property
    def run(self) -> Run:
        return self.assignment.run


@dataclass(frozen=True, slots=True)
class Line:
    """One post in one stage of a run, as shown."""

    assignment: Assignment
    seat: Seat
    decision: Decision | None

    @property
    def is_open(self) -> bool:
        return self.assignment.state in (AssignmentState.WAITING, AssignmentState.PENDING)

    @property
    def problem(self) -> str:
        """Whom an open assignment lacks."""
        return self.seat.problem if self.is_open else ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One node of a run, as shown; `state` is done, now, waiting, skipped or refused."""

    title: str
    rule: str
    state: str
    reason: str
    evidence: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def rule_label(self) -> str:
        if len(self.lines) < 2:
            return ""
        return "会签，都要签" if self.rule == Rule.ALL else "或签，一人签即可"


def pending_for(user, staffing: Staffing | None = None, *, run: Run | None = None) -> list[Waiting]:
    """Assignments this user may sign now, oldest first."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    staffing = staffing or Staffing()
    rows = Assignment.objects.filter(
        state=AssignmentState.PENDING,
        run__state=RunState.RUNNING,
        named_post_id__in=staffing.posts_answered_by(user),
    )
    if run is not None:
        rows = rows.filter(run=run)
    rows = rows.select_related("run__drafter", "run__content_type", "named_post__unit").order_by("opened_at", "pk")
    waiting = [Waiting(row, staffing.seat(row.named_post, row.run.authors)) for row in rows]
    return [item for item in waiting if item.seat.holder(user)]


def pending_count(user) -> int:
    """How many papers wait for this user's signature: one query when nothing waits for anybody, else three."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return 0
    rows = list(
        Assignment.objects.filter(state=AssignmentState.PENDING, run__state=RunState.RUNNING)
        .select_related("run", "named_post")
        .only("named_post__id", "run__definition")
    )
    if not rows:
        return 0
    staffing = Staffing()
    return sum(staffing.seat(row.named_post, row.run.authors).holder(user) is not None for row in rows)


def under_way_of(user) -> QuerySet[Run]:
    """Runs this user submitted that are still going."""
    return Run.objects.filter(drafter=user, state=RunState.RUNNING).select_related("content_type", "drafter")


def finished_of(user, limit: int = 10) -> QuerySet[Run]:
    """Runs this user submitted that ended, latest first."""
    runs = Run.objects.filter(drafter=user).exclude(state=RunState.RUNNING).select_related("content_type", "drafter")
    return runs.order_by("-finished_at", "-pk")[:limit]


def decided_by(user, limit: int = 10) -> QuerySet[Decision]:
    """What this user signed or refused lately."""
    rows = Decision.objects.filter(user=user).select_related("assignment__run__drafter", "post__unit")
    return rows.order_by("-at", "-pk")[:limit]


def lacking_people(staffing: Staffing | None = None) -> list[Line]:
    """Open assignments of running runs that nobody can sign, for site managers."""
    staffing = staffing or Staffing()
    rows = Assignment.objects.filter(
        run__state=RunState.RUNNING, state__in=[AssignmentState.PENDING, AssignmentState.WAITING]
    ).select_related("run__drafter", "named_post__unit")
    lines = (Line(row, staffing.seat(row.named_post, row.run.authors), None) for row in rows)
    return [line for line in lines if line.problem]


def with_stages(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Prefetch what `stages` reads."""
    rows = Assignment.objects.select_related("named_post__unit", "decision__user", "decision__post__unit")
    return runs.prefetch_related(Prefetch("assignments", queryset=rows.order_by("node_index", "pk")))


def stages(run: Run, staffing: Staffing) -> list[Stage]:
    """The run node by node; give a run from `with_stages`."""
    by_node: dict[int, list[Assignment]] = {}
    for assignment in run.assignments.all():
        by_node.setdefault(assignment.node_index, []).append(assignment)
    return [_stage(node, by_node.get(index, []), run, staffing) for index, node in enumerate(run.definition["nodes"])]


def _stage(node: dict, assignments: Iterable[Assignment], run: Run, staffing: Staffing) -> Stage:
    lines = tuple(
        Line(row, staffing.seat(row.named_post, run.authors), getattr(row, "decision", None)) for row in assignments
    )
    states = {line.assignment.state for line in lines}
    if AssignmentState.REFUSED in states:
        state = "refused"
    elif AssignmentState.PENDING in states:
        state = "now"
    elif AssignmentState.SKIPPED in states:
        state = "skipped"
    elif AssignmentState.WAITING in states or AssignmentState.SIGNED not in states:
        state = "waiting"
    else:
        state = "done"
    outcome = node.get("outcome", {})
    return Stage(
        node["title"], node["rule"], state, outcome.get("reason", ""), tuple(outcome.get("evidence", [])), lines
    )


def now_with(run: Run, staffing: Staffing) -> str:
    """«部门审核：王敏» — where the run waits and for whom; give a run from `with_stages`."""
    for stage in stages(run, staffing):
        if stage.state == "now":
            names = {
                str(user): None
                for line in stage.lines
                if line.assignment.state == AssignmentState.PENDING
                for user in line.seat.people
            }
            return f"{stage.title}：{'、'.join(names) or '暂时无人可签'}"
    return ""
